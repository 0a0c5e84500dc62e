/** Posts of a site elsewhere, by its address: its feed, WordPress's API, a wiki page, or the page itself. */
import { decodedText } from '../../content/import/encodings.ts'
import { postsIn } from '../../content/import/feeds.ts'
import type { Found } from '../../content/import/posts.ts'
import { noComments, type RestComments, takeComments } from '../../content/import/rest-comments.ts'
import { factsOf, postFromPage, postFromWiki, postsFromRest } from '../../content/import/sites.ts'
import { Refusal } from '../../content/refusal.ts'
import type { FetchOptions, Fetched } from '../../federation/fetch.ts'
import type { Site } from '../../federation/site.ts'

const BYTES_MAX = 10 * 1024 * 1024
/** Pages of one feed, or of one API. */
const PAGES_MAX = 50
const REST_PAGE = 50
const COMMENTS_PAGE = 100

const feedTypes = ['application/rss+xml', 'application/atom+xml', 'application/rdf+xml'].concat(
  'application/xml',
  'text/xml',
)
const pageTypes = ['text/html', 'application/xhtml+xml']

const asked = (accept: string[]): FetchOptions => ({
  accept,
  maxBytes: BYTES_MAX,
  signed: false,
  decode: (bytes, type) => decodedText(bytes, type),
})

/** Whatever is found there. Refusal when nothing is, or when the address may not be asked. */
export async function* foundAt(site: Site, address: string): AsyncGenerator<Found> {
  const answer = await site.fetch.text(address, asked([...feedTypes, ...pageTypes]))
  if (isPage(answer)) yield* foundOnPage(site, answer)
  else yield* foundInFeed(site, answer)
}

const isPage = ({ type }: Fetched) => pageTypes.some((each) => type.startsWith(each))

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

/** A feed may say where it goes on; one that comes back to where it was has ended. */
async function* foundInFeed(site: Site, first: Fetched): AsyncGenerator<Found> {
  const seen = new Set([first.url])
  let page: Fetched | undefined = first
  for (let number = 1; page && number <= PAGES_MAX; number += 1) {
    const { url, text }: Fetched = page
    let next: string | undefined
    yield* postsIn(once(text), {}, (address) => (next ??= URL.parse(address, url)?.href))
    page = next && !seen.has(next) ? await site.fetch.text(next, asked(feedTypes)) : undefined
    if (next) seen.add(next)
  }
}

async function* foundOnPage(site: Site, page: Fetched): AsyncGenerator<Found> {
  const { wordpress, wiki, feed } = factsOf(page.text, page.url)
  if (wordpress) return yield* foundByRest(site, wordpress)
  if (wiki) return yield* foundInWiki(site, wiki, page.url)
  if (feed) return yield* foundInFeed(site, await site.fetch.text(feed, asked(feedTypes)))
  yield { post: postFromPage(page.text, page.url) }
}

/** All posts, then all pages, so many at a time. */
async function* foundByRest(site: Site, api: string): AsyncGenerator<Found> {
  const comments = await restComments(site, api)
  for (const kind of ['posts', 'pages']) {
    for (let number = 1; number <= PAGES_MAX; number += 1) {
      const query = { per_page: String(REST_PAGE), page: String(number), _embed: '1' }
      const body = await restPage(site, restAddress(api, kind, query), number)
      const found = postsFromRest(body, comments)
      yield* found
      if (found.length < REST_PAGE) break
    }
  }
}

function restAddress(api: string, kind: string, query: Record<string, string>): string {
  const address = new URL(api)
  const route = `wp/v2/${kind}`
  if (address.searchParams.has('rest_route')) address.searchParams.set('rest_route', `/${route}`)
  else address.pathname = `${address.pathname.replace(/\/+$/, '')}/${route}`
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  return address.href
}

/** A site may not give its comments to everybody: then its posts come without. */
async function restComments(site: Site, api: string): Promise<RestComments> {
  const comments = noComments()
  try {
    for (let number = 1; number <= PAGES_MAX; number += 1) {
      const query = { per_page: String(COMMENTS_PAGE), page: String(number), order: 'asc' }
      const body = await restPage(site, restAddress(api, 'comments', query), number)
      if (takeComments(body, comments) < COMMENTS_PAGE) break
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  return comments
}

/** WordPress answers 400 beyond its last page. */
async function restPage(site: Site, address: string, number: number): Promise<unknown> {
  try {
    const { body } = await site.fetch.json(address, asked(['application/json']))
    return body
  } catch (error) {
    const over = error instanceof Refusal && error.values.status === 400 && number > 1
    if (over) return []
    throw error
  }
}

async function* foundInWiki(site: Site, api: string, page: string): AsyncGenerator<Found> {
  const { searchParams, pathname } = new URL(page)
  const title = searchParams.get('title') ?? decodeURIComponent(pathname.split('/').at(-1) ?? '')
  const query = new URLSearchParams({
    action: 'parse',
    page: title,
    prop: 'text|categories',
    format: 'json',
    redirects: '1',
  })
  const { body } = await site.fetch.json(`${api}?${query}`, asked(['application/json']))
  yield { post: postFromWiki(body, page) }
}
