/** Every request leaves a line in the log and a measure in the metrics when it has been answered. */
import type { Request, RequestHandler } from 'express'
import { isForGate } from '../federation/inbox.ts'
import type { Site } from '../federation/site.ts'
import type { Metrics } from './metrics.ts'

/** What is asked so often that it would hide the rest is logged at `debug`. */
const OFTEN = /^\/(assets\/|healthz$|metrics$)/

export function watched(site: Site, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const began = performance.now()
    const { method } = req
    const path = loggedPath(req.path)
    res.locals.log = site.log
    res.on('close', () => {
      const ms = Math.round((performance.now() - began) * 10) / 10
      const status = res.writableFinished ? res.statusCode : 499
      metrics.answered(routeOf(req), status, ms)
      site.log[OFTEN.test(path) ? 'debug' : 'info']('request', { method, path, status, ms })
    })
    next()
  }
}

/** An address that opens something is no line of a log. */
export const loggedPath = (path: string): string =>
  path.slice(0, 300).replace(/^\/+invite\/+.+/i, '/invite/[not logged]')

/** As it stands in the code, such as `/outcomes/:slug`: there are only so many. */
function routeOf(req: Request): string {
  if (isForGate(req)) return '/inbox'
  const { route } = req as { route?: { path: string | string[] } }
  return [route?.path ?? 'none'].flat()[0] ?? 'none'
}
