/** SECURITY-CLASSES B, E and H: whoever says that somebody has moved, or speaks in the name of a former address. */
import { expect } from 'chai'
import { grown, leafHash, rootOf } from '../../content/merkle.ts'
import { canonical } from '../../federation/proofs.ts'
import { setPeerStanding } from '../../federation/peers.ts'
import { syncPeer } from '../../federation/sync.ts'
import {
  type Arena,
  closeArena,
  followed,
  lastLine,
  openArena,
  outcomeOf,
  settled,
} from '../help/attack.ts'
import { activity, type Foreigner, type Json, proven, type Reply } from '../help/hostile.ts'

describe('hostile: moves', () => {
  let arena: Arena
  let count = 0

  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  beforeEach(() => arena.clock.forward(40 * 24 * 3600_000))

  /** An initiative on a server of its own, and where it says that it was before. */
  const group = (at: 'far' | 'near', document: Json = {}): Foreigner =>
    arena[at].actor(`group-${++count}`, { type: 'Group', ...document })
  const also = (by: Foreigner, ...names: Foreigner[]) =>
    void (by.document.alsoKnownAs = names.map(({ id }) => id))

  /** What is answered, and what becomes of it. */
  async function says(by: Foreigner, object: string, target: string): Promise<string> {
    const reply: Reply = await arena.tell(by, activity(by, 'Move', object, { target }))
    await settled(arena.river.site)
    if (reply.status !== 202) return `${reply.status} ${reply.problem}`
    return lastLine([arena.river.site])
  }

  const isFollowed = async ({ id }: Foreigner) =>
    (await arena.river.site.store.get('following', id)) !== undefined

  /** The log of an initiative with these entries in it, read as it is followed; answers why any was refused. */
  async function read(by: Foreigner, entries: Json[]): Promise<string[]> {
    const { river, clock } = arena
    const leaves = entries.map((each) => leafHash(Buffer.from(canonical(each))))
    const root = rootOf(leaves.reduce(grown, { size: 0, hashes: [] }))
    const { origin: peer } = new URL(by.id)
    const host = peer === arena.far.origin ? arena.far : arena.near
    const body = { orderedItems: entries, 'tributary:log': { size: entries.length, root } }
    host.serve(`${new URL(by.id).pathname}/outbox`, { body })
    const counts = { after: 0, size: 0, held: 0, refused: 0, failures: 0 }
    const pull = { id: by.id, peer, outbox: `${by.id}/outbox`, root: '', frontier: [] }
    const standing = { standing: 'new' as const, refusals: [], retryAt: clock.now() }
    await followed(river.site, by)
    await river.site.store.commit({ put: { pulls: [{ ...counts, ...pull, ...standing }] } })
    await syncPeer(river.site, by.id)
    const held = await river.site.store.get('pulls', by.id)
    return (held?.refusals ?? []).map(({ why }) => why)
  }

  it('B5 a Move of somebody else is refused', async () => {
    const [there, stranger] = [group('far'), group('near')]
    await followed(arena.river.site, there)
    also(stranger, there)
    expect(await says(stranger, there.id, stranger.id)).to.equal('refused origin.other_actor')
    expect(await isFollowed(there)).to.equal(true)
  })

  it('B5 a Move to an address that does not name the old one is refused', async () => {
    const [there, elsewhere] = [group('far'), group('near')]
    await followed(arena.river.site, there)
    expect(await says(there, there.id, elsewhere.id)).to.equal('refused move.not_confirmed')
    expect([await isFollowed(there), await isFollowed(elsewhere)]).to.deep.equal([true, false])
  })

  it('B5 a Move by somebody whom nobody here follows changes nothing', async () => {
    const [there, elsewhere] = [group('far'), group('near')]
    also(elsewhere, there)
    expect(await says(there, there.id, elsewhere.id)).to.equal('ignored')
    expect(await isFollowed(elsewhere)).to.equal(false)
  })

  it('B5 a Move to this server, and one to where it is, change nothing', async () => {
    const there = group('far')
    await followed(arena.river.site, there)
    expect(await says(there, there.id, there.id)).to.equal('ignored')
    expect(await says(there, there.id, `${arena.river.origin}/actor`)).to.equal('ignored')
    expect(await isFollowed(there)).to.equal(true)
  })

  it('E6 moves back and forth end where the sixth would be, and lead nobody in a circle', async () => {
    const [one, two] = [group('far'), group('near')]
    also(one, two)
    also(two, one)
    await followed(arena.river.site, one)
    const came: string[] = []
    for (let round = 0; round < 3; round += 1) {
      came.push(await says(one, one.id, two.id), await says(two, two.id, one.id))
    }
    expect(came).to.deep.equal([...Array<string>(5).fill('done'), 'refused move.too_often'])
    expect([await isFollowed(one), await isFollowed(two)]).to.deep.equal([false, true])
    const { store } = arena.river.site
    expect((await store.get('moves', one.id))?.to).to.equal(two.id)
    expect(await store.get('moves', two.id)).to.equal(undefined)
  })

  it('B10 a log that claims a former address which does not say so is refused what it tells from there', async () => {
    const victim = group('near')
    const thief = group('far', { alsoKnownAs: [victim.id] })
    const at = arena.clock.now()
    const said = proven(victim, activity(victim, 'Create', outcomeOf(victim, 'b10-1', 1, at)), at)
    expect(await read(thief, [said])).to.deep.equal(['origin.foreign_id'])
  })

  it('B10 what is told from a true former address must carry the proof of who said it', async () => {
    const before = group('near')
    const now = group('far', { alsoKnownAs: [before.id] })
    before.document.movedTo = now.id
    const at = arena.clock.now()
    const word = (slug: string) => activity(before, 'Create', outcomeOf(before, slug, 1, at))
    const forged = proven({ ...before, ed25519: arena.mallory.ed25519 }, word('b10-2'), at)
    const right = proven(before, word('b10-4'), at)
    const refusals = await read(now, [forged, word('b10-3'), right])
    expect(refusals).to.deep.equal(['proof.missing', 'proof.changed'])
    const { store } = arena.river.site
    const held = await store.get('items', `${arena.near.origin}/outcomes/b10-4`)
    expect(held).to.include({ initiative: now.id, verified: true })
  })

  it('B10 others at the host of a former address do not speak in the log without their own proof', async () => {
    const before = group('near')
    const now = group('far', { alsoKnownAs: [before.id] })
    before.document.movedTo = now.id
    const neighbour = arena.near.actor(`neighbour-${count}`)
    const at = arena.clock.now()
    const note = { id: `${neighbour.id}/notes/1`, type: 'Note', attributedTo: neighbour.id }
    const forged = proven({ ...before }, activity(neighbour, 'Create', note), at)
    expect(await read(now, [forged])).to.deep.equal(['origin.other_actor'])
    arena.near.serve(new URL(neighbour.id).pathname, { status: 503 })
    const unproven = activity(neighbour, 'Create', note)
    const waits = { ...unproven, proof: { ...(forged.proof as Json) } }
    await read(group('far', { alsoKnownAs: [before.id] }), [waits])
    const where = { state: 'waiting' }
    expect(await arena.river.site.store.count('journal', { where })).to.equal(0)
  })

  it('B5 whoever holds a former address later cannot speak for who was there', async () => {
    const { clock, near } = arena
    const before = group('near')
    const now = group('far')
    also(now, before)
    await read(before, [])
    expect(await says(before, before.id, now.id)).to.equal('done')
    clock.forward(30 * 24 * 3600_000)
    const squatter = near.actor(`squatter-${count}`)
    const key = { ...(squatter.document.publicKey as Json) }
    const taken = { ...before.document, publicKey: { ...key, id: before.keyId, owner: before.id } }
    near.serve(new URL(before.id).pathname, { body: taken })
    const at = clock.now()
    const word = activity(before, 'Create', outcomeOf(before, 'b5-later', 1, at))
    const reply = await arena.tell({ ...before, rsa: squatter.rsa }, word)
    expect(`${reply.status} ${reply.problem}`).to.equal('401 signature.wrong')
  })

  it('H a server that is blocked does not come back by a Move, neither from there nor to it', async () => {
    const { river, near } = arena
    const [there, blocked] = [group('far'), group('near')]
    also(blocked, there)
    also(there, blocked)
    await followed(river.site, there)
    await setPeerStanding(river.site, near.origin, 'blocked', 'Noor')
    expect(await says(there, there.id, blocked.id)).to.equal('refused inbox.blocked')
    expect(await says(blocked, blocked.id, there.id)).to.equal('403 inbox.blocked')
    await setPeerStanding(river.site, near.origin, 'unknown', 'Noor')
    expect(await isFollowed(blocked)).to.equal(false)
  })
})
