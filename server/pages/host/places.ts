/** Countries and languages as people type them: names in their own language or another, codes, in one line or many. */
import { countryCodes, countryName, languageName } from '../../../content/countries.ts'
import { Language } from '../../../content/values.ts'
import { asPiece, piecesOf } from '../../../content/typed-lists.ts'
import { plainLetters } from '../../../content/searchable.ts'

/** Beside the reader's own, a name is understood in these. */
const UNDERSTOOD = ['ar', 'es', 'fr', 'pt', 'ru', 'zh']
const PIECES_MAX = 300
const PIECE_LETTERS_MAX = 100
const NEAR_MAX = 3
/** A slip of the pen is rarely in the first letters. */
const NEAR_LETTERS = 3

export interface Named {
  code: string
  name: string
}

export interface ReadNames {
  codes: string[]
  /** What was not understood, and what may have been meant. */
  unknown: { text: string; near: Named[] }[]
}

type Kind = 'region' | 'language'

/** Names that people use and Intl does not. */
const usual: Record<string, string> = {
  usa: 'US',
  'united states of america': 'US',
  'great britain': 'GB',
  'ivory coast': 'CI',
  'cape verde': 'CV',
  'cabo verde': 'CV',
  'czech republic': 'CZ',
  turkey: 'TR',
  swaziland: 'SZ',
  macedonia: 'MK',
  burma: 'MM',
  'democratic republic of the congo': 'CD',
  'democratic republic of congo': 'CD',
  'dr congo': 'CD',
  drc: 'CD',
  'republic of the congo': 'CG',
  'russian federation': 'RU',
  'republic of korea': 'KR',
  'viet nam': 'VN',
  'state of palestine': 'PS',
  'holy see': 'VA',
  'east timor': 'TL',
  macau: 'MO',
  'brunei darussalam': 'BN',
  uae: 'AE',
}

export const readCountries = (text: string, language: string): ReadNames =>
  readNames(text, language, 'region')

export const readLanguages = (text: string, language: string): ReadNames =>
  readNames(text, language, 'language')

/** Whether it is well formed, known or not. */
export function isLanguageTag(text: string): boolean {
  try {
    return Language.safeParse(text).success && Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

/** All countries by name, in the order of the reader's alphabet. */
export function countriesByName(language: string): Named[] {
  const { compare } = new Intl.Collator(language)
  return countryCodes
    .map((code) => ({ code, name: countryName(code, language) }))
    .sort((a, b) => compare(a.name, b.name))
}

/** What parts a list in the reader's script. */
const separators: Record<string, string> = { ar: '، ', zh: '、' }

/** The line that stands in the field: reading it gives the same codes. */
export const writtenCountries = (codes: string[], language: string): string =>
  inOneLine(
    codes.map((code) => countryName(code, language)),
    language,
  )

export const writtenLanguages = (codes: string[], language: string): string =>
  inOneLine(
    codes.map((code) => languageName(code, language)),
    language,
  )

const inOneLine = (names: string[], language: string): string =>
  names.map((name) => asPiece(name)).join(separators[language] ?? ', ')

function readNames(text: string, language: string, kind: Kind): ReadNames {
  const pieces = piecesOf(text)
    .map((piece) => piece.slice(0, PIECE_LETTERS_MAX))
    .slice(0, PIECES_MAX)
  const codes = new Set<string>()
  const unknown: ReadNames['unknown'] = []
  for (const piece of pieces) {
    const found = codesOf(piece, language, kind)
    for (const code of found) codes.add(code)
    if (found.length === 0) unknown.push({ text: piece, near: near(piece, language, kind) })
  }
  return { codes: [...codes], unknown }
}

/** A name, a code, a name with its code in brackets, or several codes in a row. */
function codesOf(piece: string, language: string, kind: Kind): string[] {
  const name = named(piece, language, kind)
  if (name) return [name]
  const bracketed = /\(([A-Za-z-]{2,12})\)$/.exec(piece)?.[1]
  const codes = (bracketed ? [bracketed] : piece.split(/\s+/)).map((each) => asCode(each, kind))
  return codes.every((code) => code !== undefined) ? codes : []
}

function named(piece: string, language: string, kind: Kind): string | undefined {
  const plain = plainName(piece)
  const own = [language, 'en'].map((each) => namesIn(each, kind).get(plain)).find(Boolean)
  if (own) return own
  if (kind === 'region' && usual[plain]) return usual[plain]
  const part = [...namesIn(language, kind).keys()].some((name) => name.includes(plain))
  return part ? undefined : foreign(plain, kind)
}

/** A name in a language that is not the reader's. What is a part of several names in theirs (Congo) is not taken for one. */
function foreign(plain: string, kind: Kind): string | undefined {
  const found = UNDERSTOOD.map((each) => namesIn(each, kind).get(plain)).find(Boolean)
  return found ?? (kind === 'language' ? ownNames().get(plain) : undefined)
}

function asCode(text: string, kind: Kind): string | undefined {
  if (kind === 'region') return countryCodes.find((code) => code === text.toUpperCase())
  const code = text.replace(/^[A-Za-z]{2,3}/, (start) => start.toLowerCase())
  if (!isLanguageTag(code)) return undefined
  const canonical = Intl.getCanonicalLocales(code)[0] ?? code
  return languageCodes().includes(canonical.split('-')[0] ?? '') ? canonical : undefined
}

/** One spelling for all: letters only, `&` and `St.` written out or cut as everywhere. */
const plainName = (text: string): string =>
  plainLetters(text)
    .replace(/&/g, ' and ')
    .replace(/[’']/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\bsaint\b/g, 'st')
    .trim()
    .replace(/^the /, '')

const known = new Map<string, Map<string, string>>()

/** Every name of one language, long and short, and the code it stands for. */
function namesIn(language: string, kind: Kind): Map<string, string> {
  const key = `${kind} ${language}`
  const names = known.get(key) ?? new Map<string, string>()
  if (names.size > 0) return names
  const codes = kind === 'region' ? countryCodes : languageCodes()
  for (const style of ['long', 'short'] as const) {
    const namer = new Intl.DisplayNames([language, 'en'], { type: kind, style })
    for (const code of codes) {
      const name = plainName(namer.of(code) ?? code)
      if (!names.has(name)) names.set(name, code)
    }
  }
  known.set(key, names)
  return names
}

const letters = [...'abcdefghijklmnopqrstuvwxyz']
let spoken: string[] | undefined

/** All languages that have a name: Intl does not list them, but it knows each one asked for. */
function languageCodes(): string[] {
  if (spoken) return spoken
  const two = letters.flatMap((a) => letters.map((b) => a + b))
  const three = two.flatMap((pair) => letters.map((c) => pair + c))
  const namer = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })
  const found = [...two, ...three].filter((code) => namer.of(code) !== undefined)
  spoken = found.filter((code) => Intl.getCanonicalLocales(code)[0] === code)
  return spoken
}

/** What the speakers of each language call it: Kiswahili, Türkçe. */
function ownNames(): Map<string, string> {
  const names = known.get('own') ?? new Map<string, string>()
  if (names.size > 0) return names
  for (const code of languageCodes().filter((each) => each.length === 2)) {
    names.set(plainName(languageName(code, code)), code)
  }
  known.set('own', names)
  return names
}

/** Names that hold what was typed, or stand in it, or begin as it does. */
function near(piece: string, language: string, kind: Kind): Named[] {
  const plain = plainName(piece)
  const start = plain.slice(0, NEAR_LETTERS)
  const say = kind === 'region' ? countryName : languageName
  const names = [...namesIn(language, kind)]
  const holding = names.filter(([name]) => plain.length >= NEAR_LETTERS && name.includes(plain))
  const held = names.filter(([name]) => name.length > NEAR_LETTERS && plain.includes(name))
  const alike = names.filter(([name]) => start.length === NEAR_LETTERS && name.startsWith(start))
  const codes = new Set([...holding, ...held, ...alike].map(([, code]) => code))
  return [...codes].slice(0, NEAR_MAX).map((code) => ({ code, name: say(code, language) }))
}
