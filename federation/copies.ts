/** Logs that we read before we kept copies of them: read once more from their start, in small steps, until the copy is whole and every version has its place. */
import * as z from 'zod'
import { type Frontier, grown, leafHash, rootOf } from '../content/merkle.ts'
import type { Copy, Pull, Tile } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { located } from './activities/published.ts'
import { isKeptOut } from './admission.ts'
import { AS_TYPES } from './documents.ts'
import { isCopied, mirrored } from './mirrors.ts'
import { canonical, type Json } from './proofs.ts'
import { again, isRace } from './races.ts'
import { record } from './record.ts'
import type { Site } from './site.ts'
import { isObject, read } from './wire.ts'

const PULLS_MAX = 1000
/** Nobody waits for this: so many logs in one round, and so many pages of each. */
const LOGS_AT_ONCE = 4
const PAGES_AT_ONCE = 5
const PAGE_BYTES_MAX = 4 * 1024 * 1024
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 24 * 3600_000

const Page = z.looseObject({ orderedItems: z.array(z.unknown()).max(1000) })

/** What this process has seen to be whole stays so. */
const whole = new WeakMap<Site, Set<string>>()

/** One round. Answers how many entries were read. */
export async function completeCopies(site: Site): Promise<number> {
  let entries = 0
  for (const pull of (await unfinished(site)).slice(0, LOGS_AT_ONCE))
    entries += await again(() => onwards(site, pull))
  return entries
}

/** The logs that are read, and of which something is left to copy, and whose turn it is. */
async function unfinished(site: Site): Promise<Pull[]> {
  const known = whole.get(site) ?? new Set<string>()
  whole.set(site, known)
  const found: Pull[] = []
  for (const pull of await site.store.find('pulls', { limit: PULLS_MAX })) {
    if (known.has(pull.id) || pull.after === 0 || pull.standing === 'diverged') continue
    const copy = await site.store.get('copies', pull.id)
    if (copy?.wholeAt) known.add(pull.id)
    else if (!copy || copy.retryAt <= site.now()) found.push(pull)
  }
  return found
}

/** A log that is copied from its first entry on: there is nothing to go back for. */
export async function wholeFromHere(site: Site, id: string): Promise<Copy> {
  const at = site.now()
  return { ...(await copyOf(site, id)), failures: 0, wholeAt: at, retryAt: at }
}

const copyOf = async ({ store, now }: Site, id: string): Promise<Copy> =>
  (await store.get('copies', id)) ?? { id, after: 0, frontier: [], failures: 0, retryAt: now() }

/** How far the copy of a log goes, and why no further, for people. */
export async function copied(
  site: Site,
  pull: Pull,
): Promise<{ after: number; isWhole: boolean; why?: string | undefined }> {
  if (await isCopied(site, pull)) return { after: pull.after, isWhole: true }
  const { after, why } = await copyOf(site, pull.id)
  return { after, isWhole: false, why }
}

async function onwards(site: Site, { id, peer }: Pull): Promise<number> {
  let entries = 0
  try {
    for (let page = 0; page < PAGES_AT_ONCE; page += 1) {
      const [pull, copy] = [await site.store.get('pulls', id), await copyOf(site, id)]
      if (!pull || copy.wholeAt || (await isKeptOut(site, peer))) return entries
      const next = await readPage(site, pull, copy)
      entries += next.after - copy.after
      if (next.wholeAt) site.log.info('the copy of a log is whole', { log: id, size: next.after })
    }
  } catch (error) {
    if (isRace(error)) throw error
    await failed(site, id, error)
  }
  return entries
}

/** The next page, as far as it was read before: places for what is held of it, and its leaves in the copy where they are not there. */
async function readPage(site: Site, pull: Pull, copy: Copy): Promise<Copy> {
  const left = pull.after - copy.after
  const items = left > 0 ? (await pageOf(site, pull, copy)).slice(0, left) : []
  if (left > 0 && items.length === 0) throw new Refusal('unavailable', 'copy.ends')
  for (const [i, entry] of items.entries()) await locate(site, pull, copy.after + i + 1, entry)
  const leaves = items.map((item) => leafHash(Buffer.from(canonical(item))))
  const end = leaves.reduce<Frontier>(grown, { size: copy.after, hashes: copy.frontier })
  const isEnd = end.size === pull.after
  if (isEnd && rootOf(end) !== rootOf({ size: pull.after, hashes: pull.frontier }))
    throw new Refusal('conflict', 'copy.other')
  const tiles: Tile[] = (await isCopied(site, pull)) ? [] : await mirrored(site, copy, leaves)
  const { why: _why, wholeAt: _whole, ...before } = copy
  const at = site.now()
  const next: Copy = {
    ...{ ...before, after: end.size, frontier: end.hashes, failures: 0, retryAt: at },
    ...(isEnd ? { wholeAt: at } : {}),
  }
  await site.store.commit({ put: { tiles, copies: [next] } })
  return next
}

async function pageOf(site: Site, { outbox }: Pull, { after }: Copy): Promise<unknown[]> {
  const { body } = await site.fetch.json(`${outbox}?after=${after}`, {
    accept: AS_TYPES,
    maxBytes: PAGE_BYTES_MAX,
  })
  return read(Page, body).orderedItems
}

/** What was refused when it was read is none of ours, and has no place here. */
async function locate(site: Site, { id }: Pull, seq: number, entry: unknown): Promise<void> {
  if (!isObject(entry)) return
  try {
    const effect = await located(site, id, { seq, entry: entry as Json })
    if (effect) await record(site, effect)
  } catch (error) {
    if (!(error instanceof Refusal) || isRace(error)) throw error
  }
}

/** A past that is not what we read is begun anew, later; what was copied of it proves nothing meanwhile. */
async function failed(site: Site, id: string, error: unknown): Promise<void> {
  const copy = await copyOf(site, id)
  const why = error instanceof Refusal ? error.sentence : 'sync.defect'
  const isOther = why === 'copy.other'
  if (isOther || !(error instanceof Refusal))
    site.log.error('copying a log', { log: id, why: String(error) })
  const wait = isOther
    ? LONGEST_WAIT_MS
    : Math.min(FIRST_WAIT_MS * 2 ** copy.failures, LONGEST_WAIT_MS)
  const retryAt = new Date(Date.parse(site.now()) + wait).toISOString()
  const from = isOther ? { after: 0, frontier: [] } : {}
  const next: Copy = { ...copy, ...from, why, failures: copy.failures + 1, retryAt }
  await site.store.commit({ put: { copies: [next] } })
}
