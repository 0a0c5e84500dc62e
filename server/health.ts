/** GET /healthz: how this server is, for monitoring. */
import { readFileSync } from 'node:fs'
import express, { type Router } from 'express'
import type { Site } from '../federation/site.ts'

export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
).version

/** Role, version, log size and hash, journal backlog, peers by state, and how each pulled log stands. */
export async function health(site: Site) {
  const { store } = site
  const [head, backlog, idle, waiting, ended, pulls] = await Promise.all([
    store.head(),
    store.count('journal', { where: { state: 'waiting' } }),
    store.count('cursors', { where: { state: 'idle' } }),
    store.count('cursors', { where: { state: 'waiting' } }),
    store.count('cursors', { where: { state: 'ended' } }),
    store.facets('pulls', {}, ['standing']),
  ])
  return {
    status: 'ok',
    role: site.policy.gathers ? 'aggregator' : 'node',
    version,
    log: { size: head.size, hash: head.root },
    journal: { backlog },
    peers: { idle, waiting, ended },
    pulls: Object.fromEntries((pulls.standing ?? []).map(({ value, count }) => [value, count])),
  }
}

export function healthz(site: Site): Router {
  const router = express.Router()
  router.get('/healthz', async (_req, res) => {
    res.set('cache-control', 'no-store').json(await health(site))
  })
  return router
}
