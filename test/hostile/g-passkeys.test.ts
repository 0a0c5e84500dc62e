/** SECURITY-CLASSES G, for passkeys: answers that are repeated, made elsewhere, made by nobody, or made by a copy. */
import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { endWhatIsOver } from '../../server/endings.ts'
import { addPerson } from '../../server/people.ts'
import {
  addPasskey,
  type Authenticator,
  authenticator,
  challengeOf,
  type Spoiled,
} from '../help/authenticator.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, visitor } from '../help/visitor.ts'

const MINUTE_MS = 60_000
const WRONG_MAX = 20

describe('hostile G: passkeys', () => {
  let node: TestServer
  let device: Authenticator
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock, undefined, { origin: 'http://localhost:0' })
    device = authenticator(node.origin)
    await addPasskey(await signedIn(node), device, host.password)
  })
  after(endServers)
  afterEach(() => clock.forward(15 * MINUTE_MS))

  /** Where somebody is after they tried to sign in with this answer. */
  async function enters(spoiled: Spoiled = {}): Promise<string> {
    const guest = visitor(node.origin)
    const response = device.get(await challengeOf(guest), spoiled)
    return (await guest.send('/login/passkey', { response })).url
  }

  it('G the answer of a passkey sent a second time, at once, from another browser or too late', async () => {
    const guest = visitor(node.origin)
    const options = await challengeOf(guest)
    const cookies = [...guest.cookies]
    const response = device.get(options)
    const send = async (keep: boolean) => {
      const other = visitor(node.origin)
      if (keep) for (const [name, value] of cookies) other.cookies.set(name, value)
      return (await other.send('/login/passkey', { response })).url
    }
    expect(await send(false), 'without the cookie').to.equal('/login/passkey')
    const both = await Promise.all([send(true), send(true)])
    expect(both.sort(), 'twice at once').to.deep.equal(['/host', '/login/passkey'])
    expect(await send(true), 'again').to.equal('/login/passkey')
    const late = visitor(node.origin)
    const signed = device.get(await challengeOf(late))
    clock.forward(6 * MINUTE_MS)
    expect((await late.send('/login/passkey', { response: signed })).url).to.equal('/login/passkey')
    await endWhatIsOver(node.site)
    expect(await node.site.store.count('challenges', {})).to.equal(0)
  })

  it('G an answer for another site, with another key, for another owner, or of a device that did not ask who is there', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const spoiled: Spoiled[] = [
      { origin: 'https://evil.example' },
      { origin: node.origin.replace('localhost', '127.0.0.1') },
      { key: privateKey },
      { userHandle: Buffer.from('somebody else').toString('base64url') },
      { flags: 1 },
      { flags: 4 },
    ]
    for (const each of spoiled)
      expect(await enters(each), JSON.stringify(each)).to.equal('/login/passkey')
    for (const response of ['{', '[]', '{"id":1}', '"x"', '{"id":"__proto__","response":{}}']) {
      const guest = visitor(node.origin)
      await challengeOf(guest)
      expect((await guest.send('/login/passkey', { response })).status, response).to.equal(400)
    }
    expect(await enters()).to.equal('/host')
  })

  it('G a copy of a passkey, which has signed less often: it is refused, and the trail says so', async () => {
    expect(await enters({ counter: 1000 })).to.equal('/host')
    for (const counter of [1000, 999, 0])
      expect(await enters({ counter }), `${counter}`).to.equal('/login/passkey')
    const refused = { where: { verb: 'refused_passkey' } }
    expect(await node.site.store.count('acts', refused)).to.equal(3)
    expect(await enters({ counter: 1001 })).to.equal('/host')
  })

  it('G a passkey added with a stolen login, without the password; or with the question of another', async () => {
    const editor = await signedInAs(node, 'editor')
    const other = authenticator(node.origin)
    const token = tokenIn((await editor.get('/host/account')).text)
    const asked = (fields: Record<string, string>) =>
      editor.send('/host/account/passkey', { passkey_name: 'Mine', ...fields }, token)
    expect((await asked({})).status).to.equal(400)
    expect((await asked({ passkey_password: 'guessed it' })).status).to.equal(400)
    const noor = await signedIn(node)
    const noors = tokenIn((await noor.get('/host/account')).text)
    const typed = { passkey_name: 'Mine', passkey_password: host.password }
    const question = await noor.send('/host/account/passkey', typed, noors)
    for (const [name, value] of noor.cookies)
      if (name.endsWith('-passkey')) editor.cookies.set(name, value)
    const response = other.create(JSON.parse(question.text))
    const fields = { do: 'passkey_add', passkey_name: 'Mine', response }
    expect((await editor.send('/host/account', fields, token)).status).to.equal(400)
    const login = visitor(node.origin)
    const entering = other.create(await challengeOf(login))
    for (const [name, value] of login.cookies) editor.cookies.set(name, value)
    const forged = { ...fields, response: entering }
    expect((await editor.send('/host/account', forged, token)).status).to.equal(400)
    expect(await node.site.store.count('passkeys', {})).to.equal(1)
  })

  it('G a passkey of somebody else renamed or removed, or added again as one’s own', async () => {
    const fields = { name: 'Lee', email: 'lee@demo.example', password: 'boats on the estuary' }
    await addPerson(node.site, { ...fields, role: 'host', language: 'en' })
    const lee = await signedIn(node, fields)
    const token = tokenIn((await lee.get('/host/account')).text)
    for (const what of ['passkey_rename', 'passkey_remove']) {
      const typed = { do: what, passkey: device.id, passkey_name: 'Mine' }
      expect((await lee.send('/host/account', typed, token)).status).to.equal(400)
    }
    expect((await addPasskey(lee, device, fields.password)).status).to.equal(400)
    const [kept, ...more] = await node.site.store.find('passkeys', {})
    expect([kept?.name, more.length]).to.deep.equal(['My phone', 0])
  })

  it('G a new passkey of a device that does not make sure who is there', async () => {
    const noor = await signedIn(node)
    const answer = await addPasskey(noor, authenticator(node.origin), host.password, { flags: 65 })
    expect(answer.status).to.equal(400)
    expect(await node.site.store.count('passkeys', {})).to.equal(1)
  })

  it('G answers that hold nothing, again and again from one address, and questions without end', async () => {
    const wrong = () => visitor(node.origin).send('/login/passkey', { response: '{}' })
    const answers = await Promise.all(Array.from({ length: WRONG_MAX }, wrong))
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([400]))
    expect((await wrong()).status).to.equal(429)
    const ask = () => visitor(node.origin).send('/login/passkey/challenge', {})
    const asked = await Promise.all(Array.from({ length: 210 }, ask))
    expect(asked.filter(({ status }) => status === 200)).to.have.length(200)
    expect(asked.filter(({ status }) => status === 429)).to.have.length(10)
  })

  it('G a sign-in with a passkey that another site sends', async () => {
    const guest = visitor(node.origin)
    const response = device.get(await challengeOf(guest))
    const cookie = [...guest.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { status } = await guest.get('/login/passkey', {
      method: 'POST',
      body: new URLSearchParams({ response }),
      headers: { origin: 'https://evil.example', cookie },
    })
    expect(status).to.equal(403)
  })
})
