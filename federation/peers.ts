/** Peers and their cursors: who is there, and how far delivery to them has come. */
import { act } from '../content/moderation.ts'
import type { Actor, Cursor, Peer, Pull } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Change } from '../content/store.ts'
import { originOf } from './addresses.ts'
import { pardon } from './conduct.ts'
import { again } from './races.ts'
import type { Site } from './site.ts'

/** The documents that make somebody's server a peer of ours, where it is not one yet. `follows`: our log goes there from now on. */
export async function asPeer(
  site: Site,
  actor: Pick<Actor, 'id' | 'inbox' | 'sharedInbox'>,
  follows: boolean,
): Promise<NonNullable<Change['put']>> {
  const id = originOf(actor.id)
  const [peer, cursor] = await Promise.all([
    site.store.get('peers', id),
    site.store.get('cursors', id),
  ])
  const inbox = actor.sharedInbox ?? actor.inbox
  const at = site.now()
  const made: Peer = { id, standing: 'unknown', inbox, signs: 'cavage', firstSeenAt: at }
  const next = await cursorFor(site, id, cursor, follows)
  return {
    ...(peer ? {} : { peers: [made] }),
    ...(next ? { cursors: [next] } : {}),
  }
}

/** A new follower's cursor starts at the end of the log: what was before comes by pull. */
async function cursorFor(
  site: Site,
  id: string,
  held: Cursor | undefined,
  follows: boolean,
): Promise<Cursor | undefined> {
  const at = site.now()
  if (held && (held.follows || !follows) && held.state !== 'ended') return undefined
  const log = held?.follows ? held.log : await site.store.last('public')
  if (held)
    return {
      ...held,
      log,
      follows: held.follows || follows,
      state: 'waiting',
      failures: 0,
      retryAt: at,
    }
  return { id, log, letters: 0, follows, state: 'waiting', failures: 0, retryAt: at }
}

/** Who speaks and yet does not listen is not asked more often than this. */
const SOON_MS = 15_000
const PULLS_MAX = 20

/**
 * A peer that is heard from is there again: what waits for it is tried at once, and its log is read at once.
 * Nobody minds when a job has just written the same documents.
 */
export async function heardFrom(site: Site, origin: string): Promise<void> {
  const cursor = await site.store.get('cursors', origin)
  const at = site.now()
  const soon = new Date(Date.parse(at) + SOON_MS).toISOString()
  if (cursor && cursor.failures > 0 && (cursor.retryAt > soon || cursor.state === 'ended')) {
    const next: Cursor = { ...cursor, state: 'waiting', failures: 0, retryAt: at }
    await site.store.commit({ put: { cursors: [next] } }).catch(() => undefined)
    site.wake('deliver')
  }
  const where = { peer: origin, standing: 'unreachable' }
  const away = await site.store.find('pulls', { where, limit: PULLS_MAX })
  const pulls = away.filter(({ retryAt }) => retryAt >= soon)
  if (pulls.length === 0) return
  const due = pulls.map((pull) => ({ ...pull, retryAt: at }))
  await site.store.commit({ put: { pulls: due } }).catch(() => undefined)
  site.wake('sync')
}

const RESUMED_MAX = 1000

/** After a start nobody knows how long we were away: what waits is tried, and what we follow is read, at once. */
export async function resume(site: Site): Promise<void> {
  const at = site.now()
  const later = { since: at, limit: RESUMED_MAX } as const
  const [cursors, pulls] = await Promise.all([
    site.store.find('cursors', { ...later, where: { state: 'waiting' } }),
    site.store.find('pulls', later),
  ])
  const due = <T extends Cursor | Pull>(all: T[]) => all.map((each) => ({ ...each, retryAt: at }))
  await site.store.commit({ put: { cursors: due(cursors), pulls: due(pulls) } })
}

const FOLLOWED_MAX = 100

/**
 * What a person decides about another server, known or not yet: from the next request on it is let in, or
 * not, and delivered to, or not. What waited for a blocked server is tried at once when it is let in again.
 */
export async function setPeerStanding(
  site: Site,
  origin: string,
  standing: Peer['standing'],
  by: string,
): Promise<void> {
  const held = await site.store.get('peers', origin)
  const at = site.now()
  const made = { id: origin, inbox: `${origin}/inbox`, signs: 'cavage', firstSeenAt: at } as const
  const peer: Peer = { ...made, ...held, standing }
  await site.store.commit({
    put: { peers: [peer], acts: [act(by, `peer_${standing}`, origin, at)] },
  })
  if (held?.standing === 'blocked' && standing !== 'blocked') await tryNow(site, origin)
}

/**
 * Send nothing there for now, or do so again. What a person pauses is still listened to. Whoever is resumed
 * begins without a fault, and is tried at once.
 */
export async function setPaused(
  site: Site,
  origin: string,
  paused: boolean,
  by: string,
): Promise<void> {
  await again(async () => {
    const held = await site.store.get('peers', origin)
    if (!held) throw new Refusal('missing', 'peer.unknown', { id: origin })
    const at = site.now()
    const { paused: _paused, ...rest } = held
    const peer: Peer = paused ? { ...rest, paused: { at } } : rest
    const acts = [act(by, paused ? 'peer_paused' : 'peer_resumed', origin, at)]
    await site.store.commit({ put: { peers: [peer], acts } })
  })
  if (paused) return
  await pardon(site, origin)
  await tryNow(site, origin)
}

/** Do not wait any longer: deliver, ask again and read the log now, whatever went wrong before. */
export async function tryNow(site: Site, origin: string): Promise<void> {
  const at = site.now()
  const due = { where: { peer: origin }, limit: FOLLOWED_MAX }
  const [cursor, pulls, following] = await Promise.all([
    site.store.get('cursors', origin),
    site.store.find('pulls', due),
    site.store.find('following', due),
  ])
  const puts: NonNullable<Change['put']>[] = [
    { cursors: cursor ? [{ ...cursor, state: 'waiting', retryAt: at }] : [] },
    { pulls: pulls.map((pull) => ({ ...pull, retryAt: at })) },
    {
      following: following
        .filter(({ state }) => state === 'requested')
        .map((each) => ({ ...each, retryAt: at })),
    },
  ]
  for (const put of puts) await site.store.commit({ put }).catch(ignoreConflict)
  for (const job of ['deliver', 'sync', 'follow'] as const) site.wake(job)
}

/** A job has written it just now: it is being tried already. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof Refusal && error.reason === 'conflict')) throw error
}
