/** A comment of an older site that an initiative has brought in with a post of its own: it says it for the author, and marks it. */
import * as z from 'zod'
import { Brought } from '../../content/model.ts'
import { plainName } from '../../content/text.ts'
import type { Effect } from '../record.ts'
import type { Site } from '../site.ts'
import { broughtLead, noteToContribution } from '../translate/items.ts'
import { type Post, read } from '../wire.ts'
import { isFull, threadOf } from './thread.ts'
import { wasDeleted } from './unseen.ts'
import { Refusal } from '../../content/refusal.ts'

const BroughtIn = Brought.extend({ name: z.string().max(200).default('') })

/** Only the initiative in whose thread it stands may speak for somebody else; it is theirs to answer for. */
export async function brought(site: Site, post: Post, actor: string): Promise<Effect | undefined> {
  const held = await site.store.get('items', post.id)
  const thread = await threadOf(site.store, post.inReplyTo ?? '')
  if (held || thread?.initiative !== actor || (await wasDeleted(site, actor, post.id)))
    return undefined
  if (await isFull(site, thread)) throw new Refusal('forbidden', 'inbox.full')
  const { name, ...from } = read(BroughtIn, post.broughtIn)
  const lead = broughtLead({ brought: from, authorName: name })
  const content = (post.content ?? '').startsWith(lead)
    ? (post.content ?? '').slice(lead.length)
    : post.content
  const authorName = plainName(name)
  const placed = { ...thread, inReplyTo: post.inReplyTo ?? '', authorName, authorHandle: '' }
  const shown = { ...placed, visibility: 'shown' as const, brought: from }
  const item = noteToContribution(
    { ...post, content, contentMap: mapOf(post, content) },
    shown,
    site.now(),
  )
  return { put: { items: [item] } }
}

/** The language is the one under which the whole content stood. */
const mapOf = ({ contentMap }: Post, content: string | null | undefined) =>
  Object.fromEntries(Object.keys(contentMap ?? {}).map((each) => [each, content ?? '']))
