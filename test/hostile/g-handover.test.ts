/** SECURITY-CLASSES G, for handing over: forged plans, a node left without a host, and plans that are not any more what was confirmed. */
import { expect } from 'chai'
import { addPerson, setRole } from '../../server/people.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const password = 'boats on the estuary'
const PATH = '/host/handover'

describe('hostile G: handing over', () => {
  let node: TestServer
  let noor: Visitor
  const clock = testClock()
  const lee = { name: 'Lee', email: 'lee@demo.example', password }

  before(async () => {
    node = await foundedServer('node', clock)
    noor = await signedIn(node)
  })
  after(endServers)

  const tokenOf = async (guest: Visitor) => tokenIn((await guest.get('/host/account')).text)
  const hosts = () => node.site.store.count('people', { where: { role: 'host' } })
  const leave = (who: string) => ({ [`role-${who}`]: 'participant', do: 'hand_over' })

  it('G a plan sent by an editor, by a stranger, or without the token of the form', async () => {
    const editor = await signedInAs(node, 'editor')
    const token = await tokenOf(editor)
    const plan = { 'role-a-editor': 'host', 'invite-1': 'Eve', do: 'hand_over' }
    for (const path of [PATH, `${PATH}/sheet`])
      expect((await editor.get(path)).status).to.equal(403)
    expect((await editor.send(PATH, plan, token)).status).to.equal(403)
    expect((await noor.send(PATH, plan, token)).status).to.equal(403)
    expect((await visitor(node.origin).send(PATH, plan)).url).to.equal('/login')
    expect(await hosts()).to.equal(1)
    expect(await node.site.store.count('invitations', {})).to.equal(0)
  })

  it('G a plan done without being looked at, that leaves nobody as host: now, or after its day', async () => {
    const token = await tokenOf(noor)
    for (const plan of [
      leave('noor-halabi'),
      { ...leave('noor-halabi'), 'end-noor-halabi': '2026-12-24' },
      { ...leave('noor-halabi'), 'invite-1': 'Somebody' },
      { ...leave('noor-halabi'), 'end-noor-halabi': 'never' },
      { 'role-__proto__': 'host', 'role-former': 'host', do: 'hand_over' },
      { 'role-noor-halabi': 'superhost', do: 'hand_over' },
    ])
      expect((await noor.send(PATH, plan, token)).status, JSON.stringify(plan)).to.equal(400)
    expect(await hosts()).to.equal(1)
    expect(await node.site.store.count('invitations', {})).to.equal(0)
    expect(await node.site.store.count('acts', { where: { verb: 'handed_node_over' } })).to.equal(0)
  })

  it('G two hosts who end each other’s role at once: one of them stays', async () => {
    await addPerson(node.site, { ...lee, role: 'host', language: 'en' })
    const other = await signedIn(node, lee)
    const [token, theirs] = [await tokenOf(noor), await tokenOf(other)]
    await Promise.all([
      noor.send(PATH, leave('lee'), token),
      other.send(PATH, leave('noor-halabi'), theirs),
    ])
    expect(await hosts()).to.equal(1)
  })

  it('G a plan confirmed by who asked, or after somebody in it has become something else', async () => {
    const [boss] = await node.site.store.find('people', { where: { role: 'host' } })
    const guest = boss?.name === 'Lee' ? await signedIn(node, lee) : noor
    const kim = { name: 'Kim', email: 'kim@demo.example', password }
    const max = { name: 'Max', email: 'max@demo.example', password }
    await addPerson(node.site, { ...kim, role: 'host', language: 'en' })
    const person = await addPerson(node.site, { ...max, role: 'moderator', language: 'en' })
    await guest.fill('/host/second', '/host/second', { do: 'on' })
    const plan = { 'role-max': 'host', do: 'hand_over' }
    await guest.send(PATH, plan, await tokenOf(guest))
    const [pending] = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    const path = `/host/second/${pending?.id}`
    const own = await guest.send(path, { do: 'confirm' }, await tokenOf(guest))
    expect(own.status).to.equal(403)
    await setRole(node.site, person, 'participant', 'setup')
    const other = await signedIn(node, kim)
    const late = await other.send(path, { do: 'confirm' }, await tokenOf(other))
    expect(late.status).to.equal(409)
    expect((await node.site.store.get('people', person.id))?.role).to.equal('participant')
  })
})
