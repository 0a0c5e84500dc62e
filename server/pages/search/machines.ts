/** Items as open data: the rows of JSON and CSV, with names that stay. */
import type { Initiative, Item } from '../../../content/model.ts'
import { originOf } from '../../../federation/addresses.ts'

export const columns = [
  'id',
  'type',
  'title',
  'text',
  'language',
  'initiative',
  'initiative_name',
  'initiative_kind',
  'countries',
  'year',
  'state',
  'version',
  'number',
  'kind',
  'consensus',
  'themes',
  'action_lines',
  'sdgs',
  'gdc',
  'topics',
  'verified',
  'published',
  'origin',
] as const

export type Row = Record<(typeof columns)[number], string | number | boolean | undefined>

const first = (texts: Record<string, string>, language: string) =>
  texts[language] ?? Object.values(texts)[0] ?? ''

/** One item as a flat row: lists are joined by a space or, for topics, by a semicolon. */
export function rowOf(item: Item, initiatives: Map<string, Initiative>): Row {
  const initiative = initiatives.get(item.initiative)
  const { tags, language } = item
  return {
    id: item.id,
    type: item.type,
    language,
    initiative: item.initiative,
    initiative_name: initiative && first(initiative.name, initiative.languages[0] ?? 'en'),
    initiative_kind: initiative?.kind,
    countries: initiative?.countries.join(' '),
    themes: tags.themes.join(' '),
    action_lines: tags.actionLines.join(' '),
    sdgs: tags.sdgs.join(' '),
    gdc: tags.gdc.join(' '),
    topics: tags.topics.join('; '),
    published: item.published,
    origin: originOf(item.id),
    ...particular(item),
  }
}

type Particular = Pick<
  Row,
  'title' | 'text' | 'year' | 'state' | 'version' | 'number' | 'kind' | 'consensus' | 'verified'
>

function particular(item: Item): Particular {
  const none = {
    year: undefined,
    state: undefined,
    version: undefined,
    number: undefined,
    kind: undefined,
    consensus: undefined,
    verified: undefined,
  }
  if (item.type === 'message') {
    const { number, kind, consensus, state, version, year, verified } = item
    const words = Object.fromEntries(
      Object.entries(item.texts).map(([language, { markdown }]) => [language, markdown]),
    )
    return {
      title: first(item.outcomeTitle, item.language),
      text: first(words, item.language),
      number,
      kind,
      consensus,
      state,
      version,
      year,
      verified,
    }
  }
  if (item.type === 'outcome') {
    const { state, version, year, verified } = item
    return {
      ...none,
      title: first(item.title, item.language),
      text: item.text,
      state,
      version,
      year,
      verified,
    }
  }
  if (item.type === 'contribution') return { ...none, title: item.authorName, text: item.text }
  const year = item.type === 'meeting' ? item.year : undefined
  return { ...none, title: first(item.title, item.language), text: item.text, year }
}
