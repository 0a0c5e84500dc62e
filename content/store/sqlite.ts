/** The default store: one file, one process, no service to run. */
import { closeSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { index } from '../indexing.ts'
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
import {
  atMost,
  SCHEMA_VERSION,
  schema,
  selectCount,
  selectFacets,
  selectRows,
} from './sqlite-query.ts'

const FACET_VALUES_MAX = 100
const LOG_LINES_MAX = 10_000
const HASHES_MAX = 256
/** A search has as many shapes as there are ways to combine filters: only so many are kept prepared. */
const PREPARED_MAX = 500

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

  /** Refusal `unavailable` when the file cannot be written, is no store, or comes from a newer version. */
  constructor(path: string) {
    this.#path = path
    this.#db = opened(path)
  }

  async get<T extends Table>(table: T, id: string): Promise<Tables[T] | undefined> {
    const row = this.#row('SELECT doc, rev FROM docs WHERE tbl = ? AND id = ?', table, id)
    return row && read(row)
  }

  async find<T extends Table>(table: T, query: Query): Promise<Tables[T][]> {
    const { sql, values } = selectRows(table, query)
    return this.#rows(sql, ...values).map(read<Tables[T]>)
  }

  async count(table: Table, query: Query): Promise<number> {
    const { sql, values } = selectCount(table, query)
    return Number(this.#row(sql, ...values)?.count)
  }

  async facets(table: Table, query: Query, fields: string[]): Promise<Facets> {
    const { sql, values } = selectFacets(table, query, fields)
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
    const done: Waiting[] = []
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      for (const each of batch) if (this.#applied(each)) done.push(each)
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
      for (const each of batch) each.reject(troubled(error, this.#path))
      return
    }
    for (const each of done) each.resolve()
  }

  /** One change whole, or not at all and its own promise rejected. Trouble with the file or disk is everybody's. */
  #applied({ change, reject }: Waiting): boolean {
    this.#db.exec('SAVEPOINT one')
    try {
      this.#apply(change)
      this.#db.exec('RELEASE one')
      return true
    } catch (error) {
      if (troubleOf(error) || !this.#db.isTransaction) throw error
      this.#db.exec('ROLLBACK TO one')
      this.#db.exec('RELEASE one')
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
    if (rev !== undefined) this.#forget(row)
    const insert = 'INSERT OR IGNORE INTO terms VALUES (?, ?, ?, ?, ?, ?)'
    for (const [field, values] of Object.entries(terms)) {
      for (const value of [values ?? []].flat())
        this.#write(insert, table, field, String(value), at, doc.id, row)
    }
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
    if (row) this.#forget(Number(row.row))
  }

  #forget(row: number): void {
    this.#write('DELETE FROM terms WHERE row = ?', row)
    this.#write('DELETE FROM words WHERE rowid = ?', row)
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
    return this.#rows(text, ...values)[0]
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

function opened(path: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    const found = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    if (found > SCHEMA_VERSION)
      throw new Refusal('unavailable', 'store.newer', { found, known: SCHEMA_VERSION })
    if (found === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get())
      throw new Refusal('unavailable', 'store.foreign', { path })
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec('PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY')
    if (found === 0) create(db)
    return db
  } catch (error) {
    db?.close()
    throw troubled(error, path)
  }
}

function create(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
}

/** Refusal when a file is not a whole store of this version: for a backup, before it takes a store's place. */
export function checkFile(path: string): void {
  if (statSync(path).size === 0) throw new Refusal('unavailable', 'store.damaged', { path })
  const db = opened(path)
  try {
    const found = db.prepare('PRAGMA quick_check(1)').get()
    if (found?.quick_check !== 'ok') throw new Refusal('unavailable', 'store.damaged', { path })
  } catch (error) {
    throw troubled(error, path)
  } finally {
    db.close()
  }
}

/** A file that nobody else may read and that was not there before. */
function newFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'EEXIST')
      throw new Refusal('conflict', 'store.backup_exists', { path })
    throw new Refusal('unavailable', 'store.unwritable', { path })
  }
}

/** SQLite result codes (sqlite.org/rescode.html), in words for the operator. */
const troubles: Record<number, string> = {
  5: 'store.locked',
  8: 'store.unwritable',
  10: 'store.disk',
  11: 'store.damaged',
  13: 'store.full',
  14: 'store.unwritable',
  26: 'store.damaged',
}

/** The sentence about an error of the file or the disk; none for any other error. */
function troubleOf(error: unknown): string | undefined {
  const code = error instanceof Error ? Number(Reflect.get(error, 'errcode')) & 0xff : 0
  return troubles[code]
}

function troubled(error: unknown, path: string): unknown {
  const sentence = troubleOf(error)
  return sentence ? new Refusal('unavailable', sentence, { path }) : error
}

function read<T>(row: Row): T {
  return { ...(JSON.parse(String(row.doc)) as T), rev: Number(row.rev) }
}

const readEntry = (row: Row): Entry => ({ ...row }) as unknown as Entry
