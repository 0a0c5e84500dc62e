/** GET /metrics: what is counted here, in the text format of Prometheus. Its size does not grow with the number of peers. */
import express, { type Request, type Router } from 'express'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { Refusal } from '../content/refusal.ts'
import type { Counted, Site } from '../federation/site.ts'
import { firstUnanswered } from '../federation/receipts.ts'

/** Of one counter, so many different answers are told apart. */
const LABELS_MAX = 200
const OLDEST_AMONG = 300
const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** What each counter counts: also its help text. */
const counters: Record<Counted, string> = {
  inbox: 'Activities that came to an inbox, by what was answered',
  applied: 'Lines of the journal that were dealt with, by what became of them',
  deliveries: 'Entries sent to a peer, by what its answer means',
  pulled: 'Entries read from the logs of others, by what became of them',
  conduct: 'Peers and addresses that were slowed or paused for what they sent',
}

export interface Metrics {
  count: Site['count']
  /** A request was answered: its route as it stands in the code, and how long it took. */
  answered: (route: string, status: number, ms: number) => void
  text: (site: Site) => Promise<string>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const made = new Map(
    (Object.keys(counters) as Counted[]).map((name) => [name, counterOf(registry, name)]),
  )
  const requests = new Histogram({
    name: 'tributary_request_seconds',
    help: 'How long requests took, by route and class of status',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  const known = new Set<string>()
  /** A label that came from elsewhere, by a mistake of ours, could not fill the memory. */
  const bounded = (name: string, label: string) => {
    const key = `${name} ${label}`
    if (!known.has(key) && known.size >= LABELS_MAX * made.size) return 'other'
    known.add(key)
    return label
  }
  const gauges = gaugesOf(registry)
  return {
    count: (what, label, by = 1) => made.get(what)?.inc({ result: bounded(what, label) }, by),
    answered: (route, status, ms) =>
      requests.observe(
        { route: bounded('route', route), status: `${Math.floor(status / 100)}xx` },
        ms / 1000,
      ),
    text: async (site) => {
      await look(site, gauges)
      return registry.metrics()
    },
  }
}

const counterOf = (registry: Registry, name: Counted) =>
  new Counter({
    name: `tributary_${name}_total`,
    help: counters[name],
    labelNames: ['result'],
    registers: [registry],
  })

type Gauges = ReturnType<typeof gaugesOf>

function gaugesOf(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `tributary_${name}`, help, labelNames, registers: [registry] })
  return {
    journal: gauge('journal_backlog', 'Activities that were accepted and wait to be applied'),
    cursors: gauge('cursors', 'Peers that are delivered to, by state', ['state']),
    pulls: gauge('pulls', 'Logs that are read from here, by how our copy stands', ['standing']),
    log: gauge('log_entries', 'Entries of our own public log'),
    oldest: gauge('oldest_waiting_seconds', 'Age of what has waited longest', ['queue']),
    memory: gauge('memory_bytes', 'Memory of this process', ['kind']),
    uptime: gauge('uptime_seconds', 'Since this process began'),
  }
}

/** What stands in the store is read when somebody asks. */
async function look(site: Site, gauges: Gauges): Promise<void> {
  const { store } = site
  const waiting = { where: { state: 'waiting' } }
  const [backlog, cursors, pulls, size, line, sent] = await Promise.all([
    store.count('journal', waiting),
    store.facets('cursors', {}, ['state']),
    store.facets('pulls', {}, ['standing']),
    store.last('public'),
    store.find('journal', { ...waiting, order: 'oldest', limit: 1 }),
    oldestUnsent(site),
  ])
  gauges.journal.set(backlog)
  gauges.log.set(size)
  gauges.cursors.reset()
  for (const { value, count } of cursors.state ?? []) gauges.cursors.set({ state: value }, count)
  gauges.pulls.reset()
  for (const { value, count } of pulls.standing ?? []) gauges.pulls.set({ standing: value }, count)
  const age = (at: string | undefined) =>
    at ? Math.max(0, (Date.parse(site.now()) - Date.parse(at)) / 1000) : 0
  gauges.oldest.set({ queue: 'journal' }, age(line[0]?.at))
  gauges.oldest.set({ queue: 'delivery' }, age(sent))
  const { rss, heapUsed, external } = process.memoryUsage()
  for (const [kind, bytes] of Object.entries({ rss, heapUsed, external }))
    gauges.memory.set({ kind }, bytes)
  gauges.uptime.set(process.uptime())
}

/** Since when the peer that is furthest behind waits. */
async function oldestUnsent(site: Site): Promise<string | undefined> {
  const query = { where: { state: 'waiting' }, order: 'oldest', limit: OLDEST_AMONG } as const
  const cursors = await site.store.find('cursors', query)
  const [furthest] = cursors.filter(({ follows }) => follows).sort((a, b) => a.log - b.log)
  return furthest && (await firstUnanswered(site, furthest))?.at
}

/** Whoever asks from this machine, and not by way of a proxy that stands on it. */
export const isFromHere = (req: Request): boolean =>
  /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(req.socket.remoteAddress ?? '') &&
  req.headers['x-forwarded-for'] === undefined &&
  req.headers.forwarded === undefined &&
  req.headers.via === undefined

/** `open`: anybody may read them; else this machine alone, and for others there is nothing here. */
export function metricsPage(site: Site, metrics: Metrics, open: boolean): Router {
  const router = express.Router()
  router.get('/metrics', async (req, res) => {
    if (!open && !isFromHere(req)) throw new Refusal('missing', 'page')
    const text = await metrics.text(site)
    res.set('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8').send(text)
  })
  return router
}
