/** Where a contribution belongs: the thread of what it answers. */
import type { Discussion, Outcome } from '../../content/model.ts'
import type { Store } from '../../content/store.ts'
import { initiativeNow } from '../former.ts'
import type { Site } from '../site.ts'

/** How many contributions one thread takes (SECURITY-CLASSES E6). */
const ANSWERS_MAX = 10_000
/** Of how many threads it is remembered how much room they have. */
const ROOMS_MAX = 5000

export interface Thread {
  about: string
  initiative: string
  message?: string
  version?: number
}

/** The thread under which an answer to this id stands here; nothing when we do not hold it. */
export async function threadOf(store: Store, inReplyTo: string): Promise<Thread | undefined> {
  const item = await store.get('items', inReplyTo)
  if (!item || item.visibility === 'removed' || item.visibility === 'refused') return undefined
  const { initiative } = item
  if (item.type === 'discussion') return { about: item.id, initiative }
  if (item.type === 'outcome') return { about: item.id, initiative, version: item.version }
  if (item.type === 'message') {
    return { about: item.outcome, initiative, message: item.id, version: item.version }
  }
  if (item.type !== 'contribution') return undefined
  const { about, message, version } = item
  return { about, initiative, ...(message ? { message } : {}), ...(version ? { version } : {}) }
}

/** The discussion or outcome at the root of a thread. */
export async function rootOf(
  store: Store,
  { about }: Thread,
): Promise<Discussion | Outcome | undefined> {
  const item = await store.get('items', about)
  return item?.type === 'discussion' || item?.type === 'outcome' ? item : undefined
}

const rooms = new WeakMap<Site, Map<string, number>>()

/**
 * Whether a thread is already longer than anybody reads. Counting a long thread for each answer would take
 * ever longer: it is counted again when half the room it had has been asked for.
 */
export async function isFull(site: Site, { about }: Thread): Promise<boolean> {
  const known = rooms.get(site) ?? new Map<string, number>()
  rooms.set(site, known)
  const asked = known.get(about) ?? 0
  if (asked > 0) known.set(about, asked - 1)
  if (asked > 0) return false
  const where = { type: 'contribution', about }
  const room = ANSWERS_MAX - (await site.store.count('items', { where }))
  if (known.size >= ROOMS_MAX) known.clear()
  known.set(about, Math.trunc(room / 2))
  return room <= 0
}

/** Whether we hold what this initiative publishes: we follow it, and it has not refused. */
export async function isGathered(site: Site, actor: string): Promise<boolean> {
  const following = await site.store.get('following', await initiativeNow(site.store, actor))
  return following !== undefined && following.state !== 'rejected'
}
