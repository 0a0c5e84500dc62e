/** Undo: taking back a Follow, an Announce, a Like. */
import { decide } from '../../content/moderation.ts'
import type { Follower } from '../../content/parties.ts'
import { originOf } from '../addresses.ts'
import { ourGroups } from '../former.ts'
import { isOf } from './published.ts'
import type { Handler } from '../receive.ts'
import type { Effect } from '../record.ts'
import type { Site } from '../site.ts'
import { sameActor } from '../trust.ts'
import { type Activity, isObject, readRef } from '../wire.ts'

export const undo: Handler = async (site, activity, json, from) => {
  const { object, actor } = activity
  if (!isObject(object)) return takenBack(site, activity)
  if (object.actor !== undefined) sameActor(readRef(object.actor), actor)
  if (object.type === 'Follow') return unfollowed(site, actor, readOne(object.object))
  if (object.type === 'Announce') return taken(site, activity, json, from)
  return undefined
}

const readOne = (object: unknown) => (object === undefined ? undefined : readRef(object))

/** What is taken back, named by its id alone, is one of the Follows that we hold; or nothing. */
async function takenBack(site: Site, { actor, object }: Activity): Promise<Effect | undefined> {
  const held = await followsOf(site, actor)
  const found = held.find(({ activity }) => activity === object)
  return found && unfollowed(site, actor, found.object)
}

/** Whom of us an actor follows: us as we are called now, and where we have moved, perhaps as we were called before. */
async function followsOf({ store, ...site }: Site, actor: string): Promise<Follower[]> {
  const ids = ourGroups(site).map((each) => `${actor} ${each}`)
  const held = await Promise.all(ids.map((id) => store.get('followers', id)))
  return held.filter((each) => each !== undefined)
}

/**
 * Somebody follows us no more: under one of our names, or at all. The last follower of a server who leaves ends
 * delivery of the log to it.
 */
export async function unfollowed(
  site: Site,
  actor: string,
  object?: string,
): Promise<Effect | undefined> {
  const all = await followsOf(site, actor)
  const named = all.filter((each) => each.object === object)
  const leaving = object === undefined || !ourGroups(site).includes(object) ? all : named
  if (leaving.length === 0) return undefined
  const peer = originOf(actor)
  const left = await site.store.find('followers', { where: { peer }, limit: leaving.length + 1 })
  const cursor = await site.store.get('cursors', peer)
  const ended = left.length <= leaving.length && cursor ? [{ ...cursor, follows: false }] : []
  return { drop: { followers: leaving.map(({ id }) => id) }, put: { cursors: ended } }
}

/** An initiative we follow no longer stands by a contribution it announced: we do not show it either. */
const taken: Handler = async (site, { object, actor }) => {
  const about = isObject(object) && object.object !== undefined ? readRef(object.object) : ''
  const item = await site.store.get('items', about)
  if (item?.type !== 'contribution' || item.local) return undefined
  if (item.visibility !== 'shown' || !(await isOf(site.store, item, actor))) return undefined
  const { put } = decide(item, 'removed', { by: actor, actor, at: site.now() })
  return put ? { put } : undefined
}
