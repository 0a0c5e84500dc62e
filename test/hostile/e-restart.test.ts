/** SECURITY-CLASSES E: what a server knows of how others behave and of what they deleted outlives it, and costs it little to write down. */
import { expect } from 'chai'
import { FREE, PAUSED_AT } from '../../federation/conduct.ts'
import { setPaused } from '../../federation/peers.ts'
import { answerOf, type Arena, closeArena, openArena, outcomeOf, settled } from '../help/attack.ts'
import { activity, type Foreigner } from '../help/hostile.ts'
import { until } from '../help/servers.ts'

const NOTE = 'conduct of others'

describe('hostile E: conduct after a restart', () => {
  let arena: Arena
  beforeEach(async () => {
    arena = await openArena()
  })
  afterEach(closeArena)

  const badlySigned = (by: Foreigner) =>
    arena.post(by, activity(by, 'Like', arena.talk), { key: arena.guild.rsa })
  const spoiled = async (n: number) => {
    const { guild, clock, river } = arena
    clock.forward(11 * 60_000)
    const made = outcomeOf(guild, `restart-${n}`, 1, clock.now())
    const reply = await arena.tell(
      guild,
      activity(guild, 'Create', { ...made, name: 'Other words' }),
    )
    await settled(river.site)
    return reply.status
  }
  const written = async ({ site }: Arena['node']) => site.store.get('notes', NOTE)

  it('E a stranger who is slowed is written down at once, and still slowed after a restart', async () => {
    for (let n = 0; n < FREE; n += 1) await badlySigned(arena.mallory)
    await until(async () => (await written(arena.node))?.value.includes(arena.far.origin))
    arena.node = await arena.node.restart()
    expect((await badlySigned(arena.mallory)).status).to.equal(429)
    arena.clock.forward(2 * 3600_000)
    expect((await badlySigned(arena.mallory)).status).to.equal(401)
  })

  it('E a server that was one mistake from its pause is paused by that mistake after a restart', async () => {
    for (let n = 1; n < PAUSED_AT; n += 1) expect(await spoiled(n)).to.equal(202)
    arena.river = await arena.river.restart()
    expect(await spoiled(PAUSED_AT)).to.equal(202)
    expect(await spoiled(PAUSED_AT + 1)).to.equal(503)
    await setPaused(arena.river.site, arena.far.origin, false, 'Noor')
    arena.river = await arena.river.restart()
    expect(await spoiled(PAUSED_AT + 2)).to.equal(202)
  })

  it('I an answer whose deletion came before it, and a restart between them', async () => {
    const { clock, mallory, post, node } = arena
    const said = answerOf(mallory, arena, 'Here I am.')
    await post(mallory, activity(mallory, 'Delete', said.id))
    await settled(node.site)
    arena.node = await node.restart()
    clock.forward(3600_000)
    await post(mallory, activity(mallory, 'Create', said))
    await settled(arena.node.site)
    expect(await arena.node.site.store.get('items', String(said.id))).to.equal(undefined)
  })

  it('E10 Deletes of what nobody has heard of are remembered in a bounded number, those of one server least of all', async () => {
    const { site } = arena.node
    const at = site.now()
    const filled = (count: number, peer: string) =>
      site.store.commit({
        put: {
          deletions: Array.from({ length: count }, (_, i) => ({ id: `${peer}/a ${i}`, peer, at })),
        },
      })
    await filled(1_200, arena.far.origin)
    await filled(9_000, 'https://others.example')
    const { mallory, victim, post } = arena
    for (const by of [mallory, victim])
      for (let n = 0; n < 3; n += 1)
        await post(by, activity(by, 'Delete', answerOf(by, arena, `never said ${n}`).id))
    await settled(site)
    const where = { peer: arena.far.origin }
    expect(await site.store.count('deletions', { where })).to.be.at.most(1_000)
    expect(await site.store.count('deletions', {})).to.be.at.most(10_000)
    const theirs = { peer: arena.near.origin }
    expect(await site.store.count('deletions', { where: theirs })).to.equal(3)
    const before = await site.store.count('deletions', {})
    arena.clock.forward(91 * 24 * 3600_000)
    await post(victim, activity(victim, 'Delete', answerOf(victim, arena, 'late').id))
    await settled(site)
    expect(await site.store.count('deletions', {})).to.be.below(before - 100)
  })

  it('E a flood under ever new names is written down a few times, in one document of a bounded size', async () => {
    const { far, clock } = arena
    const like = activity(arena.mallory, 'Like', arena.talk)
    for (let name = 0; name < 30; name += 1) {
      const long = `http://${'a'.repeat(100 + name)}.example/users/mallory`
      const claimed = { ...arena.mallory, id: long, keyId: `${far.origin}/users/mallory#main-key` }
      for (let n = 0; n < FREE; n += 1) {
        const json = { ...like, id: `${long}/${n}`, actor: long }
        expect((await arena.post(claimed, json, { key: arena.guild.rsa })).status).to.equal(401)
      }
      clock.forward(100)
    }
    await until(async () => (await written(arena.node)) !== undefined)
    const note = await written(arena.node)
    expect(note?.rev).to.be.at.most(3)
    expect(note?.value.length).to.be.below(30 * 400)
  })
})
