/** Our own server under measurement: a data folder made ready before, and the program as an operator starts it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config } from '../../server/config.ts'
import { startServer } from '../../server/main.ts'
import { createSite, openStore } from '../../server/site.ts'
import { setUp } from '../../server/setup.ts'
import type { Site } from '../../federation/site.ts'
import { type Program, start } from './program.ts'

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'tributary-bench-'))
export const removeFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true })

export interface Place {
  role: Config['role']
  port: number
  data: string
}

export const originAt = (port: number) => `http://127.0.0.1:${port}`

const founding = {
  name: { en: 'Measured Internet Governance Forum' },
  acronym: 'MIGF',
  kind: 'national',
  countries: ['NL'],
  languages: ['en'],
} as const

const host = {
  name: 'Noor',
  email: 'noor@test.example',
  role: 'host',
  language: 'en',
  password: 'rivers run to the sea',
} as const

const quiet = { log: 'error', metrics: false } as const

/** Set up a server in its folder, and do something there before it is measured. */
export async function prepared(
  { role, port, data }: Place,
  act: (site: Site) => Promise<void> = async () => {},
): Promise<void> {
  const trial = { host: '127.0.0.1', privatePeers: true, proxies: 1, ...quiet }
  const running = await startServer({ role, port, data, origin: originAt(port), ...trial })
  if (running.setupCode) {
    const mutable = { ...founding, countries: [...founding.countries], languages: ['en'] }
    await setUp(running.site, mutable, host)
  }
  await act(running.site)
  await running.close()
}

/** Do something in the folder of a server that does not run. */
export async function acted({ role, port, data }: Place, act: (site: Site) => Promise<void>) {
  const trial = { host: '127.0.0.1', privatePeers: true, proxies: 1, ...quiet }
  const config = { role, port, data, origin: originAt(port), ...trial }
  const store = openStore(config)
  const site = createSite(config, store)
  await act(site)
  await site.fetch.close()
  await store.close()
}

/** As `npm start` does. Every request may say which address it comes from: the limits for one address are not measured. */
export const started = (
  { role, port, data }: Place,
  flags: string[] = [],
  more: Record<string, string> = {},
): Promise<Program> =>
  start({
    file: 'scripts/start.ts',
    flags,
    port,
    path: '/healthz',
    settings: {
      TRIBUTARY_ROLE: role,
      TRIBUTARY_ORIGIN: originAt(port),
      TRIBUTARY_PORT: String(port),
      TRIBUTARY_DATA: data,
      TRIBUTARY_PROXIES: '1',
      TRIBUTARY_PRIVATE_PEERS: 'allow',
      ...more,
    },
  })
