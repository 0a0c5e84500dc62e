/** THE WAY OUT: our own acts are put into words and signed, then everything is committed at once. */
import { randomUUID } from 'node:crypto'
import type { Doing, Tell } from '../content/doing.ts'
import type { Item, Version } from '../content/model.ts'
import type { Change, NewEntry, Store } from '../content/store.ts'
import { activityId, announcementOf, groupId, originOf, versionId } from './addresses.ts'
import { digestOf, type Json, proven } from './proofs.ts'
import { placed } from './projection.ts'
import { recipientsOf } from './replies.ts'
import type { Site } from './site.ts'
import { audience } from './translate/common.ts'
import { toObject } from './translate.ts'
import { meetingToNote } from './translate/events.ts'
import { versionToArticle, versionToTombstone } from './translate/outcomes.ts'
import { CONTEXT, PUBLIC } from './wire.ts'

/** Something said to one peer alone: an Accept, a Follow, a Join … `actor` is one of ours. */
export interface Letter {
  /** The peer's origin. */
  to: string
  type: string
  actor: string
  object: unknown
  /** The actor addressed. */
  recipient: string
  /** What is said with it, for people: plain text. */
  content?: string
  /** The activity's id, when something else must name it. */
  id?: string
}

/** Something said to everybody that is no item: the object as it stands, by an actor of ours. */
export interface Said {
  verb: Tell['verb']
  actor: string
  object: Json
  /** The activity's id, when something else must name it. */
  id?: string
}

/** What an act comes to: documents, words for everybody, letters for some. */
export interface Effect extends Doing {
  says?: Said[]
  letters?: Letter[]
  /** Our initiative has another address now: said by each of its former actors. */
  moved?: { from: string; to: string }[]
}

/** A fresh id for an activity of ours. */
export const newActivityId = (site: { origin: string }): string => activityId(site, randomUUID())

/**
 * Do it: sign what is new, word what is told, commit documents and log together, and wake delivery. When it
 * returns, it is on disk. Refusal `conflict` when a document has changed since it was read.
 */
export async function record(
  site: Site,
  { put = {}, drop = {}, tell: asked = [], says = [], letters = [], moved = [] }: Effect,
): Promise<void> {
  const tell = asked.map((each) => inItsName(site, each))
  const versions = await Promise.all((put.versions ?? []).map((version) => signed(site, version)))
  const faces = await placed(site.store, versions)
  const items = [...(put.items ?? []), ...faces.put]
  const told = await Promise.all(tell.map((each) => worded(site, each, items, versions)))
  const said = await Promise.all(says.map((each) => spoken(site, each)))
  const replies = await Promise.all(tell.map((each) => answering(site, each, items, versions)))
  const sent = await Promise.all(letters.map((each) => written(site, each)))
  const moves = await Promise.all(moved.map((each) => farewell(site, each)))
  const met = replies.map((each) => each.put)
  const change: Change = {
    put: {
      ...put,
      ...(versions.length > 0 ? { versions: versions.map((each) => entered(each, told)) } : {}),
      ...(items.length > 0 ? { items } : {}),
      peers: [...(put.peers ?? []), ...met.flatMap(({ peers = [] }) => peers)],
      cursors: [...(put.cursors ?? []), ...met.flatMap(({ cursors = [] }) => cursors)],
    },
    drop: { ...drop, items: [...(drop.items ?? []), ...faces.drop] },
    log: [...told, ...said, ...moves, ...replies.flatMap(({ entries }) => entries), ...sent],
  }
  await site.store.commit(change)
  if (change.log?.some(({ quiet }) => !quiet)) site.wake('deliver')
  if (put.pulls?.length) site.wake('sync')
  if (put.moves?.length) site.wake('moves')
}

/** What stands at a former address of ours is changed in the name that our initiative had there. */
function inItsName(site: Site, tell: Tell): Tell {
  const { actor, verb, item } = tell
  const isAbout = ['create', 'update', 'delete'].includes(verb) && actor === groupId(site)
  const origin = originOf(item)
  return isAbout && site.former.includes(origin) ? { ...tell, actor: groupId({ origin }) } : tell
}

/** Move (FEP-7628), the last that a former address says of itself. */
const farewell = (site: Site, { from, to }: { from: string; to: string }): Promise<NewEntry> =>
  entry(
    site,
    'public',
    from,
    'Move',
    from,
    from,
    { ...audience(from), target: to },
    newActivityId({ origin: originOf(from) }),
  )

/** A version of ours names the entry that tells of it, so that its place in the log can be proven. */
function entered(version: Version, told: NewEntry[]): Version {
  const activity = told.find(({ item }) => item === version.outcome)?.id
  return version.local && activity ? { ...version, activity } : version
}

/** A version of ours with its digest, its predecessor's, and the signed object. What came from others is left as it came. */
async function signed(site: Site, version: Version): Promise<Version> {
  if (!version.local || version.wire !== '') return version
  const before = await site.store.get('versions', versionId(version.outcome, version.version - 1))
  const toWire = version.state === 'withdrawn' ? versionToTombstone : versionToArticle
  const object = toWire(version, before?.digest)
  const key = await site.key(version.initiative, 'ed25519')
  const wire = proven(object, key, version.at)
  const { public: publicKey } = { public: key.id.split('#')[1] ?? '' }
  return {
    ...version,
    digest: digestOf(object),
    ...(before ? { previous: before.digest } : {}),
    wire,
    verification: { result: 'own', at: version.at, method: key.id, key: publicKey },
  }
}

async function worded(
  site: Site,
  tell: Tell,
  items: Item[],
  versions: Version[],
): Promise<NewEntry> {
  const type = types[tell.verb]
  const object = await objectOf(site.store, tell, items, versions)
  const said = await entry(
    site,
    'public',
    tell.actor,
    type,
    object,
    tell.item,
    tell.quiet ? { to: [PUBLIC] } : audience(tell.actor),
    newActivityId({ origin: originOf(tell.actor) }),
  )
  return tell.quiet ? { ...said, quiet: true } : said
}

const spoken = (
  site: Site,
  { verb, actor, object, id = newActivityId(site) }: Said,
): Promise<NewEntry> =>
  entry(site, 'public', actor, types[verb], object, String(object.id), audience(actor), id)

const types: Record<Tell['verb'], string> = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  announce: 'Announce',
  undo_announce: 'Undo',
}

async function objectOf(
  store: Store,
  { verb, item: id, actor, as }: Tell,
  items: Item[],
  versions: Version[],
): Promise<unknown> {
  if (as === 'announcement') return announcement(store, verb, id, items)
  if (verb === 'announce') return id
  if (verb === 'undo_announce') return { type: 'Announce', actor, object: id }
  const version = versions.find(({ outcome }) => outcome === id)
  if (version) return JSON.parse(version.wire)
  const item = items.find((each) => each.id === id) ?? (await store.get('items', id))
  if (verb === 'delete') return { '@context': CONTEXT, id, type: 'Tombstone' }
  return item ? toObject(item) : id
}

/** The Note beside a meeting; of one that was withdrawn, that it is gone. */
async function announcement(store: Store, verb: Tell['verb'], id: string, items: Item[]) {
  const item = items.find((each) => each.id === id) ?? (await store.get('items', id))
  const gone = { '@context': CONTEXT, id: announcementOf(id), type: 'Tombstone' }
  return verb === 'delete' || item?.type !== 'meeting' ? gone : meetingToNote(item)
}

/** The same words once more, as letters to those it answers. */
async function answering(site: Site, tell: Tell, items: Item[], versions: Version[]) {
  const { actors, put } = await recipientsOf(site, tell, items)
  const object = actors.length > 0 ? await objectOf(site.store, tell, items, versions) : undefined
  const letters = actors.map((recipient) => {
    return { to: recipient, type: types[tell.verb], actor: tell.actor, object, recipient }
  })
  return { put, entries: await Promise.all(letters.map((each) => written(site, each))) }
}

async function written(site: Site, letter: Letter): Promise<NewEntry> {
  const { to, type, actor, object, recipient, content } = letter
  const { id = newActivityId({ origin: originOf(actor) }) } = letter
  const said = content === undefined ? {} : { content }
  return entry(
    site,
    `to:${originOf(to)}`,
    actor,
    type,
    object,
    recipient,
    { to: [recipient], ...said },
    id,
  )
}

/** An activity with its proof, in canonical form, as a line of a log. */
async function entry(
  site: Site,
  stream: NewEntry['stream'],
  actor: string,
  verb: string,
  object: unknown,
  item: string,
  to: Json,
  id: string,
): Promise<NewEntry> {
  const at = site.now()
  const activity = { '@context': CONTEXT, id, type: verb, actor, object, published: at, ...to }
  const key = await site.key(actor, 'ed25519')
  return { stream, id, actor, verb, item, at, wire: proven(activity, key, at) }
}
