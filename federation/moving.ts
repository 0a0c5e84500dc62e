/** Our own way to another address: what is looked at before, what is said and written, and how many have come along. */
import * as z from 'zod'
import { act } from '../content/moderation.ts'
import type { Following } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { groupId, originOf } from './addresses.ts'
import { AS_TYPES } from './documents.ts'
import { movedFrom, ourGroups, profileOf, settle } from './former.ts'
import { joinMoved } from './joined.ts'
import { publicKeysOf } from './keys.ts'
import { type Effect, type Letter, newActivityId, record } from './record.ts'
import type { Site } from './site.ts'
import { renamed } from './unpublished.ts'

const FOLLOWING_MAX = 1000

/** What a move will come to, for the person who decides. */
export interface MovePlan {
  from: string
  to: string
  /** Who is told, and is to follow us there. */
  followers: number
  /** Whom we follow from there anew. */
  following: number
  /** What was published keeps its address. */
  items: number
  /** Who signs in by passkey alone: passkeys belong to one address. */
  withoutPassword: number
}

const Keyed = z.looseObject({
  id: z.string(),
  publicKey: z.looseObject({ publicKeyPem: z.string() }),
})
const Arrived = z.looseObject({ host: z.string() })

/**
 * Look whether this server can move there, and what that will come to. Nothing is altered. Refusal `invalid` for
 * what is no address or is ours already, `conflict` when somebody else answers there, or the proxy hides the name.
 */
export async function planMove(site: Site, address: string): Promise<MovePlan> {
  const to = originIn(address)
  if (to === site.origin) throw new Refusal('invalid', 'move.same', { to })
  if (!(await profileOf(site))) throw new Refusal('conflict', 'move.not_set_up')
  await answersThere(site, to)
  const { store, origin: from } = site
  const [followers, following, items, withoutPassword] = await Promise.all([
    store.count('followers', { where: { object: ourGroups(site) } }),
    store.count('following', {}),
    store.count('items', { where: { local: 'true', visibility: 'shown' } }),
    peopleWithoutPassword(site),
  ])
  return { from, to, followers, following, items, withoutPassword }
}

function originIn(address: string): string {
  const text = address.trim()
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  const isBare = url && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (!isBare || !/^https?:$/.test(url.protocol))
    throw new Refusal('invalid', 'move.address', { address: text.slice(0, 200) })
  return url.origin
}

/** The new address must lead to this server already, and tell it by which name it was called. */
async function answersThere(site: Site, to: string): Promise<void> {
  const there = async <T>(path: string, accept: string[], schema: z.ZodType<T>) => {
    const found = await site.fetch.json(to + path, { accept, signed: false }).catch(silent(to))
    return schema.safeParse(found.body).data
  }
  const actor = await there('/actor', AS_TYPES, Keyed)
  const isOurs = actor !== undefined && ourGroups(site).includes(actor.id)
  const keys = isOurs ? await publicKeysOf(site.store, actor.id) : []
  if (!keys.some(({ publicPem }) => publicPem === actor?.publicKey.publicKeyPem))
    throw new Refusal('conflict', 'move.not_here', { to })
  const arrived = await there('/healthz/seen', ['application/json'], Arrived)
  const { host } = new URL(to)
  if (arrived?.host !== host)
    throw new Refusal('conflict', 'move.host_hidden', { host, seen: arrived?.host ?? '' })
}

const silent = (to: string) => (error: unknown) => {
  if (!(error instanceof Refusal)) throw error
  throw new Refusal('conflict', 'move.no_answer', { to, code: String(error.values.code ?? '') })
}

const PEOPLE_MAX = 1000

async function peopleWithoutPassword({ store }: Site): Promise<number> {
  const people = await store.find('people', { limit: PEOPLE_MAX })
  return people.filter(({ password }) => password === '').length
}

/**
 * Move to where this server answers already: not yet committed. What was published keeps its id, its actor and its
 * key; what comes after is said by the new actor, and what was not published yet is called by the new address. Every former actor says where it has gone, and we follow anew.
 */
export async function moving(site: Site, address: string, by: string): Promise<Moving> {
  const { to: origin, followers } = await planMove(site, address)
  const [from, to, at] = [groupId(site), groupId({ origin }), site.now()]
  const { rev: _rev, ...profile } = (await profileOf(site)) ?? {}
  const initiative = { ...profile, id: to, updated: at } as Profile
  const moves = await movedFrom(site, { id: from, to, at, local: true, followers })
  const { following, letters } = await refollowing(site, to)
  const unpublished = await renamed(site, to)
  return {
    put: {
      ...moves.put,
      ...unpublished.put,
      following,
      initiatives: [initiative],
      acts: [act(by, 'moved_server', to, at, from)],
    },
    drop: { ...moves.drop, ...unpublished.drop, initiatives: [from] },
    letters,
    moved: ourGroups(site).flatMap((each) => (each === to ? [] : [{ from: each, to }])),
    after: () => arrive(site),
  }
}

type Profile = NonNullable<Awaited<ReturnType<typeof profileOf>>>

export interface Moving extends Effect {
  /** When it is committed. */
  after: () => Promise<void>
}

/** From now on this process goes by the new address, and lists what it has under it. */
export async function arrive(site: Site): Promise<void> {
  await settle(site)
  await joinMoved(site)
  site.wake('deliver')
}

/** The new actor asks whom the old one followed; they need not send to the old one any more. */
async function refollowing(site: Site, actor: string) {
  const held = await site.store.find('following', { order: 'oldest', limit: FOLLOWING_MAX })
  const before = groupId(site)
  const all = held.filter(({ state }) => state !== 'rejected')
  const following: Following[] = []
  const letters: Letter[] = []
  for (const each of all) {
    const activity = newActivityId({ origin: originOf(actor) })
    const shared = { to: each.id, recipient: each.id }
    const taken = { id: each.activity, type: 'Follow', actor: before, object: each.id }
    letters.push({ ...shared, id: activity, type: 'Follow', actor, object: each.id })
    letters.push({ ...shared, type: 'Undo', actor: before, object: taken })
    following.push({ ...each, activity, state: 'requested', askedAt: site.now() })
  }
  return { following, letters }
}

/** Move at once, as the terminal does. */
export async function moveTo(site: Site, address: string, by: string): Promise<void> {
  const { after, ...effect } = await moving(site, address, by)
  await record(site, effect)
  await after()
}

/** One former address and who has come along from there. */
export interface Left {
  from: string
  to: string
  since: string
  /** How many followed there when we moved, and how many still do. */
  before: number
  left: number
}

/** Every former address of this server, the latest first; and how many follow the present one. */
export async function movesSoFar(site: Site): Promise<{ left: Left[]; here: number }> {
  const { store } = site
  const query = { where: { local: 'true' }, limit: FOLLOWING_MAX }
  const [moves, here] = await Promise.all([
    store.find('moves', query),
    store.count('followers', { where: { object: groupId(site) } }),
  ])
  const left = moves.map(async ({ id, to, at, followers = 0 }): Promise<Left> => {
    const still = await store.count('followers', { where: { object: id } })
    return { from: originOf(id), to: originOf(to), since: at, before: followers, left: still }
  })
  return { left: await Promise.all(left), here }
}

/** Say it once more: to those who could not read the new address the first time. Refusal `conflict` when nobody is left. */
export async function sayAgain(site: Site, by: string): Promise<void> {
  const to = groupId(site)
  const { left } = await movesSoFar(site)
  const former = left.filter((each) => each.left > 0).map(({ from }) => groupId({ origin: from }))
  if (former.length === 0) throw new Refusal('conflict', 'move.nobody_left')
  await record(site, {
    put: { acts: [act(by, 'moved_again', to, site.now())] },
    moved: former.map((from) => ({ from, to })),
  })
}
