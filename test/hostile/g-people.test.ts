/** SECURITY-CLASSES G, for the ways in: links that are guessed, roles that are forged, requests confirmed by who asked, logins that were ended. */
import { expect } from 'chai'
import { handingOver } from '../../server/handover.ts'
import { invite } from '../../server/invitations.ts'
import { createLog } from '../../server/log.ts'
import { addPerson, setRole } from '../../server/people.ts'
import { endWhatIsOver } from '../../server/endings.ts'
import { perform } from '../../server/second-person.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000
const QUARTER_MS = 15 * 60_000
const password = 'boats on the estuary'
const eve = { name: 'Eve', email: 'eve@demo.example', password }

describe('hostile G: the ways in', () => {
  let node: TestServer
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock)
  })
  after(endServers)

  const boss = async () => {
    const [person] = await node.site.store.find('people', { where: { role: 'host' } })
    if (!person) throw new Error('nobody is host')
    return person
  }

  it('G guesses at invitation links are stopped after twenty, and found out nothing', async () => {
    const { token } = await invite(node.site, { role: 'editor' }, await boss())
    const guess = (i: number) => visitor(node.origin).get(`/invite/${`${i}`.padStart(27, 'A')}`)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => guess(i)))
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([404]))
    expect((await guess(20)).status).to.equal(429)
    clock.forward(QUARTER_MS)
    expect((await visitor(node.origin).get(`/invite/${token}`)).status).to.equal(200)
  })

  it('G the token of an invitation in the log, whatever way its address is written', async () => {
    const lines: string[] = []
    const { token } = await invite(node.site, { role: 'editor' }, await boss())
    node.site.log = createLog('debug', { write: (line) => void lines.push(line) })
    for (const path of [`/invite/${token}`, `/INVITE/${token}/`, `/invite/${token}?lang=ar`])
      await visitor(node.origin).get(path)
    node.site.log = createLog('silent')
    expect(lines.join('')).to.include('/invite/[not logged]').and.not.include(token)
  })

  it('G an invitation used with a role of one’s own choice gives the role it was made for', async () => {
    const { token } = await invite(node.site, { role: 'moderator' }, await boss())
    const forged = { ...eve, role: 'host', epoch: '9', id: `${node.origin}/people/noor-halabi` }
    await visitor(node.origin).fill(`/invite/${token}`, `/invite/${token}`, forged)
    const [made] = await node.site.store.find('people', { where: { email: eve.email } })
    expect(made).to.include({ role: 'moderator', epoch: 1, id: `${node.origin}/people/eve` })
  })

  it('G an editor who sends the forms of a host: no invitation, no role, no request', async () => {
    const editor = await signedInAs(node, 'editor')
    const token = tokenIn((await editor.get('/host/account')).text)
    const before = await node.site.store.count('acts', {})
    for (const [path, fields] of [
      ['/host/invitations', { do: 'invite', role: 'host', days: '9' }],
      ['/host/people/a-editor', { do: 'role', role: 'host' }],
      ['/host/second', { do: 'on' }],
      ['/host/account', { do: 'facts', name: 'A editor', language: 'en', role: 'host' }],
    ] as const)
      await editor.send(path, fields, token)
    const [person] = await node.site.store.find('people', {
      where: { email: 'editor@test.example' },
    })
    expect(person?.role).to.equal('editor')
    expect(await node.site.store.count('acts', {})).to.equal(before + 1)
  })

  it('G a link used by two at once lets one of them in', async () => {
    const { token } = await invite(node.site, { role: 'editor' }, await boss())
    const path = `/invite/${token}`
    const join = (name: string) =>
      visitor(node.origin).send(path, { name, email: `${name}@demo.example`, password })
    const before = await node.site.store.count('people', {})
    await Promise.all([join('one'), join('two')])
    expect(await node.site.store.count('people', {})).to.equal(before + 1)
  })

  it('G a login fixed before an invitation is used is not the one that comes after', async () => {
    const { token } = await invite(node.site, { role: 'editor' }, await boss())
    const guest = visitor(node.origin)
    const name = `tributary-${new URL(node.origin).port}`
    guest.cookies.set(name, 'chosen-by-me')
    const fields = { ...eve, email: 'fixed@demo.example' }
    await guest.fill(`/invite/${token}`, `/invite/${token}`, fields)
    expect(guest.cookies.get(name)).to.match(/^ey/)
  })

  it('G a login goes on after it was ended, after a lost right, or after the day of its role', async () => {
    const fields = { name: 'Kim', email: 'kim@demo.example', password }
    const kim = await addPerson(node.site, { ...fields, role: 'host', language: 'en' })
    const enter = () => signedIn(node, fields)
    const isIn = async (guest: Awaited<ReturnType<typeof enter>>) =>
      (await guest.get('/host/account')).url === '/host/account'
    const [here, there] = [await enter(), await enter()]
    const copied = there.cookies.entries().next().value
    const { text } = await here.get('/host/account')
    const other = /name="login" value="([^"]+)"/.exec(text)?.[1] ?? ''
    await here.send('/host/account', { do: 'end_one', login: other }, tokenIn(text))
    expect([await isIn(here), await isIn(there)]).to.deep.equal([true, false])
    const leaving = await enter()
    const [name, value] = leaving.cookies.entries().next().value ?? ['', '']
    await leaving.fill('/logout', '/logout', {})
    leaving.cookies.set(name, value)
    expect(await isIn(leaving), 'a copied cookie after signing out').to.equal(false)
    expect(copied?.[0]).to.equal(name)
    const at = new Date(Date.parse(clock.now()) + DAY_MS).toISOString()
    const changes = [{ who: 'kim', role: 'editor' as const, at }]
    const step = handingOver(node.site, { changes, invitations: [] })
    expect(await perform(node.site, step, kim)).to.equal('done')
    clock.forward(DAY_MS + 1000)
    const late = await enter()
    await endWhatIsOver(node.site)
    expect(await isIn(late), 'after the day of the role').to.equal(false)
    const now = await node.site.store.get('people', kim.id)
    expect(now?.role).to.equal('editor')
    const anew = await enter()
    if (now) await setRole(node.site, now, 'participant', 'setup')
    expect(await isIn(anew), 'after a lost right').to.equal(false)
  })

  it('G a request confirmed by who asked for it, or by somebody without the right', async () => {
    const noor = await signedIn(node)
    const fields = { name: 'Lee', email: 'lee@demo.example', password }
    await addPerson(node.site, { ...fields, role: 'host', language: 'en' })
    await noor.fill('/host/second', '/host/second', { do: 'on' })
    await noor.fill('/host/people/lee', '/host/people/lee', { do: 'remove' })
    const [pending] = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    const path = `/host/second/${pending?.id}`
    const editor = await signedIn(node, {
      email: 'editor@test.example',
      password: 'rivers run to the sea',
    })
    for (const guest of [noor, editor]) {
      const token = tokenIn((await guest.get('/host/account')).text)
      const { status } = await guest.send(path, { do: 'confirm' }, token)
      expect(status).to.be.oneOf([403, 404])
    }
    expect(await node.site.store.get('people', `${node.origin}/people/lee`)).not.to.equal(undefined)
  })
})
