/** Finding others: actors and their keys. Cached, and bounded against being made to work. */
import { createPublicKey } from 'node:crypto'
import * as z from 'zod'
import { Actor, type ActorKey } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { plainName } from '../content/text.ts'
import { Id } from '../content/values.ts'
import { groupId, originOf } from './addresses.ts'
import { documentAt, fetchDocument } from './documents.ts'
import { fallen } from './fallen.ts'
import { placed } from './projection.ts'
import { fromMultikey } from './multikey.ts'
import type { Json, ProofKey } from './proofs.ts'
import { tokenBuckets } from './rates.ts'
import type { PublicKey } from './signatures.ts'
import type { Site } from './site.ts'
import { isSameOrigin } from './trust.ts'
import { webfinger } from './webfinger.ts'

const FRESH_MS = 24 * 3600_000
/**
 * An actor that could not be had is not asked for again so soon (CVE-2026-34148): first a moment, since most
 * who are away have only been started again, then twice as long each time.
 */
const MISSING_MS = { first: 2_000, most: 5 * 60_000 }
/** Not even a key that failed to verify makes us ask the same host more often than this. */
const AGAIN_MS = 60_000
const REMEMBERED_MAX = 5000
const KEYS_MAX = 20
/** Shorter keys can be broken; longer ones make every verification slow. */
const RSA_BITS = { min: 2048, max: 8192 }
/** How many unknown actors of one host are asked for: others could make us ask it without end. */
const PER_HOST = { burst: 200, perSecond: 5 }

interface Missing {
  untilMs: number
  waitMs: number
}

const missing = new WeakMap<Site, Map<string, Missing>>()

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
  alsoKnownAs: z.unknown().optional(),
})

/** An actor by id, from the cache or its own host. Refusal `missing`, `gone` or `unavailable` when it cannot be had. */
export async function findActor(site: Site, id: string, fresh = false): Promise<Actor> {
  const held = await site.store.get('actors', id)
  const age = held ? Date.parse(site.now()) - Date.parse(held.fetchedAt) : Infinity
  if (held && (age < (fresh ? AGAIN_MS : FRESH_MS) || (await hasMoved(site, id)))) return held
  const asked = asking.get(site) ?? new Map<string, Promise<Actor>>()
  asking.set(site, asked)
  const asks = asked.get(id) ?? ask(site, id, held, fresh).finally(() => asked.delete(id))
  asked.set(id, asks)
  return asks
}

/**
 * Whoever has moved away is kept as they were then, with the keys they had: what was said there stays verified, and
 * who comes to hold that address later is somebody else.
 */
async function hasMoved({ store }: Site, id: string): Promise<boolean> {
  const ids = [id, groupId({ origin: originOf(id) })]
  return (await Promise.all(ids.map((each) => store.get('moves', each)))).some((each) => each)
}

/** Who wants the same actor at the same time waits for the same answer. */
const asking = new WeakMap<Site, Map<string, Promise<Actor>>>()

async function ask(site: Site, id: string, held: Actor | undefined, fresh: boolean) {
  refuseIfMissing(site, id)
  if (!held) notTooMany(site, id)
  try {
    const found = await store(site, readActor(await fetchDocument(site, id), site.now()))
    missing.get(site)?.delete(id)
    return found
  } catch (error) {
    if (held && !fresh && !(error instanceof Refusal && error.reason === 'gone')) return held
    remember(site, id)
    throw error
  }
}

async function store(site: Site, actor: Actor): Promise<Actor> {
  const held = await site.store.get('actors', actor.id)
  const next = { ...actor, ...(held ? { rev: held.rev } : {}) }
  const versions = await fallen(site.store, actor.id, newlyEnded(held, actor), site.now())
  const faces = await placed(site.store, versions)
  const put = { actors: [next], versions, items: faces.put }
  await site.store.commit({ put, drop: { items: faces.drop } }).catch(ignoreConflict)
  return (await site.store.get('actors', actor.id)) ?? next
}

/** Keys whose end has become known, or another: what they signed after it is not held as verified any more. */
function newlyEnded(held: Actor | undefined, { keys }: Actor): ActorKey[] {
  const known = new Map(held?.keys.map(({ id, until }) => [id, until]))
  return keys.filter(({ id, until }) => known.has(id) && until && known.get(id) !== until)
}

/** Somebody else has just written the same actor: theirs is as new as ours. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof Refusal && error.reason === 'conflict')) throw error
}

function refuseIfMissing(site: Site, id: string): void {
  const until = missing.get(site)?.get(id)?.untilMs ?? 0
  if (until > Date.parse(site.now()))
    throw new Refusal('unavailable', 'discovery.not_again', { id })
}

const asked = new WeakMap<Site, ReturnType<typeof tokenBuckets>>()

function notTooMany(site: Site, id: string): void {
  const allow = asked.get(site) ?? tokenBuckets(PER_HOST)
  asked.set(site, allow)
  const host = URL.parse(id)?.host ?? ''
  if (allow(host, Date.parse(site.now())) > 0)
    throw new Refusal('unavailable', 'discovery.not_again', { id: host })
}

function remember(site: Site, id: string): void {
  const known = missing.get(site) ?? new Map<string, Missing>()
  const before = known.get(id)?.waitMs
  if (known.size >= REMEMBERED_MAX) known.clear()
  const waitMs = before ? Math.min(before * 2, MISSING_MS.most) : MISSING_MS.first
  known.set(id, { untilMs: Date.parse(site.now()) + waitMs, waitMs })
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
    ...namesIn(parsed.data.alsoKnownAs),
    gone: false,
    fetchedAt: at,
  }
}

const NAMES_MAX = 20

/** What an actor says it was called before. The other end must say so, too. */
function namesIn(value: unknown): Pick<Actor, 'alsoKnownAs'> {
  const names = [value ?? []].flat().slice(0, NAMES_MAX)
  const alsoKnownAs = names.flatMap((each) => Id.safeParse(each).data ?? [])
  return alsoKnownAs.length > 0 ? { alsoKnownAs } : {}
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
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    const fit = key.asymmetricKeyType === 'rsa' && bits >= RSA_BITS.min && bits <= RSA_BITS.max
    return fit ? [{ id: data.id, kind: 'rsa', publicPem: data.publicKeyPem }] : []
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

const owners = new WeakMap<Site, Map<string, string>>()

/** The actor a key id belongs to: most put the key in the actor's document, as a fragment of its id. */
async function ownerOf(site: Site, keyId: string, fresh: boolean): Promise<Actor> {
  const known = await knownOwner(site, keyId)
  if (known) return findActor(site, known, fresh)
  const owner = await namedOwner(site, keyId)
  const all = owners.get(site) ?? new Map<string, string>()
  if (all.size >= REMEMBERED_MAX) all.clear()
  owners.set(site, all.set(keyId, owner))
  return findActor(site, owner, fresh)
}

async function knownOwner(site: Site, keyId: string): Promise<string | undefined> {
  const id = withoutFragment(keyId)
  const isActor = keyId.includes('#') || (await site.store.get('actors', id)) !== undefined
  return isActor ? id : owners.get(site)?.get(keyId)
}

/** Whose key it is, as the document at its own address says. */
async function namedOwner(site: Site, keyId: string): Promise<string> {
  refuseIfMissing(site, keyId)
  notTooMany(site, keyId)
  try {
    const document = await fetchDocument(site, keyId)
    const owner = document.owner ?? document.controller
    return typeof owner === 'string' && isSameOrigin(owner, keyId) ? owner : document.id
  } catch (error) {
    remember(site, keyId)
    throw error
  }
}

/** Whether the owner of a key is in the cache. */
export async function isKeyKnown(site: Site, keyId: string): Promise<boolean> {
  const owner = await knownOwner(site, keyId)
  return owner !== undefined && (await site.store.get('actors', owner)) !== undefined
}

const withoutFragment = (id: string) => id.split('#')[0] ?? id

const objects = new Map<string, PublicKey['public']>()

/**
 * A key that signed a request, as the cache or its owner has it; nothing when there is none. Under the actor's
 * own id it is the key for requests: activitypub-express names it so.
 */
export async function findKey(
  site: Site,
  keyId: string,
  fresh: boolean,
): Promise<PublicKey | undefined> {
  const actor = await ownerOf(site, keyId, fresh)
  const isNamed = ({ id, kind }: ActorKey) => id === keyId || (keyId === actor.id && kind === 'rsa')
  const key = actor.keys.find((each) => isNamed(each) && !each.until)
  return key && { public: keyObject(key.publicPem), owner: actor.id }
}

/** Parsing a key costs as much as a verification: each is parsed once. */
function keyObject(pem: string): PublicKey['public'] {
  const known = objects.get(pem) ?? createPublicKey(pem)
  if (objects.size >= REMEMBERED_MAX) objects.clear()
  objects.set(pem, known)
  return known
}

/**
 * The key of a proof's verification method, old ones included; nothing when its owner does not have it.
 * Refusal `unavailable` when its owner was asked so lately that the key may be newer than the answer.
 */
export async function findProofKey(site: Site, method: string): Promise<ProofKey | undefined> {
  const asked = site.now()
  for (const fresh of [false, true]) {
    const actor = await ownerOf(site, method, fresh)
    const key = actor.keys.find(({ id, multibase }) => id === method && multibase)
    if (key?.multibase)
      return { multibase: key.multibase, owner: actor.id, from: key.from, until: key.until }
    if (fresh && actor.fetchedAt < asked)
      throw new Refusal('unavailable', 'discovery.not_again', { id: actor.id })
  }
  return undefined
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
  const { id } = await documentAt(site, url.pathname === '/' ? `${url.origin}/actor` : url.href)
  return findActor(site, id, true)
}
