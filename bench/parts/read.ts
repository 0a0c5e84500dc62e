/** How fast an aggregator answers readers when it holds much, while activities come in. */
import { join } from 'node:path'
import type { Initiative, Version } from '../../content/model.ts'
import type { Pull } from '../../content/parties.ts'
import { shortKey } from '../../content/short-key.ts'
import { terms } from '../../content/vocabulary.ts'
import { project } from '../../content/versions.ts'
import { canonical, digestOf } from '../../federation/proofs.ts'
import type { Site } from '../../federation/site.ts'
import { versionToArticle } from '../../federation/translate/outcomes.ts'
import type { Size } from '../run.ts'
import { type Crowd, crowd } from './actors.ts'
import { invented, slugOf } from './invented.ts'
import { page, send, type Sent } from './load.ts'
import { freePort, type Program } from './program.ts'
import { percentile, type Report, rounded, type Row } from './table.ts'
import { acted, originAt, type Place, prepared, removeFolder } from './tributary.ts'
import { started, temporaryFolder } from './tributary.ts'

const INITIATIVES = 150
const SIZES = [10_000, 100_000, 300_000]
const QUICK_SIZES = [2_000, 10_000]
const COMMIT = 400
const READERS = 4
const ROUND_MS = 10_000
/** Activities that come in meanwhile. */
const PER_SECOND = 200
const BEAT_MS = 100
const ACTORS = 100

const initiativeAt = (number: number) => `https://i${number % INITIATIVES}.example/actor`
const someOutcome = (number: number) => slugOf(initiativeAt(number), number)

const sdgs = terms('sdgs').map(({ slug }) => slug)

/** What is read, with a number that makes it another page each time. */
const pages: Record<string, (number: number) => string> = {
  front: () => '/',
  outcomes: (n) => `/outcomes?page=${1 + (n % 5)}`,
  outcome: (n) => `/outcomes/${shortKey(someOutcome(n))}`,
  initiatives: () => '/initiatives',
  initiative: (n) => `/initiatives/${shortKey(initiativeAt(n))}`,
  'search, one word': (n) => `/search?q=w${n % 900}`,
  'search, common word': () => '/search?q=villages',
  'search, word and facets': (n) => `/search?q=access&year=${2015 + (n % 11)}&type=message`,
  'search, facets': (n) => `/search?year=${2015 + (n % 11)}&sdg=${sdgs[n % sdgs.length]}`,
  'search, nothing asked': () => '/search',
  feed: () => '/feed.atom',
  'outcomes as JSON': () => '/outcomes.json?year=2020',
}

export async function read({ rounds, quick }: Size): Promise<Report> {
  const folder = temporaryFolder()
  const people = await crowd(ACTORS)
  const place: Place = { role: 'aggregator', port: await freePort(), data: join(folder, 'read') }
  const rows: Row[] = []
  const figures: Report['figures'] = {}
  try {
    await prepared(place)
    let held = 0
    for (const size of quick ? QUICK_SIZES : SIZES) {
      const from = held
      await acted(place, (site) => filled(site, from, size))
      held = size
      await measured(place, people, { held, count: 30 * rounds }, rows, figures)
    }
    return { rows, figures }
  } finally {
    await people.close()
    removeFolder(folder)
  }
}

/** As if all had been pulled: the documents that a pull writes, without the pull. */
async function filled({ store }: Site, from: number, to: number): Promise<void> {
  if (from === 0) {
    const initiatives = Array.from({ length: INITIATIVES }, (_, i) => initiative(i))
    await store.commit({ put: { initiatives, pulls: initiatives.map(pullOf) } })
  }
  for (let at = from; at < to; at += COMMIT) {
    const length = Math.min(COMMIT, to - at)
    const versions = Array.from({ length }, (_, i) =>
      received(invented(initiativeAt(at + i), at + i)),
    )
    const items = versions.map(project).flatMap(({ outcome, messages }) => [outcome, ...messages])
    await store.commit({ put: { versions, items } })
  }
}

function received(version: Version): Version {
  const object = versionToArticle(version, undefined)
  const { at } = version
  const verification = { result: 'verified', at, method: 'm', key: 'k' } as const
  return {
    ...version,
    local: false,
    digest: digestOf(object),
    wire: canonical(object),
    verification,
  }
}

const initiative = (number: number): Initiative => ({
  id: initiativeAt(number),
  local: false,
  name: { en: `Initiative ${number}` },
  acronym: `I${number}`,
  kind: 'national',
  countries: [['NL', 'KE', 'BR', 'IN', 'FR', 'EG'][number % 6] ?? 'NL'],
  scope: {},
  languages: ['en'],
  summary: {},
  accent: '#0b6e6e',
  licence: 'CC BY 4.0',
  published: '2026-01-01T00:00:00.000Z',
})

const pullOf = ({ id, published }: Initiative): Pull => ({
  id,
  peer: new URL(id).origin,
  outbox: `${id}/outbox`,
  standing: 'consistent',
  ...{ after: 0, size: 0, root: '', frontier: [], held: 0, refused: 0, refusals: [], failures: 0 },
  checkedAt: published,
  retryAt: '2100-01-01T00:00:00.000Z',
})

interface Wanted {
  held: number
  count: number
}

async function measured(
  place: Place,
  people: Crowd,
  { held, count }: Wanted,
  rows: Row[],
  figures: Report['figures'],
): Promise<void> {
  const program = await started(place, process.execArgv)
  const stop = new AbortController()
  const coming = comeIn(program, people, place, stop.signal)
  try {
    for (const [name, path] of Object.entries(pages)) {
      const sent = await asked(program, place, path, { held, count })
      rows.push(rowOf(name, held, sent))
      const key = `${name.replaceAll(/\W+/g, '_')}_${held}`
      figures[`${key}_per_second`] = rounded(sent.count / sent.seconds, 1)
      figures[`${key}_p99_ms`] = rounded(percentile(sent.latencies, 0.99), 1)
    }
    figures[`memory_mb_${held}`] = rounded(program.memoryMax())
  } finally {
    stop.abort()
    figures[`came_in_${held}_per_second`] = rounded(await coming)
    await program.stop()
  }
}

async function asked(
  { port }: Program,
  place: Place,
  path: (number: number) => string,
  { held, count }: Wanted,
): Promise<Sent> {
  const host = new URL(originAt(place.port)).host
  const some = (i: number) => path((i * 7919) % held)
  const requests = Array.from({ length: count }, (_, i) => page(some(i), host))
  await send({ requests: [page(some(1), host)], port, connections: 1, untilMs: ROUND_MS })
  return send({ requests, port, connections: READERS, untilMs: ROUND_MS })
}

function rowOf(name: string, held: number, sent: Sent): Row {
  const wrong = sent.count - (sent.statuses[200] ?? 0)
  return {
    page: name,
    held,
    'pages/s': rounded(sent.count / sent.seconds, 1),
    'median ms': rounded(percentile(sent.latencies, 0.5), 1),
    'p99 ms': rounded(percentile(sent.latencies, 0.99), 1),
    kB: rounded(sent.bytes / sent.count / 1000, 1),
    ...(wrong > 0 ? { wrong } : {}),
  }
}

/** Signed activities at an even pace, however long their answers take, until told to stop; answers how many a second were accepted. */
async function comeIn(
  { port }: Program,
  people: Crowd,
  place: Place,
  signal: AbortSignal,
): Promise<number> {
  const to = { origin: originAt(place.port), path: '/inbox' }
  const begun = performance.now()
  const sending: Promise<Sent>[] = []
  for (let number = 0; !signal.aborted;) {
    const beat = new Promise((resolve) => setTimeout(resolve, BEAT_MS))
    const requests = await Promise.all(
      Array.from({ length: (PER_SECOND * BEAT_MS) / 1000 }, () =>
        people.says(people.ids[number++ % ACTORS] ?? '', someOutcome(number), to),
      ),
    )
    sending.push(send({ requests, port, connections: 2, untilMs: ROUND_MS }))
    await beat
  }
  const sent = await Promise.all(sending)
  const accepted = sent.reduce((sum, { statuses }) => sum + (statuses[202] ?? 0), 0)
  return accepted / ((performance.now() - begun) / 1000)
}
