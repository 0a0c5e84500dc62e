/** Markdown with front matter: one file is one meeting, session, discussion, outcome or translation. */
import { parse } from 'yaml'
import { mistakesOf } from '../checked.ts'
import { Imported, type ReadItem } from './imported.ts'
import { slugOf } from './slugs.ts'

const FILE_LETTERS_MAX = 1_000_000
const ALIASES_MAX = 10

type Fields = Record<string, unknown>

/** The item in a file, or every mistake in it. Never throws for what the file holds. */
export function itemFromMarkdown(place: string, text: string): ReadItem {
  if (text.length > FILE_LETTERS_MAX) return wrong(place, 'file', 'import.too_large')
  const [, head, body = ''] = /^\uFEFF?---\r?\n(.*?)\r?\n---\r?\n?(.*)$/s.exec(text) ?? []
  if (head === undefined) return wrong(place, 'file', 'import.no_front_matter')
  const fields = readFields(head)
  if (!fields) return wrong(place, 'file', 'import.bad_front_matter')
  const result = Imported.safeParse(shaped(fields, body.trim()))
  return result.success
    ? { place, item: result.data }
    : { place, mistakes: mistakesOf(result.error) }
}

const wrong = (place: string, field: string, sentence: string): ReadItem => ({
  place,
  mistakes: [{ field, sentence }],
})

function readFields(head: string): Fields | undefined {
  try {
    const fields: unknown = parse(head, { maxAliasCount: ALIASES_MAX })
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      ? { ...fields }
      : undefined
  } catch {
    return undefined
  }
}

/** The file's words to ours. What is missing is left to the schema to name. */
function shaped(fields: Fields, body: string): Fields {
  const type = fields.translation_of === undefined ? fields.type : 'translation'
  const isText = type === 'outcome' || type === 'translation'
  const title = isText ? fields.title : titles(fields)
  const shape = {
    ...camelled(fields),
    type,
    of: fields.translation_of,
    title,
    slug: fields.slug ?? slugOf(firstOf(title)),
    tags: tagsIn(fields),
    markdown: body,
    text: body,
    published: instant(fields.published),
    startsAt: instant(fields.starts),
    endsAt: instant(fields.ends),
    opensAt: instant(fields.opens),
    closesAt: instant(fields.closes),
    comment: period(fields),
    people: listOf(fields.people).map((person) => camelled(Object(person) as Fields)),
    participation: figures(fields),
  }
  return Object.fromEntries(
    Object.entries(shape).filter(([, value]) => value !== undefined && value !== null),
  )
}

const titles = ({ title, language }: Fields) =>
  typeof title === 'string' ? { [String(language)]: title } : title

const firstOf = (title: unknown): string =>
  typeof title === 'string' ? title : String(Object.values(Object(title) as Fields)[0] ?? '')

const camelled = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )

const listOf = (value: unknown): unknown[] => [value ?? []].flat()
const texts = (value: unknown): string[] => listOf(value).map(String)

const tagsIn = (fields: Fields) => ({
  themes: texts(fields.themes),
  actionLines: texts(fields.action_lines),
  sdgs: texts(fields.sdgs),
  gdc: texts(fields.gdc),
  topics: texts(fields.topics),
})

/** A day or an instant, as YAML or a person writes it; something else stays as it is, for the schema to refuse. */
function instant(value: unknown): unknown {
  if (value === undefined || value === null) return undefined
  const ms = Date.parse(String(value))
  return Number.isNaN(ms) ? String(value) : new Date(ms).toISOString()
}

const period = ({ comment_opens: opens, comment_closes: closes }: Fields) =>
  closes === undefined
    ? undefined
    : { opensAt: instant(opens ?? closes), closesAt: instant(closes) }

const figures = ({ total, onsite, online }: Fields) =>
  Object.fromEntries(
    Object.entries({ total, onsite, online }).filter(([, value]) => value !== undefined),
  )
