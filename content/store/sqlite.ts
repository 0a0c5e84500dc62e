/** The default store: one file, one process, no service to run. */
import { closeSync, fsyncSync, rmSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { index, worded } from '../indexing.ts'
import { completed, leafHash, type Nodes, rootAt } from '../merkle.ts'
import { Refusal } from '../refusal.ts'
import { searchable } from '../searchable.ts'
import {
  type Change,
  type Entry,
  type Facets,
  type Head,
  type NewEntry,
  type Query,
  type Store,
  type Stream,
  type Table,
  type Tables,
} from '../store.ts'
import { Recent } from './recent.ts'
import { Tally, type Term } from './tally.ts'
import { newFile, opened, troubled, troubleOf } from './sqlite-file.ts'
import { atMost, selectCount, selectFacets, selectRows } from './sqlite-query.ts'

const FACET_VALUES_MAX = 100
const LOG_LINES_MAX = 10_000
const HASHES_MAX = 256
/** A search has as many shapes as there are ways to combine filters: only so many are kept prepared. */
const PREPARED_MAX = 500
/** So many terms are written by one statement. */
const TERMS_AT_ONCE = 16
const insertTerms = (count: number) =>
  `INSERT OR IGNORE INTO terms VALUES ${Array.from({ length: count }, () => '(?, ?, ?, ?, ?, ?)').join(', ')}`

interface Waiting {
  change: Change
  resolve: () => void
  reject: (error: unknown) => void
}

type Row = Record<string, unknown>
type Doc = { id: string; rev?: number | undefined }

export class SqliteStore implements Store {
  #path: string
  #db: DatabaseSync
  #prepared = new Map<string, StatementSync>()
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #recent = new Recent()
  #tally = new Tally()
  #looked = false
  #version = 0

  /** Refusal `unavailable` when the file cannot be written, is no store, or comes from a newer version. */
  constructor(path: string) {
    this.#path = path
    this.#db = opened(path)
  }

  async get<T extends Table>(table: T, id: string): Promise<Tables[T] | undefined> {
    this.#look()
    const held = this.#recent.get(table, id)
    if (held) return held.doc as Tables[T] | undefined
    const row = this.#row('SELECT doc, rev FROM docs WHERE tbl = ? AND id = ?', table, id)
    const doc = row && read<Tables[T]>(row)
    this.#recent.keep(table, id, doc, String(row?.doc ?? '').length)
    return doc
  }

  /** Once in a turn of the event loop: what another process has written is not what we remember. */
  #look(): void {
    if (this.#looked) return
    this.#looked = true
    setImmediate(() => (this.#looked = false))
    const found = Number(this.#row('PRAGMA data_version')?.data_version)
    if (found !== this.#version) this.#recent.clear()
    this.#version = found
  }

  async find<T extends Table>(table: T, query: Query): Promise<Tables[T][]> {
    const { sql, values } = selectRows(table, query)
    return this.#rows(sql, ...values).map(read<Tables[T]>)
  }

  async count(table: Table, query: Query, most = Infinity): Promise<number> {
    const { sql, values } = selectCount(table, query, most)
    return Math.min(most, Number(this.#row(sql, ...values)?.count))
  }

  async facets(table: Table, query: Query, fields: string[], most = Infinity): Promise<Facets> {
    const { sql, values } = selectFacets(table, query, fields, most)
    const found: Facets = Object.fromEntries(fields.map((field) => [field, []]))
    for (const row of this.#rows(sql, ...values)) {
      const list = found[String(row.field)]
      const value = { value: String(row.value), count: Number(row.count) }
      if (list && list.length < FACET_VALUES_MAX) list.push(value)
    }
    return found
  }

  async log(stream: Stream, after: number, limit: number): Promise<Entry[]> {
    const select = 'SELECT * FROM log WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?'
    return this.#rows(select, stream, after, atMost(limit, LOG_LINES_MAX)).map(readEntry)
  }

  async entry(id: string): Promise<Entry | undefined> {
    const row = this.#row('SELECT * FROM log WHERE id = ?', id)
    return row && readEntry(row)
  }

  async last(stream: Stream): Promise<number> {
    return Number(this.#row('SELECT max(seq) AS seq FROM log WHERE stream = ?', stream)?.seq ?? 0)
  }

  async head(size?: number): Promise<Head> {
    const last = await this.last('public')
    const at = size ?? last
    if (!Number.isInteger(at) || at < 0 || at > last)
      throw new Refusal('missing', 'store.no_head', { size: at, last })
    return { size: at, root: rootAt(at, this.#nodes).toString('hex') }
  }

  async hashes(level: number, from: number, count: number): Promise<Buffer[]> {
    const select = 'SELECT hash FROM tree WHERE level = ? AND idx >= ? ORDER BY idx LIMIT ?'
    const rows = this.#rows(select, level, from, atMost(count, HASHES_MAX))
    return rows.map(({ hash }) => Buffer.from(hash as Uint8Array))
  }

  /** Changes of one turn of the event loop share one transaction, and so one wait for the disk. */
  commit(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject })
      this.#flushing ??= new Promise((flushed) => {
        setImmediate(() => {
          this.#flush()
          flushed()
        })
      })
    })
  }

  async generation(): Promise<number> {
    return Number(this.#row('PRAGMA data_version')?.data_version)
  }

  /** The file is made first, empty and private: it will hold keys and passwords. It is on disk before this returns. */
  async backup(file: string): Promise<void> {
    await this.#flushing
    const made = newFile(file)
    try {
      this.#write('VACUUM INTO ?', file)
      fsyncSync(made)
    } catch (error) {
      rmSync(file)
      throw troubled(error, file)
    } finally {
      closeSync(made)
    }
  }

  async close(): Promise<void> {
    while (this.#flushing) await this.#flushing
    this.#prepared.clear()
    if (this.#db.isOpen) this.#db.close()
  }

  #flush(): void {
    const batch = this.#waiting
    this.#waiting = []
    this.#flushing = undefined
    try {
      const done = this.#allAtOnce(batch) ? batch : this.#oneByOne(batch)
      for (const { change } of done) this.#recent.forget(change)
      for (const each of done) each.resolve()
    } catch (error) {
      this.#rollBack()
      for (const each of batch) each.reject(troubled(error, this.#path))
    }
  }

  /** Nearly always nothing is wrong with any of them, and then there is no need to be able to undo one alone. */
  #allAtOnce(batch: Waiting[]): boolean {
    this.#write('BEGIN IMMEDIATE')
    try {
      for (const { change } of batch) this.#apply(change)
      this.#tally.write(this.#counting)
    } catch (error) {
      if (troubleOf(error)) throw error
      this.#rollBack()
      return false
    }
    this.#write('COMMIT')
    return true
  }

  #oneByOne(batch: Waiting[]): Waiting[] {
    this.#write('BEGIN IMMEDIATE')
    const done = batch.filter((each) => this.#applied(each))
    this.#write('COMMIT')
    return done
  }

  #rollBack(): void {
    this.#tally.clear()
    this.#recent.clear()
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
  }

  /** One change whole, or not at all and its own promise rejected. Trouble with the file or disk is everybody's. */
  #applied({ change, reject }: Waiting): boolean {
    this.#write('SAVEPOINT one')
    try {
      this.#apply(change)
      this.#tally.write(this.#counting)
      this.#write('RELEASE one')
      return true
    } catch (error) {
      if (troubleOf(error) || !this.#db.isTransaction) throw error
      this.#tally.clear()
      this.#write('ROLLBACK TO one')
      this.#write('RELEASE one')
      reject(error)
      return false
    }
  }

  #apply({ put = {}, drop = {}, log = [] }: Change): void {
    for (const [table, ids] of Object.entries(drop)) {
      for (const id of ids) this.#drop(table as Table, id)
    }
    for (const [table, docs] of Object.entries(put)) {
      for (const doc of docs) this.#put(table as Table, doc)
    }
    for (const entry of log) this.#append(entry)
  }

  #put(table: Table, doc: Doc): void {
    const { rev, ...body } = doc
    const { at, terms, text } = index[table](doc as never)
    const row = this.#save(table, doc.id, rev, at, JSON.stringify(body))
    if (rev !== undefined) this.#forget(table, row)
    const lines = Object.entries(terms).flatMap(([field, values]) =>
      [values ?? []].flat().map((value) => [table, field, String(value), at, doc.id, row]),
    )
    for (let from = 0; from < lines.length; from += TERMS_AT_ONCE) {
      const some = lines.slice(from, from + TERMS_AT_ONCE)
      this.#write(insertTerms(some.length), ...some.flat())
    }
    this.#tally.add(
      table,
      lines.map(([, field, value]) => ({ field: String(field), value: String(value) })),
      1,
    )
    if (text) this.#write('INSERT INTO words (rowid, text) VALUES (?, ?)', row, searchable(text))
  }

  #save(table: Table, id: string, rev: number | undefined, at: string, body: string): number {
    const saved =
      rev === undefined
        ? this.#write(
            `INSERT INTO docs (tbl, id, at, doc, rev) VALUES (?, ?, ?, ?, 1)
            ON CONFLICT DO NOTHING RETURNING row`,
            ...[table, id, at, body],
          )
        : this.#write(
            `UPDATE docs SET at = ?, doc = ?, rev = rev + 1 WHERE tbl = ? AND id = ? AND rev = ?
            RETURNING row`,
            ...[at, body, table, id, rev],
          )
    if (!saved) throw new Refusal('conflict', 'store.changed', { id })
    return Number(saved.row)
  }

  #drop(table: Table, id: string): void {
    const row = this.#write('DELETE FROM docs WHERE tbl = ? AND id = ? RETURNING row', table, id)
    if (row) this.#forget(table, Number(row.row))
  }

  #forget(table: Table, row: number): void {
    const terms = this.#sql('DELETE FROM terms WHERE row = ? RETURNING field, value').all(row)
    this.#tally.add(table, terms as unknown as Term[], -1)
    if (worded.has(table)) this.#write('DELETE FROM words WHERE rowid = ?', row)
  }

  #counting = (term: string[], by: number): void => {
    const add = `INSERT INTO counts (field, value, type, visibility, local, n) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET n = n + excluded.n`
    this.#write(add, ...term, by)
  }

  #append({ stream, id, actor, verb, item, at, wire }: NewEntry): void {
    const insert = `INSERT INTO log (stream, seq, id, actor, verb, item, at, wire)
      SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM log WHERE stream = ?1
      ON CONFLICT (id) DO NOTHING RETURNING seq`
    const saved = this.#write(insert, stream, id, actor, verb, item, at, wire)
    if (!saved) throw new Refusal('conflict', 'store.entry_known', { id })
    if (stream !== 'public') return
    const add = 'INSERT INTO tree (level, idx, hash) VALUES (?, ?, ?)'
    const leaf = leafHash(Buffer.from(wire))
    for (const node of completed(Number(saved.seq) - 1, leaf, this.#nodes)) {
      this.#write(add, node.level, node.index, node.hash)
    }
  }

  #nodes: Nodes = (level, at) => {
    const row = this.#sql('SELECT hash FROM tree WHERE level = ? AND idx = ?').get(level, at)
    return Buffer.from(row?.hash as Uint8Array)
  }

  #rows(text: string, ...values: (string | number)[]): Row[] {
    try {
      return this.#sql(text).all(...values)
    } catch (error) {
      throw troubled(error, this.#path)
    }
  }

  #row(text: string, ...values: (string | number)[]): Row | undefined {
    try {
      return this.#sql(text).get(...values)
    } catch (error) {
      throw troubled(error, this.#path)
    }
  }

  /**
   * Never `run()`: it reports the last row id, and FTS5, where it marks a document as gone, leaves one there
   * that is too large for a JavaScript number, which makes `run()` throw after the deed.
   */
  #write(text: string, ...values: (string | number | Uint8Array)[]): Row | undefined {
    return this.#sql(text).get(...values)
  }

  /** Prepare each statement once. */
  #sql(text: string): StatementSync {
    if (this.#prepared.size >= PREPARED_MAX) this.#prepared.clear()
    const known = this.#prepared.get(text) ?? this.#db.prepare(text)
    this.#prepared.set(text, known)
    return known
  }
}

function read<T>(row: Row): T {
  return { ...(JSON.parse(String(row.doc)) as T), rev: Number(row.rev) }
}

const readEntry = (row: Row): Entry => ({ ...row }) as unknown as Entry
