/** Changes written to the file: many in one transaction, each whole or not at all. */
import type { DatabaseSync } from 'node:sqlite'
import type { Nodes } from '../merkle.ts'
import type { Lines } from './lines.ts'
import { type Statements, troubled, troubleOf } from './sqlite-file.ts'
import type { TermIndex } from './sqlite-terms.ts'
import { Writer } from './sqlite-write.ts'

/** For each change in its order: nothing when it is on disk, else why it is not. */
export type Failures = unknown[]

export class Committer {
  #path: string
  #db: DatabaseSync
  #statements: Statements
  #writer: Writer
  /** Looks whether another process has written: nobody else does from then on. */
  #look: () => void

  constructor(
    path: string,
    db: DatabaseSync,
    { statements, terms, look }: { statements: Statements; terms: TermIndex; look: () => void },
  ) {
    this.#path = path
    this.#db = db
    this.#statements = statements
    this.#writer = new Writer(statements.of, terms)
    this.#look = look
  }

  /** What is remembered of the file is no longer sure. */
  forget(): void {
    this.#writer.forget()
  }

  /** A node of the log's tree that is there. */
  nodes: Nodes = (level, at) => this.#writer.nodes(level, at)

  /** When it returns all that did not fail is on disk. */
  write(batch: Lines[]): Failures {
    try {
      return this.#allAtOnce(batch) ? batch.map(() => undefined) : this.#oneByOne(batch)
    } catch (error) {
      this.#rollBack()
      return batch.map(() => troubled(error, this.#path))
    }
  }

  /** Nearly always nothing is wrong with any of them, and then there is no need to be able to undo one alone. */
  #allAtOnce(batch: Lines[]): boolean {
    this.#begin()
    try {
      for (const lines of batch) this.#writer.apply(lines)
      this.#writer.finish()
    } catch (error) {
      if (troubleOf(error)) throw error
      this.#rollBack()
      return false
    }
    this.#do('COMMIT')
    return true
  }

  #begin(): void {
    this.#do('BEGIN IMMEDIATE')
    this.#look()
  }

  #oneByOne(batch: Lines[]): Failures {
    this.#begin()
    const failures = batch.map((lines) => this.#failure(lines))
    this.#do('COMMIT')
    return failures
  }

  #rollBack(): void {
    this.#writer.undone()
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK')
  }

  /** One change whole, or not at all and why. Trouble with the file or disk is everybody's. */
  #failure(lines: Lines): unknown {
    this.#do('SAVEPOINT one')
    try {
      this.#writer.apply(lines)
      this.#writer.finish()
      this.#do('RELEASE one')
      return undefined
    } catch (error) {
      if (troubleOf(error) || !this.#db.isTransaction) throw error
      this.#writer.undone()
      this.#do('ROLLBACK TO one')
      this.#do('RELEASE one')
      return error
    }
  }

  #do(text: string): void {
    this.#statements.of(text).get()
  }
}
