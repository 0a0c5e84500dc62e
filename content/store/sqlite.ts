/** The default store: one file, one process, no service to run. */
import { closeSync, fsyncSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
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
import { lengthOf, type Lines, linesOf } from './lines.ts'
import { Committer, type Failures } from './sqlite-commit.ts'
import { newFile, opened, Statements, troubled } from './sqlite-file.ts'
import { TermIndex } from './sqlite-terms.ts'
import { WritingThread } from './sqlite-thread.ts'
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
/** A transaction takes what waits up to so many letters: more would gain little, and lie in memory twice. */
const BATCH_LETTERS = 2_000_000

interface Waiting {
  lines: Lines
  resolve: () => void
  reject: (error: unknown) => void
}

type Row = Record<string, unknown>

/** Whether writing has a thread of its own: while much is written, or always. */
export interface How {
  isApart?: boolean
}

export class SqliteStore implements Store {
  #path: string
  #db: DatabaseSync
  #statements: Statements
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined
  #recent = new Recent()
  #terms: TermIndex
  #committer: Committer
  #thread: WritingThread
  #isApart: boolean
  /** Something is on its way to the disk in the other thread. */
  #isAway = false
  #looked = false
  #version = 0
  #generation = 0

  /** Refusal `unavailable` when the file cannot be written, is no store, or comes from a newer version. */
  constructor(path: string, { isApart = false }: How = {}) {
    this.#path = path
    this.#isApart = isApart
    this.#db = opened(path)
    this.#statements = new Statements(this.#db)
    this.#terms = new TermIndex(this.#statements.of)
    const [statements, terms, look] = [this.#statements, this.#terms, () => this.#seen()]
    this.#committer = new Committer(path, this.#db, { statements, terms, look })
    this.#thread = new WritingThread(path, {
      foreign: () => this.#foreign(),
      gone: (gone) => this.#terms.forget(gone),
      ended: () => this.#committer.forget(),
    })
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
    setImmediate().then(() => (this.#looked = false))
    this.#seen()
  }

  #seen(): void {
    if (this.#isAway) return
    const found = this.#dataVersion()
    if (found !== this.#version) this.#foreign()
    this.#version = found
  }

  /** SQLite's number for what other connections have written, that of our own thread among them. */
  #dataVersion = (): number => Number(this.#row('PRAGMA data_version')?.data_version)

  #foreign(): void {
    this.#generation += 1
    this.#recent.clear()
    this.#committer.forget()
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
    return { size: at, root: rootAt(at, this.#committer.nodes).toString('hex') }
  }

  async hashes(level: number, from: number, count: number): Promise<Buffer[]> {
    const select = 'SELECT hash FROM tree WHERE level = ? AND idx >= ? ORDER BY idx LIMIT ?'
    const rows = this.#rows(select, level, from, atMost(count, HASHES_MAX))
    return rows.map(({ hash }) => Buffer.from(hash as Uint8Array))
  }

  /**
   * Changes of one turn of the event loop share one transaction, and so one wait for the disk; so do those that come
   * while the thread writes what came before.
   */
  commit(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines: linesOf(change), resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      await setImmediate()
      const batch = this.#next()
      const lines = batch.map((each) => each.lines)
      const failures = await this.#written(lines)
      if (failures.some((failure) => failure !== undefined)) this.#recent.clear()
      for (const each of lines) this.#recent.forget(each)
      for (const [i, { resolve, reject }] of batch.entries())
        if (failures[i] === undefined) resolve()
        else reject(failures[i])
    }
    this.#flushing = undefined
  }

  /** At least one of those that wait, and as many as fit. */
  #next(): Waiting[] {
    let letters = 0
    const over = this.#waiting.findIndex(
      ({ lines }) => (letters += lengthOf(lines)) > BATCH_LETTERS,
    )
    return this.#waiting.splice(0, over === -1 ? this.#waiting.length : Math.max(1, over))
  }

  async #written(batch: Lines[]): Promise<Failures> {
    if (this.#isApart) await this.#thread.untilReady()
    if (this.#thread.isReady) return this.#writtenApart(batch)
    const begun = performance.now()
    const failures = this.#committer.write(batch)
    this.#thread.spent(performance.now() - begun)
    return failures
  }

  async #writtenApart(batch: Lines[]): Promise<Failures> {
    this.#isAway = true
    try {
      const failures = await this.#thread.write(batch)
      this.#version = this.#dataVersion()
      return failures
    } catch (error) {
      return batch.map(() => error)
    } finally {
      this.#isAway = false
    }
  }

  async generation(): Promise<number> {
    this.#look()
    return this.#generation
  }

  /** The file is made first, empty and private: it will hold keys and passwords. It is on disk before this returns. */
  async backup(file: string): Promise<void> {
    await this.#flushing
    const made = newFile(file)
    try {
      this.#row('VACUUM INTO ?', file)
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
    await this.#thread.end()
    this.#statements.clear()
    if (this.#db.isOpen) this.#db.close()
  }

  #rows(text: string, ...values: (string | number)[]): Row[] {
    try {
      return this.#statements.of(text).all(...values)
    } catch (error) {
      throw troubled(error, this.#path)
    }
  }

  /** The same, one at a time: whoever asks may stop. */
  *#each(text: string, ...values: (string | number)[]): Generator<Row> {
    try {
      yield* this.#statements.of(text).iterate(...values) as Iterable<Row>
    } catch (error) {
      throw troubled(error, this.#path)
    }
  }

  #row(text: string, ...values: (string | number)[]): Row | undefined {
    try {
      return this.#statements.of(text).get(...values)
    } catch (error) {
      throw troubled(error, this.#path)
    }
  }
}

function read<T>(row: Row): T {
  return { ...(JSON.parse(String(row.doc)) as T), rev: Number(row.rev) }
}

const readEntry = ({ quiet, ...row }: Row): Entry =>
  ({ ...row, ...(quiet ? { quiet: true } : {}) }) as unknown as Entry
