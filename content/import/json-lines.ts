/** JSON Lines: one published outcome a line, as gathered from the sites of several initiatives. */
import { mistakesOf } from '../checked.ts'
import { isTerm, terms } from '../vocabulary.ts'
import { ImportedOutcome, type ReadItem } from './imported.ts'
import { named } from './mistakes.ts'
import { slugOf } from './slugs.ts'

const LINE_LETTERS_MAX = 1_000_000
const TOPICS_MAX = 30

type Fields = Record<string, unknown>

/** The outcome in a line, or every mistake in it. Never throws for what the line holds. */
export function itemFromLine(place: string, line: string): ReadItem {
  if (line.length > LINE_LETTERS_MAX)
    return { place, mistakes: [{ field: 'line', sentence: 'import.too_large' }] }
  const fields = parsed(line)
  if (!fields) return { place, mistakes: [{ field: 'line', sentence: 'import.no_json' }] }
  const result = ImportedOutcome.safeParse(shaped(fields), { reportInput: true })
  return result.success
    ? { place, item: result.data }
    : { place, mistakes: named(mistakesOf(result.error), ours) }
}

/** What is made from a field of the line is wrong when that field is. */
const ours = {
  markdown: 'text',
  slug: 'title',
  outcomeType: 'type',
  published: 'year',
  topics: 'themes',
}

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined
  } catch {
    return undefined
  }
}

function shaped({ title, text, language, year, source, type, themes, initiative }: Fields): Fields {
  const slug = slugOf(`${String(title ?? '')} ${String(year ?? '')}`)
  const published = Number.isInteger(year) ? `${String(year)}-12-31T12:00:00.000Z` : undefined
  const shape = {
    type: 'outcome',
    slug,
    title,
    markdown: text,
    language,
    year,
    source,
    outcomeType: typeOf(type),
    tags: tagsFrom(themes),
    initiative,
    published,
  }
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== undefined && value !== null),
  )
}

const typeOf = (type: unknown): string => {
  const slug = String(type ?? 'messages').replaceAll('-', '_')
  if (slug === 'message') return 'messages'
  return isTerm('outcome-types', slug) ? slug : 'report'
}

/** Free themes become terms where a vocabulary knows the word, and topics where none does. */
function tagsFrom(themes: unknown) {
  const words = [themes ?? []].flat().map((word) => (typeof word === 'string' ? word.trim() : word))
  const known = words.filter((word) => word !== '').slice(0, TOPICS_MAX)
  const lines = known.flatMap((word) => actionLineOf(String(word)) ?? [])
  return { actionLines: [...new Set(lines)], topics: known }
}

function actionLineOf(word: string): string | undefined {
  const wanted = word.toLowerCase()
  return terms('action-lines').find(
    ({ labels, synonyms = [] }) =>
      labels.en?.toLowerCase() === wanted || synonyms.some((each) => each.toLowerCase() === wanted),
  )?.slug
}
