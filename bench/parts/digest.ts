/** How fast digests go out to a real SMTP server in another process, and how long readers wait for pages meanwhile. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Subscriber } from '../../content/mailing.ts'
import { writeDiscussion } from '../../content/discussions.ts'
import { discussionId, groupId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import type { Size } from '../run.ts'
import { page, send } from './load.ts'
import { freePort } from './program.ts'
import { percentile, type Report, rounded, type Row } from './table.ts'
import {
  acted,
  originAt,
  type Place,
  prepared,
  removeFolder,
  started,
  temporaryFolder,
} from './tributary.ts'

const SUBSCRIBERS = 5000
const QUICK_SUBSCRIBERS = 500
const DISCUSSIONS = 60
/** Of all that there is, everybody follows the initiative or some of this. */
const WAYS_TO_FOLLOW = 50
const READERS = 2
const READ_AT_ONCE = 20
/** So many requests a second of each reader, at most. */
const PAUSE_MS = 20
const END_MS = 300_000

interface Sink {
  port: number
  /** Letters that came, and to how many addresses. */
  taken: () => { letters: number; addresses: number }
  end: () => void
}

export async function digest({ quick }: Size): Promise<Report> {
  const count = quick ? QUICK_SUBSCRIBERS : SUBSCRIBERS
  const folder = temporaryFolder()
  const place: Place = { role: 'node', port: await freePort(), data: join(folder, 'digest') }
  const sink = await sinkProcess()
  try {
    await prepared(place, filled)
    await acted(place, (site) => subscribed(site, count))
    const idle = await measured(place, sink, undefined)
    const busy = await measured(place, sink, count)
    const { letters, addresses } = sink.taken()
    const rows = [idle.row, { ...busy.row, letters, addresses }]
    return { rows, figures: { ...busy.figures, idle_p99_ms: Number(idle.row['p99 ms']) } }
  } finally {
    sink.end()
    removeFolder(folder)
  }
}

/** The sink is the same real server as in the tests, in a process of its own that says what it has. */
async function sinkProcess(): Promise<Sink> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../sink.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = { port: 0, letters: 0, addresses: 0 }
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => (last = JSON.parse(line) as typeof last))
  await once(lines, 'line')
  const { port } = last
  return { port, taken: () => last, end: () => void child.kill('SIGTERM') }
}

async function filled(site: Site): Promise<void> {
  for (let i = 0; i < DISCUSSIONS; i += 1) {
    const fields = { language: 'en', title: { en: `Question ${i}` }, text: 'Who pays?', tags: {} }
    const by = { by: 'Noor', actor: groupId(site), at: site.now() }
    await record(site, writeDiscussion(discussionId(site, `question-${i}`), fields, by))
  }
}

/** Nobody has been told anything yet. */
async function subscribed(site: Site, count: number): Promise<void> {
  const subscribers = Array.from({ length: count }, (_, i): Subscriber => {
    const way = i % WAYS_TO_FOLLOW
    const some = discussionId(site, `question-${way}`)
    return {
      ...{ id: `s${i}`, email: `s${i}@mail.example`, language: i % 3 ? 'en' : 'ar' },
      ...{ period: 'daily', told: 0, paused: false, at: '2026-01-01T00:00:00.000Z' },
      follows: way === 0 ? [groupId(site)] : [some, discussionId(site, `question-${way + 5}`)],
    }
  })
  await site.store.commit({ put: { subscribers } })
}

/** Pages are read until so many digests have come; for five seconds where none are sent. */
async function measured(place: Place, sink: Sink, count: number | undefined) {
  const mail: Record<string, string> = count
    ? {
        TRIBUTARY_SMTP: `smtp://127.0.0.1:${sink.port}`,
        TRIBUTARY_MAIL_FROM: 'news@measured.example',
      }
    : {}
  const program = await started(place, [], mail)
  const begun = performance.now()
  const host = new URL(originAt(place.port)).host
  const latencies: number[] = []
  const over = () => {
    const ms = performance.now() - begun
    return ms > END_MS || (count ? sink.taken().letters >= count : ms > 5000)
  }
  while (!over()) {
    const paths = ['/', '/discussions', '/discussions/question-7', '/about']
    const requests = Array.from({ length: READ_AT_ONCE }, (_, i) => page(paths[i % 4] ?? '/', host))
    const sent = await send({ requests, port: place.port, connections: READERS, untilMs: END_MS })
    latencies.push(...sent.latencies)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  const seconds = (performance.now() - begun) / 1000
  const row: Row = {
    digests: count ?? 0,
    'digests/s': rounded((count ?? 0) / seconds),
    seconds: rounded(seconds, 1),
    pages: latencies.length,
    'median ms': rounded(percentile(latencies, 0.5), 1),
    'p99 ms': rounded(percentile(latencies, 0.99), 1),
    'most ms': rounded(Math.max(...latencies), 1),
    'memory MB': rounded(program.memoryMax()),
  }
  await program.stop()
  const p99 = rounded(percentile(latencies, 0.99), 1)
  return { row, figures: { digests_per_second: rounded((count ?? 0) / seconds), page_p99_ms: p99 } }
}
