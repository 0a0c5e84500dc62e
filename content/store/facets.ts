/** Counted values as a reader wants them: by field, most frequent first. */
import type { Facets } from '../store.ts'

const VALUES_MAX = 100
const ZERO = 48

export interface Counted {
  field: string
  value: string
  count: number
}

type Value = Omit<Counted, 'count'> & { term: number }

/** Counts how many lines, each the numbers of one document, have each of some values. Read letter by letter: they are many. */
export class Counter {
  #values: Value[]
  #counts: Map<number, number>

  constructor(values: Value[]) {
    this.#values = values
    this.#counts = new Map(values.map(({ term }) => [term, 0]))
  }

  add(line: string): void {
    let number = 0
    for (let at = 0; at < line.length; at += 1) {
      const digit = line.charCodeAt(at) - ZERO
      if (digit >= 0) number = number * 10 + digit
      else {
        this.#one(number)
        number = 0
      }
    }
    this.#one(number)
  }

  #one(term: number): void {
    const before = this.#counts.get(term)
    if (before !== undefined) this.#counts.set(term, before + 1)
  }

  get counted(): Counted[] {
    return this.#values
      .map(({ field, value, term }) => ({ field, value, count: this.#counts.get(term) ?? 0 }))
      .filter(({ count }) => count > 0)
  }
}

/** Of these fields alone, at most 100 values of each. */
export function facetsOf(fields: string[], counted: Counted[]): Facets {
  const found: Facets = Object.fromEntries(fields.map((field) => [field, []]))
  for (const { field, value, count } of counted) found[field]?.push({ value, count })
  for (const field of fields) {
    const sorted = found[field]?.sort((a, b) => b.count - a.count || byCode(a.value, b.value))
    found[field] = (sorted ?? []).slice(0, VALUES_MAX)
  }
  return found
}

/** As the database orders text. */
const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
