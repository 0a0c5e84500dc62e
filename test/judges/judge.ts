/** A judge: code that is not ours, in a process of its own. Where its package is not installed, tests that need it are skipped and say so. */
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from 'mocha'

export interface Judge {
  /** Ask for something by name; a judge that fails rejects with what it said. */
  ask: <T>(verb: string, ...words: string[]) => Promise<T>
}

/** What a judge sends back. */
export interface Reply {
  id: number
  answer?: unknown
  error?: string
}

const folderOf = (name: string) => join(import.meta.dirname, name)

/** Skip the suite that asks when `npm run judges` has not installed this judge. */
function needJudge(test: Context, name: string): void {
  if (existsSync(join(folderOf(name), 'node_modules'))) return
  for (const each of test.test?.parent?.tests ?? [])
    each.title += ' (skipped: npm run judges installs what judges it)'
  test.skip()
}

const running = new Set<ChildProcess>()

/** Start the program of a judge, or skip the suite that asks. Every one is ended by `endJudges`. */
export async function startJudge(test: Context, name: string): Promise<Judge> {
  needJudge(test, name)
  const child = fork(join(folderOf(name), 'judge.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  running.add(child)
  const waiting = new Map<number, (reply: Reply) => void>()
  child.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply))
  child.on('exit', (code) => {
    for (const [id, done] of waiting) done({ id, error: `the judge ended with ${code}` })
  })
  let last = 0
  const ask = async <T>(verb: string, ...words: string[]): Promise<T> => {
    const id = (last += 1)
    const { answer, error } = await new Promise<Reply>((done) => {
      waiting.set(id, done)
      child.send({ id, verb, words })
    })
    waiting.delete(id)
    if (error !== undefined) throw new Error(`${name} ${verb}: ${error}`)
    return answer as T
  }
  return { ask }
}

export async function endJudges(): Promise<void> {
  const ends = [...running].map((child) => new Promise((done) => child.once('exit', done)))
  for (const child of running) child.kill()
  await Promise.all(ends)
  running.clear()
}
