/** Fetching what lives elsewhere: an ActivityStreams document is believed from its own address only. */
import { Refusal } from '../content/refusal.ts'
import type { Json } from './proofs.ts'
import type { Site } from './site.ts'
import { isSameOrigin } from './trust.ts'
import { soundText } from './wire.ts'

/** What counts as ActivityStreams (ActivityPub, section 3.2); anything else might be somebody's upload (CVE-2024-25623). */
export const AS_TYPES = [
  'application/activity+json',
  'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
]

/**
 * The document at an id. What it says its own id is must be where it came from: an other id on the same host
 * is fetched once more from there, one on another host is refused (CVE-2024-23832), and so is one that the id
 * only leads to (GHSA-8863-8468-7hq7).
 */
export async function fetchDocument(site: Site, id: string): Promise<Json & { id: string }> {
  const document = await documentAt(site, id)
  if (isSameOrigin(document.id, id)) return document
  throw foreign(document.id, id)
}

/** The document that an address leads to, on whatever host: for addresses that people give. */
export async function documentAt(site: Site, id: string): Promise<Json & { id: string }> {
  const first = await fetched(site, id)
  if (first.id === first.from || withoutFragment(id) === first.id) return first.document
  if (!isSameOrigin(first.id, first.from)) throw foreign(first.id, id)
  const second = await fetched(site, first.id)
  if (second.id === first.id) return second.document
  throw foreign(second.id, first.id)
}

const SHOWN_MAX = 300

const foreign = (id: string, owner: string) =>
  new Refusal('forbidden', 'origin.foreign_id', {
    id: id.slice(0, SHOWN_MAX),
    owner: owner.slice(0, SHOWN_MAX),
  })

async function fetched(site: Site, url: string) {
  const { body, url: from } = await site.fetch.json(url, { accept: AS_TYPES })
  const document = asDocument(body)
  soundText(document)
  return { document, id: document.id, from }
}

const withoutFragment = (id: string) => id.split('#')[0]

function asDocument(body: unknown): Json & { id: string } {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  if (isObject && 'id' in body && typeof body.id === 'string') return body as Json & { id: string }
  throw new Refusal('unavailable', 'fetch.document')
}
