/** What an initiative we follow publishes: outcome versions, discussions, meetings, and its own profile. */
import type { Item, Outcome, Version } from '../../content/model.ts'
import { Refusal } from '../../content/refusal.ts'
import type { Store } from '../../content/store.ts'
import { originOf, versionId } from '../addresses.ts'
import { findProofKey } from '../discovery.ts'
import { homesOf, initiativeNow } from '../former.ts'
import { envelopeOf } from '../mirrors.ts'
import { checkProof, type Json, sealed } from '../proofs.ts'
import type { From } from '../receive.ts'
import type { Effect } from '../record.ts'
import type { Site } from '../site.ts'
import { actorToInitiative } from '../translate/actors.ts'
import { eventToMeeting } from '../translate/events.ts'
import { articleToDiscussion } from '../translate/items.ts'
import { articleToVersion } from '../translate/outcomes.ts'
import { isSameOrigin, sameActor, sameOrigin } from '../trust.ts'
import { isObject, isTombstone, readRef, readTombstone } from '../wire.ts'

/** Take in what `actor` publishes. Nothing when it is of a kind we do not hold. */
export async function published(
  site: Site,
  actor: string,
  object: Json,
  from: From,
): Promise<Effect | undefined> {
  if (object.id === actor) return profile(site, actor, object)
  if (object.type === 'Article' && object.outcomeRecord !== undefined)
    return version(site, object, from)
  if (object.type === 'Article') return written(site, articleToDiscussion(object, site.now()))
  if (object.type !== 'Event') return undefined
  const item = eventToMeeting(object, await linkedHomes(site, actor, object.meetingRecord))
  return item ? written(site, item) : undefined
}

/** The homes of an initiative, where a record names a meeting or a session on another host than its own. */
async function linkedHomes({ store }: Site, actor: string, record: unknown): Promise<string[]> {
  if (!isObject(record)) return []
  const links = [record.meeting, record.session].filter((each) => typeof each === 'string')
  return links.some((each) => !isSameOrigin(each, actor)) ? homesOf(store, actor) : []
}

async function profile(site: Site, actor: string, object: Json): Promise<Effect | undefined> {
  const held = await site.store.get('initiatives', actor)
  const initiative = actorToInitiative(object, site.now())
  if (!held || !initiative || held.local) return undefined
  return { put: { initiatives: [{ ...initiative, ...(held.rev ? { rev: held.rev } : {}) }] } }
}

/** A discussion or a meeting: the newer writing wins, whichever way and in whatever order they come. */
async function written(site: Site, said: Item): Promise<Effect | undefined> {
  const item = { ...said, initiative: await initiativeNow(site.store, said.initiative) }
  const held = await site.store.get('items', item.id)
  if (!held) return { put: { items: [item] } }
  sameActor(await initiativeNow(site.store, held.initiative), item.initiative)
  const older = (item.updated ?? item.published) <= (held.updated ?? held.published)
  if (older || held.type !== item.type || held.visibility === 'removed') return undefined
  return { put: { items: [{ ...item, rev: held.rev }] } }
}

/**
 * A version is taken in once, when its proof holds and it fits the chain of those before and after it.
 * Refused: other bytes under a used number, a second successor, a withdrawn outcome that lives again (I).
 */
async function version(site: Site, object: Json, from: From): Promise<Effect | undefined> {
  const at = site.now()
  const homes = await linkedHomes(site, readRef(object.attributedTo), object.outcomeRecord)
  const made = articleToVersion(object, at, homes)
  sameOrigin(made.outcome, made.initiative)
  const held = await site.store.get('versions', made.id)
  if (held) return known(held, made, from)
  await fits(site, made)
  const find = (id: string) => findProofKey(site, id)
  const { method, key, owner } = await checkProof(object, find, at, made.digest)
  sameActor(owner, made.initiative)
  const checked: Version = {
    ...made,
    ...placeIn(from),
    verification: { result: 'verified', method, key, at },
  }
  return { put: { versions: [checked] } }
}

function known(held: Version, made: Version, from: From): Effect | undefined {
  if (held.digest !== made.digest) throw new Refusal('conflict', 'version.reused', { id: made.id })
  return found(held, from)
}

/** What was pushed before it is read has its place in the log from then on. */
function found(held: Version, from: From): Effect | undefined {
  const place = placeIn(from)
  if (!from.place || (held.seq === place.seq && held.envelope === place.envelope)) return undefined
  return { put: { versions: [{ ...held, ...place }] } }
}

/** Where it stands in its origin's log, and what it takes to make the entry whole again. */
function placeIn({ place }: From): Pick<Version, 'seq' | 'envelope'> {
  const envelope = place && envelopeOf(place.entry)
  return { ...(place ? { seq: place.seq } : {}), ...(envelope ? { envelope } : {}) }
}

/**
 * The place of an outcome version that is held and was read before places were kept; nothing else of it is altered,
 * and nothing of what else the entry says.
 */
export async function located(
  site: Site,
  actor: string,
  place: Place,
): Promise<Effect | undefined> {
  const { object } = place.entry
  if (!isObject(object) || typeof object.id !== 'string') return undefined
  const from: From = { actor, place }
  if (isTombstone(object)) {
    const face = await site.store.get('items', object.id)
    const last = face?.type === 'outcome' && (await lastOf(site, face))
    return last && last.wire === sealed(object).wire ? found(last, from) : undefined
  }
  if (object.outcomeRecord === undefined) return undefined
  const homes = await linkedHomes(site, readRef(object.attributedTo), object.outcomeRecord)
  const { id, digest } = articleToVersion(object, site.now(), homes)
  const held = await site.store.get('versions', id)
  return held?.digest === digest ? found(held, from) : undefined
}

type Place = NonNullable<From['place']>

const lastOf = ({ store }: Site, { id, version: number }: Outcome) =>
  store.get('versions', versionId(id, number))

/** The chain of digests, looked at on both sides. */
async function fits({ store }: Site, made: Version): Promise<void> {
  const latest = await store.get('items', made.outcome)
  if (latest && !(await isOf(store, latest, made.initiative)))
    throw new Refusal('forbidden', 'origin.other_actor')
  if (latest?.type === 'outcome' && latest.state === 'withdrawn' && made.version > latest.version) {
    throw new Refusal('gone', 'version.withdrawn', { id: made.outcome })
  }
  const before = await store.get('versions', versionId(made.outcome, made.version - 1))
  const after = await store.get('versions', versionId(made.outcome, made.version + 1))
  const broken =
    (before && before.digest !== made.previous) || (after && after.previous !== made.digest)
  if (broken) throw new Refusal('conflict', 'version.chain', { id: made.id })
}

/** Whether something belongs to the initiative that this actor is or was. */
export async function isOf(store: Store, { initiative }: Owned, actor: string): Promise<boolean> {
  const [ours, theirs] = await Promise.all([
    initiativeNow(store, initiative),
    initiativeNow(store, actor),
  ])
  return ours === theirs
}

type Owned = Pick<Item, 'initiative'>

/** Refusal `forbidden` when somebody speaks of what is another initiative's. */
export async function sameInitiative(store: Store, item: Owned, actor: string): Promise<void> {
  if (!(await isOf(store, item, actor))) sameActor(item.initiative, actor)
}

/** A withdrawn outcome keeps its record and its reason; other things simply go. */
export async function withdrawn(
  site: Site,
  item: Item,
  object: Json,
  from: From,
): Promise<Effect | undefined> {
  const at = site.now()
  if (item.type !== 'outcome') {
    if (item.visibility === 'removed') return undefined
    return { put: { items: [{ ...item, visibility: 'removed', updated: at }] } }
  }
  const last = await lastOf(site, item)
  if (item.state === 'withdrawn')
    return last && last.wire === sealed(object).wire ? found(last, from) : undefined
  if (!last || !isTombstone(object)) return undefined
  const { method, key, owner } = await checkProof(object, (id) => findProofKey(site, id), at)
  await sameInitiative(site.store, item, owner)
  const { reason, digest, version: told } = readTombstone(object)
  const number = told ?? last.version + 1
  if (number <= last.version) throw new Refusal('conflict', 'version.chain', { id: item.id })
  if (number === last.version + 1 && digest && digest !== last.digest)
    throw new Refusal('conflict', 'version.chain', { id: item.id })
  const { rev: _rev, seq: _seq, envelope: _envelope, ...kept } = last
  const end: Version = {
    ...kept,
    id: versionId(item.id, number),
    version: number,
    state: 'withdrawn',
    ...(reason ? { reason } : {}),
    steps: [...last.steps, { state: 'withdrawn', at, by: originOf(item.id), version: number }],
    at,
    previous: digest ?? last.digest,
    ...sealed(object),
    verification: { result: 'verified', method, key, at },
    ...placeIn(from),
  }
  return { put: { versions: [end] } }
}
