/** Whole servers for tests: real stores in a temporary folder, real HTTP on loopback, a clock the test holds. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGuardedFetch } from '../../federation/fetch.ts'
import type { Config } from '../../server/config.ts'
import { type Running, startServer } from '../../server/main.ts'

/** A clock that stands until it is told to go; each reading is one millisecond later than the last. */
export function testClock(start = '2026-11-23T10:00:00.000Z') {
  let ms = Date.parse(start)
  return {
    now: () => new Date(ms++).toISOString(),
    forward: (by: number) => void (ms += by),
  }
}

/** The system's clock, for tests that only wait for things to happen. */
export const realClock = { now: () => new Date().toISOString(), forward: (_by: number) => {} }

export interface TestServer extends Running {
  origin: string
  /** Where it listens, whatever stands in front of it. */
  port: number
  /** Folder of its database. */
  data: string
  /** Stop and start again on the same port with the same data. */
  restart: () => Promise<TestServer>
}

type GuardSettings = Parameters<typeof createGuardedFetch>[0]

const folders: string[] = []

/** A new server in a new folder. Every one is ended by `endServers`, which a suite calls after its tests. */
export async function testServer(
  role: Config['role'] = 'node',
  clock: { now: () => string } = realClock,
  more: Partial<Pick<Config, 'mail' | 'origin'>> = {},
): Promise<TestServer> {
  const data = mkdtempSync(join(tmpdir(), 'tributary-test-'))
  folders.push(data)
  return begin({ role, port: 0, origin: 'http://127.0.0.1:0', data, ...more }, clock)
}

const running = new Set<Running>()

async function begin(
  parts: Pick<Config, 'role' | 'port' | 'origin' | 'data' | 'mail'>,
  clock: { now: () => string },
): Promise<TestServer> {
  const quiet = { log: 'silent', metrics: false } as const
  const quick = { privatePeers: true, proxies: 0, passwordCost: 4 }
  const config: Config = { host: '127.0.0.1', ...quick, ...quiet, ...parts }
  const server = await startServer(config, clock.now)
  running.add(server)
  const { origin, port } = server.config
  const restart = async () => {
    await end(server)
    return begin({ ...parts, origin, port }, clock)
  }
  return { ...server, origin, port, data: parts.data, close: () => end(server), restart }
}

async function end(server: Running): Promise<void> {
  if (running.delete(server)) await server.close()
}

export async function endServers(): Promise<void> {
  await Promise.all([...running].map(end))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

const LOOK_MS = 20
const UNTIL_MS = 60_000

/** Ask again until the answer is there. It gives up after a minute, so that a failed test does not go on for ever. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (let waited = 0; waited < UNTIL_MS; waited += LOOK_MS) {
    const answer = await ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error('what was waited for did not come within a minute')
}

/** The server asks others through the guard as it does in the world, but for what a test sets otherwise. */
export function guardedAs(
  { site }: Pick<Running, 'site'>,
  settings: Pick<GuardSettings, 'allowPrivate'> & Partial<GuardSettings>,
): void {
  const key = () => site.key(`${site.origin}/server`, 'rsa')
  site.fetch = createGuardedFetch({ userAgent: 'test', now: site.now, key, ...settings })
}
