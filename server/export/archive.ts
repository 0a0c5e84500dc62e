/** The public pages as files that read from a disk without this program: asked of the real app, so that they never differ. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Site } from '../../federation/site.ts'
import { createMailing } from '../mailing/mailing.ts'
import { createMetrics } from '../metrics.ts'
import type { Words } from '../words.ts'
import { loginSecret } from '../login.ts'
import { escaped } from '../html.ts'
import { createServer } from '../http.ts'
import type { Piece } from './zip.ts'

const PAGES_MAX = 200_000
/** What is not for an archive: what only works with a server, and the ways to the same in another order. */
const LEFT_OUT =
  /^\/(host|login|logout|setup|search|interact|authorize_interaction|follow|join|me|healthz|metrics|log|checkpoint|inbox)(\/|$|\?)|^\/people\/|\/report$/
const KEPT_QUERIES = ['page', 'text']

/** Every page that can be reached from the front page, in one language, with its links to each other relative. */
export async function* archived(site: Site, words: Words): AsyncGenerator<Piece> {
  const { createApp } = await import('../app.ts')
  const secret = await loginSecret(site.store)
  const app = createApp(site, {
    secret,
    mailing: createMailing(site, secret, undefined),
    proxies: 0,
    metrics: createMetrics(),
    openMetrics: false,
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    yield* crawled(site, words, server)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

async function* crawled(site: Site, words: Words, server: Server): AsyncGenerator<Piece> {
  const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const starts = ['/', '/about', '/outcomes', '/meetings', '/discussions', '/calls', '/moderation']
  const known = new Map<string, string>(starts.map((path) => [path, fileAt(path)]))
  for (const path of known.keys()) {
    const file = String(known.get(path))
    const answer = await fetch(from + path, {
      redirect: 'follow',
      headers: { ...asking(path), 'accept-language': words.language },
    })
    const content = Buffer.from(await answer.arrayBuffer())
    const isPage = answer.headers.get('content-type')?.startsWith('text/html')
    const page = () => rewritten(site, words, content.toString(), file, known)
    yield { name: file, content: isPage ? page() : content }
    if (known.size > PAGES_MAX) return
  }
}

const asking = (path: string) => ({
  accept: path.endsWith('/object') ? 'application/activity+json' : 'text/html,*/*;q=0.1',
})

/** Where a path of this server lies in the archive: nothing for what is left out. */
function placeOf(site: Site, href: string): { path: string; hash: string } | undefined {
  const url = URL.parse(href.replaceAll('&amp;', '&').replace(/^webcal:/, 'http:'), site.origin)
  const isOurs = url?.host === new URL(site.origin).host
  if (!url || !isOurs || LEFT_OUT.test(url.pathname)) return undefined
  const query = KEPT_QUERIES.flatMap((name) => {
    const value = url.searchParams.get(name)
    return value && /^[\w-]{1,20}$/.test(value) ? [`${name}=${value}`] : []
  })
  const path = url.pathname.replace(/(?<=.)\/$/, '')
  return { path: path + (query.length > 0 ? `?${query.join('&')}` : ''), hash: url.hash }
}

/** `/outcomes/x?page=2` is `outcomes/x.page-2.html`. Nothing but letters, digits and dots gets into a name. */
export function fileAt(path: string): string {
  const [plain = '', query = ''] = path.split('?')
  const parts = plain.split('/').filter(Boolean)
  const name =
    parts.map((part) => part.replaceAll(/[^\w.-]/g, '_').replace(/^\.+$/, '_')).join('/') || 'index'
  const asked = query && `.${query.replaceAll(/[^\w-]/g, '-')}`
  if (/\.(atom|json|csv|css|js|svg|png|ics|docx|rss)$/.test(name)) return name
  return `${name}${asked}${plain.endsWith('/object') ? '.json' : '.html'}`
}

/** Links made relative, each new page remembered; forms and the ways to other languages taken out; what it is said on top. */
function rewritten(
  site: Site,
  words: Words,
  page: string,
  file: string,
  known: Map<string, string>,
): string {
  const up = '../'.repeat(file.split('/').length - 1)
  const linked = (href: string): string | undefined => {
    const place = placeOf(site, href)
    if (!place) return undefined
    if (!known.has(place.path)) known.set(place.path, fileAt(place.path))
    return up + String(known.get(place.path)) + place.hash
  }
  return page
    .replace(/<form [\s\S]*?<\/form>/g, '')
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<ul class="languages">[\s\S]*?<\/ul>/, '')
    .replace(/<nav aria-label="[^"]*">\s*<\/nav>/g, '')
    .replace(
      /(<(?:a|link) [^>]*?)\bhref="([^"#][^"]*)"/g,
      (whole, before: string, href: string) => {
        const to = linked(href)
        if (to !== undefined) return `${before}href="${to}"`
        return href.startsWith('/') ? before.trimEnd() : whole
      },
    )
    .replace('<main id="main" tabindex="-1">', (main) => `${main}${banner(site, words)}`)
}

function banner(site: Site, words: Words): string {
  const said = words('archive.banner', { day: words.day(site.now(), 'UTC'), origin: site.origin })
  return `<p class="note">${escaped(said)}</p>`
}
