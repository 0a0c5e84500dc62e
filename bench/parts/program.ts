/** A program under measurement: a process of its own, how long it takes to answer, what memory and time it uses. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const READY_MS = 60_000
/** Ticks of /proc/<pid>/stat in a second on Linux. */
const TICKS = 100

export interface Program {
  port: number
  /** From being started to its first answer. */
  readyMs: number
  /** Resident memory now, in MB; 0 where the system does not say. */
  memory: () => number
  /** The most it has had, in MB. */
  memoryMax: () => number
  /** Seconds of processor used. */
  used: () => number
  stop: () => Promise<void>
}

export interface Start {
  /** Of the file to run, from the project's folder. */
  file: string
  args?: string[]
  flags?: string[]
  settings?: Record<string, string>
  port: number
  /** What it answers when it is ready. */
  path?: string
}

const root = join(import.meta.dirname, '../..')

export async function start(how: Start): Promise<Program> {
  const { file, args = [], flags = [], settings = {}, port, path = '/' } = how
  const begun = performance.now()
  const child = spawn(process.execPath, [...flags, join(root, file), ...args], {
    cwd: root,
    env: settings,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await answering(child, `http://127.0.0.1:${port}${path}`, file)
  return {
    port,
    readyMs: performance.now() - begun,
    memory: () => statusOf(child, 'VmRSS'),
    memoryMax: () => statusOf(child, 'VmHWM'),
    used: () => secondsOf(child),
    stop: async () => {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function answering(child: ChildProcess, url: string, file: string): Promise<void> {
  const begun = performance.now()
  while (performance.now() - begun < READY_MS) {
    if (child.exitCode !== null) throw new Error(`${file} ended before it answered`)
    const there = await fetch(url).then(
      (answer) => answer.text(),
      () => undefined,
    )
    if (there !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child.kill('SIGKILL')
  throw new Error(`${file} does not answer`)
}

function statusOf({ pid }: ChildProcess, name: string): number {
  const text = procFile(`/proc/${pid}/status`)
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024
}

function secondsOf({ pid }: ChildProcess): number {
  const fields = procFile(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS
}

function procFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
