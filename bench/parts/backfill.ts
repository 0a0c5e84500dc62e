/** Outcomes per second that an aggregator pulls, verifies and indexes, as it holds more and more of them. */
import { join } from 'node:path'
import { followLetter } from '../../federation/follow.ts'
import { findActor } from '../../federation/discovery.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { SqliteStore } from '../../content/store/sqlite.ts'
import { databaseIn } from '../../server/config.ts'
import type { Size } from '../run.ts'
import { freePort, type Program } from './program.ts'
import { type Source, source } from './source.ts'
import { type Report, rounded } from './table.ts'
import { acted, type Place, prepared, removeFolder, started, temporaryFolder } from './tributary.ts'

const INITIATIVES = 20
/** What is held when the rate is looked at. */
const MARKS = [10_000, 100_000, 300_000]
const QUICK_MARKS = [10_000, 20_000]
const WINDOW = 10_000
const LOOK_MS = 200
const PATIENCE_MS = 30 * 60_000

interface Point {
  held: number
  atMs: number
}

interface Filled {
  points: Point[]
  /** MB, the most. */
  memory: number
  /** Microseconds of processor for one outcome. */
  each: number
}

export async function backfill({ quick }: Size): Promise<Report> {
  const folder = temporaryFolder()
  const marks = quick ? QUICK_MARKS : MARKS
  try {
    const { points, memory, each } = await filled(folder, marks.at(-1) ?? 0)
    return report({ points, memory, each }, marks, quick ? 5_000 : WINDOW)
  } finally {
    removeFolder(folder)
  }
}

/** An aggregator in this folder reads so many outcomes. */
async function filled(folder: string, total: number): Promise<Filled> {
  const data = join(folder, 'aggregator')
  const logs = await source(INITIATIVES, Math.ceil(total / INITIATIVES), folder)
  const place = { role: 'aggregator', port: await freePort(), data } as const
  try {
    return await read(place, logs, total)
  } finally {
    await logs.close()
  }
}

async function read(place: Place, logs: Source, total: number): Promise<Filled> {
  await prepared(place)
  await acted(place, (site) => followed(site, logs))
  const program = await started(place, process.execArgv)
  try {
    const points = await watched(place, program, total)
    const held = points.at(-1)?.held ?? 0
    return { points, memory: program.memoryMax(), each: (program.used() / held) * 1e6 }
  } finally {
    await program.stop()
  }
}

/** What `follow` writes. */
async function followed(site: Site, logs: Source): Promise<void> {
  for (const id of logs.actors)
    await record(site, await followLetter(site, await findActor(site, id)))
}

async function watched({ data }: Place, program: Program, total: number): Promise<Point[]> {
  const store = new SqliteStore(databaseIn(data))
  const begun = performance.now()
  const points: Point[] = [{ held: 0, atMs: 0 }]
  for (let held = 0; held < total;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const pulls = await store.find('pulls', { limit: INITIATIVES })
    held = pulls.reduce((sum, each) => sum + each.held, 0)
    const refused = pulls.reduce((sum, each) => sum + each.refused, 0)
    points.push({ held, atMs: performance.now() - begun })
    const diverged = pulls.some(({ standing }) => standing === 'diverged')
    if (diverged) throw new Error('a log was taken for another than it was')
    if (refused > 0)
      throw new Error(`refused: ${pulls.flatMap(({ refusals }) => refusals)[0]?.why}`)
    if (performance.now() - begun > PATIENCE_MS || program.memory() === 0) break
  }
  await store.close()
  return points
}

/** When so many were held, between two looks. */
function timeOf(points: Point[], held: number): number {
  const after = points.findIndex((each) => each.held >= held)
  const [a, b] = [points[Math.max(0, after - 1)], points[after]]
  if (!a || !b || a.held === b.held) return b?.atMs ?? NaN
  return a.atMs + ((held - a.held) / (b.held - a.held)) * (b.atMs - a.atMs)
}

function report({ points, memory, each }: Filled, marks: number[], window: number): Report {
  const rate = (from: number, to: number) =>
    rounded(((to - from) / (timeOf(points, to) - timeOf(points, from))) * 1000)
  const rows = marks.map((mark) => ({
    held: mark,
    [`last ${window}/s`]: rate(mark - window, mark),
    'whole/s': rate(0, mark),
  }))
  const figures = Object.fromEntries(marks.map((mark) => [`at_${mark}`, rate(mark - window, mark)]))
  const first = rate(0, window)
  const last = marks.at(-1) ?? 0
  const share = rounded(rate(last - window, last) / first, 2)
  return {
    rows,
    figures: {
      ...figures,
      first,
      processor_us: rounded(each),
      last_to_first: share,
      memory_mb: rounded(memory),
    },
    notes: [`At most ${rounded(memory)} MB; ${rounded(each)} µs of processor for each outcome.`],
  }
}
