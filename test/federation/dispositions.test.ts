/** What drafters make of a contribution reaches its author's server and an aggregator: told by the initiative, believed from it alone. */
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { contributionId, groupId, outcomeId } from '../../federation/addresses.ts'
import { findActor } from '../../federation/discovery.ts'
import { follow } from '../../federation/follow.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { answerFrom } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const SLUG = 'data-for-fishing-communities'
const ANSWERS = `/host/outcomes/${SLUG}/contributions`

describe('the drafters’ answer', () => {
  let node: TestServer
  let theirs: TestServer
  let river: TestServer
  let boss: Visitor
  let id: string

  const at = async ({ store }: Site, item: string) =>
    (await store.get('items', item)) as Contribution | undefined
  const answeredAt = ({ site }: TestServer, kind: string) =>
    until(async () => (await at(site, id))?.disposition?.kind === kind)

  async function send(path: string, fields: Record<string, string>) {
    return boss.send(path, fields, tokenIn((await boss.get('/host/account')).text))
  }

  before(async () => {
    node = await filledNode('coast')
    theirs = await foundedServer('node')
    river = await foundedServer('aggregator')
    boss = await signedIn(node)
    await follow(river.site, node.origin)
    const outcome = (await node.site.store.get('items', outcomeId(node, SLUG))) as Item
    await until(async () => (await river.site.store.get('items', outcome.id)) !== undefined)
    await findActor(theirs.site, groupId(node))
    id = await answerFrom(theirs.site, 'aigerim', outcome, 'Nets, too.')
    await until(async () => (await at(node.site, id))?.visibility === 'held')
    await send('/host/contributions', { do: 'shown', id, view: 'held' })
    await until(async () => (await at(river.site, id))?.visibility === 'shown')
  })
  after(endServers)

  it('stands on the author’s server and on the aggregator, and so does a changed one', async () => {
    await send(ANSWERS, { id, kind: 'rejected', reason: 'Nets are for next year' })
    await Promise.all([answeredAt(theirs, 'rejected'), answeredAt(river, 'rejected')])
    expect((await at(theirs.site, id))?.disposition?.reason).to.equal('Nets are for next year')
    await send(ANSWERS, { id, kind: 'accepted', reason: 'Nets are in now' })
    await Promise.all([answeredAt(theirs, 'accepted'), answeredAt(river, 'accepted')])
    expect((await at(river.site, id))?.disposition?.reason).to.equal('Nets are in now')
  })

  it('stands beside the contribution, not as a contribution of its own', async () => {
    const where = { type: 'contribution', about: outcomeId(node, SLUG) }
    expect(await river.site.store.count('items', { where })).to.equal(1)
    const { text } = await visitor(node.origin).get(`/outcomes/${SLUG}`)
    expect(text).to.include('1 contribution').and.include('Accepted by the drafters.')
  })

  it('is not believed from anybody but the initiative', async () => {
    const forged = await answerFrom(theirs.site, 'mallory', { id, initiative: groupId(node) }, 'x')
    const note = (await at(theirs.site, forged)) as Contribution
    const disposes = { kind: 'rejected' as const, reason: '', by: 'x', at: theirs.site.now() }
    const said = { verb: 'create' as const, actor: note.author, at: theirs.site.now() }
    const made = { ...note, id: contributionId(theirs, 'forged'), disposes }
    const { rev: _rev, ...item } = made
    await record(theirs.site, { put: { items: [item] }, tell: [{ ...said, item: item.id }] })
    await until(() =>
      node.site.store.count('journal', { where: { state: 'ignored' } }).then(Boolean),
    )
    expect((await at(node.site, id))?.disposition?.kind).to.equal('accepted')
    expect(await at(node.site, item.id)).to.equal(undefined)
  })
})
