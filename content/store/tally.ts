/** How the counts of values change within one transaction: added up first, since many documents say the same. */
import { counted } from './indexed.ts'
import type { Table } from '../store.ts'

export interface Term {
  field: string
  value: string
}

const BETWEEN = '\u0000'

export class Tally {
  #changes = new Map<string, number>()

  /** Whether anything of this table is counted. */
  static counts(table: Table): boolean {
    return table === counted.table
  }

  /** A document with these terms has come (1) or gone (-1). */
  add(terms: Term[], by: 1 | -1): void {
    const scope = counted.scope.map(
      (name) => terms.find(({ field }) => field === name)?.value ?? '',
    )
    const distinct = new Set(
      terms
        .filter(({ field }) => counted.fields.includes(field))
        .map(({ field, value }) => [field, value, ...scope].join(BETWEEN)),
    )
    for (const each of distinct) this.#changes.set(each, (this.#changes.get(each) ?? 0) + by)
  }

  /** Each change once: field, value and scope. Then all is forgotten. */
  write(one: (term: string[], by: number) => void): void {
    for (const [term, by] of this.#changes) if (by !== 0) one(term.split(BETWEEN), by)
    this.clear()
  }

  clear(): void {
    this.#changes.clear()
  }
}
