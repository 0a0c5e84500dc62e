/** One's own account: name, language, password, and signing out everywhere; and what the trail says. */
import { globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { act } from '../../content/moderation.ts'
import { Role } from '../../content/parties.ts'
import { wordsFor } from '../../server/words.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

describe('my own account', () => {
  let node: TestServer
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock)
  })
  after(endServers)

  async function signedIn(password = host.password): Promise<Visitor> {
    const guest = visitor(node.origin)
    await guest.send('/login', { email: host.email, password })
    return guest
  }

  const change = (guest: Visitor, fields: Record<string, string>) =>
    guest.fill('/host/account', '/host/account', fields)

  it('takes a new name and a language, which its pages then have', async () => {
    const guest = await signedIn()
    const { text } = await change(guest, { do: 'facts', name: 'Noor H.', language: 'ar' })
    expect(text).to.include('dir="rtl"').and.include('حُفظ.').and.include('Noor H.')
    const empty = await change(guest, { do: 'facts', name: ' ', language: 'en' })
    expect(empty.status).to.equal(400)
    await change(guest, { do: 'facts', name: host.name, language: 'en' })
  })

  it('changes the password for who knows the present one, and ends all other sign-ins', async () => {
    const [guest, elsewhere] = [await signedIn(), await signedIn()]
    const fields = { do: 'password', present: 'not this', password: 'rivers run uphill now' }
    const wrong = await change(guest, fields)
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('This is not your present password.')
    const short = await change(guest, { ...fields, present: host.password, password: 'short' })
    expect(short.text).to.include('at least 12 characters')
    const { status, text } = await change(guest, { ...fields, present: host.password })
    expect(status).to.equal(200)
    expect(text).to.include('Your password was changed.')
    expect((await elsewhere.get('/host')).url).to.equal('/login')
    expect((await (await signedIn()).get('/host')).url).to.equal('/login')
    const back = { do: 'password', present: fields.password, password: host.password }
    expect((await change(guest, back)).status).to.equal(200)
  })

  it('signs out everywhere', async () => {
    const [guest, elsewhere] = [await signedIn(), await signedIn()]
    expect((await change(guest, { do: 'end' })).url).to.equal('/login')
    expect((await elsewhere.get('/host')).url).to.equal('/login')
  })

  it('stands on the trail: who, what and when, newest first, page by page', async () => {
    const guest = await signedIn()
    const { text } = await guest.get('/host/trail')
    const [first] = text.split('<li><p><b>').slice(1)
    expect(first).to.include('Signed out everywhere').and.include('<bdi>Noor Halabi</bdi>')
    expect(text).to.include('Server set up').and.include('November 23, 2026')
    const at = (i: number) => new Date(Date.parse(clock.now()) + i).toISOString()
    const acts = Array.from({ length: 60 }, (_, i) =>
      act(
        'https://far.example/people/x',
        'reported',
        `${node.origin}/contributions/${i}`,
        at(i),
        'spam',
      ),
    )
    await node.site.store.commit({ put: { acts } })
    const full = await guest.get('/host/trail')
    expect(full.text).to.include('far.example/people/x').and.include('/contributions/59')
    expect(full.text).to.include('Page 1 of 2')
    expect((await guest.get('/host/trail?page=2')).text).to.include('Server set up')
    const own = await guest.get(
      `/host/trail?by=${encodeURIComponent(`${node.origin}/people/noor-halabi`)}`,
    )
    expect(own.text).to.include('Server set up').and.not.include('/contributions/')
  })

  it('has words for everything that is written on it', () => {
    const files = globSync('{content,federation,server,scripts}/**/*.ts')
    const source = files.map((file) => readFileSync(file, 'utf8')).join('\n')
    const verbs = [...source.matchAll(/\bact\(\s*[^,()]+,\s*'(\w+)'/g)].map(([, verb]) => verb)
    const roles = Role.options.flatMap((role) => [`added_${role}`, `role_${role}`])
    expect(verbs).to.include.members(['set_up', 'followed', 'removed_account'])
    for (const language of ['en', 'ar']) {
      for (const verb of [...verbs, ...roles]) {
        expect(wordsFor(language).has(`act.${verb}`), `${language} act.${verb}`).to.equal(true)
      }
    }
  })
})
