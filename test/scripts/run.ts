/** The program's commands as an operator runs them: processes of their own, with settings of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { compiled } from '../help/compiled.ts'

const root = join(import.meta.dirname, '../..')
const AT_ONCE = 4

/** What is undefined is not set. */
export type Settings = Record<`TRIBUTARY_${string}` | `NODE_${string}`, string | undefined>

export interface Ended {
  code: number | null
  /** What it said on both ways out. */
  text: string
}

/** The environment of this process without any settings of a server in it. */
function environment(settings: Settings): NodeJS.ProcessEnv {
  const plain = Object.entries(process.env).filter(([name]) => !name.startsWith('TRIBUTARY_'))
  return { ...Object.fromEntries(plain), LANG: 'C.UTF-8', LC_ALL: '', ...compiled, ...settings }
}

const running = new Set<ChildProcess>()

export function begin(script: string, args: string[], settings: Settings = {}): ChildProcess {
  const path = join(root, 'scripts', script)
  const options = { cwd: tmpdir(), env: environment(settings) }
  const child = spawn(process.execPath, [path, ...args], options)
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** For a test that failed halfway: no process is left behind. */
export async function endProcesses(): Promise<void> {
  const ends = [...running].map((child) => once(child, 'exit'))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(ends)
}

/** All it says until it ends. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let text = ''
  for (const out of [child.stdout, child.stderr]) {
    out?.on('data', (part: Buffer) => (text += part.toString()))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text: text.trim() }
}

/** tributary <args> */
export const tributary = (args: string[], settings: Settings = {}): Promise<Ended> =>
  ended(begin('tributary.ts', args, settings))

/** Do something for each case, a few at a time. */
export async function forEach<T>(cases: T[], act: (one: T) => Promise<unknown>): Promise<void> {
  const waiting = cases.values()
  const worker = async () => {
    for (const one of waiting) await act(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** It failed with one sentence (and a line for each mistake) that says this, and nothing of its inside. */
export function expectRefused({ code, text }: Ended, sentence: RegExp): void {
  expect(text).to.match(sentence)
  expect(text).not.to.match(/\n\s+at |node:|\.ts:\d|Error:/)
  expect(code, text).to.equal(1)
}
