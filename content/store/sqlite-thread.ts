/**
 * Writing in a thread of its own. SQLite makes whoever writes wait for the disk, and a server that waits answers
 * nobody. A thread costs memory, though: there is one only while much is written.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Refusal } from '../refusal.ts'
import type { Lines } from './lines.ts'
import type { Failure, Written } from './sqlite-worker.ts'
import type { Failures } from './sqlite-commit.ts'
import type { Gone } from './sqlite-terms.ts'

/** Writing is much when it takes so long of so long a time. */
const MUCH_MS = 100
const WITHIN_MS = 1000
/** A thread that had nothing to do for so long ends. */
const IDLE_MS = 30_000
/** Young objects of the thread, in MB: lines that are written and forgotten. */
const YOUNG_MB = 8

interface Answer {
  resolve: (failures: Failures) => void
  reject: (error: unknown) => void
}

/** What the store is told by the thread. */
export interface Told {
  /** Another process has written. */
  foreign: () => void
  /** These values have no number any more. */
  gone: (gone: Gone[]) => void
  /** Nothing is written by the thread any more: what was remembered of the file from before it is old. */
  ended: () => void
}

export class WritingThread {
  #path: string
  #told: Told
  #worker: Worker | undefined
  #isReady = false
  #answer: Answer | undefined
  #since = 0
  #spent = 0
  #idle: NodeJS.Timeout | undefined

  constructor(path: string, told: Told) {
    this.#path = path
    this.#told = told
  }

  /** Whether all that is written goes to the thread now, and nothing may be written here. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** So many milliseconds went by with writing here: when that is much, a thread is begun. */
  spent(ms: number): void {
    const now = performance.now()
    if (now - this.#since > WITHIN_MS) {
      this.#since = now
      this.#spent = 0
    }
    this.#spent += ms
    if (this.#spent >= MUCH_MS) this.begin()
  }

  /** Begin a thread, when there is none. */
  begin(): void {
    if (this.#worker) return
    const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
      workerData: this.#path,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    worker.unref()
    worker.once('message', () => (this.#isReady = true))
    worker.on('message', (written: Written) => this.#hear(written))
    worker.on('error', (error) => this.#gone(worker, error))
    worker.on('exit', () => this.#gone(worker, new Error('the writing thread has ended')))
    this.#worker = worker
  }

  /** What became of each: as `Committer.write` says. One batch at a time. */
  write(batch: Lines[]): Promise<Failures> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      clearTimeout(this.#idle)
      this.#worker?.ref()
      this.#worker?.postMessage(batch)
    })
  }

  /** Begin a thread, and wait until it can write. */
  async untilReady(): Promise<void> {
    this.begin()
    if (!this.#isReady && this.#worker) await heard(this.#worker, 'message')
  }

  /** When it returns the thread has closed the file. Nothing may be on its way to it. */
  async end(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    this.#isReady = false
    this.#told.ended()
    clearTimeout(this.#idle)
    worker.ref()
    worker.postMessage('close')
    await heard(worker, 'exit')
  }

  #hear({ failures, gone, isForeign }: Written): void {
    this.#told.gone(gone)
    if (isForeign) this.#told.foreign()
    if (failures) {
      this.#answer?.resolve(failures.map(errorOf))
      this.#answer = undefined
    }
    if (!this.#answer) this.#rest()
  }

  #rest(): void {
    this.#worker?.unref()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.end(), IDLE_MS).unref()
  }

  #gone(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#isReady = false
    clearTimeout(this.#idle)
    this.#told.ended()
    this.#answer?.reject(error)
    this.#answer = undefined
  }
}

/** What went wrong in the thread is told to whoever waits for an answer from it. */
const heard = (worker: Worker, event: 'message' | 'exit'): Promise<unknown> =>
  once(worker, event).catch(() => undefined)

function errorOf(failure: Failure): unknown {
  if (failure === undefined) return undefined
  if ('defect' in failure) return new Error(failure.defect)
  return new Refusal(failure.reason, failure.sentence, failure.values)
}
