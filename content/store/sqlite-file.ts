/** The file of the SQLite store: opened, made, checked, and what can go wrong with it. */
import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Refusal } from '../refusal.ts'
import { SCHEMA_VERSION, schema, upgrades } from './sqlite-query.ts'

/** What is written goes to the write-ahead log first, and to its place when there are so many pages of 4 kB of it. */
const CHECKPOINT_PAGES = 8000

/** The database of a store, made when the file is not there. Refusal `unavailable` when it is none, or a newer one. */
export function opened(path: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    forUsAlone(path)
    db = new DatabaseSync(path)
    const found = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    if (found > SCHEMA_VERSION)
      throw new Refusal('unavailable', 'store.newer', { found, known: SCHEMA_VERSION })
    if (found === 0 && db.prepare('SELECT 1 FROM sqlite_schema').get())
      throw new Refusal('unavailable', 'store.foreign', { path })
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.exec('PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY')
    if (found === 0) create(db)
    for (let version = found; version > 0 && version < SCHEMA_VERSION; version += 1)
      db.exec(`BEGIN IMMEDIATE; ${upgrades[version]} PRAGMA user_version = ${version + 1}; COMMIT`)
    return db
  } catch (error) {
    db?.close()
    throw troubled(error, path)
  }
}

/** Keys and password hashes will be in it: a new file is for this user alone, and what SQLite lays beside it follows it. */
function forUsAlone(path: string): void {
  if (existsSync(path)) return
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {
    throw new Refusal('unavailable', 'store.unwritable', { path })
  }
}

/** A search has as many shapes as there are ways to combine filters: only so many are kept prepared. */
const PREPARED_MAX = 500

/** Statements by their text, each prepared once. */
export class Statements {
  #db: DatabaseSync
  #prepared = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  of = (text: string): StatementSync => {
    if (this.#prepared.size >= PREPARED_MAX) this.clear()
    const known = this.#prepared.get(text) ?? this.#db.prepare(text)
    this.#prepared.set(text, known)
    return known
  }

  clear(): void {
    this.#prepared.clear()
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

/**
 * Whether another process has this database open: only who is alone with it may leave the write-ahead log. One that
 * cannot be opened at all is in nobody's use.
 */
export function isInUse(path: string): boolean {
  if (!existsSync(path)) return false
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    db.exec('PRAGMA journal_mode = DELETE')
    return false
  } catch (error) {
    return troubleOf(error) === 'store.locked'
  } finally {
    db?.close()
  }
}

/** A file that nobody else may read and that was not there before. */
export function newFile(path: string): number {
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
export function troubleOf(error: unknown): string | undefined {
  const code = error instanceof Error ? Number(Reflect.get(error, 'errcode')) & 0xff : 0
  return troubles[code]
}

/** Trouble with the file or the disk as a refusal; any other error as it is. */
export function troubled(error: unknown, path: string): unknown {
  const sentence = troubleOf(error)
  return sentence ? new Refusal('unavailable', sentence, { path }) : error
}
