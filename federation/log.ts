/** Our log for whoever checks it: head, checkpoint, tiles (C2SP tlog-tiles) and proofs (docs/log.md). */
import { createPublicKey } from 'node:crypto'
import express, { type Request, type Response, type Router } from 'express'
import {
  consistencyProof,
  type Hashes,
  inclusionProof,
  TILE_HEIGHT,
  TILE_WIDTH,
  withNodes,
} from '../content/merkle.ts'
import { Refusal } from '../content/refusal.ts'
import type { Entry, Head } from '../content/store.ts'
import { groupId, logName, originOf, serverId } from './addresses.ts'
import { bundleOf } from './bundle.ts'
import { signedCheckpoint, verifierKey } from './checkpoints.ts'
import { originAsked, profileOf, siteAt } from './former.ts'
import { publicKeysOf } from './keys.ts'
import { type HeldEntry, heldEntry } from './mirrors.ts'
import type { Json } from './proofs.ts'
import { type HeadSeen, headSeen } from './seen.ts'
import type { Site } from './site.ts'
import { actorAsHeld, groupToActor } from './translate/actors.ts'

const LEVEL_MAX = 5

/** The head of our log with the checkpoint that says so. */
export interface SignedHead extends Head {
  checkpoint: string
}

const signedHeads = new WeakMap<Site, { key: string; head: SignedHead }>()

/** Our head, signed once for each size it has. */
export async function signedHead(site: Site): Promise<SignedHead> {
  const [head, key] = await Promise.all([site.store.head(), site.key(groupId(site), 'ed25519')])
  const known = signedHeads.get(site)
  if (known?.key === key.id && known.head.root === head.root) return known.head
  const signed = { ...head, checkpoint: signedCheckpoint(head, logName(site), key.private) }
  signedHeads.set(site, { key: key.id, head: signed })
  return signed
}

/** An earlier head of ours, signed once more by the key that is ours now, with the lines of those who saw it. */
async function cosignedHead(site: Site, { size, root, lines }: HeadSeen): Promise<SignedHead> {
  const key = await site.key(groupId(site), 'ed25519')
  const note = signedCheckpoint({ size, root }, logName(site), key.private)
  return { size, root, checkpoint: note + lines }
}

const hashesOf =
  ({ store }: Site): Hashes =>
  (level, from, count) =>
    store.hashes(level, from, count)

const inHex = (hashes: Buffer[]) => hashes.map((hash) => hash.toString('hex'))

/** That the first `size` entries begin with the first `from`, in hex. Nothing to prove at the ends. */
export async function consistency(site: Site, from: number, size: number): Promise<string[]> {
  return inHex(await withNodes(hashesOf(site), (nodes) => consistencyProof(from, size, nodes)))
}

/** Where an entry stands in its log, and the path from it to the root of the checkpoint. */
export interface Inclusion {
  entry: string
  /** From 0. */
  index: number
  size: number
  root: string
  /** Lower-case hex, lowest first. */
  hashes: string[]
  checkpoint: string
  verifierKey?: string
  /** In the log of another: when we read this head. */
  readAt?: string
}

/**
 * The proof that an entry stands in our log, by the name the log had for whoever says it, under the newest head that
 * a witness has seen if that covers it.
 */
async function inclusion(
  site: Site,
  { id, seq }: Entry,
  seen: HeadSeen | undefined,
): Promise<Inclusion> {
  const head = seen ? await cosignedHead(site, seen) : await signedHead(site)
  const index = seq - 1
  const path = await withNodes(hashesOf(site), (nodes) => inclusionProof(index, head.size, nodes))
  const key = await site.key(groupId(site), 'ed25519')
  return {
    entry: id,
    index,
    ...head,
    hashes: inHex(path),
    verifierKey: verifierKey(logName(site), createPublicKey(key.private)),
  }
}

/** The public entry of this activity id, or the one that told of this outcome version. Refusal `missing`. */
export async function entryFor({ store }: Site, id: string): Promise<Entry> {
  const version = await store.get('versions', id)
  const entry = await store.entry(version?.activity ?? id)
  if (entry?.stream !== 'public') throw new Refusal('missing', 'log.no_entry', { id })
  return entry
}

/** An entry with its place in the log it stands in: ours; or another's, as we hold it. Refusal `missing`. */
async function provenEntry(present: Site, id: string): Promise<HeldEntry> {
  const version = await present.store.get('versions', id)
  if (version && !version.local) return heldEntry(present, version)
  const entry = await entryFor(present, id)
  const site = siteAt(present, originOf(entry.actor))
  const seen = await headSeen(site, entry.seq)
  const [profile, keys, others] = await Promise.all([
    profileOf(site),
    publicKeysOf(site.store, groupId(site)),
    Promise.all((seen?.by ?? []).map((by) => site.store.get('actors', serverId({ origin: by })))),
  ])
  return {
    entry: JSON.parse(entry.wire) as Json,
    actor: profile ? groupToActor(site, profile, keys) : {},
    inclusion: await inclusion(site, entry, seen),
    witnesses: others.flatMap((each) => (each ? [actorAsHeld(each)] : [])),
  }
}

/** Every verifier key that our checkpoints were ever signed with, the current one first. */
export async function verifierKeys(site: Site) {
  await site.key(groupId(site), 'ed25519')
  const keys = await publicKeysOf(site.store, groupId(site))
  return keys
    .filter(({ kind }) => kind === 'ed25519')
    .map(({ publicPem, from, until }) => ({
      key: verifierKey(logName(site), createPublicKey(publicPem)),
      from,
      ...(until ? { until } : {}),
    }))
}

/** The key by which others check our cosignatures (C2SP tlog-cosignature): that of the server's own actor. */
async function witnessKey(site: Site): Promise<string> {
  const key = await site.key(serverId(site), 'ed25519')
  return verifierKey(logName(site), createPublicKey(key.private), 'witness')
}

export function logRoutes(present: Site): Router {
  const router = express.Router()
  const asAsked = (req: Request) => siteAt(present, originAsked(present, req.headers.host))
  router.get('/log', async (req, res) => {
    const site = asAsked(req)
    const { size, root } = await site.store.head()
    const [current, ...others] = await verifierKeys(site)
    res.set('cache-control', 'no-store').json({
      actor: groupId(site),
      origin: logName(site),
      size,
      root,
      checkpoint: `${site.origin}/checkpoint`,
      verifierKey: current?.key,
      earlierKeys: others,
      witnessKey: await witnessKey(site),
    })
  })
  router.get('/checkpoint', async (req, res) => {
    const site = asAsked(req)
    const { checkpoint, size } = await signedHead(site)
    const seen = size > 0 ? await headSeen(site, size) : undefined
    sendNote(res, checkpoint + (seen?.lines ?? ''))
  })
  router.get('/log/cosigned', async (req, res) => {
    const found = await present.store.get('cosigned', asked(req, 'log'))
    if (!found) throw new Refusal('missing', 'not_here')
    sendNote(res, found.note)
  })
  router.get('/tile/:level/*rest', async (req, res) => {
    const bytes = await tile(present, req)
    res.set('cache-control', 'public, max-age=31536000, immutable')
    res.type('application/octet-stream').send(bytes)
  })
  router.get('/log/proof', async (req, res) => {
    const { inclusion: found } = await provenEntry(present, asked(req, 'entry'))
    res.set('cache-control', 'no-store').json(found)
  })
  router.get('/log/consistency', async (req, res) => {
    const [from, size] = [Number(asked(req, 'from')), Number(asked(req, 'size'))]
    await Promise.all([present.store.head(from), present.store.head(size)])
    if (from > size) throw new Refusal('invalid', 'wire.field', { field: 'from' })
    const hashes = await consistency(present, from, size)
    res.set('cache-control', 'no-store').json({ from, size, hashes })
  })
  router.get('/log/bundle', async (req, res) => {
    const found = await provenEntry(present, asked(req, 'entry'))
    const name = `entry-${found.inclusion.index + 1}.json`
    res.set('cache-control', 'no-store').attachment(name).json(bundleOf(found))
  })
  return router
}

const sendNote = (res: Response, note: string) =>
  void res.set('cache-control', 'no-store').type('text/plain; charset=utf-8').send(note)

function asked(req: Request, field: string): string {
  const value = req.query[field]
  if (typeof value === 'string' && value !== '') return value
  throw new Refusal('invalid', 'wire.field', { field })
}

/** A tile's hashes, one after the other: `/tile/<L>/<N>`, or `/tile/<L>/<N>.p/<W>` of which only W are there. */
async function tile(site: Site, req: Request): Promise<Buffer> {
  const level = /^\d$/.test(String(req.params.level)) ? Number(req.params.level) : NaN
  const rest = [req.params.rest ?? []].flat().join('/')
  const [, groups, part] = /^((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(rest) ?? []
  const width = part ? Number(part) : TILE_WIDTH
  const number = Number(groups?.replaceAll(/[x/]/g, ''))
  const isTile = level <= LEVEL_MAX && groups && tilePath(number) === groups
  if (!isTile || width > TILE_WIDTH || (part && width === TILE_WIDTH))
    throw new Refusal('missing', 'not_here')
  const hashes = await site.store.hashes(level * TILE_HEIGHT, number * TILE_WIDTH, width)
  if (hashes.length < width) throw new Refusal('missing', 'not_here')
  return Buffer.concat(hashes)
}

/** 1234067 is `x001/x234/067`. */
export function tilePath(number: number): string {
  const digits = String(number)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? []
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
}
