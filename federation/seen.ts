/** Our witnesses: servers that read our log are asked which of its heads they have signed, and their lines are served with it. */
import { createPublicKey } from 'node:crypto'
import type { Actor, Witness } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Head } from '../content/store.ts'
import { isKeptOut } from './admission.ts'
import { cosignedAt, groupId, logName, originOf, serverId } from './addresses.ts'
import { cosignatureIn, readCheckpoint } from './checkpoints.ts'
import { findActor } from './discovery.ts'
import { again } from './races.ts'
import type { Site } from './site.ts'

/** So many are asked; who has signed something makes room for nobody. */
const WITNESSES_MAX = 50
const AT_ONCE = 10
const NOTE_BYTES_MAX = 32 * 1024
/** Who has seen all there is, is asked this late; who has not, after a minute, and later each time. */
const WELL_MS = 10 * 60_000
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3600_000
/** A clock may be so far ahead of ours. */
const AHEAD_MS = 5 * 60_000

type Seen = NonNullable<Witness['seen']>

/** What makes the server of a follower a witness: it follows as an initiative or an aggregator does, and there is room. */
export async function asWitness(site: Site, follower: Actor): Promise<{ witnesses?: Witness[] }> {
  const id = originOf(follower.id)
  const isOne = follower.type === 'Group' && follower.id === groupId({ origin: id })
  if (!isOne || (await site.store.get('witnesses', id))) return {}
  if ((await site.store.count('witnesses', {}, WITNESSES_MAX)) >= WITNESSES_MAX) return {}
  return { witnesses: [{ id, retryAt: later(site, FIRST_WAIT_MS), failures: 0 }] }
}

const later = (site: Site, ms: number) => new Date(Date.parse(site.now()) + ms).toISOString()

/** Ask every witness that is due. Answers how many were asked. */
export async function askWitnesses(site: Site): Promise<number> {
  const query = { until: site.now(), order: 'oldest', limit: AT_ONCE } as const
  const due = await site.store.find('witnesses', query)
  await Promise.all(due.map((each) => askWitness(site, each.id)))
  return due.length
}

/** Ask one now, and write down what it signed or when it is asked again. */
export async function askWitness(site: Site, id: string): Promise<void> {
  const found = await signedBy(site, id).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    return undefined
  })
  const { size } = await site.store.head()
  await again(async () => {
    const held = await site.store.get('witnesses', id)
    if (!held) return
    const { at = '', size: before = 0 } = held.seen ?? {}
    const isNews = found !== undefined && found.at > at && found.size >= before
    const seen = isNews ? found : held.seen
    const isWell = found?.size === size
    const failures = isWell || isNews ? 0 : held.failures + 1
    const retryAt = later(site, isWell ? WELL_MS : waitAfter(failures))
    const next: Witness = { id, rev: held.rev, failures, retryAt, ...(seen ? { seen } : {}) }
    await site.store.commit({ put: { witnesses: [next] } })
  })
}

const waitAfter = (failures: number) =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS)

/**
 * The newest head of ours that a server has signed. Nothing when its line does not hold, or is about a head that
 * our log never had. Refusal when it cannot be had.
 */
async function signedBy(site: Site, id: string): Promise<Seen | undefined> {
  if (await isKeptOut(site, id)) return undefined
  const accept = ['text/plain']
  const { text } = await site.fetch.text(cosignedAt(id, logName(site)), {
    accept,
    maxBytes: NOTE_BYTES_MAX,
  })
  const { origin, size, root } = readCheckpoint(text)
  const ours = await site.store.head(size)
  if (origin !== logName(site) || ours.root !== root) {
    site.log.error('a witness has signed a head that is not ours', { witness: id, size })
    return undefined
  }
  const { host } = new URL(id)
  for (const fresh of [false, true]) {
    const { keys } = await findActor(site, serverId({ origin: id }), fresh)
    for (const { kind, until, multibase, publicPem } of keys) {
      const line =
        kind === 'ed25519' && !until && cosignatureIn(text, host, createPublicKey(publicPem))
      if (line && multibase && line.at < later(site, AHEAD_MS))
        return { log: origin, size, root, key: multibase, ...line }
    }
  }
  return undefined
}

/** Each witness and the newest head of ours that it signed, the newest first. */
export async function witnesses(site: Site): Promise<(Seen & { id: string })[]> {
  const found = await site.store.find('witnesses', {
    where: { seen: 'true' },
    limit: WITNESSES_MAX,
  })
  return found
    .flatMap(({ id, seen }) => (seen?.log === logName(site) ? [{ id, ...seen }] : []))
    .sort((a, b) => b.size - a.size)
}

/** A head of ours, who signed that they saw it, and their lines. */
export interface HeadSeen extends Head {
  by: string[]
  lines: string
}

/** The newest head that any witness signed and that covers so many entries, with all lines under it. */
export async function headSeen(site: Site, seq: number): Promise<HeadSeen | undefined> {
  const all = await witnesses(site)
  const newest = all.find(({ size }) => size >= seq)
  if (!newest) return undefined
  const same = all.filter(({ size, root }) => size === newest.size && root === newest.root)
  return {
    size: newest.size,
    root: newest.root,
    by: same.map(({ id }) => id),
    lines: same.map(({ line }) => line).join(''),
  }
}
