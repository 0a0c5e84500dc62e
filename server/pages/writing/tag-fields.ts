/** What something is about, as a form: action lines, goals, objectives, themes by year, and free topics. */
import type { Mistake } from '../../../content/refusal.ts'
import { piecesOf } from '../../../content/typed-lists.ts'
import type { Tags } from '../../../content/values.ts'
import { isTerm, label, terms } from '../../../content/vocabulary.ts'
import type { Field, Values } from '../../forms.ts'
import type { Words } from '../../words.ts'
import { listIn, textIn } from './values.ts'

/** The lists that are ticked, by the name of their field. */
const lists = {
  actionLines: 'action-lines',
  sdgs: 'sdgs',
  gdc: 'gdc',
  themes: 'themes',
} as const

type Listed = keyof typeof lists

const names = Object.keys(lists) as Listed[]

/** How a term is called in the list it is ticked in: with the code it is known by. */
const coded = (name: Listed, slug: string, text: string) =>
  name === 'themes' ? text : `${slug.split('.')[0] ?? slug} · ${text}`

export function tagFields(words: Words): Field[] {
  const ticked = names.map((name): Field => ({
    name,
    label: words(`writing.tags.${name}`),
    kind: 'checkboxes',
    folded: true,
    options: terms(lists[name])
      .toSorted((a, b) => (b.year ?? 0) - (a.year ?? 0))
      .map(({ slug, year }) => ({
        value: slug,
        label: coded(name, slug, label(lists[name], slug, words.language)),
        ...(year ? { group: String(year) } : {}),
      })),
  }))
  const topics: Field = {
    name: 'topics',
    label: words('writing.tags.topics'),
    hint: words('writing.tags.topics_hint'),
    dir: 'auto',
  }
  return [...ticked, topics]
}

export const taggedValues = ({ themes, actionLines, sdgs, gdc, topics }: Tags): Values => ({
  themes,
  actionLines,
  sdgs,
  gdc,
  topics: topics.join(', '),
})

/** What was ticked and typed. A term that no list has was not ticked here. */
export function readTags(values: Values): { tags: Tags; mistakes: Mistake[] } {
  const unknown = names.filter((name) =>
    listIn(values, name).some((slug) => !isTerm(lists[name], slug)),
  )
  const topics = piecesOf(textIn(values, 'topics'))
  const of = (name: Listed) => listIn(values, name)
  return {
    tags: {
      themes: of('themes'),
      actionLines: of('actionLines'),
      sdgs: of('sdgs'),
      gdc: of('gdc'),
      topics: [...new Set(topics)],
    },
    mistakes: unknown.map((field) => ({ field, sentence: 'field.wrong' })),
  }
}

/** Mistakes inside the lists, as mistakes of their fields: `tags.topics.3` is about `topics`. */
export const besideTags = (mistakes: Mistake[]): Mistake[] => {
  const found = mistakes.map((each) => ({
    ...each,
    field: each.field.replace(/^tags\.(\w+).*$/, '$1'),
  }))
  return [...new Map(found.map((each) => [each.field, each])).values()]
}
