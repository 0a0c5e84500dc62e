/** SECURITY-CLASSES G, for accounts without a password: invitations and passkeys put together wrongly, and stolen logins. */
import { expect } from 'chai'
import type { Person } from '../../content/parties.ts'
import { invite } from '../../server/invitations.ts'
import { addPasskey, authenticator, challengeOf } from '../help/authenticator.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const MINUTE_MS = 60_000
const OPEN_MAX = 20
const eve = { name: 'Eve', email: 'eve@demo.example' }

describe('hostile G: accounts without a password', () => {
  let node: TestServer
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock, undefined, { origin: 'http://localhost:0' })
  })
  after(endServers)
  afterEach(() => clock.forward(15 * MINUTE_MS))

  const boss = async (): Promise<Person> => {
    const [person] = await node.site.store.find('people', { where: { email: host.email } })
    if (!person) throw new Error('nobody is host')
    return person
  }
  const link = async () =>
    `/invite/${(await invite(node.site, { role: 'moderator' }, await boss())).token}`
  const asked = async (guest: Visitor, path: string, fields = eve) => {
    const { text, status } = await guest.send(`${path}/passkey`, fields)
    expect(status, text).to.equal(200)
    return JSON.parse(text) as { challenge: string; user: { id: string } }
  }
  const join = (guest: Visitor, path: string, response: string, fields: object = eve) =>
    guest.send(path, { ...fields, do: 'passkey', response })
  const people = () => node.site.store.count('people', {})

  it('G the question of one invitation answered for another, or for signing in; and that of signing in for an invitation', async () => {
    const before = await people()
    const [one, two] = [await link(), await link()]
    const guest = visitor(node.origin)
    const device = authenticator(node.origin)
    const response = device.create(await asked(guest, one))
    expect((await join(guest, two, response)).status).to.equal(400)
    const other = device.create(await asked(guest, one))
    expect((await guest.send('/login/passkey', { response: other })).url).to.equal('/login/passkey')
    const entering = device.create({ ...(await challengeOf(guest)), user: { id: 'AAAA' } })
    expect((await join(guest, one, entering)).status).to.equal(400)
    expect(await people()).to.equal(before)
    expect(await node.site.store.count('passkeys', {})).to.equal(0)
  })

  it('G an invitation accepted twice at once with passkeys, or with a role of one’s own choice', async () => {
    const path = await link()
    const guests = ['eve', 'ivy'].map((name) => ({ guest: visitor(node.origin), name }))
    const answers = await Promise.all(
      guests.map(async ({ guest, name }) => {
        const fields = { name, email: `${name}@demo.example` }
        const response = authenticator(node.origin).create(await asked(guest, path, fields))
        return {
          guest,
          response,
          fields: { ...fields, role: 'host', password: 'short', epoch: '9' },
        }
      }),
    )
    const ends = await Promise.all(
      answers.map(({ guest, response, fields }) => join(guest, path, response, fields)),
    )
    expect(ends.filter(({ url }) => url === '/host/account')).to.have.length(1)
    const made = await node.site.store.find('people', { where: { role: 'moderator' } })
    expect(made).to.have.length(1)
    expect(made[0]).to.include({ password: '', epoch: 1 })
    expect(await node.site.store.count('passkeys', {})).to.equal(1)
    expect((await visitor(node.origin).send(`${path}/passkey`, eve)).status).to.equal(410)
  })

  it('G floods of questions for one invitation, for one that is none, and for an account that is there', async () => {
    const path = await link()
    const guest = visitor(node.origin)
    const fields = { name: 'Flo', email: 'flo@demo.example' }
    for (let i = 0; i < OPEN_MAX; i += 1) await asked(guest, path, fields)
    expect((await guest.send(`${path}/passkey`, fields)).status).to.equal(429)
    expect((await guest.send(`/invite/${'A'.repeat(27)}/passkey`, fields)).status).to.equal(404)
    clock.forward(6 * MINUTE_MS)
    const taken = await guest.send(`${await link()}/passkey`, { ...fields, email: host.email })
    expect(taken.status).to.equal(400)
  })

  it('G the password dropped with a stolen login, or dropped while the last passkey is removed', async () => {
    const noor = await signedIn(node)
    const device = authenticator(node.origin)
    await addPasskey(noor, device, host.password)
    const token = tokenIn((await noor.get('/host/account')).text)
    const wrong = await noor.send('/host/account', { do: 'drop_password', drop_present: '' }, token)
    expect(wrong.status).to.equal(400)
    expect((await boss()).password).not.to.equal('')
    const drop = { do: 'drop_password', drop_present: host.password }
    await Promise.all([
      noor.send('/host/account', drop, token),
      noor.send('/host/account', { do: 'passkey_remove', passkey: device.id }, token),
    ])
    const held = await node.site.store.count('passkeys', { where: { person: (await boss()).id } })
    expect((await boss()).password !== '' || held === 1, 'one way in stays').to.equal(true)
    expect((await boss()).password === '' && held === 0).to.equal(false)
  })
})
