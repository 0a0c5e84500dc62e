/** Comments that a post has got since it was brought in: added to the discussion that it has become here, each once. */
import { bringComments } from '../../content/comments.ts'
import type { Doing } from '../../content/doing.ts'
import type { Source } from '../../content/import/imported.ts'
import { commentsOf, type Proposed } from '../../content/imports.ts'
import type { By } from '../../content/outcomes.ts'
import { postOrigin } from '../../content/origins.ts'
import { contributionId, groupId } from '../../federation/addresses.ts'
import { everyName } from '../../federation/former.ts'
import type { Site } from '../../federation/site.ts'

/** What is not here yet of what was said to a post: nothing of what was taken from its discussion, nor under its former address. */
export async function laterComments(
  site: Site,
  discussion: string,
  { address, comments = [] }: Omit<Source, 'oldPaths'>,
  who: By,
): Promise<{ doing: Doing; count: number }> {
  const there = comments.length > 0 ? await site.store.get('items', discussion) : undefined
  if (there?.type !== 'discussion' || there.visibility !== 'shown') return { doing: {}, count: 0 }
  const idOf = (slug: string) => contributionId(site, slug)
  const { put, tell = [] } = bringComments(comments, there, { address, idOf }, who)
  const items = put?.items ?? []
  const known = await Promise.all(items.map(({ id }) => isKnown(site, id)))
  const fresh = items.filter((_, i) => !known[i])
  const ids = new Set(fresh.map(({ id }) => id))
  const doing = { put: { items: fresh }, tell: tell.filter(({ item }) => ids.has(item)) }
  return { doing: fresh.length > 0 ? doing : {}, count: fresh.length }
}

async function isKnown(site: Site, id: string): Promise<boolean> {
  const names = await Promise.all(everyName(site, id).map((each) => site.store.get('items', each)))
  return names.some((each) => each !== undefined)
}

/** For the list of an import: what a row has become in an import before this one, and how many comments would be added to it. */
export async function hereAlready(
  site: Site,
  row: Proposed,
  withComments: boolean,
): Promise<{ item: string; comments: number } | undefined> {
  if (row.state !== 'waiting' || row.kind === 'leave_out' || row.address === '') return undefined
  const origin = await site.store.get('origins', postOrigin(row.address))
  if (!origin) return undefined
  const { item } = origin
  const there = (await site.store.get('drafts', item)) ?? (await site.store.get('items', item))
  if (!there) return undefined
  const { address, comments = [] } = row
  const wanted = withComments && commentsOf(row) > 0 ? comments : []
  const who = { by: '', actor: groupId(site), at: site.now() }
  const { count } = await laterComments(site, item, { address, comments: wanted }, who)
  return { item, comments: count }
}
