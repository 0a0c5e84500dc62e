/** What runs in the thread that writes (sqlite-thread.ts): the disk is waited for here, and nobody who reads waits with it. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '../refusal.ts'
import type { Lines } from './lines.ts'
import { Committer } from './sqlite-commit.ts'
import { opened, Statements } from './sqlite-file.ts'
import { type Gone, TermIndex } from './sqlite-terms.ts'

/** How often it is looked, while nothing is written, whether another process has. */
const LOOK_MS = 250

/** Why a change was not written, as it can go to another thread. */
export type Failure =
  Pick<Refusal, 'reason' | 'sentence' | 'values'> | { defect: string } | undefined

/** What this thread says: of a batch what became of it, and at any time that another process has written. */
export interface Written {
  failures?: Failure[]
  gone: Gone[]
  /** Another process has written since the last time. */
  isForeign: boolean
}

/** Write what comes in until there is no more; `close` ends it. */
function serve(port: MessagePort, path: string): void {
  const db = opened(path)
  const statements = new Statements(db)
  const terms = new TermIndex(statements.of)
  const version = () => Number(statements.of('PRAGMA data_version').get()?.data_version)
  let seen = version()
  let isForeign = false
  const look = () => {
    const found = version()
    if (found === seen) return
    seen = found
    isForeign = true
    committer.forget()
  }
  const committer = new Committer(path, db, { statements, terms, look })
  const say = (failures?: Failure[]) => {
    const written: Written = { ...(failures && { failures }), gone: terms.takeGone(), isForeign }
    isForeign = false
    port.postMessage(written)
  }
  const looking = setInterval(() => {
    look()
    if (isForeign) say()
  }, LOOK_MS)
  port.on('message', (batch: Lines[] | 'close') => {
    if (batch !== 'close') return say(committer.write(batch).map(failureOf))
    clearInterval(looking)
    statements.clear()
    db.close()
    port.close()
  })
  say()
}

function failureOf(error: unknown): Failure {
  if (error === undefined) return undefined
  if (error instanceof Refusal) {
    const { reason, sentence, values } = error
    return { reason, sentence, values }
  }
  return { defect: error instanceof Error ? String(error.stack) : String(error) }
}

if (parentPort) serve(parentPort, String(workerData))
