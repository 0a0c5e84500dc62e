/** Feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed of whatever is listed. */
import type { Response } from 'express'
import type { Feed } from 'feed'
import { lazily } from '../content/lazily.ts'
import type { Feed as FeedLink } from './layout.ts'
import { direction } from './words.ts'

const feeds = lazily<typeof import('feed')>('feed')

export type FeedFormat = 'atom' | 'rss' | 'json'

export interface FeedEntry {
  /** Its permanent id, an address. */
  id: string
  /** The page for people. */
  url: string
  title: string
  /** Safe HTML. */
  html: string
  /** The language of its words, which need not be that of the feed. */
  language: string
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

/** How each format is written, and what it is called. */
const formats: Record<FeedFormat, { type: FeedLink['type']; write: (feed: Feed) => string }> = {
  atom: { type: 'application/atom+xml', write: (feed) => feed.atom1() },
  rss: { type: 'application/rss+xml', write: (feed) => feed.rss2() },
  json: { type: 'application/feed+json', write: (feed) => feed.json1() },
}

/**
 * Answer with a feed; only what is public may be among its entries. It is the same text as long as nothing is
 * new, so that whoever asks with the ETag of the last one is answered 304 (RFC 9110, section 13).
 */
export function sendFeed(res: Response, format: FeedFormat, parts: FeedParts): void {
  const { type, write } = formats[format]
  const text = write(feedOf(parts))
  res
    .set('cache-control', 'public, max-age=300')
    .set('last-modified', new Date(latest(parts)).toUTCString())
    .vary('Accept-Language')
    .type(`${type}; charset=utf-8`)
    .send(format === 'atom' ? inLanguage(text, parts.language) : text)
}

function feedOf(parts: FeedParts): Feed {
  const links = Object.keys(formats).map((name) => [name, `${parts.origin}${parts.path}.${name}`])
  const feed = new (feeds().Feed)({
    id: parts.origin + parts.home,
    title: clean(parts.title),
    link: parts.origin + parts.home,
    language: parts.language,
    updated: new Date(latest(parts)),
    generator: 'Tributary',
    author: { name: clean(parts.author), link: parts.origin },
    feedLinks: Object.fromEntries(links) as Record<FeedFormat, string>,
    ...(parts.description ? { description: clean(parts.description) } : {}),
  })
  for (const entry of parts.entries) {
    feed.addItem({
      id: entry.id,
      link: entry.url,
      title: clean(entry.title),
      content: `<div lang="${entry.language}" dir="${direction(entry.language)}">${clean(entry.html)}</div>`,
      published: new Date(entry.published),
      date: new Date(entry.updated ?? entry.published),
    })
  }
  return feed
}

/** Atom says its language by `xml:lang`, which the library leaves out. */
const inLanguage = (atom: string, language: string) =>
  atom.replace('<feed ', `<feed xml:lang="${language}" `)

const latest = ({ entries, at }: FeedParts): string =>
  entries
    .map(({ updated, published }) => updated ?? published)
    .sort()
    .at(-1) ?? at

/** All feeds below a path, for the head of a page: `/outcomes/` has `/outcomes/feed.atom`. */
export const feedLinks = (base: string, title: string): FeedLink[] =>
  Object.entries(formats).map(([name, { type }]) => ({ type, href: `${base}feed.${name}`, title }))
