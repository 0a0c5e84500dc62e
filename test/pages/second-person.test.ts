/** Steps that cannot be undone, where the host wants two people for them: asked, confirmed, declined, overtaken. */
import { expect } from 'chai'
import { outcomeId } from '../../federation/addresses.ts'
import { endWhatIsOver } from '../../server/endings.ts'
import { addPerson } from '../../server/people.ts'
import { filledNode } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000
const password = 'boats on the estuary'

describe('a second person', () => {
  let node: TestServer
  let noor: Visitor
  let ana: Visitor
  const clock = testClock()

  const account = (name: string) => ({
    ...{ name, email: `${name.toLowerCase()}@demo.example`, password },
    language: 'en',
  })

  before(async () => {
    node = await filledNode('coast', clock)
    noor = await signedIn(node)
  })
  after(endServers)

  const people = async () => (await node.site.store.find('people', {})).map(({ name }) => name)

  /** The address of the one request that waits. */
  async function waiting(): Promise<string> {
    const [one] = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    return `/host/second/${one?.id}`
  }

  it('is wanted only where there are two who could do it', async () => {
    const { status, text } = await noor.fill('/host/second', '/host/second', { do: 'on' })
    expect(status).to.equal(409)
    expect(text).to.include('There is only one host.')
    await addPerson(node.site, { ...account('Ana'), role: 'host' })
    await addPerson(node.site, { ...account('Robin'), role: 'editor' })
    const { email } = account('Ana')
    ana = await signedIn(node, { email, password })
    await noor.fill('/host/second', '/host/second', { do: 'on' })
    expect((await noor.get('/host/second')).text).to.include('It is switched on.')
  })

  it('confirms a removal that another asked for; the front page and the trail name both', async () => {
    const asked = await noor.fill('/host/people/robin', '/host/people/robin', { do: 'remove' })
    expect(asked.text).to.include('It waits for a second person.')
    expect(await people()).to.include('Robin')
    expect((await ana.get('/host')).text).to.match(/Remove the account of .*Robin.*Noor/s)
    const path = await waiting()
    await ana.fill(path, path, { do: 'confirm' })
    expect(await people()).not.to.include('Robin')
    const [act] = await node.site.store.find('acts', { where: { verb: 'removed_account' } })
    expect(act).to.include({ by: `${node.origin}/people/noor-halabi` })
    expect(act).to.include({ second: `${node.origin}/people/ana` })
  })

  it('is never who asked', async () => {
    await noor.fill('/host/people/ana', '/host/people/ana', { do: 'role', role: 'editor' })
    const path = await waiting()
    const { text } = await noor.get(path)
    expect(text).to.include('somebody else must confirm it').and.not.include('value="confirm"')
    const forged = await noor.send(path, { do: 'confirm' }, tokenIn(text))
    expect(forged.status).to.equal(403)
    expect(await node.site.store.count('people', { where: { role: 'host' } })).to.equal(2)
    await noor.fill(path, path, { do: 'decline' })
    expect((await ana.get(path)).text).to.include('does not wait any more')
  })

  it('says why when declining, and whoever asked reads it', async () => {
    await noor.fill('/host/second', '/host/second', { do: 'off' })
    const path = await waiting()
    expect(
      (await ana.send(path, { do: 'decline' }, tokenIn((await ana.get(path)).text))).status,
    ).to.equal(400)
    await ana.fill(path, path, { do: 'decline', reason: 'We agreed on two.' })
    expect((await noor.get('/host/second')).text)
      .to.include('We agreed on two.')
      .and.include('It is switched on.')
  })

  it('publishes what was asked for, and nothing else: a draft that has changed is refused', async () => {
    const [outcome] = await node.site.store.find('drafts', { where: { state: 'published' } })
    const slug = String(outcome?.slug)
    const form = `/host/outcomes/${slug}/steps/correct`
    await noor.fill(form, form, { reason: 'A wrong date.' })
    const stored = async () => await node.site.store.get('drafts', outcomeId(node.site, slug))
    const before = await stored()
    expect(before?.version).to.equal(outcome?.version)
    if (before) await node.site.store.commit({ put: { drafts: [{ ...before }] } })
    const path = await waiting()
    const refused = await ana.fill(path, path, { do: 'confirm' })
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('it has changed since')
    expect((await stored())?.version).to.equal(outcome?.version)
    await noor.fill(form, form, { reason: 'A wrong date.' })
    const again = await waiting()
    const shown = await ana.get(again)
    expect(shown.text).to.include('A wrong date.')
    await ana.fill(again, again, { do: 'confirm' })
    expect((await stored())?.state).to.equal('corrected')
  })

  it('leaves no way around: no host by form, no password for another host, no open invitation', async () => {
    const fields = { ...account('Kim'), role: 'host' }
    const added = await noor.fill('/host/people', '/host/people', fields)
    expect(added.text).to.include('Invite them by a link instead.')
    const reset = { do: 'password', password: 'mine from now on' }
    const taken = await noor.fill('/host/people/ana', '/host/people/ana', reset)
    expect(taken.text).to.include('changed by its owner alone')
    const made = await noor.fill('/host/invitations', '/host/invitations', { role: 'host' })
    const link = /\/invite\/[\w-]{27}/.exec(made.text)?.[0] ?? ''
    expect((await noor.get(link)).status).to.equal(409)
    const path = await waiting()
    await ana.fill(path, path, { do: 'confirm' })
    expect((await noor.get(link)).status).to.equal(200)
  })

  it('has fourteen days', async () => {
    await noor.fill('/host/second', '/host/second', { do: 'off' })
    const path = await waiting()
    clock.forward(14 * DAY_MS)
    ana = await signedIn(node, { email: account('Ana').email, password })
    const late = await ana.send(
      path,
      { do: 'confirm' },
      tokenIn((await ana.get('/host/account')).text),
    )
    expect(late.status).to.equal(410)
    await endWhatIsOver(node.site)
    expect((await ana.get('/host/second')).text).to.include('nobody answered in time')
  })

  it('stands on the trail with both: by person, by verb, by day, and as CSV', async () => {
    const anas = encodeURIComponent(`${node.origin}/people/ana`)
    const page = await ana.get(`/host/trail?by=${anas}&verb=removed_account`)
    expect(page.text).to.match(/<b>Account removed<\/b>.*Noor Halabi.*together with .*Ana/s)
    expect(page.text).not.to.include('<b>Request confirmed</b>')
    const asked = await ana.get('/host/trail?verb=asked_second')
    expect(asked.text).to.include('Removal of an account').and.not.include('remove_person')
    const none = await ana.get('/host/trail?until=2026-11-01')
    expect(none.text).to.include('Nothing on the trail is like this.')
    const csv = await ana.get(`/host/trail.csv?verb=removed_account&since=2026-11-23`)
    expect(csv.headers.get('content-type')).to.include('text/csv')
    expect(csv.text.trim().split('\r\n')).to.have.length(2)
    expect(csv.text).to.include('Noor Halabi').and.include(`${node.origin}/people/ana`)
  })
})
