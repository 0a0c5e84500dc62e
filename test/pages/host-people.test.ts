/** Accounts and what each role may: adding, changing and ending them, one's own, and the trail of it all. */
import { expect } from 'chai'
import { may, rights, type Verb } from '../../content/rights.ts'
import type { Role } from '../../content/parties.ts'
import { addPerson } from '../../server/people.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const password = 'nobody guesses this'

/** Each page of the host with the right it needs; and the form on it, which changes nothing as it is sent here. */
const routes: [path: string, verb: Verb, form?: Record<string, string>][] = [
  ['/host', 'see_host_pages'],
  ['/host/receipts', 'see_host_pages'],
  ['/host/trail', 'see_host_pages'],
  ['/host/settings', 'manage_initiative', { acronym: '' }],
  ['/host/people', 'manage_people', { name: '' }],
  ['/host/people/noor-halabi', 'manage_people', { do: 'role', role: 'nothing' }],
  ['/host/peers', 'manage_peers', { do: 'follow', follow: '' }],
]

describe('accounts', () => {
  let node: TestServer
  let boss: Visitor
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock)
    boss = await signedIn(host.email, host.password)
  })
  after(endServers)

  async function signedIn(email: string, secret = password): Promise<Visitor> {
    const guest = visitor(node.origin)
    await guest.send('/login', { email, password: secret })
    return guest
  }

  const mayGo = async (guest: Visitor) => (await guest.get('/host/account')).url === '/host/account'

  for (const role of Object.keys(rights) as Role[]) {
    it(`lets a ${role} do on every page what the table of rights says, and nothing else`, async () => {
      const email = `a-${role}@demo.example`
      await addPerson(node.site, { name: `A ${role}`, email, role, language: 'en', password })
      const guest = await signedIn(email)
      const { text: account } = await guest.get('/host/account')
      for (const [path, verb, fields] of routes) {
        const allowed = may({ role }, verb)
        expect((await guest.get(path)).status, path).to.equal(allowed ? 200 : 403)
        expect(account.includes(`<a href="${path}"`), path).to.equal(
          allowed && !path.endsWith('halabi'),
        )
        if (!fields) continue
        const sent = await guest.fill('/host/account', path, {})
        expect(sent.status, path).to.equal(allowed ? 400 : 403)
      }
      expect((await guest.get('/')).text.includes('href="/host"')).to.equal(
        may({ role }, 'see_host_pages'),
      )
    })
  }

  it('sends whoever is not signed in to the sign-in, for pages and forms alike', async () => {
    for (const [path, , fields] of routes) {
      const guest = visitor(node.origin)
      expect((await guest.get(path)).url, path).to.equal('/login')
      if (fields) expect((await guest.send(path, fields)).url, path).to.equal('/login')
    }
    const json = await visitor(node.origin).get('/host', {
      headers: { accept: 'application/json' },
    })
    expect(json.status).to.equal(401)
  })

  it('makes a password and shows it once', async () => {
    const fields = { name: 'Ana Lima', email: 'Ana@Demo.example', role: 'editor' }
    const { status, text, headers } = await boss.fill('/host/people', '/host/people', fields)
    expect(status).to.equal(200)
    expect(headers.get('cache-control')).to.equal('no-store')
    const made = /<dd class="code"><bdi>([\w-]{20})<\/bdi>/.exec(text)?.[1] ?? ''
    expect(await mayGo(await signedIn('ana@demo.example', made))).to.equal(true)
    expect((await boss.get('/host/people')).text)
      .to.include('Ana Lima')
      .and.not.include(made)
  })

  it('comes back filled when something is wrong, without the password', async () => {
    const fields = { name: '', email: 'ana@demo.example', role: 'king', password: 'short' }
    const { status, text } = await boss.fill('/host/people', '/host/people', fields)
    expect(status).to.equal(400)
    for (const field of ['name', 'role', 'password']) expect(text).to.include(`href="#f-${field}"`)
    expect(text).to.include('value="ana@demo.example"').and.not.include('value="short"')
    const again = { name: 'Ana Two', email: 'ana@demo.example', role: 'editor' }
    const taken = await boss.fill('/host/people', '/host/people', again)
    expect(taken.text).to.include('There is an account with this e-mail address already.')
  })

  it('changes a role from the next request on, and signs out whoever loses a right', async () => {
    const moderator = await signedIn('a-moderator@demo.example')
    expect((await moderator.get('/host/people')).status).to.equal(403)
    const path = '/host/people/a-moderator'
    const { status } = await boss.fill(path, path, { do: 'role', role: 'host' })
    expect(status).to.equal(200)
    expect((await moderator.get('/host/people')).status).to.equal(200)
    await boss.fill(path, path, { do: 'role', role: 'moderator' })
    expect(await mayGo(moderator)).to.equal(false)
  })

  it('gives a new password, and every sign-in with the old one ends', async () => {
    const editor = await signedIn('a-editor@demo.example')
    const path = '/host/people/a-editor'
    const fields = { do: 'password', password: 'another three words' }
    await boss.fill(path, path, fields)
    expect(await mayGo(editor)).to.equal(false)
    expect(await mayGo(await signedIn('a-editor@demo.example'))).to.equal(false)
    const anew = await signedIn('a-editor@demo.example', fields.password)
    expect(await mayGo(anew)).to.equal(true)
  })

  it('ends an account with its sign-ins; what was written stays, and the trail has the name', async () => {
    const rapporteur = await signedIn('a-rapporteur@demo.example')
    const path = '/host/people/a-rapporteur'
    const { url, text } = await boss.fill(path, path, { do: 'remove' })
    expect(url).to.equal('/host/people')
    expect(text).to.include('The account was removed.').and.not.include('A rapporteur')
    expect(await mayGo(rapporteur)).to.equal(false)
    expect(await mayGo(await signedIn('a-rapporteur@demo.example'))).to.equal(false)
    expect((await boss.get('/host/trail')).text).to.include('A rapporteur')
  })

  it('never loses its last host, not even when two remove each other', async () => {
    const second = await signedIn('a-host@demo.example')
    const ends = [
      boss.fill('/host/people/noor-halabi', '/host/people/noor-halabi', { do: 'remove' }),
      second.fill('/host/people/a-host', '/host/people/a-host', { do: 'role', role: 'editor' }),
    ]
    await Promise.all(ends)
    const left = await node.site.store.count('people', { where: { role: 'host' } })
    expect(left).to.equal(1)
  })
})
