/** What all translations share: addressing, languages, tags, instants. */
import type { Item } from '../../content/model.ts'
import type { Tags } from '../../content/values.ts'
import { hashtagOf, term } from '../../content/vocabulary.ts'
import { contextOf, followersOf, groupId, originOf, repliesOf } from '../addresses.ts'
import type { Json } from '../proofs.ts'
import { AS, CONTEXT, PUBLIC } from '../wire.ts'

/** Everything public goes to everybody, and to the followers of who says it. */
export const audience = (actor: string): Json => ({ to: [PUBLIC], cc: [followersOf(actor)] })

/** The fields all our objects have. */
export function base(
  item: Pick<Item, 'id' | 'published' | 'updated' | 'tags'>,
  author: string,
): Json {
  return {
    '@context': CONTEXT,
    id: item.id,
    url: item.id,
    attributedTo: author,
    published: item.published,
    ...(item.updated ? { updated: item.updated } : {}),
    ...audience(author),
    context: contextOf(item.id),
    replies: repliesOf(item.id),
    tag: tagsOf(item.tags),
  }
}

/** Whose an item of ours is on the wire: of the initiative as it was called at that address. */
export const initiativeAt = (id: string): string => groupId({ origin: originOf(id) })

/** One text in several languages, as `<name>` in the first and `<name>Map` in all. */
export function localized(name: string, texts: Record<string, string>, first: string): Json {
  const filled = Object.entries(texts).filter(([, text]) => text !== '')
  if (filled.length === 0) return {}
  const main = texts[first] || filled[0]?.[1]
  return { [name]: main, [`${name}Map`]: Object.fromEntries(filled) }
}

const lists: [keyof Tags, string][] = [
  ['themes', 'themes'],
  ['actionLines', 'action-lines'],
  ['sdgs', 'sdgs'],
  ['gdc', 'gdc'],
]

/** Each tag twice: as the term of its vocabulary, and as a hashtag that any server shows. */
export function tagsOf(tags: Tags): Json[] {
  return lists.flatMap(([field, list]) =>
    tags[field].flatMap((slug) => {
      const found = term(list, slug)
      const hashtag = { type: 'Hashtag', name: hashtagOf(list, slug) }
      return found
        ? [{ type: 'Link', rel: 'tag', href: found.uri, name: slug }, hashtag]
        : [hashtag]
    }),
  )
}

/** A short form for servers that show only notes (FEP-b2b8). */
export const preview = (title: string, summary: string, url: string): Json => ({
  type: 'Note',
  content: `<p>${[title, summary].filter(Boolean).map(escaped).join('</p><p>')}</p><p><a href="${url}">${url}</a></p>`,
})

export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** A collection that is all on one page. */
export const collection = (id: string, items: unknown[], ordered = true): Json => ({
  '@context': AS,
  id,
  type: ordered ? 'OrderedCollection' : 'Collection',
  attributedTo: `${originOf(id)}/actor`,
  totalItems: items.length,
  [ordered ? 'orderedItems' : 'items']: items,
})
