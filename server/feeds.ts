/** Feeds: Atom (RFC 4287) and JSON Feed of whatever is listed. */
import type { Response } from 'express'
import { Feed } from 'feed'
import type { Feed as FeedLink } from './layout.ts'

export type FeedFormat = 'atom' | 'json'

export interface FeedEntry {
  /** Its permanent id, an address. */
  id: string
  /** The page for people. */
  url: string
  title: string
  /** Safe HTML. */
  html: string
  published: string
  updated?: string
}

export interface FeedParts {
  title: string
  description?: string
  /** This server's origin. */
  origin: string
  /** Path of the page that lists the same. */
  home: string
  /** Path of this feed without its ending: `/outcomes/feed`. */
  path: string
  language: string
  author: string
  /** When there is nothing in it yet. */
  at: string
  entries: FeedEntry[]
}

/** What XML 1.0 cannot hold. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const clean = (text: string) => text.replace(forbidden, '')

/** Answer with a feed; only what is public may be among its entries. */
export function sendFeed(res: Response, format: FeedFormat, parts: FeedParts): void {
  const feed = new Feed({
    id: parts.origin + parts.home,
    title: clean(parts.title),
    link: parts.origin + parts.home,
    language: parts.language,
    updated: new Date(latest(parts)),
    generator: 'Tributary',
    author: { name: clean(parts.author), link: parts.origin },
    feedLinks: {
      atom: `${parts.origin}${parts.path}.atom`,
      json: `${parts.origin}${parts.path}.json`,
    },
    ...(parts.description ? { description: clean(parts.description) } : {}),
  })
  for (const entry of parts.entries) {
    feed.addItem({
      id: entry.id,
      link: entry.url,
      title: clean(entry.title),
      content: clean(entry.html),
      published: new Date(entry.published),
      date: new Date(entry.updated ?? entry.published),
    })
  }
  const text = format === 'atom' ? feed.atom1() : feed.json1()
  const type = format === 'atom' ? 'application/atom+xml' : 'application/feed+json'
  res.set('cache-control', 'public, max-age=300').type(`${type}; charset=utf-8`).send(text)
}

const latest = ({ entries, at }: FeedParts): string =>
  entries
    .map(({ updated, published }) => updated ?? published)
    .sort()
    .at(-1) ?? at

/** Both feeds below a path, for the head of a page: `/outcomes/` has `/outcomes/feed.atom`. */
export const feedLinks = (base: string, title: string): FeedLink[] => [
  { type: 'application/atom+xml', href: `${base}feed.atom`, title },
  { type: 'application/feed+json', href: `${base}feed.json`, title },
]
