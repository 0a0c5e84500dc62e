/** A node built on activitypub-express takes part: a follow, a delivery and a reply, both ways. */
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { filledNode } from '../help/community.ts'
import { answerFrom, correct, decided, publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { endJudges, type Judge, startJudge } from './judge.ts'

describe('joined by activitypub-express', () => {
  let judge: Judge
  let node: TestServer
  let ana: string

  before(async function () {
    judge = await startJudge(this, 'activitypub-express')
    node = await filledNode()
    ana = await judge.ask<string>('actor')
  })
  after(async () => {
    await endJudges()
    await endServers()
  })

  const arrives = (type: string, object?: string) =>
    until(async () => {
      const arrived = await judge.ask<{ type: string; object: string }[]>('arrived')
      return arrived.find((each) => each.type === type && (!object || each.object === object))
    })

  const held = (id: string) =>
    until(async () => (await node.site.store.get('items', id)) as Contribution | undefined)

  it('it follows us and gets what we publish, correct and withdraw', async () => {
    await judge.ask('follow', groupId(node.site))
    await arrives('Accept')
    const outcome = await publish(node.site, 'for-apex', '- Boats are homes.')
    await arrives('Create', outcome)
    await correct(node.site, outcome, '- Boats may be homes.')
    await arrives('Update', outcome)
    await withdraw(node.site, outcome)
    await arrives('Delete', outcome)
  })

  it('we follow it, and it accepts', async () => {
    await follow(node.site, ana)
    await until(async () => (await node.site.store.get('following', ana))?.state === 'accepted')
  })

  it('its reply is held, then shown; ours reaches whom it answers', async () => {
    const where = { type: 'discussion' }
    const [discussion] = await node.site.store.find('items', { where, limit: 1 })
    const id = await judge.ask<string>(
      'write',
      groupId(node.site),
      '<p>Rivers.</p>',
      discussion?.id ?? '',
    )
    const reply = await held(id)
    expect(reply).to.include({
      visibility: 'held',
      text: 'Rivers.',
      author: ana,
      authorName: 'Ana',
    })
    await decided(node.site, id, 'shown')
    const ours = await answerFrom(node.site, 'answering', { ...reply, id } as Item, 'And the sea.')
    await arrives('Create', ours)
  })
})
