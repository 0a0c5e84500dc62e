/** The index of documents by their fields: each value has a number, and each document a line for each of its numbers. */
import type { StatementSync } from 'node:sqlite'
import type { Table } from '../store.ts'
import type { Line } from './lines.ts'
import { fewValues } from './sqlite-query.ts'
import type { Term } from './tally.ts'

type Prepare = (text: string) => StatementSync

/** So many numbers are remembered, so that what every document says is not looked up each time. */
const REMEMBERED_MAX = 20_000
/** So many lines are written by one statement. */
const LINES_AT_ONCE = 16
const insertLines = Array.from({ length: LINES_AT_ONCE + 1 }, (_, count) => {
  return `INSERT INTO terms (term, at, row) VALUES ${Array.from({ length: count }, () => '(?, ?, ?)').join(', ')}`
})

/** Where a document's lines are: under which time, and which row it is. */
export interface Placed {
  row: number
  at: string
  /** Its numbers, as `docs.terms` has them. */
  terms: string
}

/** A value of a field, and its number. */
export interface Named extends Term {
  term: number
}

/** A value that lost its number, as it is remembered. */
export interface Gone {
  key: string
  term: number
}

/** `docs.terms` as numbers, and back. */
export const numbersIn = (terms: string): number[] =>
  terms === '' ? [] : terms.split(' ').map(Number)
export const written = (numbers: number[]): string => numbers.join(' ')

export class TermIndex {
  #sql: Prepare
  #numbers = new Map<string, number>()
  #names = new Map<number, Named>()
  #gone: Gone[] = []

  constructor(sql: Prepare) {
    this.#sql = sql
  }

  /** Values that nothing has any more, since this was asked last. */
  takeGone(): Gone[] {
    return this.#gone.splice(0)
  }

  /** These have no number any more. */
  forget(gone: Gone[]): void {
    for (const { key, term } of gone) {
      this.#numbers.delete(key)
      this.#names.delete(term)
    }
  }

  /** What is remembered is no longer sure: another process has written, or what we wrote was undone. */
  clear(): void {
    this.#numbers.clear()
    this.#names.clear()
  }

  /** The number of a value; none when no document has it. */
  find(table: Table, field: string, value: string): number | undefined {
    const key = `${table}\n${field}\n${value}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const select = 'SELECT term FROM names WHERE tbl = ? AND field = ? AND value = ?'
    const row = this.#sql(select).get(table, field, value)
    return row && this.#remember(key, { term: Number(row.term), field, value })
  }

  /** The numbers of all that a document says, those that are new made for it. */
  take(table: Table, terms: Line['terms']): number[] {
    return [...new Set(terms.map(([field, value]) => this.#number(table, field, value)))]
  }

  #number(table: Table, field: string, value: string): number {
    return this.find(table, field, value) ?? this.#make(table, field, value)
  }

  #make(table: Table, field: string, value: string): number {
    const insert = 'INSERT INTO names (tbl, field, value) VALUES (?, ?, ?) RETURNING term'
    const row = this.#sql(insert).get(table, field, value)
    return this.#remember(`${table}\n${field}\n${value}`, { term: Number(row?.term), field, value })
  }

  #remember(key: string, named: Named): number {
    if (this.#numbers.size >= REMEMBERED_MAX) this.clear()
    this.#numbers.set(key, named.term)
    this.#names.set(named.term, named)
    return named.term
  }

  /** Write lines for a document that has none of these. */
  add(row: number, at: string, numbers: number[]): void {
    for (let from = 0; from < numbers.length; from += LINES_AT_ONCE) {
      const some = numbers.slice(from, from + LINES_AT_ONCE)
      const insert = this.#sql(insertLines[some.length] ?? '')
      insert.get(...some.flatMap((term) => [term, at, row]))
    }
  }

  /** Take lines away, and the values that nothing has any more: nobody's address stays behind. */
  remove({ row, at }: Placed, numbers: number[]): void {
    const gone = this.#sql('DELETE FROM terms WHERE term = ? AND at = ? AND row = ?')
    for (const term of numbers) {
      gone.get(term, at, row)
      this.#tidy(term)
    }
  }

  #tidy(term: number): void {
    const unused = `DELETE FROM names WHERE term = ? AND field NOT IN (${fewValues})
      AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.term = names.term) RETURNING tbl, field, value`
    const row = this.#sql(unused).get(term)
    if (!row) return
    const gone = { key: `${row.tbl}\n${row.field}\n${row.value}`, term }
    this.#gone.push(gone)
    this.forget([gone])
  }

  /** Every value of these fields. What a document says besides, as its own id, has a number, too, and is not looked up. */
  all(table: Table, fields: string[]): Named[] {
    const select = `SELECT term, field, value FROM names
      WHERE tbl = ? AND field IN (SELECT value FROM json_each(?))`
    return this.#sql(select).all(table, JSON.stringify(fields)) as unknown as Named[]
  }

  /** What numbers stand for. */
  named(numbers: Iterable<number>): Named[] {
    const all = [...numbers].map((term) => this.#names.get(term) ?? term)
    const unknown = all.filter((each) => typeof each === 'number')
    const known = all.filter((each) => typeof each !== 'number')
    if (unknown.length === 0) return known
    const select =
      'SELECT term, field, value FROM names WHERE term IN (SELECT value FROM json_each(?))'
    const rows = this.#sql(select).all(JSON.stringify(unknown))
    return [...known, ...(rows as unknown as Named[])]
  }
}
