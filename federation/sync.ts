/** Pull closes the gaps: the log of an initiative we follow is read from where we stopped, by the same receive(). */
import * as z from 'zod'
import { type Frontier, grown, leafHash, rootOf } from '../content/merkle.ts'
import type { JournalEntry, Pull, Tile } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { isKeptOut } from './admission.ts'
import { findActor } from './discovery.ts'
import { AS_TYPES } from './documents.ts'
import { CLOSING } from './fetch.ts'
import { wholeFromHere } from './copies.ts'
import { mirrored } from './mirrors.ts'
import { compared, LogHead } from './pasts.ts'
import { canonical, type Json } from './proofs.ts'
import { again, isRace } from './races.ts'
import { receive } from './receive.ts'
import type { Site } from './site.ts'
import { inSteps } from './steps.ts'
import { isSameOrigin } from './trust.ts'
import { type Turns, turns } from './turns.ts'
import { isObject, read } from './wire.ts'
import { cosign } from './witness.ts'

const PULLS_MAX = 1000
/** Each holds a page in memory. A log that hangs makes room for another after a second. */
const LIMITS = { atOnce: 3, slowMs: 1_000, openMax: 32 }
/** So many in one turn; a longer log goes on when others have had theirs. */
const PAGES_MAX = 500
const PAGE_BYTES_MAX = 4 * 1024 * 1024
const REFUSALS_MAX = 50
/** How often a log is looked at when all is well; pushes come in between. */
const EVERY_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3600_000
/** So often a former address that does not answer is asked before its words are refused. */
const FORMER_TRIES = 12
/** A server without a log is asked again this late: it may have changed its software. */
const NO_LOG_MS = 24 * 3600_000

const Page = z.looseObject({
  orderedItems: z.array(z.unknown()).max(1000),
  'tributary:log': LogHead,
})

const pulling = new WeakMap<Site, Turns>()

/** Read every log that is due and that nobody is reading now. Answers how many entries were read. May be called while it runs. */
export async function syncDue(site: Site): Promise<number> {
  const query = { until: site.now(), order: 'oldest', limit: PULLS_MAX } as const
  const due = await site.store.find('pulls', query)
  const found = pulling.get(site) ?? turns(LIMITS)
  pulling.set(site, found)
  return found.give(
    due.map(({ id }) => id),
    (id, came) => syncIfDue(site, id, came),
  )
}

/** Between being found and having its turn, a log may have been read. */
async function syncIfDue(site: Site, id: string, came: () => void): Promise<number> {
  const pull = await site.store.get('pulls', id)
  return pull && pull.retryAt <= site.now() ? syncPeer(site, id, came) : 0
}

/**
 * Read one log to its end, and compare its root with that of what we read. Answers how many entries were read. It says
 * when the first page has come.
 */
export async function syncPeer(site: Site, id: string, came = (): void => {}): Promise<number> {
  let entries = 0
  try {
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const pull = await site.store.get('pulls', id)
      if (!pull || (await isKeptOut(site, pull.peer))) return entries
      const { next, tiles } = await readPage(site, await atItsOutbox(site, pull), came)
      const copies = pull.after === 0 && tiles.length > 0 ? [await wholeFromHere(site, id)] : []
      await site.store.commit({ put: { pulls: [next], tiles, copies } })
      entries += next.after - pull.after
      await cosign(site, next)
      if (next.after === pull.after || next.after >= next.size) return entries
    }
    site.wake('sync')
  } catch (error) {
    await failed(site, id, error)
  }
  return entries
}

/** The outbox may have moved with its actor's document. */
async function atItsOutbox(site: Site, pull: Pull): Promise<Pull> {
  if (pull.failures === 0) return pull
  const { outbox } = await findActor(site, pull.id, true)
  return outbox ? { ...pull, outbox } : pull
}

async function readPage(
  site: Site,
  pull: Pull,
  came: () => void,
): Promise<{ next: Pull; tiles: Tile[] }> {
  const { body } = await site.fetch.json(`${pull.outbox}?after=${pull.after}`, {
    accept: AS_TYPES,
    maxBytes: PAGE_BYTES_MAX,
  })
  came()
  if (!isObject(body) || body['tributary:log'] === undefined)
    throw new Refusal('unavailable', 'sync.no_log')
  const { orderedItems, 'tributary:log': log } = read(Page, body)
  const leaves = orderedItems.map((item) => leafHash(Buffer.from(canonical(item))))
  let now = await compared(site, pull, log, leaves)
  if (now.standing === 'diverged')
    return { next: { ...now, failures: 0, retryAt: later(site, EVERY_MS) }, tiles: [] }
  const tiles = await mirrored(site, pull, leaves)
  for (const together of inSteps(orderedItems, (item) => item)) {
    const first = now.after + 1
    const fates = await Promise.all(together.map((item, i) => fateOf(site, pull, item, first + i)))
    for (const [i, item] of together.entries())
      now = counted(now, item, leaves[now.after - pull.after], fates[i])
    const refused = fates.filter((fate) => fate !== undefined).length
    site.count('pulled', 'held', together.length - refused)
    site.count('pulled', 'refused', refused)
  }
  const { why: _why, ...well } = now
  const standing = standingOf(now)
  const moved = standing === 'behind' && now.after > pull.after
  const next = { ...well, standing, failures: 0, retryAt: later(site, moved ? 0 : EVERY_MS) }
  return { next, tiles }
}

function standingOf({ after, size, root, frontier }: Pull): Pull['standing'] {
  if (after < size) return 'behind'
  const ours = rootOf({ size: after, hashes: frontier })
  return after === size && ours === root ? 'consistent' : 'diverged'
}

const later = (site: Site, ms: number) => new Date(Date.parse(site.now()) + ms).toISOString()

/** What became of one entry: applied or ignored, kept for later, or refused. */
async function fateOf(
  site: Site,
  pull: Pull,
  item: unknown,
  seq: number,
): Promise<Refusal | undefined> {
  try {
    await applied(site, pull, item, seq)
  } catch (error) {
    if (error instanceof Refusal && error.reason !== 'unavailable') return error
    if (isFromBefore(pull, item)) return waited(pull, error)
    await kept(site, pull, { item, seq }, error)
  }
  return undefined
}

/** Whether it was said at a former address of the initiative whose log this is. */
const isFromBefore = ({ id }: Pull, item: unknown): boolean =>
  isObject(item) && typeof item.actor === 'string' && !isSameOrigin(item.actor, id)

/**
 * What was said at a former address waits until that can be asked, and the log with it: unproven, it must not reach
 * the journal, which trusts its lines. Where nobody answers for about a day, it is refused.
 */
function waited({ failures }: Pull, error: unknown): Refusal {
  if (failures < FORMER_TRIES || !(error instanceof Refusal)) throw error
  return new Refusal('forbidden', 'move.silent')
}

/** One entry written down. Its place in the log counts in any case. */
function counted(
  pull: Pull,
  item: unknown,
  leaf: Buffer = Buffer.alloc(0),
  refusal?: Refusal,
): Pull {
  const seq = pull.after + 1
  const before: Frontier = { size: pull.after, hashes: pull.frontier }
  const { hashes } = grown(before, leaf)
  const next: Pull = { ...pull, after: seq, frontier: hashes }
  if (!refusal) return { ...next, held: pull.held + 1 }
  const id = isObject(item) ? String(item.id).slice(0, 2000) : ''
  const refusals = [{ seq, id, why: refusal.sentence }, ...pull.refusals].slice(0, REFUSALS_MAX)
  const { [refusal.sentence]: already = 0, ...others } = pull.reasons ?? {}
  const reasons = { ...others, [refusal.sentence]: already + 1 }
  return { ...next, refused: pull.refused + 1, reasons, refusals }
}

async function applied(site: Site, pull: Pull, item: unknown, seq: number): Promise<void> {
  if (!isObject(item)) throw new Refusal('invalid', 'wire.json')
  await again(() => receive(site, item, { actor: pull.id, seq, place: { seq, entry: item } }))
}

interface Read {
  item: unknown
  seq: number
}

/** What needs something that cannot be had now goes to the journal, which tries again; the log goes on. */
async function kept(site: Site, pull: Pull, { item, seq }: Read, error: unknown): Promise<void> {
  if (!isObject(item) || typeof item.id !== 'string') throw error
  const at = site.now()
  const actor = typeof item.actor === 'string' ? item.actor : pull.id
  const line: JournalEntry = {
    id: `${actor} ${item.id}`,
    actor,
    activity: item.id,
    body: JSON.stringify(item as Json),
    at,
    state: 'waiting',
    tries: 1,
    retryAt: at,
    seq,
  }
  await again(async () => {
    const known = await site.store.get('journal', line.id)
    if (!known) return site.store.commit({ put: { journal: [line] } })
    const isSame = known.state === 'waiting' && sameSaid(known.body, item)
    if (isSame) return site.store.commit({ put: { journal: [{ ...known, seq }] } })
    if (known.state === 'done') await applied(site, pull, item, seq).catch(notRefused)
  })
  site.wake('apply')
}

/** What was pushed here and waits, and what the log says, letter for letter. */
const sameSaid = (body: string, item: Json): boolean =>
  canonical(JSON.parse(body) as Json) === canonical(item)

function notRefused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}

async function failed(site: Site, id: string, error: unknown): Promise<void> {
  const pull = await site.store.get('pulls', id)
  const closing = error instanceof Refusal && error.values.code === CLOSING
  if (!pull || closing || isRace(error)) return
  const why = error instanceof Refusal ? error.sentence : 'sync.defect'
  if (!(error instanceof Refusal)) site.log.error('reading a log', { id, why: String(error) })
  const failures = pull.failures + 1
  const wait = why === 'sync.no_log' ? NO_LOG_MS : Math.min(10_000 * 2 ** failures, LONGEST_WAIT_MS)
  const standing = pull.standing === 'diverged' ? 'diverged' : 'unreachable'
  const next: Pull = { ...pull, failures, why, standing, retryAt: later(site, wait) }
  await site.store.commit({ put: { pulls: [next] } }).catch((conflict: unknown) => {
    if (!isRace(conflict)) throw conflict
  })
}
