/** What a server does without being asked: apply the journal, deliver, pull, ask again. Each job by itself. */
import { completeCopies } from '../federation/copies.ts'
import { keepConduct } from '../federation/conduct.ts'
import { deliverDue } from '../federation/deliver.ts'
import { retryFollows } from '../federation/follow.ts'
import { settle } from '../federation/former.ts'
import { joinMoved } from '../federation/joined.ts'
import { applyJournal } from '../federation/journal.ts'
import type { Job, Site } from '../federation/site.ts'
import { askWitnesses } from '../federation/seen.ts'
import { syncDue } from '../federation/sync.ts'
import { tellOfCalls } from './calls-told.ts'
import { endWhatIsOver } from './endings.ts'

export interface Work {
  run: (site: Site) => Promise<unknown>
  /** How often it looks without being woken. */
  everyMs: number
  /** It may begin anew this long after it began, beside what it has under way: somebody may hang. */
  patienceMs?: number
}

/** Letters are sent by what server/mailing/queue.ts makes for one server, and imports go on by server/imports/work.ts. */
export const jobs: Record<Exclude<Job, 'mail' | 'import'>, Work> = {
  apply: { run: applyJournal, everyMs: 5_000 },
  deliver: { run: delivering, everyMs: 5_000, patienceMs: 50 },
  sync: { run: syncDue, everyMs: 15_000, patienceMs: 1_000 },
  follow: { run: retryFollows, everyMs: 60_000 },
  moves: { run: arrivals, everyMs: 60_000 },
  conduct: { run: keepConduct, everyMs: 30_000 },
  witness: { run: askWitnesses, everyMs: 30_000 },
  copies: { run: completeCopies, everyMs: 30_000 },
  people: { run: endWhatIsOver, everyMs: 30_000 },
  calls: { run: tellOfCalls, everyMs: 30_000 },
}

/** What a command at the terminal moved, this process has moved, too: before it tells anybody. */
async function delivering(site: Site): Promise<number> {
  await settleIfWritten(site)
  return deliverDue(site)
}

/** Items of those who have moved are listed under their new name. */
async function arrivals(site: Site): Promise<number> {
  await settleIfWritten(site)
  return joinMoved(site)
}

const seen = new WeakMap<Site, number>()

/** Only when another process has written here. */
async function settleIfWritten(site: Site): Promise<void> {
  const now = await site.store.generation()
  if (seen.get(site) === now) return
  await settle(site)
  seen.set(site, now)
}

/** How often we look whether a command at the terminal has written something that there is work for. */
const LOOK_MS = 250

export interface Jobs {
  wake: (job: Job) => void
  /** No job starts any more; resolves when those that run have ended. */
  stop: () => Promise<void>
}

/** `others`: what is not done for the wire. */
export function startJobs(site: Site, others: Record<string, Work> = {}): Jobs {
  const loops = Object.entries({ ...jobs, ...others }).map(
    ([name, work]) => [name, loop(site, name, work)] as const,
  )
  const byName = new Map<string, ReturnType<typeof loop>>(loops)
  const watch = watchOthers(site, () => loops.forEach(([, each]) => each.wake()))
  return {
    wake: (job) => byName.get(job)?.wake(),
    stop: async () => {
      clearInterval(watch)
      await Promise.all(loops.map(([, each]) => each.stop()))
    },
  }
}

function watchOthers({ store, log }: Site, wakeAll: () => void): NodeJS.Timeout {
  let known: number | undefined
  const look = async () => {
    const now = await store.generation()
    if (known !== undefined && now !== known) wakeAll()
    known = now
  }
  const failed = (error: unknown) => log.error('looking for work', { why: String(error) })
  const looking = () => void look().catch(failed)
  looking()
  return setInterval(looking, LOOK_MS)
}

function loop(site: Site, name: string, { run, everyMs, patienceMs }: Work) {
  let running: Promise<void> | undefined
  let again = false
  let stopped = false
  const underWay = new Set<Promise<unknown>>()
  const begin = () => {
    const failed = (error: unknown) => site.log.error('a job', { job: name, why: String(error) })
    const round: Promise<unknown> = run(site)
      .catch(failed)
      .finally(() => underWay.delete(round))
    underWay.add(round)
    return patienceMs === undefined ? round : Promise.race([round, passed(patienceMs)])
  }
  const once = async () => {
    do {
      again = false
      await begin()
    } while (again && !stopped)
    running = undefined
  }
  const wake = () => {
    again = true
    if (!stopped) running ??= once()
  }
  const timer = setInterval(wake, everyMs)
  setImmediate(wake)
  return {
    wake,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
      await Promise.all(underWay)
    },
  }
}

const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
