/** Follow, and its answers Accept and Reject: both as we ask and as we are asked. */
import { act } from '../../content/moderation.ts'
import type { Follower } from '../../content/parties.ts'
import { groupId, originOf } from '../addresses.ts'
import { findActor } from '../discovery.ts'
import { ourGroups } from '../former.ts'
import { asPeer } from '../peers.ts'
import type { Handler } from '../receive.ts'
import type { Site } from '../site.ts'
import { asWitness } from '../seen.ts'
import { isObject, readRef } from '../wire.ts'

/** Anybody may follow what is public here, under the name we have or had; whoever followed us where we were before has come along. Asked again, we answer again: the first Accept may have been lost. */
export const follow: Handler = async (site, { id, actor: by, object }) => {
  const asked = ourGroups(site).find((each) => each === objectId(object))
  return followed(site, id, by, asked ?? groupId(site))
}

async function followed(site: Site, activity: string, by: string, object: string) {
  const actor = await findActor(site, by)
  const key = `${by} ${object}`
  const held = await site.store.get('followers', key)
  const at = site.now()
  const follower: Follower = {
    ...(held ?? {}),
    id: key,
    actor: by,
    object,
    activity,
    peer: originOf(by),
    inbox: actor.sharedInbox ?? actor.inbox,
    at,
  }
  const before = ourGroups(site).flatMap((each) => (each === object ? [] : [`${by} ${each}`]))
  const accepted = { id: activity, type: 'Follow', actor: by, object }
  return {
    put: {
      ...(await asPeer(site, actor, true)),
      ...(await asWitness(site, actor)),
      followers: [follower],
    },
    ...(object === groupId(site) ? { drop: { followers: before } } : {}),
    letters: [{ to: by, type: 'Accept', actor: object, object: accepted, recipient: by }],
  }
}

/** The answer to a Follow or a Join of ours, by the very actor we asked. What was said before it began to send is read now. */
export const accept: Handler = async (site, { actor, object }) => {
  if (await isApplication(site, actor, object)) return applicationAnswered(site, actor, 'accepted')
  const following = await site.store.get('following', actor)
  const ours =
    following && (following.activity === objectId(object) || asks(object, ourGroups(site)))
  if (!following || !ours || following.state === 'accepted') return undefined
  const at = site.now()
  const pull = await site.store.get('pulls', actor)
  return {
    put: {
      following: [{ ...following, state: 'accepted', answeredAt: at }],
      pulls: pull ? [{ ...pull, retryAt: at }] : [],
    },
  }
}

export const reject: Handler = async (site, { actor, object }) => {
  if (await isApplication(site, actor, object)) return applicationAnswered(site, actor, 'declined')
  const following = await site.store.get('following', actor)
  if (!following || following.activity !== objectId(object)) return undefined
  return { put: { following: [{ ...following, state: 'rejected', answeredAt: site.now() }] } }
}

/** Whether it is a Join of ours, sent to the very actor that answers. */
async function isApplication({ store }: Site, actor: string, object: unknown): Promise<boolean> {
  const id = objectId(object)
  const entry = typeof id === 'string' ? await store.entry(id) : undefined
  return entry?.verb === 'Join' && entry.item === actor
}

/** A line on the trail, where the host sees what came of the application. The same answer again is no news. */
async function applicationAnswered(site: Site, by: string, answer: 'accepted' | 'declined') {
  const verb = `application_${answer}`
  const where = { item: by, verb: ['applied', 'application_accepted', 'application_declined'] }
  const [last] = await site.store.find('acts', { where, limit: 1 })
  return last?.verb === verb ? undefined : { put: { acts: [act(by, verb, by, site.now())] } }
}

const objectId = (object: unknown) =>
  typeof object === 'string' ? object : isObject(object) ? object.id : undefined

/** Some servers answer with an embedded Follow whose id they made anew. */
const asks = (object: unknown, groups: string[]): boolean =>
  isObject(object) &&
  object.type === 'Follow' &&
  typeof object.actor !== 'undefined' &&
  groups.includes(readRef(object.actor))
