/** GET /healthz: how this server is, for monitoring, and the reconciliation: of each log that is read, what is held, missing and refused. */
import express, { type Request, type Router } from 'express'
import type { Site } from '../federation/site.ts'
import { hoursSince, lastBackup } from './backups.ts'
import { isFromHere } from './metrics.ts'
import { version } from './version.ts'

const RECONCILED_MAX = 300

/** Role, version, log size and hash, journal backlog, peers by state, and how the logs we read stand. */
export async function health(site: Site) {
  const { store } = site
  const [head, backlog, idle, waiting, ended, pulls, reading, backup] = await Promise.all([
    store.head(),
    store.count('journal', { where: { state: 'waiting' } }),
    store.count('cursors', { where: { state: 'idle' } }),
    store.count('cursors', { where: { state: 'waiting' } }),
    store.count('cursors', { where: { state: 'ended' } }),
    store.facets('pulls', {}, ['standing']),
    readingOf(site),
    lastBackup(site),
  ])
  return {
    status: 'ok',
    role: site.policy.gathers ? 'aggregator' : 'node',
    version,
    log: { size: head.size, hash: head.root },
    journal: { backlog },
    peers: { idle, waiting, ended },
    pulls: Object.fromEntries((pulls.standing ?? []).map(({ value, count }) => [value, count])),
    reading,
    backup: backup ? { at: backup, ageHours: hoursSince(site, backup) } : null,
  }
}

/** The report of each log that we read: published, held, missing, and refused by reason. */
async function readingOf({ store }: Site) {
  const pulls = await store.find('pulls', { order: 'oldest', limit: RECONCILED_MAX })
  return pulls.map(({ id, standing, size, after, held, refused, reasons }) => ({
    id,
    standing,
    published: size,
    held,
    missing: Math.max(0, size - after),
    refused: reasons ?? (refused > 0 ? { unknown: refused } : {}),
  }))
}

/** The same from the sender's side: how much of our log each server that follows us has answered for. */
async function sendingOf({ store }: Site) {
  const [last, cursors] = await Promise.all([
    store.last('public'),
    store.find('cursors', { order: 'oldest', limit: RECONCILED_MAX }),
  ])
  return cursors
    .filter(({ follows }) => follows)
    .map(({ id, state, log, failures, why }) => ({
      peer: id,
      state,
      delivered: log,
      behind: Math.max(0, last - log),
      ...(failures > 0 ? { failures, why } : {}),
    }))
}

/** Who follows us is nobody's business: the sender's side is told to this machine alone. */
export function healthz(site: Site): Router {
  const router = express.Router()
  router.get('/healthz', async (req, res) => {
    const sending = isFromHere(req) ? { sending: await sendingOf(site) } : {}
    res.set('cache-control', 'no-store').json({ ...(await health(site)), ...sending })
  })
  router.get('/healthz/seen', (req, res) => {
    res.set('cache-control', 'no-store').json(arrived(req))
  })
  return router
}

/** How a request of the asker's own arrives here: for `doctor`, which asks through the proxies in front. */
const arrived = ({ headers }: Request) => ({
  host: headers.host,
  scheme: headers['x-forwarded-proto'] ?? 'http',
  forwarded: [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').filter(Boolean).length,
})
