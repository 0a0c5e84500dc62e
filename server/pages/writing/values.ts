/** What came with a form of a writer, as it was typed, and its texts as what they stand for. */
import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Mistake } from '../../../content/refusal.ts'
import { instantOf } from '../../../content/zones.ts'
import type { Values } from '../../forms.ts'

const LANGUAGES_MAX = 30
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

/** Not typed by anybody, or not to be shown again. */
const apart = new Set(['_token', 'do', 'lang'])

/** Every field, with one text or several. */
export function valuesIn(req: Request): Values {
  const body = (req.body ?? {}) as Record<string, unknown>
  const found = Object.entries(body).flatMap(([name, value]) =>
    apart.has(name) || !isTyped(value) ? [] : [[name, value] as const],
  )
  return Object.fromEntries(found)
}

const isTyped = (value: unknown): value is string | string[] =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string'))

/** Browsers send two letters for each end of a line. */
export const textIn = (values: Values, name: string): string =>
  ([values[name] ?? ''].flat()[0] ?? '').replaceAll('\r\n', '\n').trim()

export const listIn = (values: Values, name: string): string[] => [
  ...new Set([values[name] ?? []].flat().filter(Boolean)),
]

/** A field that is left out when it is empty. */
export function given<Name extends string>(values: Values, name: Name): { [N in Name]?: string } {
  const text = textIn(values, name)
  return (text === '' ? {} : { [name]: text }) as { [N in Name]?: string }
}

/** A number, left out when it is empty; what is no number is refused by the schema that reads it. */
export function numberGiven<Name extends string>(
  values: Values,
  field: string,
  name: Name,
): { [N in Name]?: number } {
  const text = textIn(values, field)
  return (text === '' ? {} : { [name]: Number(text) }) as { [N in Name]?: number }
}

/** The texts `<name>.<language>` that are not empty, by language. */
export function localizedIn(values: Values, name: string): Record<string, string> {
  const found = Object.keys(values).flatMap((field) => {
    const language = field.startsWith(`${name}.`) ? field.slice(name.length + 1) : ''
    const text = textIn(values, field)
    return LANGUAGE.test(language) && text !== '' ? [[language, text] as const] : []
  })
  return Object.fromEntries(found.slice(0, LANGUAGES_MAX))
}

export const asFields = (name: string, texts: Record<string, string>): Values =>
  Object.fromEntries(Object.entries(texts).map(([language, text]) => [`${name}.${language}`, text]))

export interface ReadTime {
  at?: string
  mistakes: Mistake[]
}

/** The time on a clock of a zone, as an instant; or why it is none. */
export function timeIn(values: Values, name: string, timeZone: string, required = false): ReadTime {
  const typed = textIn(values, name)
  if (typed === '')
    return { mistakes: required ? [{ field: name, sentence: 'field.required' }] : [] }
  const at = instantOf(typed, timeZone)
  if (at) return { at, mistakes: [] }
  const sentence = instantOf(typed, 'UTC') ? 'field.no_such_time' : 'field.bad_date'
  return { mistakes: [{ field: name, sentence }] }
}

/** The same for the same fields with the same texts: whether a form still shows what stands in the store. */
export function fingerprint(values: Values): string {
  const sorted = Object.entries(values).sort(([a], [b]) => a.localeCompare(b))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32)
}
