/** Tags of an item: the vocabularies' labels in the reader's language, each a link to what else carries it. */
import { label } from '../../../content/vocabulary.ts'
import type { Tags } from '../../../content/values.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

interface Kind {
  /** The vocabulary; free topics have none. */
  list?: string
  /** The search's name of it. */
  facet: string
  /** The code as it is known in the field, where it has one. */
  code?: (words: Words, slug: string) => string
}

const kinds: { [name in keyof Tags]: Kind } = {
  themes: { list: 'themes', facet: 'theme' },
  actionLines: {
    list: 'action-lines',
    facet: 'actionLine',
    code: (words, slug) => words('tags.action_line', { code: slug.split('.')[0] ?? slug }),
  },
  sdgs: { list: 'sdgs', facet: 'sdg', code: (words, code) => words('tags.sdg', { code }) },
  gdc: { list: 'gdc', facet: 'gdc', code: (words, code) => words('tags.gdc', { code }) },
  topics: { facet: 'topic' },
}

const names = Object.keys(kinds) as (keyof Tags)[]

export const hasTags = (tags: Tags): boolean => names.some((name) => tags[name].length > 0)

/** All tags with their full labels; nothing when there are none. */
export function tagList(words: Words, tags: Tags): Html | false {
  if (!hasTags(tags)) return false
  return html`<ul class="tags" aria-label="${words('tags.title')}">${each(tags, (kind, slug) => {
    const text = kind.list ? label(kind.list, slug, words.language) : slug
    const code = kind.code && html`<b>${kind.code(words, slug)}</b> `
    return html`<li><a href="${address(kind, slug)}">${code}<bdi>${text}</bdi></a></li>`
  })}</ul>`
}

/** The codes alone, for the margin of a message; the full label is the link's title. */
export function tagCodes(words: Words, tags: Tags): Html[] {
  return each(tags, (kind, slug) => {
    const text = kind.list ? label(kind.list, slug, words.language) : slug
    const shown = kind.code?.(words, slug)
    return html`<a class="tag" href="${address(kind, slug)}"${
      shown !== undefined && html` title="${text}"`
    }>${shown ?? html`<bdi>${text}</bdi>`}</a> `
  })
}

const each = (tags: Tags, write: (kind: Kind, slug: string) => Html): Html[] =>
  names.flatMap((name) => tags[name].map((slug) => write(kinds[name], slug)))

const address = ({ facet }: Kind, slug: string) => `/search?${facet}=${encodeURIComponent(slug)}`
