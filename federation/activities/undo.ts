/** Undo: taking back a Follow, an Announce, a Like. */
import { decide } from '../../content/moderation.ts'
import { groupId, originOf } from '../addresses.ts'
import type { Handler } from '../receive.ts'
import type { Effect } from '../record.ts'
import type { Site } from '../site.ts'
import { sameActor } from '../trust.ts'
import { type Activity, isObject, readRef } from '../wire.ts'

const FOLLOWERS_MAX = 2

export const undo: Handler = async (site, activity, json, from) => {
  const { object, actor } = activity
  if (!isObject(object))
    return (await isFollow(site, activity)) ? unfollowed(site, actor) : undefined
  if (object.actor !== undefined) sameActor(readRef(object.actor), actor)
  if (object.type === 'Follow') return unfollowed(site, actor)
  if (object.type === 'Announce') return taken(site, activity, json, from)
  return undefined
}

/** Whether what is taken back, named by its id alone, is the Follow that we hold. */
async function isFollow(site: Site, { actor, object }: Activity): Promise<boolean> {
  const held = await site.store.get('followers', `${actor} ${groupId(site)}`)
  return held?.activity === object
}

/** The last follower of a server who leaves ends delivery of the log to it. */
export async function unfollowed(site: Site, actor: string): Promise<Effect | undefined> {
  const held = await site.store.get('followers', `${actor} ${groupId(site)}`)
  if (!held) return undefined
  const peer = originOf(actor)
  const left = await site.store.find('followers', { where: { peer }, limit: FOLLOWERS_MAX })
  const cursor = await site.store.get('cursors', peer)
  const ended = left.length < FOLLOWERS_MAX && cursor ? [{ ...cursor, follows: false }] : []
  return { drop: { followers: [held.id] }, put: { cursors: ended } }
}

/** An initiative we follow no longer stands by a contribution it announced: we do not show it either. */
const taken: Handler = async (site, { object, actor }) => {
  const about = isObject(object) && object.object !== undefined ? readRef(object.object) : ''
  const item = await site.store.get('items', about)
  if (item?.type !== 'contribution' || item.local || item.initiative !== actor) return undefined
  if (item.visibility !== 'shown') return undefined
  const { put } = decide(item, 'removed', { by: actor, actor, at: site.now() })
  return put ? { put } : undefined
}
