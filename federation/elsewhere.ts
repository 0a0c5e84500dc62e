/** Something that lives elsewhere, fetched from there to be answered or followed by somebody with an account here. */
import type { Under } from '../content/discussions.ts'
import type { Actor } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { foreignHtml, plainName } from '../content/text.ts'
import { findActor, readActor } from './discovery.ts'
import { documentAt } from './documents.ts'
import type { Json } from './proofs.ts'
import type { Site } from './site.ts'
import { languageOf } from './translate/items.ts'
import { isSameOrigin, sameOrigin } from './trust.ts'
import { isPublic, readPost } from './wire.ts'

const NAME_LETTERS_MAX = 300
const URI_LETTERS_MAX = 2000

export interface Opened {
  /** Its own address. */
  id: string
  /** Who says it; or the actor itself. */
  actor: Actor
  /** What it says; nothing of an actor. */
  said?: { name: string; html: string; language: string; under: Under }
}

/** What people write, and what of it can be answered. */
const texts = new Set(['Note', 'Article', 'Page', 'Question', 'Event'])

/**
 * What stands at an address elsewhere, believed only from its own host, made safe to be shown. Refusal when it cannot
 * be had, is not meant for everybody, or is nothing that can be answered or followed.
 */
export async function openElsewhere(site: Site, uri: string): Promise<Opened> {
  const url = uri.length <= URI_LETTERS_MAX ? URL.parse(uri) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw new Refusal('invalid', 'elsewhere.address')
  const document = await documentAt(site, url.href)
  if (!texts.has(String(document.type))) {
    return { id: document.id, actor: await findActor(site, readActor(document, site.now()).id) }
  }
  const post = readPost(document)
  sameOrigin(post.attributedTo, post.id)
  if (!isPublic(post)) throw new Refusal('forbidden', 'elsewhere.private')
  const actor = await findActor(site, post.attributedTo)
  const text = post.content ?? Object.values(post.contentMap ?? {})[0] ?? ''
  const name = plainName(post.name ?? '').slice(0, NAME_LETTERS_MAX)
  const under = placeIn(document, post.id, actor)
  const said = { name, html: foreignHtml(text), language: languageOf(post), under }
  return { id: post.id, actor, said }
}

/** In whose thread an answer stands there: a message of an outcome says which it is of, and of which version. */
function placeIn(document: Json, id: string, actor: Actor): Under {
  const { outcome, version } = document
  const isMessage = typeof outcome === 'string' && isSameOrigin(outcome, id)
  const number = typeof version === 'number' && Number.isInteger(version) && version > 0
  return {
    about: isMessage ? outcome : id,
    inReplyTo: id,
    ...(isMessage ? { message: id } : {}),
    ...(number ? { version } : {}),
    initiative: actor.id,
  }
}
