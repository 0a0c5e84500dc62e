/** The site's own words, in the reader's language. Catalogs: locales/<language>/<area>.json, flat keys. */
import { readdirSync, readFileSync } from 'node:fs'
import { Html, escaped, type Value } from './html.ts'

type Catalog = Record<string, string | Record<string, string>>

const folder = new URL('./locales/', import.meta.url)

const readArea = (language: string, area: string) =>
  JSON.parse(readFileSync(new URL(`${language}/${area}`, folder), 'utf8')) as Catalog

function readCatalog(language: string): Catalog {
  const areas = readdirSync(new URL(`${language}/`, folder)).filter((name) =>
    name.endsWith('.json'),
  )
  return Object.assign({}, ...areas.map((area) => readArea(language, area)))
}

/** English first: it is what a reader without a preference gets. */
export const languages = ['en', ...readdirSync(folder).filter((name) => name !== 'en')]

/** Whether the site speaks it. */
export const isSpoken = (language: string): boolean => languages.includes(language)

/** One text of an area in every language; their catalogs are not kept for it. */
export const inEveryLanguage = (area: string, key: string): Record<string, string> =>
  Object.fromEntries(
    languages.map((language) => [language, String(readArea(language, `${area}.json`)[key])]),
  )

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'ckb', 'sd', 'ug', 'yi', 'dv'])

/** The direction of a language's script, for `dir`. */
export const direction = (language: string): 'rtl' | 'ltr' =>
  rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr'

/** Everything a page needs to speak one language. */
export interface Words {
  (key: string, values?: Record<string, string | number>): string
  language: string
  dir: 'rtl' | 'ltr'
  /** A sentence with Html in its placeholders (links, <bdi>). */
  rich: (key: string, values: Record<string, Value>) => Html
  /** A day: 3 May 2026. `timeZone` defaults to UTC. */
  day: (at: string, timeZone?: string) => string
  /** Day and time with the name of the zone: 3 May 2026, 14:00 UTC. */
  moment: (at: string, timeZone?: string) => string
  /** How far `at` is from `from`, in the largest fitting unit: in 3 days, 2 hours ago. */
  distance: (at: string, from: string) => string
  number: (value: number) => string
  list: (values: string[]) => string
  has: (key: string) => boolean
}

/** Only of languages somebody has asked for: each catalog takes half a megabyte. */
const made = new Map<string, Words>()

/** The words of one language. A key that no catalog has shows itself: silence would hide it. */
export function wordsFor(language: string): Words {
  const known = made.get(language) ?? makeWords(isSpoken(language) ? language : 'en')
  made.set(known.language, known)
  return known
}

function makeWords(language: string): Words {
  const catalog = readCatalog(language)
  const plural = new Intl.PluralRules(language)
  const sentence = (key: string, count: unknown): string => {
    const found = catalog[key] ?? key
    if (typeof found === 'string') return found
    return found[plural.select(Number(count))] ?? found.other ?? key
  }
  const number = new Intl.NumberFormat(language)
  const put = (value: string | number | undefined) =>
    typeof value === 'number' ? number.format(value) : (value ?? '')
  const say = (key: string, values: Record<string, string | number> = {}) =>
    sentence(key, values.count).replace(/\{(\w+)\}/g, (_, name: string) => put(values[name]))
  const rich = (key: string, values: Record<string, Value>) =>
    new Html(
      escaped(sentence(key, values.count)).replace(/\{(\w+)\}/g, (_, name: string) =>
        written(values[name], put),
      ),
    )
  const list = new Intl.ListFormat(language)
  return Object.assign(say, {
    language,
    dir: direction(language),
    rich,
    ...dates(language),
    number: (value: number) => number.format(value),
    list: (values: string[]) => list.format(values),
    has: (key: string) => catalog[key] !== undefined,
  })
}

function written(value: Value, put: (value: string | number | undefined) => string): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map((part) => written(part, put)).join('')
  return value === null || value === false ? '' : escaped(put(value))
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

function dates(language: string) {
  const day = (at: string, timeZone = 'UTC') =>
    new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(new Date(at))
  const moment = (at: string, timeZone = 'UTC') =>
    new Intl.DateTimeFormat(language, {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
      timeZone,
    }).format(new Date(at))
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const distance = (at: string, from: string) => {
    const ms = Date.parse(at) - Date.parse(from)
    const [unit, size] = units.find(([, each]) => Math.abs(ms) >= each) ?? ['minute', 60_000]
    return relative.format(Math.trunc(ms / size), unit)
  }
  return { day, moment, distance }
}
