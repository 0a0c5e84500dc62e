/** SECURITY-CLASSES E, G and I: what an aggregator proves of others' logs, when those logs are made to mislead it. */
import { expect } from 'chai'
import { grown, leafHash, rootOf } from '../../content/merkle.ts'
import type { Outcome } from '../../content/model.ts'
import { signedCheckpoint } from '../../federation/checkpoints.ts'
import { completeCopies } from '../../federation/copies.ts'
import { canonical } from '../../federation/proofs.ts'
import { syncPeer } from '../../federation/sync.ts'
import { type Arena, closeArena, openArena, outcomeOf, settled, unread } from '../help/attack.ts'
import { activity, ask, type Json, proven } from '../help/hostile.ts'

describe('hostile I: records of other logs', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)

  const saying = (slug: string) =>
    activity(arena.guild, 'Create', outcomeOf(arena.guild, slug, 1, arena.clock.now()))
  /** The guild's whole log from now on, with its head signed. */
  const serve = (entries: Json[]) => {
    const { far, guild } = arena
    const leaves = entries.map((entry) => leafHash(Buffer.from(canonical(entry))))
    const head = {
      size: entries.length,
      root: rootOf(leaves.reduce(grown, { size: 0, hashes: [] })),
    }
    const checkpoint = signedCheckpoint(head, far.host, guild.ed25519)
    far.serve('/users/guild/outbox', ({ url }) => {
      const after = Number(new URL(url, far.origin).searchParams.get('after'))
      const log = { ...head, checkpoint }
      return { body: { orderedItems: entries.slice(after), 'tributary:log': log } }
    })
  }
  const read = async (entries: Json[]) => {
    await unread(arena)
    serve(entries)
    await syncPeer(arena.river.site, arena.guild.id)
    return arena.river.site.store.get('pulls', arena.guild.id)
  }
  const versionOf = (slug: string) => `${arena.far.origin}/outcomes/${slug}/versions/1`
  const proofOf = async (slug: string, what = 'proof') => {
    const entry = encodeURIComponent(versionOf(slug))
    const url = new URL(`${arena.river.origin}/log/${what}?entry=${entry}`)
    return (await ask(url, 'GET')).status
  }

  it('E8 an entry that is padded beyond measure is held without a proof, and harms no other', async () => {
    const padded = { ...saying('i-padded'), summary: 'x'.repeat(50_000) }
    const pull = await read([saying('i-before'), padded, saying('i-after')])
    expect([pull?.standing, pull?.held]).to.deep.equal(['consistent', 3])
    const version = await arena.river.site.store.get('versions', versionOf('i-padded'))
    expect(version).to.have.property('seq', 2)
    expect(version).not.to.have.property('envelope')
    const found = [await proofOf('i-before'), await proofOf('i-padded'), await proofOf('i-after')]
    expect(found).to.deep.equal([200, 404, 200])
  })

  it('I an entry whose object was signed anew since it was pushed is not proven with the object that is held', async () => {
    const { guild, clock } = arena
    const made = outcomeOf(guild, 'i-anew', 1, clock.now())
    await arena.tell(guild, activity(guild, 'Create', made))
    await settled(arena.river.site)
    clock.forward(60_000)
    const { proof: _proof, ...bare } = made
    await read([activity(guild, 'Create', proven(guild, bare, clock.now()))])
    const held = await arena.river.site.store.get('versions', versionOf('i-anew'))
    expect([held?.wire, held?.seq]).to.deep.equal([canonical(made), 1])
    expect(await proofOf('i-anew')).to.equal(404)
  })

  it('G a proof or a bundle of what a moderator has taken away', async () => {
    await read([saying('i-removed')])
    expect(await proofOf('i-removed')).to.equal(200)
    const { store } = arena.river.site
    const face = (await store.get('items', `${arena.far.origin}/outcomes/i-removed`)) as Outcome
    await store.commit({ put: { items: [{ ...face, visibility: 'removed' }] } })
    expect([await proofOf('i-removed'), await proofOf('i-removed', 'bundle')]).to.deep.equal([
      404, 404,
    ])
  })

  /** As if it had been read before copies were kept, and read once more from what is served now. */
  const readOnce = async (entries: Json[]) => {
    const { guild, river, clock } = arena
    const { store } = river.site
    await store.commit({ drop: { tiles: [`${guild.id} 0/0`], copies: [guild.id] } })
    serve(entries)
    clock.forward(2 * 60_000)
    await completeCopies(river.site)
    const copy = await store.get('copies', guild.id)
    const tile = await store.get('tiles', `${guild.id} 0/0`)
    return { why: copy?.why, after: copy?.after, wholeAt: copy?.wholeAt, tile }
  }
  const nothing = { wholeAt: undefined, tile: undefined, after: 0 }

  it('I another beginning of a log, shown when it is read once more for a copy', async () => {
    const said = [saying('i-first'), saying('i-second')]
    await read(said)
    const other = await readOnce([saying('i-made-up'), said[1] as Json])
    expect(other).to.deep.equal({ ...nothing, why: 'copy.other' })
    expect(await proofOf('i-second')).to.equal(404)
    const pull = await arena.river.site.store.get('pulls', arena.guild.id)
    expect(pull?.after, 'what was read stays read').to.equal(2)
  })

  it('E6 a log that has ended before where it was read, when it is read once more for a copy', async () => {
    await read([saying('i-there'), saying('i-gone')])
    expect(await readOnce([])).to.deep.equal({ ...nothing, why: 'copy.ends' })
    expect(await completeCopies(arena.river.site), 'not at once again').to.equal(0)
  })
})
