/** Tags of an item: the vocabularies' labels in the reader's language, each a link to what else carries it. */
import { label } from '../../../content/vocabulary.ts'
import type { Tags } from '../../../content/values.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

interface Kind {
  /** The vocabulary; topics that are in none are anybody's words. */
  list: string
  /** The code as it is known in the field, where it has one. */
  code?: (words: Words, slug: string) => string
}

const kinds: { [name in keyof Tags]: Kind } = {
  themes: { list: 'themes' },
  actionLines: {
    list: 'action-lines',
    code: (words, slug) => words('tags.action_line', { code: slug.split('.')[0] ?? slug }),
  },
  sdgs: { list: 'sdgs', code: (words, code) => words('tags.sdg', { code }) },
  gdc: { list: 'gdc', code: (words, code) => words('tags.gdc', { code }) },
  topics: { list: 'topics' },
}

const names = Object.keys(kinds) as (keyof Tags)[]

export const hasTags = (tags: Tags): boolean => names.some((name) => tags[name].length > 0)

/** All tags with their full labels; nothing when there are none. */
export function tagList(words: Words, tags: Tags): Html | false {
  if (!hasTags(tags)) return false
  return html`<ul class="tags" aria-label="${words('tags.title')}">${each(tags, (kind, slug) => {
    const text = label(kind.list, slug, words.language)
    const code = kind.code && html`<b>${kind.code(words, slug)}</b> `
    return html`<li><a href="${themePlace(kind.list, slug)}">${code}<bdi>${text}</bdi></a></li>`
  })}</ul>`
}

/** The codes alone, for the margin of a message; the full label is the link's title. */
export function tagCodes(words: Words, tags: Tags): Html[] {
  return each(tags, (kind, slug) => {
    const text = label(kind.list, slug, words.language)
    const shown = kind.code?.(words, slug)
    return html`<a class="tag" href="${themePlace(kind.list, slug)}"${
      shown !== undefined && html` title="${text}"`
    }>${shown ?? html`<bdi>${text}</bdi>`}</a> `
  })
}

const each = (tags: Tags, write: (kind: Kind, slug: string) => Html): Html[] =>
  names.flatMap((name) => tags[name].map((slug) => write(kinds[name], slug)))

/** The page of a theme: what is said here on one term of a vocabulary. */
export const themePlace = (list: string, slug: string): string =>
  `/themes/${list}/${encodeURIComponent(slug)}`
