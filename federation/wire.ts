/** ActivityStreams as it travels: loose JSON read strictly, one small schema for what we use of it. */
import * as z from 'zod'
import { Refusal } from '../content/refusal.ts'
import type { Json } from './proofs.ts'

export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'
export const AS = 'https://www.w3.org/ns/activitystreams'
export const MEDIA_TYPE = 'application/activity+json'

/** Our own terms. `outcomeRecord` is carried as it is (a JSON literal), so that nothing of it is lost. */
export const NS = 'https://w3id.org/tributary/ns#'

export const CONTEXT: unknown[] = [
  AS,
  'https://w3id.org/security/data-integrity/v1',
  {
    tributary: NS,
    Hashtag: 'as:Hashtag',
    outcomeRecord: { '@id': 'tributary:outcomeRecord', '@type': '@json' },
    initiativeRecord: { '@id': 'tributary:initiativeRecord', '@type': '@json' },
    meetingRecord: { '@id': 'tributary:meetingRecord', '@type': '@json' },
    stakeholderGroup: 'tributary:stakeholderGroup',
    affiliation: 'tributary:affiliation',
    version: 'tributary:version',
    previousDigest: 'tributary:previousDigest',
    digest: 'tributary:digest',
    reason: 'tributary:reason',
    disposition: 'tributary:disposition',
    broughtIn: { '@id': 'tributary:broughtIn', '@type': '@json' },
    opens: 'tributary:opens',
    closes: 'tributary:closes',
    outcome: { '@id': 'tributary:outcome', '@type': '@id' },
    history: { '@id': 'tributary:history', '@type': '@id' },
    timezone: 'https://w3id.org/fep/8a8e/timezone',
  },
]

const DEPTH_MAX = 40
const CONTEXTS_MAX = 40
const RECIPIENTS_MAX = 500

/** A link or an embedded object: only its id is believed. */
export const Ref = z
  .union([z.url().max(2000), z.looseObject({ id: z.url().max(2000) })])
  .transform((ref) => (typeof ref === 'string' ? ref : ref.id))

const People = z
  .union([z.string(), z.array(z.string().max(2000)).max(RECIPIENTS_MAX)])
  .nullish()
  .transform((value) => [value ?? []].flat())

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())

const Activity = z.looseObject({
  id: z.url().max(2000),
  type: z.string().max(100),
  actor: Ref,
  object: z.unknown(),
  to: People,
  cc: People,
})

/** A text in several languages, each under a well-formed tag (BCP 47). */
const byLanguage = (lettersMax: number) =>
  z.record(z.string().max(100).refine(isLanguageTag), z.string().max(lettersMax)).nullish()

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** A link is an address, a Link, or several. */
const Links = z.union([z.url().max(2000), z.array(z.unknown()).max(100), z.looseObject({})])

/** What we read of a Note, an Article or a Page. */
const Post = z.looseObject({
  id: z.url().max(2000),
  type: z.string().max(100),
  attributedTo: Ref,
  name: z.string().max(5000).nullish(),
  nameMap: byLanguage(5000),
  summary: z.string().max(50_000).nullish(),
  content: z.string().max(500_000).nullish(),
  contentMap: byLanguage(500_000),
  inReplyTo: Ref.nullish(),
  published: Instant.nullish(),
  updated: Instant.nullish(),
  url: Links.nullish(),
  to: People,
  cc: People,
  stakeholderGroup: z.string().max(40).nullish(),
  tag: z.unknown().optional(),
  quote: z.unknown().optional(),
  quoteUrl: z.unknown().optional(),
  affiliation: z.string().max(200).nullish(),
  disposition: z.string().max(20).nullish(),
  reason: z.string().max(2000).nullish(),
  broughtIn: z.unknown().optional(),
})

const Tombstone = z.looseObject({
  id: z.url().max(2000),
  type: z.literal('Tombstone'),
  /** The number of the version that a withdrawal is, and the digest of the one before it. */
  version: z.number().int().positive().max(100_000).optional(),
  digest: z.string().max(100).nullish(),
  reason: z.string().max(2000).nullish(),
})

export type Activity = z.infer<typeof Activity>
export type Post = z.infer<typeof Post>
export type Tombstone = z.infer<typeof Tombstone>

/** An activity that came. Refusal `invalid` says which field is wrong. */
export function readActivity(json: unknown): Activity {
  soundText(json)
  plainJson(json, 0)
  return read(Activity, json)
}

export const readPost = (json: unknown): Post => read(Post, json)
export const isTombstone = (json: unknown): boolean => Tombstone.safeParse(json).success
export const readTombstone = (json: unknown): Tombstone => read(Tombstone, json)
/** The id of what an activity is about, however it is given. */
export const readRef = (json: unknown): string => read(Ref, json)

/** Whether it is meant for everybody: what is not never shows on a page (SECURITY-CLASSES G). */
export const isPublic = ({ to, cc }: { to: string[]; cc: string[] }): boolean =>
  [...to, ...cc].some((each) => [PUBLIC, 'as:Public', 'Public'].includes(each))

export function read<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  const field = result.error.issues[0]?.path.join('.') || 'object'
  throw new Refusal('invalid', 'wire.field', { field: field.slice(0, 100) })
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Half a letter (a lone surrogate) and a number beyond all numbers have no canonical form, and could not be said on. */
export function soundText(value: unknown, depth = 0): void {
  if (typeof value === 'string' && !value.isWellFormed()) throw new Refusal('invalid', 'wire.json')
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Refusal('invalid', 'wire.json')
  if (typeof value !== 'object' || value === null) return
  if (depth > DEPTH_MAX) throw new Refusal('invalid', 'wire.deep')
  for (const [name, each] of Object.entries(value)) {
    soundText(name)
    soundText(each, depth + 1)
  }
}

/** Nothing deeper than we follow, and no JSON-LD that says a thing in a second place (C2, E9). */
function plainJson(value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new Refusal('invalid', 'wire.deep')
  if (Array.isArray(value)) for (const each of value) plainJson(each, depth + 1)
  if (!isObject(value)) return
  if (value['@context'] !== undefined) usualContext(value['@context'], isSignature(value))
  for (const [name, each] of Object.entries(value)) {
    const allowed =
      !name.startsWith('@') || name === '@context' || (depth > 0 && isWithinContext(name))
    if (!allowed) throw new Refusal('invalid', 'wire.json_ld', { name: name.slice(0, 50) })
    if (name !== '@context') plainJson(each, depth + 1)
  }
}

/** Fedify gives its Linked-Data signatures, which are not read here, a context of their own. */
const isSignature = ({ type }: Json) => type === 'RsaSignature2017'

/** Language-tagged and typed values are harmless inside; graphs, inclusions and reversals are not. */
const isWithinContext = (name: string) => ['@language', '@value', '@type', '@id'].includes(name)

/** The words we read must mean what they mean: a context may add terms, never redefine ours (C1, CVE-2022-24307). */
const fixed = new Set([
  ...[
    'id',
    'type',
    'actor',
    'object',
    'target',
    'to',
    'cc',
    'bto',
    'bcc',
    'attributedTo',
    'inReplyTo',
  ],
  ...[
    'content',
    'contentMap',
    'name',
    'summary',
    'proof',
    'publicKey',
    'owner',
    'controller',
    'inbox',
    'outbox',
  ],
  ...[
    'Create',
    'Update',
    'Delete',
    'Follow',
    'Accept',
    'Announce',
    'Undo',
    'Move',
    'outcomeRecord',
  ],
])

/** Contexts are never fetched: ActivityStreams must be among them, and none may alter what its words mean. */
function usualContext(context: unknown, ofSignature: boolean): void {
  const parts = [context].flat()
  const ours = parts.some((part) => part === AS || part === AS.replace('https:', 'http:'))
  if ((!ours && !ofSignature) || parts.length > CONTEXTS_MAX)
    throw new Refusal('invalid', 'wire.context', { name: '@context' })
  for (const part of parts) {
    if (typeof part === 'string') continue
    const terms = Object.entries(isObject(part) ? part : { '@context': part })
    const wrong = terms.find(([term, meaning]) => isUnusual(term, meaning))
    if (wrong) throw new Refusal('invalid', 'wire.context', { name: wrong[0].slice(0, 50) })
  }
}

const foreignKeywords = ['@vocab', '@base', '@import', '@context']

/** A word of ours with another meaning, or a keyword that gives other words another meaning. */
const isUnusual = (term: string, meaning: unknown): boolean =>
  foreignKeywords.includes(term) ||
  (fixed.has(term) && !isOurs(term, meaning)) ||
  (isObject(meaning) && (meaning['@context'] !== undefined || !isWithin(meaning, MEANING_DEPTH)))

const MEANING_DEPTH = 2

const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((each) => isWithin(each, levels - 1)))

/** Many servers repeat the usual meaning; that is no harm. */
function isOurs(term: string, meaning: unknown): boolean {
  const id = isObject(meaning) ? meaning['@id'] : meaning
  return (
    id === `as:${term}` ||
    id === `${AS}#${term}` ||
    id === `tributary:${term}` ||
    (term === 'id' && id === '@id') ||
    (term === 'type' && id === '@type')
  )
}
