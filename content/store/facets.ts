/** Counted values as a reader wants them: by field, most frequent first. */
import type { Facets } from '../store.ts'

const VALUES_MAX = 100

export interface Counted {
  field: string
  value: string
  count: number
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
