/** The default store: one file, one process, no service to run. */
import { existsSync } from 'node:fs'
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
import { SCHEMA_VERSION, schema, selectCount, selectFacets, selectRows } from './sqlite-query.ts'

const FACET_VALUES_MAX = 100

interface Waiting {
  change: Change
  resolve: () => void
  reject: (error: unknown) => void
}

type Row = Record<string, unknown>
type Doc = { id: string; rev?: number | undefined }

export class SqliteStore implements Store {
  #db: DatabaseSync
  #prepared = new Map<string, StatementSync>()
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined

  /** Refusal `unavailable` when the file cannot be written or comes from a newer version. */
  constructor(path: string) {
    this.#db = opened(path)
  }

  async get<T extends Table>(table: T, id: string): Promise<Tables[T] | undefined> {
    const row = this.#sql('SELECT doc, rev FROM docs WHERE tbl = ? AND id = ?').get(table, id)
    return row && read(row)
  }

  async find<T extends Table>(table: T, query: Query): Promise<Tables[T][]> {
    const { sql, values } = selectRows(table, query)
    return this.#sql(sql)
      .all(...values)
      .map(read<Tables[T]>)
  }

  async count(table: Table, query: Query): Promise<number> {
    const { sql, values } = selectCount(table, query)
    return Number(this.#sql(sql).get(...values)?.count)
  }

  async facets(table: Table, query: Query, fields: string[]): Promise<Facets> {
    const { sql, values } = selectFacets(table, query, fields)
    const found: Facets = Object.fromEntries(fields.map((field) => [field, []]))
    for (const row of this.#sql(sql).iterate(...values)) {
      const list = found[String(row.field)]
      const value = { value: String(row.value), count: Number(row.count) }
      if (list && list.length < FACET_VALUES_MAX) list.push(value)
    }
    return found
  }

  async log(stream: Stream, after: number, limit: number): Promise<Entry[]> {
    const select = 'SELECT * FROM log WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?'
    return this.#sql(select).all(stream, after, limit).map(readEntry)
  }

  async entry(id: string): Promise<Entry | undefined> {
    const row = this.#sql('SELECT * FROM log WHERE id = ?').get(id)
    return row && readEntry(row)
  }

  async last(stream: Stream): Promise<number> {
    return Number(
      this.#sql('SELECT max(seq) AS seq FROM log WHERE stream = ?').get(stream)?.seq ?? 0,
    )
  }

  async head(size?: number): Promise<Head> {
    const at = size ?? (await this.last('public'))
    return { size: at, root: rootAt(at, this.#nodes).toString('hex') }
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
    return Number(this.#sql('PRAGMA data_version').get()?.data_version)
  }

  async backup(file: string): Promise<void> {
    if (existsSync(file)) throw new Refusal('conflict', 'store.backup_exists', { path: file })
    await this.#flushing
    this.#sql('VACUUM INTO ?').run(file)
  }

  async close(): Promise<void> {
    await this.#flushing
    this.#prepared.clear()
    this.#db.close()
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
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      for (const each of batch) each.reject(troubled(error))
      return
    }
    for (const each of done) each.resolve()
  }

  /** One change whole, or not at all and its own promise rejected. */
  #applied({ change, reject }: Waiting): boolean {
    this.#db.exec('SAVEPOINT one')
    try {
      this.#apply(change)
      this.#db.exec('RELEASE one')
      return true
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
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
    const row = this.#write(table, doc.id, rev, at, JSON.stringify(body))
    if (rev !== undefined) this.#forget(row)
    const insert = this.#sql('INSERT OR IGNORE INTO terms VALUES (?, ?, ?, ?, ?, ?)')
    for (const [field, values] of Object.entries(terms)) {
      for (const value of [values ?? []].flat())
        insert.run(table, field, String(value), at, doc.id, row)
    }
    if (text) this.#sql('INSERT INTO words (rowid, text) VALUES (?, ?)').run(row, searchable(text))
  }

  #write(table: Table, id: string, rev: number | undefined, at: string, body: string): number {
    const saved =
      rev === undefined
        ? this.#sql(
            `INSERT INTO docs (tbl, id, at, doc, rev) VALUES (?, ?, ?, ?, 1)
            ON CONFLICT DO NOTHING RETURNING row`,
          ).get(table, id, at, body)
        : this.#sql(
            `UPDATE docs SET at = ?, doc = ?, rev = rev + 1 WHERE tbl = ? AND id = ? AND rev = ?
            RETURNING row`,
          ).get(at, body, table, id, rev)
    if (!saved) throw new Refusal('conflict', 'store.changed', { id })
    return Number(saved.row)
  }

  #drop(table: Table, id: string): void {
    const row = this.#sql('DELETE FROM docs WHERE tbl = ? AND id = ? RETURNING row').get(table, id)
    if (row) this.#forget(Number(row.row))
  }

  #forget(row: number): void {
    this.#sql('DELETE FROM terms WHERE row = ?').run(row)
    this.#sql('DELETE FROM words WHERE rowid = ?').run(row)
  }

  #append({ stream, id, actor, verb, item, at, wire }: NewEntry): void {
    const insert = this.#sql(`INSERT INTO log (stream, seq, id, actor, verb, item, at, wire)
      SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM log WHERE stream = ?1
      ON CONFLICT (id) DO NOTHING RETURNING seq`)
    const saved = insert.get(stream, id, actor, verb, item, at, wire)
    if (!saved) throw new Refusal('conflict', 'store.entry_known', { id })
    if (stream !== 'public') return
    const add = this.#sql('INSERT INTO tree (level, idx, hash) VALUES (?, ?, ?)')
    const leaf = leafHash(Buffer.from(wire))
    for (const node of completed(Number(saved.seq) - 1, leaf, this.#nodes)) {
      add.run(node.level, node.index, node.hash)
    }
  }

  #nodes: Nodes = (level, at) => {
    const row = this.#sql('SELECT hash FROM tree WHERE level = ? AND idx = ?').get(level, at)
    return Buffer.from(row?.hash as Uint8Array)
  }

  /** Prepare each statement once. */
  #sql(text: string): StatementSync {
    const known = this.#prepared.get(text) ?? this.#db.prepare(text)
    this.#prepared.set(text, known)
    return known
  }
}

function opened(path: string): DatabaseSync {
  let found: number
  let db: DatabaseSync
  try {
    db = new DatabaseSync(path)
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec('PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY')
    found = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    if (found === 0) create(db)
  } catch (error) {
    throw troubled(error, path)
  }
  if (found <= SCHEMA_VERSION) return db
  db.close()
  throw new Refusal('unavailable', 'store.newer', { found, known: SCHEMA_VERSION })
}

function create(db: DatabaseSync): void {
  db.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
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

function troubled(error: unknown, path = ''): unknown {
  const code = error instanceof Error ? Number(Reflect.get(error, 'errcode')) & 0xff : 0
  const sentence = troubles[code]
  return sentence ? new Refusal('unavailable', sentence, { path }) : error
}

function read<T>(row: Row): T {
  return { ...(JSON.parse(String(row.doc)) as T), rev: Number(row.rev) }
}

const readEntry = (row: Row): Entry => ({ ...row }) as unknown as Entry
