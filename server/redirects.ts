/** Old addresses of what was brought in: they lead to it here, and our own pages always come first. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { pathOf } from '../content/import/posts.ts'
import { Refusal } from '../content/refusal.ts'
import { formerAsked, isOurs } from '../federation/former.ts'
import type { Site } from '../federation/site.ts'

const KEPT = 'max-age=3600'

/** Where WordPress has its feeds. */
const feeds: Record<string, string> = {
  '/feed': '/feed.atom',
  '/feed/atom': '/feed.atom',
  '/feed/rss2': '/feed.rss',
  '/feed/rss': '/feed.rss',
}

/**
 * Whoever reads at a former address of this server is led to the same page at the present one, for good. Documents of
 * ActivityPub are answered before this: they keep the ids that they were signed with.
 */
export function formerAddresses(site: Site): RequestHandler {
  return (req, res, next) => {
    const isReading = req.method === 'GET' || req.method === 'HEAD'
    if (!isReading || !formerAsked(site, req.headers.host)) next()
    else moved(res, site.origin + req.originalUrl)
  }
}

/** WordPress's short addresses ask for the front page: only these are looked at before it. */
export function shortAddresses(site: Site): RequestHandler {
  return async (req, res, next) => {
    const found = ['p', 'page_id'].find((name) => /^\d{1,12}$/.test(String(req.query[name] ?? '')))
    const to = found && (await placeOf(site, `/?${found}=${String(req.query[found])}`))
    if (to) moved(res, to)
    else next()
  }
}

/** Nothing answered at this address: perhaps something did on the old site. */
export function oldAddresses(site: Site): ErrorRequestHandler {
  return async (error: unknown, req: Request, res: Response, next) => {
    const missing = error instanceof Refusal && error.reason === 'missing'
    const reading = req.method === 'GET' || req.method === 'HEAD'
    const to = missing && reading && !res.headersSent && (await oldPlace(site, req))
    if (to) moved(res, to)
    else next(error)
  }
}

const moved = (res: Response, to: string): void => res.set('cache-control', KEPT).redirect(301, to)

/** With its query, and without: a counter of readers may have added one. */
async function oldPlace(site: Site, { originalUrl }: Request): Promise<string | undefined> {
  const whole = pathOf(`http://x${originalUrl}`)
  const [path = ''] = whole?.split('?') ?? []
  if (!whole || path === '/') return undefined
  return feeds[path] ?? (await placeOf(site, whole)) ?? (await placeOf(site, path))
}

/** The path of something of ours that everybody may see. */
async function placeOf(site: Site, old: string): Promise<string | undefined> {
  const { store } = site
  const redirect = await store.get('redirects', old)
  const item = redirect && (await store.get('items', redirect.item))
  const shown = item?.visibility === 'shown' && item.local && isOurs(site, item.id)
  return shown ? new URL(item.id).pathname : undefined
}
