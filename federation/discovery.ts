/** Finding others: actors and their keys, WebFinger (RFC 7033), NodeInfo. Cached, and bounded against being made to work. */
import { createPublicKey } from 'node:crypto'
import * as z from 'zod'
import { Actor, type ActorKey } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { plainName } from '../content/text.ts'
import { fetchDocument } from './documents.ts'
import { fromMultikey } from './multikey.ts'
import type { Json, ProofKey } from './proofs.ts'
import type { PublicKey } from './signatures.ts'
import type { Site } from './site.ts'
import { isSameOrigin } from './trust.ts'

const FRESH_MS = 24 * 3600_000
/** An actor that could not be had is not asked for again so soon (CVE-2026-34148). */
const MISSING_MS = 5 * 60_000
/** Not even a key that failed to verify makes us ask the same host more often than this. */
const AGAIN_MS = 60_000
const REMEMBERED_MAX = 5000
const KEYS_MAX = 20

const missing = new WeakMap<Site, Map<string, number>>()

const Ref = z.union([z.string(), z.looseObject({ id: z.string() }).transform(({ id }) => id)])
const RsaKey = z.looseObject({
  id: z.string().max(2000),
  owner: z.string().max(2000),
  publicKeyPem: z.string().max(10_000),
})
const Multikey = z.looseObject({
  id: z.string().max(2000),
  type: z.literal('Multikey'),
  controller: z.string().max(2000),
  publicKeyMultibase: z.string().max(200),
  created: z.string().max(40).optional(),
  expires: z.string().max(40).optional(),
  revoked: z.string().max(40).optional(),
})

const ActorDocument = z.looseObject({
  id: z.url(),
  type: z
    .union([z.string(), z.array(z.string()).min(1).max(5)])
    .transform((type) => [type].flat()[0]),
  name: z.string().max(5000).nullish(),
  preferredUsername: z.string().max(300).nullish(),
  url: z.unknown().optional(),
  inbox: z.url(),
  outbox: z.url().nullish(),
  followers: z.url().nullish(),
  endpoints: z.looseObject({ sharedInbox: z.url().nullish() }).nullish(),
  publicKey: z.unknown().optional(),
  assertionMethod: z.unknown().optional(),
  movedTo: Ref.nullish(),
})

/** An actor by id, from the cache or its own host. Refusal `missing`, `gone` or `unavailable` when it cannot be had. */
export async function findActor(site: Site, id: string, fresh = false): Promise<Actor> {
  const held = await site.store.get('actors', id)
  const age = held ? Date.parse(site.now()) - Date.parse(held.fetchedAt) : Infinity
  if (held && age < (fresh ? AGAIN_MS : FRESH_MS)) return held
  refuseIfMissing(site, id)
  try {
    return await store(site, readActor(await fetchDocument(site, id), site.now()))
  } catch (error) {
    if (held && !fresh && !(error instanceof Refusal && error.reason === 'gone')) return held
    remember(site, id)
    throw error
  }
}

async function store(site: Site, actor: Actor): Promise<Actor> {
  const held = await site.store.get('actors', actor.id)
  const next = { ...actor, ...(held ? { rev: held.rev } : {}) }
  await site.store.commit({ put: { actors: [next] } }).catch(ignoreConflict)
  return (await site.store.get('actors', actor.id)) ?? next
}

/** Somebody else has just written the same actor: theirs is as new as ours. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof Refusal && error.reason === 'conflict')) throw error
}

function refuseIfMissing(site: Site, id: string): void {
  const until = missing.get(site)?.get(id) ?? 0
  if (until > Date.parse(site.now()))
    throw new Refusal('unavailable', 'discovery.not_again', { id })
}

function remember(site: Site, id: string): void {
  const known = missing.get(site) ?? new Map<string, number>()
  if (known.size >= REMEMBERED_MAX) known.clear()
  known.set(id, Date.parse(site.now()) + MISSING_MS)
  missing.set(site, known)
}

const kinds = Actor.shape.type

/** An actor document, read strictly. Refusal `invalid` when it lacks what an actor must have. */
export function readActor(document: Json, at: string): Actor {
  const parsed = ActorDocument.safeParse(document)
  if (!parsed.success) throw new Refusal('invalid', 'discovery.actor')
  const { id, type, name, preferredUsername, inbox, outbox, followers, endpoints, movedTo } =
    parsed.data
  const kind = kinds.safeParse(type)
  if (!kind.success || !isSameOrigin(inbox, id)) throw new Refusal('invalid', 'discovery.actor')
  const shared = endpoints?.sharedInbox
  const user = plainName(preferredUsername ?? '')
  const page =
    typeof parsed.data.url === 'string' && URL.canParse(parsed.data.url)
      ? parsed.data.url
      : undefined
  return {
    id,
    type: kind.data,
    name: plainName(name || user || id),
    handle: user ? `${user}@${new URL(id).host}` : new URL(id).host,
    ...(page && /^https?:/.test(page) ? { url: page } : {}),
    inbox,
    ...(shared && isSameOrigin(shared, id) ? { sharedInbox: shared } : {}),
    ...(outbox && isSameOrigin(outbox, id) ? { outbox } : {}),
    ...(followers && isSameOrigin(followers, id) ? { followers } : {}),
    keys: keysIn(parsed.data, id),
    ...(movedTo && URL.canParse(movedTo) ? { movedTo } : {}),
    gone: false,
    fetchedAt: at,
  }
}

/** Keys count only when they name this actor as owner and stand on its host: both ends say so (A4). */
function keysIn(document: z.infer<typeof ActorDocument>, id: string): ActorKey[] {
  const listed = [document.publicKey ?? [], document.assertionMethod ?? []]
    .flat(2)
    .slice(0, KEYS_MAX)
  return listed.flatMap((each) => [...rsaKey(each, id), ...multikey(each, id)])
}

function rsaKey(value: unknown, owner: string): ActorKey[] {
  const { data } = RsaKey.safeParse(value)
  if (!data || data.owner !== owner || !isSameOrigin(data.id, owner)) return []
  try {
    const key = createPublicKey(data.publicKeyPem)
    const kind = key.asymmetricKeyType === 'rsa' ? ('rsa' as const) : undefined
    return kind ? [{ id: data.id, kind, publicPem: data.publicKeyPem }] : []
  } catch {
    return []
  }
}

function multikey(value: unknown, owner: string): ActorKey[] {
  const { data } = Multikey.safeParse(value)
  if (!data || data.controller !== owner || !isSameOrigin(data.id, owner)) return []
  const until = data.revoked ?? data.expires
  try {
    const publicPem = String(
      fromMultikey(data.publicKeyMultibase).export({ format: 'pem', type: 'spki' }),
    )
    return [
      {
        id: data.id,
        kind: 'ed25519',
        publicPem,
        multibase: data.publicKeyMultibase,
        ...instant('from', data.created),
        ...instant('until', until),
      },
    ]
  } catch {
    return []
  }
}

function instant(name: 'from' | 'until', text: string | undefined) {
  const ms = Date.parse(text ?? '')
  return Number.isFinite(ms) ? { [name]: new Date(ms).toISOString() } : {}
}

/** The actor a key id belongs to: most put the key in the actor's document, as a fragment of its id. */
async function ownerOf(site: Site, keyId: string, fresh: boolean): Promise<Actor> {
  const known = await site.store.get('actors', withoutFragment(keyId))
  if (known || keyId.includes('#')) return findActor(site, withoutFragment(keyId), fresh)
  const document = await fetchDocument(site, keyId)
  const owner = document.owner ?? document.controller
  if (typeof owner !== 'string' || !isSameOrigin(owner, keyId))
    return findActor(site, document.id, fresh)
  return findActor(site, owner, fresh)
}

const withoutFragment = (id: string) => id.split('#')[0] ?? id

const objects = new Map<string, PublicKey['public']>()

/** A key that signed a request, as the cache or its owner has it; nothing when there is none. */
export async function findKey(
  site: Site,
  keyId: string,
  fresh: boolean,
): Promise<PublicKey | undefined> {
  const actor = await ownerOf(site, keyId, fresh)
  const key = actor.keys.find(({ id, until }) => id === keyId && !until)
  return key && { public: keyObject(key.publicPem), owner: actor.id }
}

/** Parsing a key costs as much as a verification: each is parsed once. */
function keyObject(pem: string): PublicKey['public'] {
  const known = objects.get(pem) ?? createPublicKey(pem)
  if (objects.size >= REMEMBERED_MAX) objects.clear()
  objects.set(pem, known)
  return known
}

/** The key of a proof's verification method, old ones included; nothing when its owner does not have it. */
export async function findProofKey(site: Site, method: string): Promise<ProofKey | undefined> {
  const find = async (fresh: boolean) => {
    const actor = await ownerOf(site, method, fresh)
    const key = actor.keys.find(({ id, multibase }) => id === method && multibase)
    return key?.multibase
      ? { multibase: key.multibase, owner: actor.id, from: key.from, until: key.until }
      : undefined
  }
  return (await find(false)) ?? find(true)
}

const Jrd = z.looseObject({
  subject: z.string().max(500),
  links: z
    .array(
      z.looseObject({
        rel: z.string(),
        type: z.string().nullish(),
        href: z.string().nullish(),
        template: z.string().nullish(),
      }),
    )
    .max(50),
})

/** WebFinger: the actor id of a handle, and the address where one may interact from there. */
export async function webfinger(
  site: Site,
  handle: string,
): Promise<{ actor?: string; interact?: string }> {
  const [, user = '', host = ''] = /^@?([^@\s/]{1,100})@([^@\s/]{1,253})$/.exec(handle.trim()) ?? []
  if (!host) throw new Refusal('invalid', 'discovery.handle', { handle: handle.slice(0, 100) })
  const scheme =
    site.origin.startsWith('http:') && /^127\.0\.0\.1(:\d+)?$/.test(host) ? 'http' : 'https'
  const resource = encodeURIComponent(`acct:${user}@${host.toLowerCase()}`)
  const { body } = await site.fetch.json(
    `${scheme}://${host}/.well-known/webfinger?resource=${resource}`,
    {
      accept: ['application/jrd+json', 'application/json'],
      signed: false,
    },
  )
  const { data } = Jrd.safeParse(body)
  if (!data || !data.subject.startsWith('acct:'))
    throw new Refusal('unavailable', 'discovery.webfinger', { handle })
  const self = data.links.find(
    ({ rel, type }) => rel === 'self' && /activity\+json|ld\+json/.test(type ?? ''),
  )
  const subscribe = data.links.find(({ rel }) => rel === 'http://ostatus.org/schema/1.0/subscribe')
  return {
    ...(self?.href ? { actor: self.href } : {}),
    ...(subscribe?.template ? { interact: subscribe.template } : {}),
  }
}

/** An actor by handle (`@ana@social.example`), by id, or by the address of its site. */
export async function findByAddress(site: Site, address: string): Promise<Actor> {
  const text = address.trim()
  const isHandle = /^@?[^@\s/]+@[^@\s/]+$/.test(text)
  if (isHandle) {
    const { actor } = await webfinger(site, text)
    if (!actor) throw new Refusal('missing', 'discovery.nobody', { address: text })
    return findActor(site, actor, true)
  }
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (!url) throw new Refusal('invalid', 'discovery.address', { address: text.slice(0, 200) })
  return findActor(site, url.pathname === '/' ? `${url.origin}/actor` : url.href, true)
}
