/** Signed activities per second: accepted durably and applied by us, accepted by others, and by a floor that does nothing else. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeDiscussion } from '../../content/discussions.ts'
import { discussionId, groupId } from '../../federation/addresses.ts'
import { setPeerStanding } from '../../federation/peers.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import type { Size } from '../run.ts'
import { type Crowd, crowd, type Target } from './actors.ts'
import { send, type Sent } from './load.ts'
import { freePort, type Program, start } from './program.ts'
import { median, percentile, type Report, rounded, type Row } from './table.ts'
import { originAt, prepared, removeFolder, started, temporaryFolder } from './tributary.ts'

const ACTORS = 200
const CONNECTIONS = 64
/** A thread is read by people: the answers go to so many of them. */
const DISCUSSIONS = 40
const ROUND_MS = 20_000
const APPLIED_MS = 60_000
const PATH = '/people/noor/inbox'

type Crowds = 'one' | 'many'

/** What is sent to everybody alike, signed before. */
interface Plan {
  port: number
  folder: string
  crowd: Crowd
  warm: Buffer[]
  rounds: Record<Crowds, Buffer[][]>
}

interface Measured {
  accepted: Sent[]
  /** Per second, where it can be seen. */
  applied: number[]
  /** MB, the most. */
  memory: number
  /** Seconds of processor for one activity, in all. */
  processor: number[]
}

interface Contestant {
  name: string
  /** It comes from a package of its own, which may not be installed. */
  isPeer?: boolean
  start: (plan: Plan) => Promise<Program>
  /** How many activities stand on its pages. */
  shown?: (port: number) => Promise<number>
}

const shownByUs = async (port: number): Promise<number> => {
  const answer = await fetch(`${originAt(port)}/log`)
  return ((await answer.json()) as { size: number }).size
}

const contestants: Contestant[] = [
  {
    name: 'tributary',
    start: async ({ port, folder, crowd: { origin } }) => {
      const place = { role: 'node', port, data: join(folder, 'tributary') } as const
      await prepared(place, (site) => opened(site, origin))
      return started(place, profiling)
    },
    shown: shownByUs,
  },
  {
    name: 'floor',
    start: ({ port, folder }) =>
      start({ file: 'bench/floor.ts', args: [String(port), join(folder, 'floor.sqlite')], port }),
  },
  ...['fedify', 'activitypub-express'].map((name) => ({
    name,
    isPeer: true,
    start: ({ port }: Plan) =>
      start({ file: `bench/peers/${name}.mjs`, args: [String(port)], port }),
  })),
]

/** What this was started with goes for our server, too: `node --cpu-prof bench/run.ts inbox` says where its time goes. */
const profiling = process.execArgv

async function opened(site: Site, trusted: string): Promise<void> {
  const by = { by: 'Noor', actor: groupId(site), at: site.now() }
  for (let i = 0; i < DISCUSSIONS; i += 1) {
    const fields = { language: 'en', title: { en: `Question ${i}` }, text: 'What next?', tags: {} }
    await record(site, writeDiscussion(discussionId(site, `q${i}`), fields, by))
  }
  await setPeerStanding(site, trusted, 'trusted', 'Noor')
}

export async function inbox({ rounds, quick }: Size): Promise<Report> {
  const folder = temporaryFolder()
  const people = await crowd(ACTORS)
  const installed = existsSync(join(import.meta.dirname, '../peers/node_modules'))
  try {
    const plan = await planned(people, folder, rounds, quick ? 1500 : 6000)
    const all = contestants.filter(({ isPeer }) => installed || !isPeer)
    const measured = new Map<string, Record<Crowds, Measured>>()
    for (const each of all) measured.set(each.name, await measure(each, plan))
    return report(measured, installed)
  } finally {
    await people.close()
    removeFolder(folder)
  }
}

async function planned(
  people: Crowd,
  folder: string,
  rounds: number,
  count: number,
): Promise<Plan> {
  const port = await freePort()
  const to: Target = { origin: originAt(port), path: PATH }
  const discussion = (i: number) => discussionId(to, `q${i % DISCUSSIONS}`)
  const by = (i: number, actors: number) =>
    people.says(people.ids[i % actors] ?? '', discussion(i), to)
  const made = (length: number, actors: number) =>
    Promise.all(Array.from({ length }, (_, i) => by(i, actors)))
  const several = (actors: number) =>
    Promise.all(Array.from({ length: rounds }, () => made(count, actors)))
  const [one, many] = [await several(1), await several(ACTORS)]
  const warm = await made(ACTORS * 3, ACTORS)
  return {
    port,
    folder,
    crowd: people,
    warm,
    rounds: { one, many },
  }
}

async function measure(each: Contestant, plan: Plan): Promise<Record<Crowds, Measured>> {
  const program = await each.start(plan)
  try {
    await oneRound(each, program, plan.warm)
    const one = await allRounds(each, program, plan.rounds.one)
    const many = await allRounds(each, program, plan.rounds.many)
    return { one, many }
  } finally {
    await program.stop()
  }
}

async function allRounds(each: Contestant, program: Program, rounds: Buffer[][]) {
  const found: Measured = { accepted: [], applied: [], memory: 0, processor: [] }
  for (const requests of rounds) {
    const before = program.used()
    const { sent, applied } = await oneRound(each, program, requests)
    found.accepted.push(sent)
    if (applied) found.applied.push(applied)
    found.processor.push((program.used() - before) / Math.max(1, sent.count))
  }
  found.memory = program.memoryMax()
  return found
}

async function oneRound(each: Contestant, { port }: Program, requests: Buffer[]) {
  const before = await each.shown?.(port)
  const begun = performance.now()
  const sent = await send({ requests, port, connections: CONNECTIONS, untilMs: ROUND_MS })
  const accepted = taken(sent)
  if (accepted < sent.count) console.error(`${each.name} answered`, sent.statuses)
  const wanted = (before ?? 0) + accepted
  while (each.shown && (await each.shown(port)) < wanted) {
    if (performance.now() - begun > APPLIED_MS) throw new Error(`${each.name} did not apply all`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const seconds = (performance.now() - begun) / 1000
  return { sent, applied: before === undefined ? undefined : accepted / seconds }
}

/** activitypub-express answers 200 where the others answer 202. */
const taken = ({ statuses }: Sent) => (statuses[200] ?? 0) + (statuses[202] ?? 0)

const perSecond = (all: Sent[]) => median(all.map((sent) => taken(sent) / sent.seconds))

function report(measured: Map<string, Record<Crowds, Measured>>, installed: boolean): Report {
  const rows: Row[] = []
  const figures: Report['figures'] = {}
  for (const [name, both] of measured) {
    for (const [from, { accepted, applied, memory, processor }] of Object.entries(both)) {
      const rate = rounded(perSecond(accepted))
      const p99 = rounded(
        percentile(
          accepted.flatMap(({ latencies }) => latencies),
          0.99,
        ),
        1,
      )
      const visible = rounded(median(applied))
      rows.push({
        inbox: name,
        actors: from === 'one' ? 1 : ACTORS,
        'accepted/s': rate,
        'p99 ms': p99,
        'applied/s': applied.length > 0 ? visible : '-',
        'µs each': rounded(median(processor) * 1e6),
        'MB at most': rounded(memory),
      })
      figures[`${name}_${from}_accepted`] = rate
      figures[`${name}_${from}_p99_ms`] = p99
      if (applied.length > 0) figures[`${name}_${from}_applied`] = visible
      figures[`${name}_memory_mb`] = rounded(memory)
    }
  }
  const ours = figures.tributary_many_accepted ?? 0
  const share = (other: string) => rounded(ours / (figures[`${other}_many_accepted`] || NaN), 2)
  figures.share_of_floor = share('floor')
  if (installed) {
    figures.times_fedify = share('fedify')
    figures.times_activitypub_express = share('activitypub-express')
  }
  const missing = 'Other inboxes are not measured: run `npm ci` in bench/peers first.'
  return { rows, figures, notes: installed ? [] : [missing] }
}
