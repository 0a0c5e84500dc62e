/** Signed deliveries per second to many peers, some of whom hang and some of whom are gone; and how long the healthy wait. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { writeDiscussion } from '../../content/discussions.ts'
import type { Cursor, Follower, Peer } from '../../content/parties.ts'
import { discussionId, groupId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import type { Size } from '../run.ts'
import { freePort, type Program } from './program.ts'
import { median, percentile, type Report, rounded } from './table.ts'
import { acted, type Place, prepared, removeFolder, started, temporaryFolder } from './tributary.ts'

const PEERS = 2000
const QUICK_PEERS = 300
/** One peer of ten takes the connection and never answers; one of twenty is not there at all. */
const HANGING = 10
const DEAD = 20
/** Entries that are published at once when the rate is measured. */
const AT_ONCE = 10
const PATIENCE_MS = 120_000
const COMMIT = 500

interface Peers {
  origins: string[]
  healthy: number
  /** When what came to a healthy peer came, in order. */
  heard: number[]
  close: () => Promise<void>
}

type Kind = 'healthy' | 'hanging' | 'dead'

const kindOf = (number: number): Kind =>
  number % HANGING === 3 ? 'hanging' : number % DEAD === 7 ? 'dead' : 'healthy'

export async function deliver({ rounds, quick }: Size): Promise<Report> {
  const folder = temporaryFolder()
  const peers = await peersOnLoopback(quick ? QUICK_PEERS : PEERS)
  const place: Place = { role: 'node', port: await freePort(), data: join(folder, 'deliver') }
  try {
    await prepared(place, (site) => followedBy(site, peers.origins))
    const program = await started(place, process.execArgv)
    try {
      return await measured(place, program, peers, rounds)
    } finally {
      await program.stop()
    }
  } finally {
    await peers.close()
    removeFolder(folder)
  }
}

async function peersOnLoopback(count: number): Promise<Peers> {
  const heard: number[] = []
  const servers: Server[] = []
  const origins: string[] = []
  for (let i = 0; i < count; i += 1) {
    const server = peer(kindOf(i), heard)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    servers.push(server)
    origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  for (const [i, server] of servers.entries()) if (kindOf(i) === 'dead') server.close()
  return {
    origins,
    heard,
    healthy: origins.filter((_, i) => kindOf(i) === 'healthy').length,
    close: async () => {
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    },
  }
}

/** Whoever hangs takes the request and never answers. */
const peer = (kind: Kind, heard: number[]): Server =>
  createServer((req, res) => {
    req.resume()
    if (kind === 'hanging') return
    req.on('end', () => {
      heard.push(performance.now())
      res.writeHead(202).end()
    })
  })

/** Each peer has one follower here, and has been given everything so far. */
async function followedBy(site: Site, origins: string[]): Promise<void> {
  const at = site.now()
  const object = groupId(site)
  const log = await site.store.last('public')
  for (let from = 0; from < origins.length; from += COMMIT) {
    const some = origins.slice(from, from + COMMIT)
    const peers = some.map((id): Peer => {
      return { id, standing: 'unknown', inbox: `${id}/inbox`, signs: 'cavage', firstSeenAt: at }
    })
    const cursors = some.map((id): Cursor => {
      return { id, log, letters: 0, follows: true, state: 'idle', failures: 0, retryAt: at }
    })
    const followers = some.map((peer): Follower => {
      const actor = `${peer}/users/ana`
      const ids = { id: `${actor} ${object}`, activity: `${actor}/follow` }
      return { ...ids, actor, object, peer, inbox: `${peer}/inbox`, at }
    })
    await site.store.commit({ put: { peers, cursors, followers } })
  }
}

/** Published by another process, as a command at the terminal does. */
async function published(place: Place, name: string, count: number): Promise<number> {
  let begun = 0
  await acted(place, async (site) => {
    const by = { by: 'Noor', actor: groupId(site), at: site.now() }
    begun = performance.now()
    for (let i = 0; i < count; i += 1) {
      const fields = { language: 'en', title: { en: name }, text: 'What is next?', tags: {} }
      await record(site, writeDiscussion(discussionId(site, `${name}-${i}`), fields, by))
    }
  })
  return begun
}

async function measured(
  place: Place,
  program: Program,
  peers: Peers,
  rounds: number,
): Promise<Report> {
  const rates: number[] = []
  const waits: number[] = []
  const waitsMax: number[] = []
  const before = program.used()
  for (let round = 0; round < rounds; round += 1) {
    const one = await heardOf(peers, await published(place, `one-${round}`, 1), 1)
    waits.push(percentile(one, 0.5))
    waitsMax.push(percentile(one, 0.99))
    const many = await heardOf(peers, await published(place, `many-${round}`, AT_ONCE), AT_ONCE)
    rates.push(many.length / ((many.at(-1) ?? NaN) / 1000))
  }
  const sent = rounds * (1 + AT_ONCE) * peers.healthy
  const figures = {
    peers: peers.origins.length,
    healthy: peers.healthy,
    per_second: rounded(median(rates)),
    healthy_wait_median_ms: rounded(median(waits)),
    healthy_wait_p99_ms: rounded(median(waitsMax)),
    processor_us: rounded(((program.used() - before) / sent) * 1e6),
    memory_mb: rounded(program.memoryMax()),
  }
  return { rows: [figures], figures }
}

/** How many ms after its publication each healthy peer had heard of each entry, in order. */
async function heardOf(peers: Peers, begun: number, entries: number): Promise<number[]> {
  const wanted = peers.healthy * entries
  while (peers.heard.length < wanted) {
    if (performance.now() - begun > PATIENCE_MS) throw new Error(`only ${peers.heard.length} came`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return peers.heard.splice(0).map((at) => at - begun)
}
