/** What sites give by address: WordPress's REST API, a wiki page by its API, and any page of HTML; and text that was pasted. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { Refusal } from '../refusal.ts'
import { plainText } from '../text.ts'
import {
  type Found,
  instantIn,
  languageTag,
  pathsOf,
  type Post,
  type PostComment,
} from './posts.ts'
import { noComments } from './rest-comments.ts'

const Rendered = z.object({ rendered: z.string() })
const RestPost = z.object({
  id: z.number().int(),
  date_gmt: z.string().nullish(),
  link: z.url({ protocol: /^https?$/ }),
  guid: Rendered.optional(),
  title: Rendered,
  content: Rendered,
  status: z.string().default('publish'),
  type: z.string().default('post'),
  lang: z.string().optional(),
  _embedded: z
    .object({
      author: z.array(z.looseObject({ name: z.string().optional() })).optional(),
      'wp:term': z
        .array(z.array(z.looseObject({ name: z.string(), taxonomy: z.string() })))
        .optional(),
    })
    .optional(),
})

/** The posts of one page of `/wp-json/wp/v2/posts?_embed`, with their comments. Refusal `invalid` for what is no list of posts. */
export function postsFromRest(body: unknown, { byPost } = noComments()): Found[] {
  const read = z.array(z.unknown()).safeParse(body)
  if (!read.success) throw new Refusal('invalid', 'import.no_posts')
  return read.data.map((each) => {
    const post = RestPost.safeParse(each)
    return post.success
      ? restFound(post.data, byPost.get(post.data.id))
      : { leftOut: 'not_a_post', title: '' }
  })
}

function restFound(rest: z.infer<typeof RestPost>, comments: PostComment[] = []): Found {
  const title = plainText(rest.title.rendered)
  if (rest.content.rendered.trim() === '') return { leftOut: 'no_text', title }
  const terms = (rest._embedded?.['wp:term'] ?? []).flat()
  const published = instantIn(rest.date_gmt ?? undefined)
  const language = languageTag(rest.lang)
  const author = rest._embedded?.author?.[0]?.name
  const guid = rest.guid && URL.canParse(rest.guid.rendered) ? rest.guid.rendered : undefined
  const post: Post = {
    address: guid ?? rest.link,
    oldPaths: pathsOf([
      rest.link,
      guid,
      rest.type === 'page' ? `/?page_id=${rest.id}` : `/?p=${rest.id}`,
    ]),
    title,
    body: rest.content.rendered,
    type: rest.type,
    categories: terms
      .filter(
        ({ taxonomy, name }) => /^(category|post_tag)$/.test(taxonomy) && name !== 'Uncategorized',
      )
      .map(({ name }) => plainText(name)),
    comments,
    ...(published ? { published } : {}),
    ...(language ? { language } : {}),
    ...(author ? { author } : {}),
  }
  return { post }
}

const Parsed = z.object({
  parse: z.object({
    title: z.string(),
    text: z.union([z.string(), z.looseObject({ '*': z.string() })]),
    categories: z
      .array(z.looseObject({ '*': z.string().optional(), category: z.string().optional() }))
      .optional(),
  }),
})

/** A wiki page as MediaWiki's `action=parse` answers. */
export function postFromWiki(body: unknown, address: string): Post {
  const read = Parsed.safeParse(body)
  if (!read.success) throw new Refusal('invalid', 'import.no_wiki_page')
  const { title, text, categories = [] } = read.data.parse
  return {
    address,
    oldPaths: pathsOf([address]),
    title: plainText(title),
    body: (typeof text === 'string' ? text : text['*']).replace(editLinks, ''),
    type: 'post',
    categories: categories.map((each) => (each.category ?? each['*'] ?? '').replaceAll('_', ' ')),
    comments: [],
  }
}

const editLinks = /<span class="mw-editsection">[^]{0,600}?\]<\/span><\/span>/g

/** What a page names of itself: where its API, its feed and its main part are. */
export interface PageFacts {
  wordpress?: string
  wiki?: string
  feed?: string
}

const tagsOf = (html: string) =>
  html.slice(0, 200_000).match(/<(?:link|meta)\b[^<>]{0,2000}>/gi) ?? []
const valueIn = (tag: string, name: string) =>
  new RegExp(String.raw`\b${name}=["']([^"'<>]{0,2000})["']`, 'i').exec(tag)?.[1]

/** Which program made a page, by where it says its API is. */
export function factsOf(html: string, address: string): PageFacts {
  const links = tagsOf(html).map((tag) => ({
    rel: valueIn(tag, 'rel')?.toLowerCase(),
    href: valueIn(tag, 'href'),
    type: valueIn(tag, 'type') ?? '',
  }))
  const at = (rel: string, type = /^/) => {
    const href = links.find((each) => each.rel === rel && type.test(each.type))?.href
    return href ? URL.parse(href.replaceAll('&amp;', '&'), address)?.href : undefined
  }
  const feed = at('alternate', /^application\/(?:rss|atom)\+xml/)
  const wordpress = at('https://api.w.org/')
  const wiki = at('edituri')?.split('?')[0]
  return {
    ...(wordpress ? { wordpress } : {}),
    ...(feed ? { feed } : {}),
    ...(wiki?.endsWith('api.php') ? { wiki } : {}),
  }
}

/** The main part of any page. */
export function postFromPage(html: string, address: string): Post {
  const title = plainText(/<title[^<>]{0,200}>([^<]{0,500})/i.exec(html)?.[1] ?? '')
  const heading = plainText(/<h1[^<>]{0,500}>([^]{0,500}?)<\/h1>/i.exec(html)?.[1] ?? '')
  const language = languageTag(/<html\b[^<>]{0,500}?\blang=["']([\w-]{2,20})["']/i.exec(html)?.[1])
  const body = mainPart(html)
  if (plainText(body) === '') throw new Refusal('invalid', 'import.no_words')
  return {
    address,
    oldPaths: pathsOf([address]),
    title: heading || title,
    body,
    type: 'post',
    categories: [],
    comments: [],
    ...(language ? { language } : {}),
  }
}

const mains = [
  ['<article', '</article>'],
  ['<main', '</main>'],
  ['<body', '</body>'],
] as const

function mainPart(html: string): string {
  const small = html.toLowerCase()
  for (const [begins, ends] of mains) {
    const start = small.indexOf(begins)
    const end = small.lastIndexOf(ends)
    if (start >= 0 && end > start) return withoutFrame(html.slice(start, end))
  }
  return withoutFrame(html)
}

/** Without what stands around the words of a page. */
function withoutFrame(html: string): string {
  let rest = html
  for (const name of ['nav', 'footer', 'aside', 'form', 'script', 'style', 'h1']) {
    rest = withoutElement(rest, name)
  }
  return rest
}

const ELEMENTS_MAX = 200

function withoutElement(html: string, name: string): string {
  const parts: string[] = []
  const small = html.toLowerCase()
  let at = 0
  for (let turn = 0; turn < ELEMENTS_MAX; turn += 1) {
    const start = small.indexOf(`<${name}`, at)
    const end = start < 0 ? -1 : small.indexOf(`</${name}>`, start)
    if (end < 0) break
    parts.push(html.slice(at, start))
    at = end + name.length + 3
  }
  return parts.join('') + html.slice(at)
}

const isHtml = /<(?:p|div|h[1-6]|ul|ol|br|table|html|strong|em|a)\b[^<>]{0,500}>/i

/** Pasted HTML, Markdown or plain words: the first heading or line is the title. */
export function postFromText(text: string): Post {
  const trimmed = text.trim()
  const address = `urn:text:${createHash('sha256').update(trimmed).digest('hex')}`
  if (trimmed === '') throw new Refusal('invalid', 'import.no_words')
  if (isHtml.test(trimmed)) {
    const post = postFromPage(trimmed, address)
    return { ...post, oldPaths: [], title: post.title || firstLine(plainText(post.body)) }
  }
  const lines = trimmed.split('\n')
  const title = firstLine(lines[0] ?? '')
  const rest = lines.slice(1).join('\n').trim()
  const fields = { type: 'post', categories: [], comments: [], oldPaths: [], isMarkdown: true }
  return { address, title, body: rest || trimmed, ...fields }
}

const firstLine = (text: string) =>
  text
    .replace(/^#+\s*/, '')
    .trim()
    .slice(0, 150)
