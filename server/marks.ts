/** The marks between words as each language writes them: colons, brackets, commas and quotation marks come from the catalogs, never from code. */
import { type Html, html, type Value } from './html.ts'
import type { Words } from './words.ts'

/** A name and what it is: `Time: noon`. */
export const pair = (words: Words, name: string, value: string): string =>
  words('mark.pair', { name, value })

export const richPair = (words: Words, name: Value, value: Value): Html =>
  words.rich('mark.pair', { name, value })

/** Something, and beside it what there is to add: `Ana (Moderator)`. */
export const aside = (words: Words, name: string, more: string): string =>
  words('mark.aside', { name, aside: more })

export const richAside = (words: Words, name: Value, more: Value): Html =>
  words.rich('mark.aside', { name, aside: more })

/** One after another, without an "and". */
export const inARow = (words: Words, parts: string[]): string =>
  parts.length === 0 ? '' : parts.reduce((first, next) => words('mark.between', { first, next }))

export const richInARow = (words: Words, parts: Html[]): Html =>
  parts.length === 0
    ? html``
    : parts.reduce((first, next) => words.rich('mark.between', { first, next }))

/** The title of something, or what somebody said. */
export const quoted = (words: Words, text: string): string => words('mark.quoted', { text })
