/** Where a contribution belongs: the thread of what it answers. */
import type { Discussion, Outcome } from '../../content/model.ts'
import type { Store } from '../../content/store.ts'
import type { Site } from '../site.ts'

/** How many answers to answers lie between a contribution and what it is about (SECURITY-CLASSES E6). */
const ANSWERS_MAX = 100

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

/** Whether a thread is already longer than anybody reads. */
export async function isFull(store: Store, { about }: Thread): Promise<boolean> {
  return (
    (await store.count('items', { where: { type: 'contribution', about } })) >= ANSWERS_MAX * 100
  )
}

/** Whether we hold what this initiative publishes: we follow it, and it has not refused. */
export async function isGathered(site: Site, actor: string): Promise<boolean> {
  const following = await site.store.get('following', actor)
  return following !== undefined && following.state !== 'rejected'
}
