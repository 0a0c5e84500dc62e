/** What a change writes: documents, their index, their words and counts, and the lines of the log. Inside a transaction of the caller. */
import type { StatementSync } from 'node:sqlite'
import { worded } from './indexed.ts'
import { completed, leafHash, type Nodes } from '../merkle.ts'
import { Refusal } from '../refusal.ts'
import { searchable } from '../searchable.ts'
import type { NewEntry, Stream, Table } from '../store.ts'
import type { Line, Lines } from './lines.ts'
import { numbersIn, type Placed, type TermIndex, written } from './sqlite-terms.ts'
import { Tally } from './tally.ts'

const STREAMS_MAX = 10_000

type Row = Record<string, unknown>

export class Writer {
  #sql: (text: string) => StatementSync
  #terms: TermIndex
  #tally = new Tally()
  /** The last position of streams, and the last node of each level of the log's tree, as written here. */
  #last = new Map<Stream, number>()
  #edge = new Map<number, { index: number; hash: Buffer }>()

  constructor(sql: (text: string) => StatementSync, terms: TermIndex) {
    this.#sql = sql
    this.#terms = terms
  }

  /** Write the counts of all that was applied: last, before the transaction ends. */
  finish(): void {
    this.#tally.write(this.#counting)
  }

  /** What was applied is undone by the caller. */
  undone(): void {
    this.#tally.clear()
    this.forget()
  }

  /** What is remembered of the file is no longer sure. */
  forget(): void {
    this.#terms.clear()
    this.#last.clear()
    this.#edge.clear()
  }

  /** All of a change. Refusal `conflict` when a document or an entry is not as the change supposes. */
  apply({ put, drop, log }: Lines): void {
    for (const [table, id] of drop) this.#drop(table, id)
    for (const line of put) this.#put(line)
    for (const entry of log) this.#append(entry)
  }

  #put(line: Line): void {
    const { table, rev, terms, text } = line
    const numbers = this.#terms.take(table, terms)
    const row =
      rev === undefined ? this.#insert(line, numbers) : this.#replace({ ...line, rev }, numbers)
    if (rev !== undefined && worded.has(table)) this.#unword(row)
    if (text) this.#write('INSERT INTO words (rowid, text) VALUES (?, ?)', row, searchable(text))
  }

  #insert({ table, id, at, json }: Line, numbers: number[]): number {
    const insert = `INSERT INTO docs (tbl, id, at, doc, rev, terms) VALUES (?, ?, ?, ?, 1, ?)
      ON CONFLICT DO NOTHING RETURNING row`
    const saved = this.#write(insert, table, id, at, json, written(numbers))
    if (!saved) throw new Refusal('conflict', 'store.changed', { id })
    const row = Number(saved.row)
    this.#terms.add(row, at, numbers)
    this.#count(table, numbers, 1)
    return row
  }

  /** Only what the new writing says otherwise is written to the index. */
  #replace({ table, id, rev, at, json }: Line & { rev: number }, numbers: number[]): number {
    const select = 'SELECT row, at, terms FROM docs WHERE tbl = ? AND id = ? AND rev = ?'
    const before = this.#sql(select).get(table, id, rev) as unknown as Placed | undefined
    if (!before) throw new Refusal('conflict', 'store.changed', { id })
    const update = 'UPDATE docs SET at = ?, doc = ?, rev = rev + 1, terms = ? WHERE row = ?'
    this.#write(update, at, json, written(numbers), before.row)
    const [had, has] = [new Set(numbersIn(before.terms)), new Set(numbers)]
    const [gone, come] = at === before.at ? [had.difference(has), has.difference(had)] : [had, has]
    if (gone.size + come.size > 0) {
      this.#count(table, had, -1)
      this.#count(table, has, 1)
    }
    this.#terms.add(before.row, at, [...come])
    this.#terms.remove(before, [...gone])
    return before.row
  }

  #drop(table: Table, id: string): void {
    const gone = 'DELETE FROM docs WHERE tbl = ? AND id = ? RETURNING row, at, terms'
    const before = this.#write(gone, table, id) as unknown as Placed | undefined
    if (!before) return
    const numbers = numbersIn(before.terms)
    this.#count(table, numbers, -1)
    this.#terms.remove(before, numbers)
    if (worded.has(table)) this.#unword(before.row)
  }

  #unword(row: number): void {
    this.#write('DELETE FROM words WHERE rowid = ?', row)
  }

  #count(table: Table, numbers: Iterable<number>, by: 1 | -1): void {
    if (Tally.counts(table)) this.#tally.add(this.#terms.named(numbers), by)
  }

  #counting = (term: string[], by: number): void => {
    const add = `INSERT INTO counts (field, value, type, visibility, local, n) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET n = n + excluded.n`
    this.#write(add, ...term, by)
  }

  #append({ stream, id, actor, verb, item, at, wire, quiet }: NewEntry): void {
    const insert = `INSERT INTO log (stream, seq, id, actor, verb, item, at, wire, quiet)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING seq`
    const seq = this.#lastOf(stream) + 1
    const line = [stream, seq, id, actor, verb, item, at, wire, quiet ? 1 : 0]
    const saved = this.#write(insert, ...line)
    if (!saved) throw new Refusal('conflict', 'store.entry_known', { id })
    this.#last.set(stream, seq)
    if (stream !== 'public') return
    const add = 'INSERT INTO tree (level, idx, hash) VALUES (?, ?, ?)'
    const leaf = leafHash(Buffer.from(wire))
    for (const node of completed(seq - 1, leaf, this.nodes)) {
      this.#write(add, node.level, node.index, node.hash)
      this.#edge.set(node.level, node)
    }
  }

  #lastOf(stream: Stream): number {
    const known = this.#last.get(stream)
    if (known !== undefined) return known
    if (this.#last.size >= STREAMS_MAX) this.#last.clear()
    const row = this.#write('SELECT max(seq) AS seq FROM log WHERE stream = ?', stream)
    return Number(row?.seq ?? 0)
  }

  /** A node of the log's tree that is there. */
  nodes: Nodes = (level, at) => {
    const last = this.#edge.get(level)
    if (last?.index === at) return last.hash
    const row = this.#sql('SELECT hash FROM tree WHERE level = ? AND idx = ?').get(level, at)
    return Buffer.from(row?.hash as Uint8Array)
  }

  /**
   * Never `run()`: it reports the last row id, and FTS5, where it marks a document as gone, leaves one there
   * that is too large for a JavaScript number, which makes `run()` throw after the deed.
   */
  #write(text: string, ...values: (string | number | Uint8Array)[]): Row | undefined {
    return this.#sql(text).get(...values)
  }
}
