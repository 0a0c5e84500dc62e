/** The default store: one file, one process, no service to run. */
import { closeSync, fsyncSync, rmSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { rootAt } from '../merkle.ts'
import { Refusal } from '../refusal.ts'
import {
  type Change,
  type Entry,
  type Facets,
  type Head,
  type Query,
  type Store,
  type Stream,
  type Table,
  type Tables,
} from '../store.ts'
import { Recent } from './recent.ts'
import { Counter, facetsOf } from './facets.ts'
import { TermIndex } from './sqlite-terms.ts'
import { Writer } from './sqlite-write.ts'
import { newFile, opened, troubled, troubleOf } from './sqlite-file.ts'
import {
  atMost,
  type NumberOf,
  selectCount,
  selectCounted,
  selectRows,
  selectTerms,
} from './sqlite-query.ts'

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

export class SqliteStore implements Store {
  #path: string
  #db: DatabaseSync
  #prepared = new Map<string, StatementSync>()
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #recent = new Recent()
  #terms = new TermIndex((text) => this.#sql(text))
  #writer = new Writer((text) => this.#sql(text), this.#terms)
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
    this.#seen()
  }

  #seen(): void {
    const found = Number(this.#row('PRAGMA data_version')?.data_version)
    if (found !== this.#version) this.#forgetAll()
    this.#version = found
  }

  #forgetAll(): void {
    this.#recent.clear()
    this.#writer.forget()
  }

  async find<T extends Table>(table: T, query: Query): Promise<Tables[T][]> {
    this.#look()
    return this.#recent.answer(table, query, () => {
      const { sql, values } = selectRows(table, query, this.#numberOf)
      return this.#rows(sql, ...values).map(read<Tables[T]>)
    })
  }

  async count(table: Table, query: Query, most = Infinity): Promise<number> {
    this.#look()
    const { sql, values } = selectCount(table, query, this.#numberOf, most)
    return Math.min(most, Number(this.#row(sql, ...values)?.count))
  }

  async facets(
    table: Table,
    query: Query,
    fields: string[],
    most = Infinity,
    beside: Query['where'] = {},
  ): Promise<Facets> {
    this.#look()
    const wider = { ...query, where: { ...query.where, ...beside } }
    const [apart, own] = [
      fields.filter((each) => each in beside),
      fields.filter((each) => !(each in beside)),
    ]
    const counted = [selectCounted(table, query, own), selectCounted(table, wider, apart)]
    if (counted.every((each) => each !== undefined))
      return facetsOf(
        fields,
        counted.flatMap(({ sql, values }) => this.#rows(sql, ...values)) as never,
      )
    const counters: [Counter, Counter] = [
      new Counter(this.#terms.all(table, own)),
      new Counter(this.#terms.all(table, apart)),
    ]
    this.#walk(table, { query, beside, most }, counters)
    return facetsOf(
      fields,
      counters.flatMap((each) => each.counted),
    )
  }

  /** Count what the query finds in the first counter, and what it would find beside that in the second. */
  #walk(
    table: Table,
    { query, beside, most }: { query: Query; beside: NonNullable<Query['where']>; most: number },
    [own, apart]: [Counter, Counter],
  ): void {
    const wider = { ...query, where: { ...query.where, ...beside } }
    const { sql, values } = selectTerms(table, wider, this.#numberOf, Number.isFinite(most))
    const asked = Object.keys(beside).flatMap((field) => this.#marksOf(table, field, query.where))
    let found = 0
    for (const { terms } of this.#each(sql, ...values)) {
      const line = String(terms)
      apart.add(line)
      if (!asked.every((some) => some.some((mark) => ` ${line} `.includes(mark)))) continue
      own.add(line)
      if ((found += 1) >= most) break
    }
  }

  /** What stands in the line of a document that has one of the values asked for; nothing when none are asked for. */
  #marksOf(table: Table, field: string, where: Query['where'] = {}): string[][] {
    const values = where[field]
    if (values === undefined) return []
    const numbers = [values].flat().flatMap((value) => this.#numberOf(table, field, value) ?? [])
    return [numbers.map((number) => ` ${number} `)]
  }

  #numberOf: NumberOf = (table, field, value) => {
    try {
      return this.#terms.find(table, field, value)
    } catch (error) {
      throw troubled(error, this.#path)
    }
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
    return { size: at, root: rootAt(at, this.#writer.nodes).toString('hex') }
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
    this.#look()
    return this.#version
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
    this.#begin()
    try {
      for (const { change } of batch) this.#writer.apply(change)
      this.#writer.finish()
    } catch (error) {
      if (troubleOf(error)) throw error
      this.#rollBack()
      return false
    }
    this.#write('COMMIT')
    return true
  }

  /** From here on nobody else writes: what we remember of the index is looked at once more. */
  #begin(): void {
    this.#write('BEGIN IMMEDIATE')
    this.#seen()
  }

  #oneByOne(batch: Waiting[]): Waiting[] {
    this.#begin()
    const done = batch.filter((each) => this.#applied(each))
    this.#write('COMMIT')
    return done
  }

  #rollBack(): void {
    this.#writer.undone()
    this.#recent.clear()
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
  }

  /** One change whole, or not at all and its own promise rejected. Trouble with the file or disk is everybody's. */
  #applied({ change, reject }: Waiting): boolean {
    this.#write('SAVEPOINT one')
    try {
      this.#writer.apply(change)
      this.#writer.finish()
      this.#write('RELEASE one')
      return true
    } catch (error) {
      if (troubleOf(error) || !this.#db.isTransaction) throw error
      this.#writer.undone()
      this.#write('ROLLBACK TO one')
      this.#write('RELEASE one')
      reject(error)
      return false
    }
  }

  #rows(text: string, ...values: (string | number)[]): Row[] {
    try {
      return this.#sql(text).all(...values)
    } catch (error) {
      throw troubled(error, this.#path)
    }
  }

  /** The same, one at a time: whoever asks may stop. */
  *#each(text: string, ...values: (string | number)[]): Generator<Row> {
    try {
      yield* this.#sql(text).iterate(...values) as Iterable<Row>
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
