/** What a site elsewhere holds, read from whatever it gives: posts with their words, dates, addresses and comments. */
import { isIP } from 'node:net'
import { plainName, plainText } from '../text.ts'

/** Letters of HTML in one post; longer ones are refused by name, so that none holds up the pages. */
export const POST_LETTERS_MAX = 150_000
export const COMMENTS_MAX = 500

export interface PostComment {
  /** What the source calls it. */
  id: string
  author: string
  html: string
  published?: string | undefined
  /** The comment it answers. */
  parent?: string | undefined
}

export interface Post {
  /** Its own address at the source: by this it is known again. */
  address: string
  /** Every address it was found under, as paths and queries of the old site. */
  oldPaths: string[]
  title: string
  /** HTML as it came, or Markdown when `isMarkdown`. */
  body: string
  isMarkdown?: boolean
  /** `post`, `page`, `event` … as the source calls it. */
  type: string
  published?: string
  /** As the post itself says. */
  language?: string
  /** As its site says of all that is on it. */
  siteLanguage?: string
  author?: string
  categories: string[]
  comments: PostComment[]
}

/** What a reader finds: a post, or that it passed over something. */
export type Found = { post: Post } | { leftOut: LeftOut; title: string }
export type LeftOut = 'unpublished' | 'no_text' | 'too_large' | 'not_a_post'

export interface ReadOptions {
  /** Take drafts and private posts, too. */
  unpublished?: boolean
  /** Take the comments that were approved. */
  comments?: boolean
}

/** How somebody called themselves. Some write their address where their name belongs: that is kept nowhere. */
export function commenter(author: string): string {
  const name = plainName(plainText(author))
  return isIP(name) || /[^\s@]@[^\s@]+\.[^\s@]/.test(name) ? '' : name
}

/** An instant in UTC of a date as sites write it: ISO, RFC 822, or WordPress's own without a zone. */
export function instantIn(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '' || trimmed.startsWith('0000')) return undefined
  const zoned = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$/.test(trimmed)
    ? `${trimmed.replace(' ', 'T')}Z`
    : trimmed
  const ms = Date.parse(zoned)
  return Number.isNaN(ms) || ms < 0 || ms > LATEST ? undefined : new Date(ms).toISOString()
}

const LATEST = Date.UTC(2100, 0, 1)

/** Path and query of an address, without a slash at the end: how an old address is asked for. */
export function pathOf(address: string): string | undefined {
  const url = URL.parse(address, 'http://x')
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const path = upperCase(url.pathname).replace(/\/+$/, '') || '/'
  return path === '/' && url.search === '' ? undefined : `${path}${url.search}`.slice(0, 2000)
}

/** WordPress writes `%d8`, browsers `%D8`: one address. */
const upperCase = (path: string) => path.replace(/%[0-9a-f]{2}/gi, (letter) => letter.toUpperCase())

/** The paths of several addresses, each once. */
export const pathsOf = (addresses: (string | undefined)[]): string[] => [
  ...new Set(addresses.flatMap((each) => (each ? (pathOf(each) ?? []) : []))),
]

/** A language tag as we write it: `pt_BR` and `PT-br` are `pt-BR`; nothing for what is none. */
export function languageTag(text: string | undefined): string | undefined {
  const [language = '', ...rest] = (text ?? '').trim().replaceAll('_', '-').split('-')
  const tag = [language.toLowerCase(), ...rest].join('-')
  return /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : undefined
}
