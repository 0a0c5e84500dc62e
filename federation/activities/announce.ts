/** Announce: an initiative we follow shows a contribution on its own pages, wherever that was written. */
import type { Contribution } from '../../content/model.ts'
import { letInActor } from '../admission.ts'
import { findActor } from '../discovery.ts'
import { fetchDocument } from '../documents.ts'
import type { Handler } from '../receive.ts'
import { noteToContribution } from '../translate/items.ts'
import { sameActor } from '../trust.ts'
import { isPublic, readPost, readRef } from '../wire.ts'
import { isOf } from './published.ts'
import { isGathered, threadOf } from './thread.ts'

/** The contribution is fetched from its own host, never believed from whoever announces it. */
export const announce: Handler = async (site, { object, actor }) => {
  if (!(await isGathered(site, actor))) return undefined
  const id = readRef(object)
  const held = await site.store.get('items', id)
  if (held) return (await isOf(site.store, held, actor)) ? shownAgain(held) : undefined
  const post = readPost(await fetchDocument(site, id))
  const thread = post.inReplyTo ? await threadOf(site.store, post.inReplyTo) : undefined
  if (!thread || !isPublic(post) || !(await isOf(site.store, thread, actor))) return undefined
  await letInActor(site, post.attributedTo)
  const author = await findActor(site, post.attributedTo)
  sameActor(post.attributedTo, author.id)
  const placed = {
    ...thread,
    inReplyTo: post.inReplyTo ?? '',
    authorName: author.name,
    authorHandle: author.handle,
  }
  return {
    put: { items: [noteToContribution(post, { ...placed, visibility: 'shown' }, site.now())] },
  }
}

function shownAgain(item: { type: string }) {
  const contribution = item.type === 'contribution' ? (item as Contribution) : undefined
  if (!contribution || contribution.local || contribution.visibility !== 'held') return undefined
  return { put: { items: [{ ...contribution, visibility: 'shown' as const }] } }
}
