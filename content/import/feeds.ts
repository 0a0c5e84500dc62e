/** WordPress's export (WXR), RSS 2.0, RDF and Atom: all are lists of posts in XML, and read as they come. */
import {
  commenter,
  COMMENTS_MAX,
  type Found,
  instantIn,
  languageTag,
  pathsOf,
  type Post,
  type PostComment,
  type ReadOptions,
} from './posts.ts'
import { childrenIn, type Element, elementsOf, textIn } from './xml.ts'

/** What was said before the posts, and holds for them. */
interface Head {
  language?: string | undefined
  /** Display names of a WordPress export by login. */
  authors: Map<string, string>
}

/** Post types that have words of their own; the others are menus, revisions, files. */
const postTypes = new Set(['post', 'page', 'event', 'tribe_events', 'session', 'outcome', 'report'])

/** Every post of an export or feed, one after another. `next` is where an Atom or RSS feed says that it goes on (RFC 5005). */
export async function* postsIn(
  chunks: AsyncIterable<string>,
  options: ReadOptions = {},
  next: (address: string) => void = () => undefined,
): AsyncGenerator<Found> {
  const head: Head = { authors: new Map() }
  for await (const element of elementsOf(chunks)) {
    if (element.name === 'item') yield itemFound(element, head, options)
    else if (element.name === 'entry') yield entryFound(element, head)
    else noteHead(element, head, next)
  }
}

function noteHead(element: Element, head: Head, next: (address: string) => void): void {
  const { name, text, attributes } = element
  if (name === 'language') head.language = languageTag(text)
  if (name === 'wp:author') {
    const display = textIn(element, 'wp:author_display_name', 'wp:author_login')
    head.authors.set(textIn(element, 'wp:author_login'), display)
  }
  if (/^(atom:)?link$/.test(name) && attributes.rel === 'next' && attributes.href)
    next(attributes.href)
}

function itemFound(item: Element, head: Head, options: ReadOptions): Found {
  const title = textIn(item, 'title')
  const type = textIn(item, 'wp:post_type') || 'post'
  const status = textIn(item, 'wp:status') || 'publish'
  if (!postTypes.has(type)) return { leftOut: 'not_a_post', title: title || type }
  if (status === 'trash' || (status !== 'publish' && !options.unpublished))
    return { leftOut: 'unpublished', title }
  const body = textIn(item, 'content:encoded', 'description')
  if (body.trim() === '') return { leftOut: 'no_text', title }
  return { post: postFromItem(item, { title, type, body, head, options }) }
}

function postFromItem(
  item: Element,
  parts: { title: string; type: string; body: string; head: Head; options: ReadOptions },
): Post {
  const { title, type, body, head, options } = parts
  const { link, guid, address } = addressesIn(item)
  const published = instantIn(textIn(item, 'wp:post_date_gmt', 'pubDate', 'dc:date'))
  const creator = textIn(item, 'dc:creator', 'author')
  const own = childrenIn(item, 'category').find((each) => each.attributes.domain === 'language')
  const language = languageTag(own?.attributes.nicename) ?? languageTag(textIn(item, 'dc:language'))
  const number = textIn(item, 'wp:post_id')
  const short = number && (type === 'page' ? `/?page_id=${number}` : `/?p=${number}`)
  return {
    address,
    oldPaths: pathsOf([link, guid, short]),
    title,
    body,
    type: type === 'tribe_events' ? 'event' : type,
    categories: categoriesIn(item),
    comments: options.comments ? commentsIn(item) : [],
    ...(published ? { published } : {}),
    ...(language ? { language } : {}),
    ...(head.language ? { siteLanguage: head.language } : {}),
    ...(creator ? { author: head.authors.get(creator) ?? creator } : {}),
  }
}

const addressIn = (text: string) =>
  /^https?:\/\//.test(text) && URL.canParse(text) ? text.slice(0, 2000) : undefined

/** The short address of WordPress stays when the title or the form of links is changed: by it a post is known again. */
function addressesIn(item: Element) {
  const link = addressIn(textIn(item, 'link'))
  const guid = addressIn(textIn(item, 'guid'))
  const fallback = `urn:post:${textIn(item, 'guid', 'wp:post_id', 'title').slice(0, 300)}`
  return { link, guid, address: guid ?? link ?? fallback }
}

const categoriesIn = (item: Element): string[] => [
  ...new Set(
    childrenIn(item, 'category')
      .filter(
        ({ attributes }) => !attributes.domain || /^(category|post_tag)$/.test(attributes.domain),
      )
      .map(({ text }) => text.trim().slice(0, 100))
      .filter((text) => text !== '' && text !== 'Uncategorized'),
  ),
]

/** Those that were approved, and are words of people: no pingbacks. */
function commentsIn(item: Element): PostComment[] {
  const wanted = childrenIn(item, 'wp:comment').filter(
    (each) =>
      textIn(each, 'wp:comment_approved') === '1' &&
      /^(comment)?$/.test(textIn(each, 'wp:comment_type')),
  )
  return wanted.slice(0, COMMENTS_MAX).map((each) => {
    const published = instantIn(textIn(each, 'wp:comment_date_gmt'))
    return {
      id: textIn(each, 'wp:comment_id'),
      author: commenter(textIn(each, 'wp:comment_author')),
      html: textIn(each, 'wp:comment_content').slice(0, 20_000),
      ...(published ? { published } : {}),
      ...parentIn(textIn(each, 'wp:comment_parent')),
    }
  })
}

/** WordPress writes 0 for none. */
const parentIn = (parent: string) => (parent && parent !== '0' ? { parent } : {})

/** Atom (RFC 4287). */
function entryFound(entry: Element, head: Head): Found {
  const title = textIn(entry, 'title')
  const body = textIn(entry, 'content', 'summary')
  if (body.trim() === '') return { leftOut: 'no_text', title }
  const links = childrenIn(entry, 'link')
  const own = links.find(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate')
  const link = addressIn(own?.attributes.href ?? '')
  const id = addressIn(textIn(entry, 'id'))
  const published = instantIn(textIn(entry, 'published', 'updated'))
  const author = childrenIn(entry, 'author')[0]
  const language = languageTag(entry.attributes['xml:lang'])
  const post: Post = {
    address: id ?? link ?? `urn:post:${textIn(entry, 'id', 'title').slice(0, 300)}`,
    oldPaths: pathsOf([link, id]),
    title,
    body,
    type: 'post',
    categories: childrenIn(entry, 'category').flatMap(
      ({ attributes }) => attributes.label ?? attributes.term ?? [],
    ),
    comments: [],
    ...(published ? { published } : {}),
    ...(language ? { language } : {}),
    ...(head.language ? { siteLanguage: head.language } : {}),
    ...(author ? { author: textIn(author, 'name') } : {}),
  }
  return { post }
}
