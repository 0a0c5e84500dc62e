/** Moves and outages: a follower that was away, an old domain that is dark when somebody follows, and peers that cannot check its words. */
import { expect } from 'chai'
import { groupId, versionId } from '../../federation/addresses.ts'
import { deliverDue } from '../../federation/deliver.ts'
import { follow } from '../../federation/follow.ts'
import { moveTo } from '../../federation/moving.ts'
import { syncDue } from '../../federation/sync.ts'
import { foundedServer } from '../help/community.ts'
import { endFronts, type Front, front } from '../help/fronts.ts'
import { activity, endHostiles, hostileServer, type Json, send } from '../help/hostile.ts'
import { correct, publish } from '../help/publishing.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'

const HOUR_MS = 3600_000

describe('a move in bad weather', () => {
  const clock = testClock()
  let older: Front
  let newer: Front
  let node: TestServer
  let friend: TestServer
  let from: string
  let to: string
  let old: string

  const held = (at: TestServer, id: string, version: number) =>
    until(async () => {
      const found = await at.site.store.get('versions', versionId(id, version))
      return found?.verification.result === 'verified'
    })

  before(async () => {
    ;[older, newer] = [await front(), await front()]
    ;[from, to] = [groupId({ origin: older.origin }), groupId({ origin: newer.origin })]
    node = await foundedServer('node', clock, undefined, { origin: older.origin })
    for (const each of [older, newer]) each.leadTo(node.port)
    friend = await foundedServer('aggregator', clock)
    old = await publish(node.site, 'old', '- Said before.')
    await follow(friend.site, older.origin)
    await held(friend, old, 1)
  })
  after(async () => {
    await endServers()
    await endFronts()
    await endHostiles()
  })

  it('a follower that was away for 40 days finds out, and misses nothing', async () => {
    await friend.close()
    await moveTo(node.site, newer.origin, 'test')
    await correct(node.site, old, '- Said better.')
    const fresh = await publish(node.site, 'fresh', '- Said after.')
    await deliverDue(node.site)
    clock.forward(40 * 24 * HOUR_MS)
    friend = await friend.restart()
    await until(async () => {
      await deliverDue(node.site)
      await syncDue(friend.site)
      clock.forward(60_000)
      return (await friend.site.store.get('pulls', to))?.standing === 'consistent'
    })
    await held(friend, old, 2)
    await held(friend, fresh, 1)
    expect(await friend.site.store.get('pulls', to)).to.include({ refused: 0 })
    expect(await friend.site.store.get('following', from)).to.equal(undefined)
  })

  it('whoever cannot find the old address refuses its words in the end, and has all that is new', async () => {
    const far = await hostileServer()
    const ana = far.actor('ana')
    await send(ana, `${newer.origin}/inbox`, activity(ana, 'Follow', to), { at: clock.now() })
    await until(async () => node.site.store.get('followers', `${ana.id} ${to}`))
    await until(async () => far.delivered('Accept').length > 0)
    await older.goDark()
    const isOld = (body: string) => (JSON.parse(body) as Json).actor === from
    far.serve('/inbox', ({ body }) => ({ status: isOld(body) ? 401 : 202 }))
    await correct(node.site, old, '- Said best.')
    const next = await publish(node.site, 'next', '- Said in the dark.')
    const got = () => far.delivered('Create').some(({ object }) => (object as Json).id === next)
    let rounds = 0
    await until(async () => {
      clock.forward(HOUR_MS)
      rounds += 1
      await deliverDue(node.site)
      return got()
    })
    expect(rounds).to.be.above(3)
    await held(friend, old, 3)
    await held(friend, next, 1)
  })

  it('whoever follows for the first time then waits for a day, refuses what it cannot check, and reads on', async () => {
    const late = await foundedServer('aggregator', clock)
    await follow(late.site, newer.origin)
    const pull = await until(async () => {
      clock.forward(HOUR_MS)
      await syncDue(late.site)
      const found = await late.site.store.get('pulls', to)
      return found?.standing === 'consistent' && found
    })
    expect(new Set(pull.refusals.map(({ why }) => why))).to.deep.equal(new Set(['move.silent']))
    await held(late, `${newer.origin}/outcomes/next`, 1)
    expect(await late.site.store.get('items', old)).to.equal(undefined)
  })
})
