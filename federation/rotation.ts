/** Rotating and revoking keys: the old stay published with their end, and who follows us is told. */
import { act } from '../content/moderation.ts'
import type { Version } from '../content/model.ts'
import type { Act as ActOfTrail, Follower, Key } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { groupId, originOf } from './addresses.ts'
import { fallen } from './fallen.ts'
import { profileOf, siteAt } from './former.ts'
import { forgetKeys, KEYS_MAX, makeKey, publicKeysOf } from './keys.ts'
import { record } from './record.ts'
import type { Site } from './site.ts'
import { groupToActor } from './translate/actors.ts'

const AT_ONCE = 500
/** So many who stayed are looked through for their servers. */
const FOLLOWERS_MAX = 10_000

/**
 * New keys of both kinds for a local actor. What the old ones signed stays verified: they are published with
 * the time of their end, and their private halves are dropped. Refusal `missing` for an actor without keys.
 */
export async function rotateKeys(site: Site, owner: string, by: string): Promise<Key[]> {
  return committed(site, await rotation(site, owner, by))
}

/** The same, not yet committed. */
export async function rotation(site: Site, owner: string, by: string): Promise<Replaced> {
  const current = (await keysOf(site, owner)).filter(({ until }) => !until)
  if (current.length === 0) throw new Refusal('missing', 'keys.none', { id: owner })
  return replaced(site, owner, current, site.now(), { by, verb: 'rotated_keys' })
}

/**
 * End a key that may be in other hands, as of `since` (now, when not given): what it signs from then on is
 * refused by everybody, and what it signed since then does not hold any more. A current key is replaced at once. Refusal `missing` for a key that is not ours,
 * `invalid` for a time in which it was not valid.
 */
export async function revokeKey(
  site: Site,
  id: string,
  since: string | undefined,
  by: string,
): Promise<Key[]> {
  return committed(site, await revocation(site, id, since, by))
}

/** The same, not yet committed. */
export async function revocation(
  site: Site,
  id: string,
  since: string | undefined,
  by: string,
): Promise<Replaced> {
  const key = await site.store.get('keys', id)
  if (!key) throw new Refusal('missing', 'keys.unknown', { id })
  const now = site.now()
  const ms = Date.parse(since ?? now)
  const until = Number.isFinite(ms) ? new Date(ms).toISOString() : ''
  if (until < key.from || until > now || (key.until && until > key.until))
    throw new Refusal('invalid', 'keys.since', { from: key.from, until: key.until ?? now })
  const { put, ...rest } = await replaced(site, key.owner, [key], until, {
    by,
    verb: 'revoked_key',
  })
  const versions = await fallen(site.store, key.owner, [{ id, until }], now)
  return { put: { ...put, versions }, ...rest }
}

const keysOf = ({ store }: Site, owner: string) =>
  store.find('keys', { where: { owner }, limit: KEYS_MAX })

interface Deed {
  by: string
  verb: string
}

/** What is to be committed, and who is told of it after that. */
export interface Replaced {
  put: { keys: Key[]; acts: ActOfTrail[]; versions?: Version[] }
  made: Key[]
  after: () => Promise<void>
}

async function committed(site: Site, { put, made, after }: Replaced): Promise<Key[]> {
  await record(site, { put })
  await after()
  return made
}

/** First the keys, then the word of it, which the new ones sign. */
async function replaced(
  site: Site,
  owner: string,
  ended: Key[],
  until: string,
  { by, verb }: Deed,
): Promise<Replaced> {
  const at = site.now()
  const held = await keysOf(site, owner)
  const count = (kind: Key['kind']) => held.filter((key) => key.kind === kind).length
  const current = ended.filter((key) => !key.until)
  const made = await Promise.all(
    current.map(({ kind }) => makeKey(owner, kind, at, count(kind) + 1)),
  )
  const old = ended.map((key) => ({ ...key, until, privatePem: '' }))
  const acts = ended.map(({ id }) => act(by, verb, id, at))
  const after = async () => {
    forgetKeys(site.store)
    await tell(site, owner)
  }
  return { put: { keys: [...old, ...made], acts }, made, after }
}

/** Followers read the actor anew; who does not follow finds a new key when it meets one. */
async function tell(site: Site, owner: string): Promise<void> {
  const here = siteAt(site, originOf(owner))
  const initiative = await profileOf(here)
  if (owner !== groupId(here) || !initiative) return
  const object = groupToActor(here, initiative, await publicKeysOf(site.store, owner))
  if (here === site) return record(site, { says: [{ verb: 'update', actor: owner, object }] })
  const stayed = await peersOf(site, owner)
  const letters = stayed.map(({ actor }) => {
    return { to: actor, type: 'Update', actor: owner, object, recipient: actor }
  })
  await record(site, { letters })
}

/**
 * One follower of each server that has stayed with a former actor of ours. They alone are told: our log is read by who
 * came along, and holds a former actor to the keys that it had when it moved.
 */
async function peersOf({ store }: Site, object: string): Promise<Follower[]> {
  const found = new Map<string, Follower>()
  for (let skip = 0; skip < FOLLOWERS_MAX; skip += AT_ONCE) {
    const page = await store.find('followers', {
      where: { object },
      order: 'oldest',
      skip,
      limit: AT_ONCE,
    })
    for (const each of page) if (!found.has(each.peer)) found.set(each.peer, each)
    if (page.length < AT_ONCE) break
  }
  return [...found.values()]
}
