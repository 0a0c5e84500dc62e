/** SECURITY-CLASSES E: what a server knows of how others behave outlives it, and costs it little to write down. */
import { expect } from 'chai'
import { FREE, PAUSED_AT } from '../../federation/conduct.ts'
import { setPaused } from '../../federation/peers.ts'
import { type Arena, closeArena, openArena, outcomeOf, settled } from '../help/attack.ts'
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
