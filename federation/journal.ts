/** What was taken at the gate and waits to be applied: durable lines, each dealt with once. */
import type { JournalEntry } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { originOf } from './addresses.ts'
import { blame } from './conduct.ts'
import type { Json } from './proofs.ts'
import { again, isRace } from './races.ts'
import { type Received, receive } from './receive.ts'
import type { Site } from './site.ts'
import { inSteps } from './steps.ts'

const BATCH = 100
const RETRY_MS = 5_000
const RETRY_MAX_MS = 6 * 3600_000
/** How long a line is kept when it is done: nobody sends the same again after that. Its body goes at once. */
const KEPT_MS = 90 * 24 * 3600_000
const FORGOTTEN_AT_ONCE = 500

/** While more comes, applying rests so many times as long as it worked: a burst is taken first. */
const REST = 8
const REST_MS_MAX = 400
/** So many new lines between two looks are a burst. */
const BUSY = 10
const LOOK_MS = 20
/** With so many waiting, it no longer rests: a stream that does not end is taken as fast as it is applied. */
const WAITING_MAX = 20_000
/** So many lines of one server may wait. It is told to come again. */
const WAITING_OF_ONE_MAX = 20_000
const COME_AGAIN_S = 30

/** How many lines were taken since applying rested, and how many of each server wait, as far as this process has taken them. */
interface Backlog {
  taken: number
  waiting: number
  of: Map<string, number>
}

const backlogs = new WeakMap<Site, Backlog>()

function backlogOf(site: Site): Backlog {
  const backlog = backlogs.get(site) ?? { taken: 0, waiting: 0, of: new Map<string, number>() }
  backlogs.set(site, backlog)
  return backlog
}

/** Refusal `slow_down` when more of a server waits than one may leave here. */
export function notTooManyFrom(site: Site, origin: string): void {
  if ((backlogOf(site).of.get(origin) ?? 0) < WAITING_OF_ONE_MAX) return
  throw new Refusal('slow_down', 'inbox.waiting', { retryAfter: COME_AGAIN_S })
}

function waits(site: Site, actor: string, by: 1 | -1): void {
  const backlog = backlogOf(site)
  const origin = originOf(actor)
  const left = Math.max(0, (backlog.of.get(origin) ?? 0) + by)
  backlog.waiting = Math.max(0, backlog.waiting + by)
  if (left > 0) backlog.of.set(origin, left)
  else backlog.of.delete(origin)
}

/** One durable line, keyed by who and what: a second delivery of the same finds it there and is answered alike. */
export async function append(
  site: Site,
  activity: string,
  actor: string,
  body: string,
): Promise<void> {
  const at = arrival(site)
  const line: JournalEntry = {
    id: `${actor} ${activity}`,
    actor,
    activity,
    body,
    at,
    state: 'waiting',
    tries: 0,
    retryAt: at,
  }
  try {
    await site.store.commit({ put: { journal: [line] } })
  } catch (error) {
    if (!(error instanceof Refusal && error.reason === 'conflict')) throw error
    return
  }
  backlogOf(site).taken += 1
  waits(site, actor, 1)
  site.wake('apply')
}

const arrivals = new WeakMap<Site, { at: string; count: number }>()

/** The time with a count behind its milliseconds, so that what came first is applied first. */
function arrival(site: Site): string {
  const at = site.now()
  const last = arrivals.get(site)
  const count = last?.at === at ? Math.min(last.count + 1, 999) : 0
  arrivals.set(site, { at, count })
  return `${at.slice(0, -1)}${String(count).padStart(3, '0')}Z`
}

/** Apply what waits, each actor's in order, many actors at once. Answers how many lines were dealt with. */
export async function applyJournal(site: Site): Promise<number> {
  let done = 0
  for (;;) {
    const where = { state: 'waiting' }
    const lines = await site.store.find('journal', {
      where,
      until: site.now(),
      order: 'oldest',
      limit: BATCH,
    })
    if (lines.length === 0) break
    const began = performance.now()
    const byActor = Map.groupBy(lines, ({ actor }) => actor)
    await Promise.all([...byActor.values()].map((own) => applyInOrder(site, own)))
    done += lines.length
    await rest(site, performance.now() - began)
  }
  await forget(site)
  return done
}

/** Let those who come pass first, for a while, or until nobody comes. */
async function rest(site: Site, workedMs: number): Promise<void> {
  const backlog = backlogOf(site)
  const until = performance.now() + Math.min(REST * workedMs, REST_MS_MAX)
  for (;;) {
    const { taken, waiting } = backlog
    backlog.taken = 0
    if (taken < BUSY || waiting > WAITING_MAX || performance.now() > until) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Lines that nobody needs any more. */
async function forget(site: Site): Promise<void> {
  const until = new Date(Date.parse(site.now()) - KEPT_MS).toISOString()
  const where = { state: ['done', 'ignored', 'refused'] }
  const query = { where, until, order: 'oldest', limit: FORGOTTEN_AT_ONCE } as const
  const old = await site.store.find('journal', query)
  if (old.length > 0) await site.store.commit({ drop: { journal: old.map(({ id }) => id) } })
}

/** What may happen at once does, and so shares one wait for the disk. */
async function applyInOrder(site: Site, lines: JournalEntry[]): Promise<void> {
  const read = lines.map((line) => ({ line, json: JSON.parse(line.body) as Json }))
  for (const together of inSteps(read, ({ json }) => json)) {
    await Promise.all(together.map(({ line, json }) => apply(site, line, json)))
  }
}

/**
 * The effect and the line's new state are one commit: a crash repeats both or neither. Whoever else has dealt
 * with the line meanwhile has done so for good.
 */
async function apply(site: Site, found: JournalEntry, json: Json): Promise<void> {
  const { id } = found
  let line: JournalEntry | undefined = found
  await again(async () => {
    line ??= await site.store.get('journal', id)
    if (line?.state !== 'waiting' || line.retryAt > site.now()) return
    const before = line
    line = undefined
    const dealtWith = (state: Received) => ({ journal: [{ ...before, state, body: '' }] })
    try {
      const { actor, seq } = before
      const place = seq === undefined ? undefined : { seq, entry: json }
      site.count('applied', await receive(site, json, { actor, place }, dealtWith))
      waits(site, before.actor, -1)
    } catch (error) {
      if (isRace(error)) throw error
      await failed(site, before, error)
    }
  }).catch((error: unknown) => site.log.error('a line of the journal', { id, why: String(error) }))
}

/** Understood and refused is an end; anything else, and what could not be fetched, is tried again for as long as it takes. */
async function failed(site: Site, line: JournalEntry, error: unknown): Promise<void> {
  const ended = error instanceof Refusal && error.reason !== 'unavailable' && !isRace(error)
  const why = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  const wait = Math.min(RETRY_MS * 2 ** line.tries, RETRY_MAX_MS)
  const retryAt = new Date(Date.parse(site.now()) + wait).toISOString()
  const next: JournalEntry = ended
    ? { ...line, state: 'refused', body: '', why }
    : { ...line, tries: line.tries + 1, retryAt, why }
  if (!(error instanceof Refusal))
    site.log.error('a line of the journal', { activity: line.activity, why })
  await site.store.commit({ put: { journal: [next] } })
  site.count('applied', ended ? 'refused' : 'again')
  if (ended) waits(site, line.actor, -1)
  await blame(site, originOf(line.actor), error)
}
