/** Create, Update and Delete: of contributions by anybody, and of what initiatives we follow publish. */
import { isOpen } from '../../content/discussions.ts'
import { isListed } from '../../content/hearing.ts'
import type { Contribution } from '../../content/model.ts'
import { judge, textDigest } from '../../content/moderation.ts'
import type { Actor } from '../../content/parties.ts'
import { Refusal } from '../../content/refusal.ts'
import { groupId, originOf } from '../addresses.ts'
import { hearingOf } from '../hearing.ts'
import { initiativeNow } from '../former.ts'
import { findActor } from '../discovery.ts'
import type { Json } from '../proofs.ts'
import { isRace } from '../races.ts'
import type { From, Handler } from '../receive.ts'
import type { Effect } from '../record.ts'
import type { Site } from '../site.ts'
import { noteToContribution } from '../translate/items.ts'
import { isSameOrigin, sameActor, sameOrigin } from '../trust.ts'
import { type Activity, isObject, isPublic, type Post, readPost, readRef } from '../wire.ts'
import { brought } from './brought.ts'
import { disposed } from './disposed.ts'
import { published, sameInitiative, withdrawn } from './published.ts'
import { isFull, isGathered, rootOf, threadOf } from './thread.ts'
import { unfollowed } from './undo.ts'
import { rememberDeleted, wasDeleted } from './unseen.ts'

export const create: Handler = async (site, activity, json, from) =>
  written(site, activity, json, from)
export const update: Handler = async (site, activity, json, from) =>
  written(site, activity, json, from)

/** What can be read as somebody's words. */
const texts = new Set(['Note', 'Article', 'Page', 'Question'])

/** What is embedded must be the actor's own: same host, attributed to them (B2, B4, B5). */
const written: Handler = async (site, activity, _json, from) => {
  const { object, actor } = activity
  if (!isObject(object)) return undefined
  if (readRef(object) === actor) return itself(site, activity, object, from)
  const post = readPost(object)
  sameOrigin(post.id, actor)
  sameActor(post.attributedTo, actor)
  if (!isPublic(post.to.length + post.cc.length > 0 ? post : activity)) return undefined
  if (post.inReplyTo && !texts.has(post.type)) return undefined
  if (post.inReplyTo && post.disposition) return disposed(site, post, actor)
  if (post.inReplyTo && post.broughtIn && (await isGathered(site, actor)))
    return brought(site, post, actor)
  if (post.inReplyTo) return contributed(site, post, activity)
  return (await isGathered(site, actor)) ? published(site, actor, object, from) : undefined
}

/** An actor that has changed is read anew from its own address: its keys may be others now. */
async function itself(site: Site, { actor }: Activity, object: Json, from: From) {
  const asked = site.now()
  const held = await findActor(site, actor, true)
  if (held.fetchedAt < asked) await outdated(site, held)
  return published(site, actor, object, from)
}

/** Asked too lately to be asked again now: whoever needs it next asks. */
async function outdated({ store }: Site, actor: Actor): Promise<void> {
  const past = { ...actor, fetchedAt: new Date(0).toISOString() }
  await store.commit({ put: { actors: [past] } }).catch((error: unknown) => {
    if (!isRace(error)) throw error
  })
}

/** A reply: kept when it answers something here; shown, or held for a person to read. */
async function contributed(
  site: Site,
  post: Post,
  { actor }: Activity,
): Promise<Effect | undefined> {
  const held = await site.store.get('items', post.id)
  if (held) return held.type === 'contribution' ? revised(held, post, actor, site.now()) : undefined
  const thread = await threadOf(site.store, post.inReplyTo ?? '')
  const root = thread && (await rootOf(site.store, thread))
  if (!thread || !root || (await wasDeleted(site, actor, post.id))) return undefined
  if (!(await isForUs(site, root, actor))) return undefined
  if (await isFull(site, thread)) throw new Refusal('forbidden', 'inbox.full')
  const author = await findActor(site, actor)
  const judged = root.local
    ? await judgedHere(site, author, isOpen(root, site.now()))
    : ({ visibility: 'held' } as const)
  const placed = {
    ...thread,
    inReplyTo: post.inReplyTo ?? '',
    authorName: author.name,
    authorHandle: author.handle,
    ...judged,
  }
  const item = noteToContribution(post, placed, site.now())
  const group = groupId(site)
  const tell = { verb: 'announce' as const, item: item.id, actor: group, at: site.now() }
  return {
    put: { items: [item] },
    ...(root.local && item.visibility === 'shown' ? { tell: [tell] } : {}),
  }
}

/** Ours to judge; or a participant of an initiative we follow, in that initiative's own thread. */
async function isForUs(
  site: Site,
  root: { local: boolean; initiative: string },
  actor: string,
): Promise<boolean> {
  if (root.local) return site.policy.publishes
  const theirs = await initiativeNow(site.store, groupId({ origin: originOf(actor) }))
  const isTheirs = [theirs, actor].some((id) => isSameOrigin(id, root.initiative))
  return isTheirs && (await isGathered(site, root.initiative))
}

async function judgedHere(site: Site, author: Actor, open: boolean) {
  const peer = await site.store.get('peers', originOf(author.id))
  const hearing = await hearingOf(site)
  const knownAuthor = peer?.standing !== 'trusted' && (await isKnown(site, author.id))
  const listed = isListed(hearing, author)
  return judge({ peer, knownAuthor, open, listed, mode: hearing.mode })
}

async function isKnown({ store }: Site, author: string): Promise<boolean> {
  const where = { type: 'contribution', author, visibility: 'shown' }
  return (await store.find('items', { where, limit: 1 })).length > 0
}

/** An edit keeps what was decided about the contribution; what was removed or refused stays so. */
function revised(held: Contribution, post: Post, actor: string, at: string): Effect | undefined {
  sameActor(held.author, actor)
  if (held.local || held.visibility === 'removed' || held.visibility === 'refused') return undefined
  if ((post.updated ?? post.published ?? at) < (held.updated ?? held.published)) return undefined
  const { text, html, language, stakeholderGroup } = noteToContribution(post, held, at)
  if (text === held.text && stakeholderGroup === held.stakeholderGroup) return undefined
  const { stakeholderGroup: _before, ...kept } = held
  const claimed = stakeholderGroup ? { stakeholderGroup } : {}
  const next = { ...kept, ...claimed, text, html, language, updated: post.updated ?? at }
  return { put: { items: [next] } }
}

/** The owner takes it back: a contribution keeps only its digest, an outcome its record. */
export const remove: Handler = async (site, { object, actor }, _json, from) => {
  const id = readRef(object)
  sameOrigin(id, actor)
  if (id === actor) return unfollowed(site, actor)
  const item = await site.store.get('items', id)
  if (!item) return rememberDeleted(site, actor, id)
  if (item.type === 'contribution') return erased(item, actor, site.now())
  if (!(await isGathered(site, actor)) || item.local) return undefined
  await sameInitiative(site.store, item, actor)
  return withdrawn(
    site,
    item,
    isObject(object) ? object : ({ id, type: 'Tombstone' } as Json),
    from,
  )
}

function erased(item: Contribution, actor: string, at: string): Effect | undefined {
  sameActor(item.author, actor)
  if (item.visibility === 'removed') return undefined
  const gone = {
    ...item,
    text: '',
    html: '',
    visibility: 'removed' as const,
    why: 'by_author',
    updated: at,
  }
  const act = {
    id: `${at} erased ${item.id}`,
    by: actor,
    verb: 'erased',
    item: item.id,
    at,
    note: textDigest(item.text),
  }
  return { put: { items: [gone], acts: [act] } }
}
