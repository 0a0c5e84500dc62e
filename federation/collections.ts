/** What the world may read of us: actors, items, activities, collections, WebFinger and NodeInfo. */
import express, { type Request, type Response, type Router } from 'express'
import { notesOf } from '../content/call-tellings.ts'
import type { Contribution } from '../content/model.ts'
import { Refusal } from '../content/refusal.ts'
import type { Table } from '../content/store.ts'
import { originAsked, personAt, profileOf, siteAt } from './former.ts'
import {
  calledIn,
  groupId,
  originOf,
  outboxOf,
  personId,
  serverId,
  tellingOf,
  versionId,
} from './addresses.ts'
import { heardReading } from './readers.ts'
import { AS_TYPES } from './documents.ts'
import { publicKeysOf } from './keys.ts'
import { consistency, logRoutes, signedHead } from './log.ts'
import { canonical, type Json } from './proofs.ts'
import type { Site } from './site.ts'
import { groupToActor, personToActor, serverToActor } from './translate/actors.ts'
import { callToNote } from './translate/calls.ts'
import { collection } from './translate/common.ts'
import { toObject } from './translate.ts'
import { meetingToNote } from './translate/events.ts'
import { AS, CONTEXT, isObject, MEDIA_TYPE, NS } from './wire.ts'
import { discoveryRoutes } from './well-known.ts'

const LOG_PAGE = 200
const LOG_PAGE_BYTES = 512 * 1024
const OUTBOX_PAGE = 20
const COLLECTION_MAX = 500

const ACTIVITY_TYPES = [...AS_TYPES, 'application/ld+json']

/** Whether somebody asks for ActivityStreams rather than a page, under any of its names (ActivityPub, section 3.2). */
export function wantsActivity(req: Request): boolean {
  return ACTIVITY_TYPES.includes(req.accepts(['text/html', ...ACTIVITY_TYPES]) || '')
}

export function sendActivity(res: Response, json: Json | string, status = 200): void {
  const text = typeof json === 'string' ? json : canonical(json)
  res.status(status).vary('Accept').set('cache-control', 'max-age=60').type(MEDIA_TYPE).send(text)
}

type Find = (site: Site, req: Request, id: string) => Promise<Json | string | undefined>

/** The site map for machines. The id on the wire is the address of the page: one finder for each shape of path. */
const documents: Record<string, Find> = {
  '/actor': (site) => group(site),
  '/server': async (site) => serverToActor(site, await keysOf(site, serverId(site))),
  '/people/:name': person,
  '/actor/outbox': outbox,
  '/actor/followers': async (site, _req, id) =>
    counted(id, await site.store.count('followers', { where: { object: groupId(site) } })),
  '/actor/following': async (site, _req, id) =>
    counted(id, await site.store.count('following', { where: { state: 'accepted' } })),
  '/people/:name/outbox': async (_site, _req, id) => counted(id, 0),
  '/people/:name/followers': async (_site, _req, id) => counted(id, 0),
  '/people/:name/following': async (_site, _req, id) => counted(id, 0),
  '/server/outbox': async (_site, _req, id) => counted(id, 0),
  '/server/followers': async (_site, _req, id) => counted(id, 0),
  '/server/following': async (_site, _req, id) => counted(id, 0),
  '/activities/:id': async (site, _req, id) => (await publicEntry(site, id))?.wire,
  '/activities/:id/note': bulletin,
  '/outcomes/:slug': outcome,
  '/outcomes/:slug/versions/:n': async (site, _req, id) => (await at(site, 'versions', id))?.wire,
  '/outcomes/:slug/history': history,
  '/outcomes/:slug/messages/:key': item,
  '/discussions/:slug': item,
  '/contributions/:slug': item,
  '/meetings/:slug': item,
  '/meetings/:slug/announcement': announced,
  '/sessions/:slug': item,
  '/calls/:slug/announcement': calledFor,
  '/calls/:slug/announcement-:number': calledFor,
  '/calls/:slug/reminder': calledFor,
  '/calls/:slug/reminder-:number': calledFor,
  ...Object.fromEntries(
    [
      '/outcomes/:slug',
      '/outcomes/:slug/messages/:key',
      '/discussions/:slug',
      '/contributions/:slug',
      '/meetings/:slug',
      '/sessions/:slug',
    ].flatMap((path) => [
      [`${path}/replies`, replies],
      [`${path}/context`, thread],
    ]),
  ),
}

export function serverRoutes(site: Site): Router {
  const router = express.Router()
  router.use(discoveryRoutes(site))
  router.use(logRoutes(site))
  for (const [path, find] of Object.entries(documents)) {
    const always =
      /^\/(server|actor)(\/|$)|^\/activities|\/(outbox|followers|following|history|replies|context|(announcement|reminder)(-:number)?)$/.test(
        path,
      )
    router.get(path, async (req, res, next) => {
      if (!wantsActivity(req) && !always) return next()
      const here = siteAt(site, originAsked(site, req.headers.host))
      const found = await find(here, req, here.origin + decodeURI(req.path))
      const elsewhere = found === undefined && (await olderPlace(here, req, find))
      if (elsewhere) return res.redirect(301, elsewhere)
      if (found === undefined) throw new Refusal('missing', 'not_here')
      sendActivity(res, found, isTombstone(found) ? 410 : 200)
    })
  }
  return router
}

/** Where a document is that was said at a former address: it keeps the id that it was signed with. */
async function olderPlace(site: Site, req: Request, find: Find): Promise<string | undefined> {
  for (const origin of site.former) {
    const id = origin + decodeURI(req.path)
    if (origin !== site.origin && (await find(siteAt(site, origin), req, id)) !== undefined)
      return origin + req.originalUrl
  }
  return undefined
}

/** Whether it is one itself: a log and a Delete speak of what is gone, and are there. */
function isTombstone(found: Json | string): boolean {
  if (typeof found === 'object') return found.type === 'Tombstone'
  return found.includes('"Tombstone"') && (JSON.parse(found) as Json).type === 'Tombstone'
}

/** Nobody sees an actor without its keys: who has kept such a document would refuse the first thing it says. */
async function keysOf(site: Site, actor: string) {
  await Promise.all([site.key(actor, 'rsa'), site.key(actor, 'ed25519')])
  return publicKeysOf(site.store, actor)
}

async function group(site: Site): Promise<Json | undefined> {
  const profile = await profileOf(site)
  return profile && groupToActor(site, profile, await keysOf(site, groupId(site)))
}

async function person(site: Site, req: Request): Promise<Json | undefined> {
  const id = personId(site, String(req.params.name))
  const found = await personAt(site, String(req.params.name))
  return found && personToActor(site, { ...found, id }, await keysOf(site, id))
}

/** Only what anybody may see: a letter to one peer is not for others. */
async function publicEntry(site: Site, id: string) {
  const entry = await site.store.entry(id)
  return entry?.stream === 'public' ? entry : undefined
}

/** The Note of a bulletin, as it was told. */
async function bulletin(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const told = await publicEntry(site, id.replace(/\/note$/, ''))
  const { object } = told ? (JSON.parse(told.wire) as { object: unknown }) : {}
  return isObject(object) && object.id === id ? object : undefined
}

/** What has this very id: a path alone is not enough for a document. */
async function at<T extends Table>(site: Site, table: T, id: string) {
  const found = await site.store.get(table, id)
  return found?.id === id ? found : undefined
}

/** The newest version, as it was signed: here, or, under a short key, where it came from. */
async function outcome(site: Site, req: Request, id: string): Promise<string | undefined> {
  const key = String(req.params.slug)
  const face = (await site.store.get('items', id)) ?? (await heldAs(site, key))
  if (face?.type !== 'outcome' || face.visibility !== 'shown') return undefined
  if (face.local && face.id !== id) return undefined
  return (await site.store.get('versions', versionId(face.id, face.version)))?.wire
}

async function heldAs({ store }: Site, key: string) {
  return (await store.find('items', { where: { key, type: 'outcome' }, limit: 1 }))[0]
}

async function item(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const found = await at(site, 'items', id)
  if (!found?.local) return undefined
  if (found.visibility === 'removed') return { '@context': CONTEXT, id, type: 'Tombstone' }
  return found.visibility === 'shown' ? toObject(found) : undefined
}

/** The Note that announces a meeting. */
async function announced(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const found = await at(site, 'items', id.replace(/\/announcement$/, ''))
  if (found?.type !== 'meeting' || !found.local) return undefined
  if (found.visibility === 'removed') return { '@context': CONTEXT, id, type: 'Tombstone' }
  return found.visibility === 'shown' ? meetingToNote(found) : undefined
}

/** A Note that told of a call for issues. */
async function calledFor(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const call = await at(site, 'calls', calledIn(id) ?? '')
  const note =
    call && notesOf(call).find((each) => tellingOf(call.id, each.telling, each.number) === id)
  return note && callToNote(call, note)
}

/** FEP-bad1: every version, oldest first, as signed. */
async function history(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const outcomeId = id.replace(/\/history$/, '')
  const where = { outcome: outcomeId }
  const versions = await site.store.find('versions', {
    where,
    order: 'oldest',
    limit: COLLECTION_MAX,
  })
  return versions.length === 0
    ? undefined
    : collection(
        id,
        versions.map(({ id: version }) => version),
      )
}

async function shownUnder(site: Site, where: Record<string, string>): Promise<Contribution[]> {
  const query = {
    where: { type: 'contribution', visibility: 'shown', ...where },
    order: 'oldest',
  } as const
  const found = await site.store.find('items', { ...query, limit: COLLECTION_MAX })
  return found.filter((each) => each.type === 'contribution')
}

async function replies(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const inReplyTo = id.replace(/\/replies$/, '')
  if (!(await isShown(site, inReplyTo))) return undefined
  const found = await shownUnder(site, { inReplyTo })
  return collection(
    id,
    found.map((each) => each.id),
    false,
  )
}

/** FEP-7888: all that belongs to one conversation, its first post included. */
async function thread(site: Site, _req: Request, id: string): Promise<Json | undefined> {
  const about = id.replace(/\/context$/, '')
  if (!(await isShown(site, about))) return undefined
  const found = await shownUnder(site, { about })
  return collection(id, [about, ...found.map((each) => each.id)])
}

async function isShown(site: Site, id: string): Promise<boolean> {
  const found = await at(site, 'items', id)
  return found?.local === true && found.visibility === 'shown'
}

const counted = (id: string, totalItems: number): Json => ({
  '@context': AS,
  id,
  type: 'OrderedCollection',
  totalItems,
})

/** Newest first for everybody; from a position in log order, with the log's size and root, for those who pull. */
async function outbox(site: Site, req: Request, id: string): Promise<Json | string | undefined> {
  const { after, page } = req.query
  if (after !== undefined) {
    await heardReading(site, req)
    return logPage(site, id, Number(after))
  }
  const { size } = await site.store.head()
  if (page === undefined) {
    return {
      ...counted(id, size),
      first: `${id}?page=${size}`,
      last: `${id}?page=${Math.min(size, OUTBOX_PAGE)}`,
    }
  }
  const end = Math.min(size, Math.max(0, Math.trunc(Number(page)) || 0))
  const start = Math.max(0, end - OUTBOX_PAGE)
  const entries = await site.store.log('public', start, end - start)
  return {
    '@context': AS,
    id: `${id}?page=${end}`,
    type: 'OrderedCollectionPage',
    partOf: id,
    totalItems: size,
    orderedItems: entries.reverse().map(({ wire }) => JSON.parse(wire) as Json),
    ...(start > 0 ? { next: `${id}?page=${start}` } : {}),
  }
}

/**
 * Entries go out as the very text that was signed; nothing is read and written anew. With them comes the proof
 * that the whole log goes on from where this page ends, so that a reader need not take in a page of another past.
 */
async function logPage(site: Site, id: string, after: number): Promise<string> {
  if (!Number.isInteger(after) || after < 0)
    throw new Refusal('invalid', 'wire.field', { field: 'after' })
  const head = await signedHead(site)
  const entries = await site.store.log('public', after, Math.min(LOG_PAGE, head.size - after))
  let bytes = 0
  const fitting = entries.filter(
    ({ wire }, i) => i === 0 || (bytes += wire.length) < LOG_PAGE_BYTES,
  )
  const last = after + fitting.length
  const frame = {
    '@context': [AS, { tributary: NS, 'tributary:log': { '@id': `${NS}log`, '@type': '@json' } }],
    id: `${id}?after=${after}`,
    type: 'OrderedCollectionPage',
    partOf: outboxOf(originOf(id) + '/actor'),
    startIndex: after,
    totalItems: head.size,
    'tributary:log': { ...head, consistency: await consistency(site, last, head.size) },
    ...(last < head.size ? { next: `${id}?after=${last}` } : {}),
  }
  const items = fitting.map(({ wire }) => wire).join(',')
  return `${JSON.stringify(frame).slice(0, -1)},"orderedItems":[${items}]}`
}
