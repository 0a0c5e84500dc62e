/** What a server asks of a small machine: time to start, memory, disk, and what its pages weigh. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { importAll, readAll } from '../../scripts/commands/import.ts'
import type { Size } from '../run.ts'
import { page, send } from './load.ts'
import { freePort, type Program } from './program.ts'
import { median, type Report, rounded, type Row } from './table.ts'
import { originAt, type Place, prepared, removeFolder, started } from './tributary.ts'
import { temporaryFolder } from './tributary.ts'

const root = join(import.meta.dirname, '../..')
const CONTENT = join(root, 'scripts/demo/coast')
const IDLE_MS = 8_000
const LOAD_MS = 8_000
const CONNECTIONS = 16
const PAGES = [
  '/',
  '/outcomes',
  '/discussions',
  '/meetings',
  '/about',
  '/search',
  '/search?q=access',
]

export async function footprint({ rounds }: Size): Promise<Report> {
  const folder = temporaryFolder()
  const place: Place = { role: 'node', port: await freePort(), data: join(folder, 'node') }
  try {
    await prepared(place, async (site) => {
      await importAll(site, readAll(CONTENT), { quiet: true })
    })
    const first = await begun(place)
    const again: Awaited<ReturnType<typeof begun>>[] = []
    for (let round = 0; round < rounds; round += 1) again.push(await begun(place))
    const figures = {
      first_start_ms: rounded(first.readyMs),
      start_ms: rounded(median(again.map(({ readyMs }) => readyMs))),
      idle_mb: rounded(median(again.map(({ idle }) => idle))),
      load_mb: rounded(median(again.map(({ load }) => load))),
      install_mb: rounded(installed() / 1e6, 1),
      page_max_kb: rounded(Math.max(...first.weights.map(({ kB }) => Number(kB))), 1),
    }
    return { rows: [...first.weights, figures], figures }
  } finally {
    removeFolder(folder)
  }
}

async function begun(place: Place) {
  const program = await started(place)
  try {
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
    const idle = program.memory()
    const weights = await weighed(program, place)
    const requests = Array.from({ length: 5_000 }, (_, i) => asked(PAGES[i % PAGES.length], place))
    const { port } = program
    await send({ requests, port, connections: CONNECTIONS, untilMs: LOAD_MS })
    return { readyMs: program.readyMs, idle, weights, load: program.memoryMax() }
  } finally {
    await program.stop()
  }
}

const asked = (path = '/', place: Place) => page(path, new URL(originAt(place.port)).host)

async function weighed({ port }: Program, place: Place): Promise<Row[]> {
  const rows: Row[] = []
  for (const path of PAGES) {
    const requests = [asked(path, place)]
    const { bytes, statuses } = await send({ requests, port, connections: 1, untilMs: LOAD_MS })
    if (statuses[200] !== 1) throw new Error(`${path} is not there`)
    rows.push({ page: path, kB: rounded(bytes / 1000, 1) })
  }
  return rows
}

/** What `npm ci --omit=dev` puts on the disk, and the program itself. */
function installed(): number {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>
  }
  const needed = Object.entries(lock.packages).filter(([path, { dev }]) => path && !dev)
  const ours = ['content', 'federation', 'server', 'scripts']
  return [...needed.map(([path]) => path), ...ours].reduce((sum, path) => sum + sizeOf(path), 0)
}

/** A folder without the packages in it, which have lines of their own. */
function sizeOf(folder: string): number {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
      .filter(({ name }) => name !== 'node_modules')
      .map((each) => `${folder}/${each.name}`)
      .reduce((sum, path) => {
        const found = statSync(join(root, path))
        return sum + (found.isDirectory() ? sizeOf(path) : found.size)
      }, 0)
  } catch {
    return 0
  }
}
