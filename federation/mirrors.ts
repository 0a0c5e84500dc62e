/** Our copies of others' logs: the hashes of all entries we read, so that their place can be proven from here, also when they are gone. */
import { createPublicKey } from 'node:crypto'
import {
  type Hashes,
  inclusionProof,
  leafHash,
  nodeHash,
  rootAt,
  rootFromPath,
  TILE_HEIGHT,
  TILE_WIDTH,
  withNodes,
} from '../content/merkle.ts'
import type { Version } from '../content/model.ts'
import type { Pull, Tile } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Store } from '../content/store.ts'
import { verifierKey } from './checkpoints.ts'
import { serverId } from './addresses.ts'
import { publicKeysOf } from './keys.ts'
import type { Inclusion } from './log.ts'
import { canonical, type Json } from './proofs.ts'
import type { Site } from './site.ts'
import { actorAsHeld, serverToActor } from './translate/actors.ts'
import { isObject } from './wire.ts'

const HASH_BYTES = 32

const tileId = (log: string, level: number, number: number) => `${log} ${level}/${number}`

const bytesOf = (tile: Tile | undefined) => Buffer.from(tile?.hashes ?? '', 'base64')

/**
 * The tiles as they are once these entries were read after those of the pull: to be committed with it. None
 * for a log whose beginning we do not have.
 */
export async function mirrored(
  { store }: Site,
  pull: Pick<Pull, 'id' | 'after'>,
  leaves: Buffer[],
): Promise<Tile[]> {
  const tiles: Tile[] = []
  let [from, added] = [pull.after, leaves]
  for (let level = 0; added.length > 0; level += 1) {
    const grown = await grownLevel(store, { log: pull.id, level, from, added })
    if (!grown) return []
    tiles.push(...grown.tiles)
    from = Math.floor(from / TILE_WIDTH)
    added = grown.roots
  }
  return tiles
}

interface Growth {
  log: string
  level: number
  from: number
  added: Buffer[]
}

/** One level with more hashes, and the roots of the tiles they fill: the level above grows by those. */
async function grownLevel(store: Store, { log, level, from, added }: Growth) {
  const [tiles, roots]: [Tile[], Buffer[]] = [[], []]
  for (let start = from - (from % TILE_WIDTH); start < from + added.length; start += TILE_WIDTH) {
    const id = tileId(log, level, start / TILE_WIDTH)
    const held = await store.get('tiles', id)
    const before = Math.max(0, from - start)
    const kept = bytesOf(held).subarray(0, before * HASH_BYTES)
    if (kept.length < before * HASH_BYTES) return undefined
    const fresh = added.slice(Math.max(0, start - from), start + TILE_WIDTH - from)
    const bytes = Buffer.concat([kept, ...fresh])
    tiles.push({ ...held, id, hashes: bytes.toString('base64') })
    if (bytes.length === TILE_WIDTH * HASH_BYTES) roots.push(folded(bytes))
  }
  return { tiles, roots }
}

/** The root of a perfect subtree over these hashes. */
function folded(bytes: Buffer): Buffer {
  if (bytes.length === HASH_BYTES) return bytes
  const half = bytes.length / 2
  return nodeHash(folded(bytes.subarray(0, half)), folded(bytes.subarray(half)))
}

/** A node of our copy of a log: nothing where the copy has not come so far. */
async function nodeOf(store: Store, log: string, level: number, index: number): Promise<Buffer[]> {
  const width = 2 ** (level % TILE_HEIGHT)
  const first = index * width
  const tileLevel = Math.floor(level / TILE_HEIGHT)
  const tile = await store.get('tiles', tileId(log, tileLevel, Math.floor(first / TILE_WIDTH)))
  const at = (first % TILE_WIDTH) * HASH_BYTES
  const bytes = bytesOf(tile).subarray(at, at + width * HASH_BYTES)
  return bytes.length === width * HASH_BYTES ? [folded(bytes)] : []
}

const nodesOf =
  ({ store }: Site, log: string): Hashes =>
  (level, index) =>
    nodeOf(store, log, level, index)

/** Whether our copy of a log goes as far as we have read it. */
export async function isCopied({ store }: Site, { id, after }: Pull): Promise<boolean> {
  if (after === 0) return true
  const last = after - 1
  const tile = await store.get('tiles', tileId(id, 0, Math.floor(last / TILE_WIDTH)))
  return bytesOf(tile).length > (last % TILE_WIDTH) * HASH_BYTES
}

/** The root of the first entries of a log as our copy has it, in hex; some other root where it has not so many. */
export async function rootHeld(site: Site, log: string, size: number): Promise<string> {
  const root = await withNodes(nodesOf(site, log), (nodes) => rootAt(size, nodes))
  return root.toString('hex')
}

/** An entry of another's log that tells of an outcome version, whose it is, and its place there, all as we hold it. */
export interface HeldEntry {
  entry: Json
  actor: Json
  inclusion: Inclusion
  /** Those whose cosignatures stand under the checkpoint, as documents with their keys. */
  witnesses: Json[]
}

/**
 * The newest signed head of its origin's log that we agreed with, and that covers this version. Once that log is no
 * longer read, because its initiative has moved or is not followed, it is the last that we signed as a witness.
 */
export async function headOver({ store }: Site, { initiative, seq, envelope }: Version) {
  if (seq === undefined || envelope === undefined) return undefined
  const [pull, cosigned] = await Promise.all([
    store.get('pulls', initiative),
    store.get('cosigned', new URL(initiative).host),
  ])
  if (!pull) return cosigned && cosigned.size >= seq ? cosigned : undefined
  return pull.checkpoints?.findLast(({ size }) => size >= seq && size <= pull.after)
}

/**
 * The proof, from our own copy, that a version stands in its origin's log under a head that its origin signed.
 * Nobody is asked. Refusal `missing` when our copy does not show it, or the version is not shown to everybody.
 */
export async function heldEntry(site: Site, version: Version): Promise<HeldEntry> {
  const { store } = site
  const [head, actor, face] = await Promise.all([
    headOver(site, version),
    store.get('actors', version.initiative),
    store.get('items', version.outcome),
  ])
  const missing = new Refusal('missing', 'log.no_entry', { id: version.id })
  if (!head || !actor || face?.visibility !== 'shown') throw missing
  const index = (version.seq ?? 0) - 1
  const nodes = nodesOf(site, version.initiative)
  const path = await withNodes(nodes, (found) => inclusionProof(index, head.size, found))
  const entry = wholeEntry(version)
  const leaf = leafHash(Buffer.from(canonical(entry)))
  if (rootFromPath(index, head.size, leaf, path).toString('hex') !== head.root) throw missing
  const name = new URL(actor.id).host
  const cosigned = await store.get('cosigned', name)
  const isSeen = cosigned?.size === head.size && cosigned.root === head.root
  const current = actor.keys.find(({ kind, until }) => kind === 'ed25519' && !until)
  const inclusion: Inclusion = {
    entry: String(entry.id),
    index,
    size: head.size,
    root: head.root,
    hashes: path.map((hash) => hash.toString('hex')),
    checkpoint: isSeen ? cosigned.note : head.note,
    ...(current ? { verifierKey: verifierKey(name, createPublicKey(current.publicPem)) } : {}),
    readAt: head.at,
  }
  return {
    entry,
    actor: actorAsHeld(actor),
    inclusion,
    witnesses: isSeen ? [await ourselves(site)] : [],
  }
}

/** The actor of this server, which signs as a witness. */
async function ourselves(site: Site): Promise<Json> {
  await site.key(serverId(site), 'ed25519')
  return serverToActor(site, await publicKeysOf(site.store, serverId(site)))
}

/** More than an honest entry has around its object; whoever writes more has no proof of it here (E8). */
const ENVELOPE_LETTERS_MAX = 10_000
/** Stands for a context that is the object's own, which is long, and usually the same three times. */
const SAME = '='

/** What stands around the object of an entry, to be kept beside the object: JSON text. Nothing where that is too much. */
export function envelopeOf({ object, proof, ...rest }: Json): string | undefined {
  const context = isObject(object) ? JSON.stringify(object['@context']) : undefined
  const short = (part: Json) =>
    context !== undefined && JSON.stringify(part['@context']) === context
      ? { ...part, '@context': SAME }
      : part
  const signed = isObject(proof) ? { proof: short(proof) } : proof === undefined ? {} : { proof }
  const envelope = JSON.stringify({ ...short(rest), ...signed })
  return envelope.length > ENVELOPE_LETTERS_MAX ? undefined : envelope
}

/** The entry as it stands in the log: its canonical form is the leaf. */
function wholeEntry({ envelope = '{}', wire }: Version): Json {
  const object = JSON.parse(wire) as Json
  const whole = (part: Json) =>
    part['@context'] === SAME ? { ...part, '@context': object['@context'] } : part
  const { proof, ...rest } = JSON.parse(envelope) as Json
  return {
    ...whole(rest),
    ...(proof === undefined ? {} : { proof: isObject(proof) ? whole(proof) : proof }),
    object,
  }
}
