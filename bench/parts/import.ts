/** How many posts of a WordPress export a node reads and writes in a second, from the moment a host has sent them; and how long readers of an outcome wait meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SqliteStore } from '../../content/store/sqlite.ts'
import type { ImportJob } from '../../content/imports.ts'
import { databaseIn } from '../../server/config.ts'
import { publishImported, write as written } from '../../content/outcomes.ts'
import { groupId, outcomeId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import type { Size } from '../run.ts'
import { page, send } from './load.ts'
import { freePort } from './program.ts'
import { median, percentile, type Report, rounded } from './table.ts'
import {
  acted,
  originAt,
  type Place,
  prepared,
  removeFolder,
  started,
  temporaryFolder,
} from './tributary.ts'

const COUNTS = [200, 5000]
const QUICK_COUNTS = [200, 1000]
const LOOK_MS = 10
const PATIENCE_MS = 300_000
const JOB = 'measured'
const SLUG = 'messages'
const PAUSE_MS = 50

interface Took {
  readMs: number
  writeMs: number
  memory: number
  /** How long each reader of a page waited, in ms. */
  waited: number[]
}

export async function imports({ rounds, quick }: Size): Promise<Report> {
  const rows = []
  const figures: Report['figures'] = {}
  for (const count of quick ? QUICK_COUNTS : COUNTS) {
    const all: Took[] = []
    for (let round = 0; round < rounds; round += 1) all.push(await measured(count))
    const rate = (ms: (took: Took) => number) =>
      rounded(median(all.map((took) => (count * 1000) / ms(took))))
    const whole = rate(({ readMs, writeMs }) => readMs + writeMs)
    const row = { 'read/s': rate((each) => each.readMs), 'written/s': rate((each) => each.writeMs) }
    const memory = Math.max(...all.map((each) => each.memory))
    const p99 = rounded(
      percentile(
        all.flatMap(({ waited }) => waited),
        0.99,
      ),
      1,
    )
    const most = { 'MB, the most': rounded(memory), 'page p99 ms': p99 }
    rows.push({ posts: count, ...row, 'both/s': whole, ...most })
    figures[`posts_per_second_${count}`] = whole
    figures[`page_p99_ms_${count}`] = p99
  }
  const notes = [
    'Each round is a new server that has done nothing before; a host’s looking is not counted.',
    `Meanwhile the page of an outcome is read ${1000 / PAUSE_MS} times a second.`,
  ]
  return { rows, figures, notes }
}

async function measured(count: number): Promise<Took> {
  const folder = temporaryFolder()
  const place: Place = { role: 'node', port: await freePort(), data: join(folder, 'node') }
  try {
    await prepared(place, published)
    const uploads = join(place.data, 'uploads')
    mkdirSync(uploads, { recursive: true })
    writeFileSync(join(uploads, JOB), exported(count))
    return await run(place)
  } finally {
    removeFolder(folder)
  }
}

async function run(place: Place): Promise<Took> {
  const program = await started(place, [], { TRIBUTARY_LOG: 'error' })
  const store = new SqliteStore(databaseIn(place.data))
  try {
    const reader = reading(place.port)
    const readMs = await timed(store, () => begin(place))
    const writeMs = await timed(store, () => write(place))
    return { readMs, writeMs, memory: program.memoryMax(), waited: await reader.end() }
  } finally {
    await store.close()
    await program.stop()
  }
}

/** One page after another until it is ended. */
function reading(port: number): { end: () => Promise<number[]> } {
  const waited: number[] = []
  const requests = [page(`/outcomes/${SLUG}`, new URL(originAt(port)).host)]
  let over = false
  const all = (async () => {
    while (!over) {
      const { latencies } = await send({ requests, port, connections: 1, untilMs: PATIENCE_MS })
      waited.push(...latencies)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  })()
  return {
    end: async () => {
      over = true
      await all
      return waited
    },
  }
}

async function published(site: Site): Promise<void> {
  const [id, initiative] = [outcomeId(site, SLUG), groupId(site)]
  const by = { by: 'Noor', actor: initiative, at: site.now() }
  const markdown = Array.from({ length: 20 }, (_, i) => `- Keep gauge ${i} public.`).join('\n')
  const texts = { en: { title: 'Messages', markdown } }
  const doing = written(
    { language: 'en', texts, year: 2026, tags: {} },
    { id, slug: SLUG, initiative },
    by,
  )
  const [draft] = doing.put?.drafts ?? []
  if (draft) await record(site, publishImported(draft, site.now(), by))
}

/** From what a host does until the import is ready again. */
async function timed(store: SqliteStore, act: () => Promise<void>): Promise<number> {
  await act()
  const begun = performance.now()
  for (;;) {
    const job = await store.get('imports', JOB)
    const passed = performance.now() - begun
    if (job?.state === 'ready') return passed
    if (job?.state === 'failed' || passed > PATIENCE_MS) throw new Error('the import did not end')
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

const begin = (place: Place) =>
  acted(place, async ({ store, now }) => {
    const [person] = await store.find('people', {})
    const choices = { drafts: false, open: false, read: 0 }
    const job: ImportJob = {
      id: JOB,
      by: person?.id ?? originAt(place.port),
      at: now(),
      from: 'file',
      name: 'export.xml',
      state: 'reading',
      ...choices,
    }
    await store.commit({ put: { imports: [job] } })
  })

const write = (place: Place) =>
  acted(place, async ({ store }) => {
    const job = await store.get('imports', JOB)
    if (job) await store.commit({ put: { imports: [{ ...job, state: 'writing', many: true }] } })
  })

const PARAGRAPHS = 8

/** An invented export: every third post is an outcome with three messages, each has some 4,000 letters. */
function exported(count: number): string {
  const paragraph = `<p>${'The people of the coast met and spoke of the price of a connection. '.repeat(7)}</p>`
  const items = Array.from({ length: count }, (_, i) => {
    const list =
      i % 3
        ? ''
        : `<h2>Key messages</h2><ol><li>Keep gauge ${i} public.</li><li>Lower the price of the line.</li><li>Count ${i} again.</li></ol>`
    return `<item><title>Post ${i} of the year ${2005 + (i % 20)}</title><link>https://old.example/${i}/</link><guid>https://old.example/?p=${i}</guid>
<wp:post_id>${i}</wp:post_id><wp:post_date_gmt>${2005 + (i % 20)}-03-04 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="sdg-9">SDG 9</category><content:encoded><![CDATA[${paragraph.repeat(PARAGRAPHS)}${list}]]></content:encoded></item>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="x" xmlns:wp="y"><channel><title>Coast</title><language>en</language>${items.join('\n')}</channel></rss>`
}
