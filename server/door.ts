/** Where a request comes in: what is for the inbox goes straight to the gate, all else to the pages. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import { gateOf, isForGate } from '../federation/inbox.ts'
import type { Site } from '../federation/site.ts'
import type { Metrics } from './metrics.ts'

const refused = new WeakMap<IncomingMessage, { error: unknown }>()

/** What the gate refuses is answered like every other refusal. */
export const refusedAtTheDoor: RequestHandler = (req, _res, next) => {
  const found = refused.get(req)
  if (found) next(found.error)
  else next()
}

/** Most of what a server takes are activities, and what is made ready for pages would cost them half their time. */
export function door(
  site: Site,
  pages: RequestListener,
  { proxies, metrics }: { proxies: number; metrics: Metrics },
): RequestListener {
  const gate = gateOf(site)
  const taken = (res: ServerResponse, path: string, began: number) => {
    res.writeHead(202, { 'content-length': 0, 'x-content-type-options': 'nosniff' }).end()
    const ms = Math.round((performance.now() - began) * 10) / 10
    metrics.answered('/inbox', 202, ms)
    site.log.debug('request', { method: 'POST', path, status: 202, ms })
  }
  return (req, res) => {
    if (!isForGate(req)) return void pages(req, res)
    const began = performance.now()
    const path = (req.url ?? '').slice(0, 300)
    gate({ req, address: addressOf(req, proxies) }).then(
      () => taken(res, path, began),
      (error: unknown) => {
        refused.set(req, { error })
        pages(req, res)
      },
    )
  }
}

/** Whoever asked, where so many proxies of ours stand before us: what they added comes last in the list. */
function addressOf({ socket, headers }: IncomingMessage, proxies: number): string {
  const forwarded = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',').reverse()
  const all = [socket.remoteAddress ?? '', ...forwarded.map((each) => each.trim())].filter(Boolean)
  return all[Math.min(proxies, all.length - 1)] ?? ''
}
