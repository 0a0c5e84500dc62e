/** The past of another's log: each page must go on from what we read before, or nothing more is taken in until a person decides. */
import { createPublicKey } from 'node:crypto'
import * as z from 'zod'
import { type Frontier, grown, isConsistent, rootOf } from '../content/merkle.ts'
import { act } from '../content/moderation.ts'
import type { Pull } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { consistencyOf, groupId, originOf } from './addresses.ts'
import { isSignedBy, readCheckpoint } from './checkpoints.ts'
import { initiativeNow } from './former.ts'
import { findActor } from './discovery.ts'
import type { Site } from './site.ts'

const KEPT_MAX = 20
const PROOF_HASHES_MAX = 110
const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** What a page says of the log it is from. */
export const LogHead = z.looseObject({
  size: z.number().int().nonnegative(),
  root: Hash,
  /** The signed head. */
  checkpoint: z.string().max(20_000).optional(),
  /** That the log goes on from where the page ends. */
  consistency: z.array(Hash).max(PROOF_HASHES_MAX).default([]),
})

type LogHead = z.infer<typeof LogHead>
type Kept = NonNullable<Pull['checkpoints']>[number]

/**
 * The pull as it stands after a look at a page and before anything in it is taken in. `diverged` when the
 * log, with this page, does not go on from what was read of it: both heads are kept as evidence. Refusal when
 * the checkpoint is not its owner's.
 */
export async function compared(
  site: Site,
  pull: Pull,
  log: LogHead,
  leaves: Buffer[],
): Promise<Pull> {
  await checkNote(site, pull, log)
  const at = site.now()
  const { checkpoint: note, size, root } = log
  const told: Pull = { ...pull, size, root, checkedAt: at }
  const isEmpty = pull.after + leaves.length === 0
  if (!goesOn(pull, log, leaves) || (isEmpty && pull.standing === 'diverged'))
    return diverged(site, told, pull, log)
  const standing = pull.standing === 'diverged' ? 'behind' : pull.standing
  return {
    ...told,
    standing,
    ...(note ? { checkpoints: kept(pull, { size, root, note, at }) } : {}),
  }
}

function goesOn(pull: Pull, { size, root, consistency }: LogHead, leaves: Buffer[]): boolean {
  const start: Frontier = { size: pull.after, hashes: pull.frontier }
  const end = leaves.reduce(grown, start)
  const older = { size: end.size, root: Buffer.from(rootOf(end), 'hex') }
  const newer = { size, root: Buffer.from(root, 'hex') }
  const proof = end.size === size ? [] : consistency.map((hash) => Buffer.from(hash, 'hex'))
  return isConsistent(older, newer, proof)
}

/** Whoever once signed its heads goes on doing so: else it could show a past that it need not answer for. */
async function checkNote(site: Site, pull: Pull, { checkpoint, size, root }: LogHead) {
  if (checkpoint === undefined && !pull.checkpoints?.length) return
  const said = checkpoint === undefined ? undefined : readCheckpoint(checkpoint)
  const fits = said?.size === size && said.root === root && said.origin === new URL(pull.id).host
  if (!checkpoint || !fits) throw new Refusal('unauthorized', 'sync.checkpoint')
  for (const fresh of [false, true]) {
    const { keys } = await findActor(site, pull.id, fresh)
    const current = keys.filter(({ kind, until }) => kind === 'ed25519' && !until)
    const right = current.some(({ publicPem }) =>
      isSignedBy(checkpoint, said.origin, createPublicKey(publicPem)),
    )
    if (right) return
  }
  throw new Refusal('unauthorized', 'sync.checkpoint')
}

/** Each size once; the older they are, the further apart. */
function kept({ checkpoints = [] }: Pull, now: Kept): Kept[] {
  const others = checkpoints.filter(({ size }) => size !== now.size)
  const all = [...others, now]
  return all.length <= KEPT_MAX ? all : all.filter((_, i) => i >= KEPT_MAX / 2 || i % 2 === 0)
}

/** The evidence: what we held, what it shows now, and from where on its entries are others. */
async function diverged(site: Site, told: Pull, held: Pull, log: LogHead): Promise<Pull> {
  const before = held.standing === 'diverged' ? held.divergence : undefined
  const theirs = {
    size: log.size,
    root: log.root,
    ...(log.checkpoint ? { note: log.checkpoint } : {}),
  }
  if (before && before.theirs.root === log.root) return { ...told, divergence: before }
  const ours = before?.ours ?? headHeld(held)
  const since = await commonSize(site, told, log)
  const divergence = {
    at: before?.at ?? site.now(),
    ours,
    theirs,
    since,
    quarantined: log.size - since,
  }
  return { ...told, standing: 'diverged', divergence }
}

/** The last head that we could check, and its signed form where it is of the same size. */
function headHeld({ after, frontier, checkpoints }: Pull) {
  const root = rootOf({ size: after, hashes: frontier })
  const last = checkpoints?.findLast(({ size }) => size <= after)
  return { size: after, root, ...(last ? { note: last.note } : {}) }
}

const Proof = z.looseObject({ hashes: z.array(Hash).max(PROOF_HASHES_MAX) })

/** The newest of the heads we kept that its log, as it shows it now, still begins with. */
async function commonSize(
  site: Site,
  { id, checkpoints = [] }: Pull,
  log: LogHead,
): Promise<number> {
  const newer = { size: log.size, root: Buffer.from(log.root, 'hex') }
  const older = checkpoints.filter(({ size }) => size > 0 && size <= log.size)
  for (const { size, root } of older.reverse()) {
    const url = consistencyOf(originOf(id), size, log.size)
    const answer = await site.fetch
      .json(url, { accept: ['application/json'] })
      .catch(() => undefined)
    const proof = Proof.safeParse(answer?.body).data?.hashes.map((hash) => Buffer.from(hash, 'hex'))
    if (proof && isConsistent({ size, root: Buffer.from(root, 'hex') }, newer, proof)) return size
  }
  return 0
}

/** What a log tells, and a diverged one may have told otherwise before. */
const TOLD = new Set(['Create', 'Update', 'Delete', 'Announce'])

/** Refusal `conflict` for what is pushed from a log that diverged: it stands in that log, and is read when a person accepts it. */
export async function notQuarantined(site: Site, type: string, actor: string): Promise<void> {
  if (!TOLD.has(type)) return
  const group = await initiativeNow(site.store, groupId({ origin: originOf(actor) }))
  const where = { peer: [originOf(actor), originOf(group)], standing: 'diverged' }
  if ((await site.store.find('pulls', { where, limit: 1 })).length > 0)
    throw new Refusal('conflict', 'sync.quarantined')
}

/**
 * A person has looked at a log that diverged and takes it as it is now: it is read again from its start.
 * What was held before stays held. Refusal `missing` when it is not followed, `conflict` when it has not diverged.
 */
export async function acceptLog(site: Site, address: string, by: string): Promise<void> {
  const origin = URL.parse(address)?.origin ?? ''
  const [pull] = [
    await site.store.get('pulls', address),
    ...(await site.store.find('pulls', { where: { peer: origin, standing: 'diverged' } })),
  ].filter((each) => each !== undefined)
  if (!pull) throw new Refusal('missing', 'follow.unknown', { address })
  if (pull.standing !== 'diverged' || !pull.divergence)
    throw new Refusal('conflict', 'sync.not_diverged', { id: pull.id })
  const at = site.now()
  const fresh = {
    after: 0,
    frontier: [],
    checkpoints: [],
    held: 0,
    refused: 0,
    reasons: {},
    refusals: [],
  }
  const next: Pull = {
    ...pull,
    ...fresh,
    standing: 'new',
    failures: 0,
    retryAt: at,
    divergence: { ...pull.divergence, acceptedAt: at, acceptedBy: by },
  }
  await site.store.commit({ put: { pulls: [next], acts: [act(by, 'log_accepted', pull.id, at)] } })
  site.wake('sync')
}
