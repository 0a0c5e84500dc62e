/** Markdown with front matter: one file is one meeting, session, discussion, outcome or translation. */
import { lazily } from '../lazily.ts'
import { mistakesOf } from '../checked.ts'
import { isTimeZone } from '../values.ts'
import { Imported, type ReadItem } from './imported.ts'
import { instantOf } from './instants.ts'
import { misfits, named } from './mistakes.ts'
import { slugOf } from './slugs.ts'

const yaml = lazily<typeof import('yaml')>('yaml')

const FILE_LETTERS_MAX = 1_000_000
const ALIASES_MAX = 10

type Fields = Record<string, unknown>

/** The item in a file, or every mistake in it. Never throws for what the file holds. */
export function itemFromMarkdown(place: string, text: string): ReadItem {
  if (text.length > FILE_LETTERS_MAX) return wrong(place, 'file', 'import.too_large')
  const [, head, body = ''] = parts.exec(text) ?? []
  if (head === undefined) return wrong(place, 'file', 'import.no_front_matter')
  const fields = readFields(head)
  if (!fields) return wrong(place, 'file', 'import.bad_front_matter')
  const result = Imported.safeParse(shaped(fields, body.trim()), { reportInput: true })
  if (!result.success) return { place, mistakes: named(mistakesOf(result.error), namesOf(fields)) }
  const mistakes = misfits(result.data)
  return mistakes.length > 0
    ? { place, mistakes: named(mistakes, namesOf(fields)) }
    : { place, item: result.data }
}

/** The block between two lines of ---, and what follows it. */
const parts = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n(.*))?$/s

/** What we call a field, by what the file calls it. */
function namesOf({ translation_of: of }: Fields): Record<string, string> {
  const ours = {
    ...{ markdown: 'text', of: 'translation_of', comment: 'comment_closes' },
    ...{ startsAt: 'starts', endsAt: 'ends', opensAt: 'opens', closesAt: 'closes' },
    ...{ 'comment.opensAt': 'comment_opens', 'comment.closesAt': 'comment_closes' },
  }
  return of === undefined ? ours : { ...ours, type: 'translation_of' }
}

const wrong = (place: string, field: string, sentence: string): ReadItem => ({
  place,
  mistakes: [{ field, sentence }],
})

function readFields(head: string): Fields | undefined {
  try {
    const fields: unknown = yaml().parse(head, { maxAliasCount: ALIASES_MAX })
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
  const zone = isTimeZone(String(fields.time_zone)) ? String(fields.time_zone) : 'UTC'
  const shape = {
    ...camelled(fields),
    type,
    of: fields.translation_of,
    title,
    slug: fields.slug ?? slugOf(firstOf(title)),
    tags: tagsIn(fields),
    markdown: body,
    text: body,
    published: instant(fields.published, zone),
    startsAt: instant(fields.starts, zone),
    endsAt: instant(fields.ends, zone),
    opensAt: instant(fields.opens, zone),
    closesAt: instant(fields.closes, zone),
    comment: period(fields, zone),
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

/** What is no moment stays as it is, for the schema to refuse. */
function instant(value: unknown, zone: string): unknown {
  if (value === undefined || value === null) return undefined
  return instantOf(String(value), zone) ?? String(value)
}

/** Without a beginning it opens when it is imported. */
const period = ({ comment_opens: opens, comment_closes: closes }: Fields, zone: string) =>
  closes === undefined
    ? undefined
    : { ...(opens ? { opensAt: instant(opens, zone) } : {}), closesAt: instant(closes, zone) }

const figures = ({ total, onsite, online }: Fields) =>
  Object.fromEntries(
    Object.entries({ total, onsite, online }).filter(([, value]) => value !== undefined),
  )
