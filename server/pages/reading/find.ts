/** What the reading pages read from the store. Only what is shown to everybody ever comes out of here. */
import type { Request, Response } from 'express'
import type { Contribution, Initiative, Item, Outcome, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import type { Facets, Query } from '../../../content/store.ts'
import {
  contributionId,
  discussionId,
  meetingId,
  outcomeId,
  sessionId,
  versionId,
} from '../../../federation/addresses.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, contextOf } from '../../context.ts'

/** A thread is shown up to here. */
const THREAD_MAX = 1000
const VERSIONS_MAX = 200

type Type = Item['type']
type Of<T extends Type> = Extract<Item, { type: T }>

/** One page: answers a request, in the context of its reader. */
export type Show = (context: Context, req: Request, res: Response) => Promise<void>

/** A page as a handler of express. */
export const shows = (show: Show) => (req: Request, res: Response) => show(contextOf(res), req, res)

/** A word of the path. */
export const part = (req: Request, name: string): string => String(req.params[name] ?? '')

/**
 * An item that everybody may see: ours by the last part of its address, what lives elsewhere by its short key.
 * Refusal `missing`, or `gone` when it was removed.
 */
export async function itemOf<T extends Placed>(site: Site, type: T, req: Request): Promise<Of<T>> {
  const name = part(req, 'slug')
  const item =
    (await site.store.get('items', ids[type](site, name))) ?? (await byKey(site, type, name))
  if (item?.type !== type) throw new Refusal('missing', 'page')
  if (item.visibility === 'removed') throw new Refusal('gone', 'removed')
  if (item.visibility !== 'shown') throw new Refusal('missing', 'page')
  return item as Of<T>
}

/** The types whose pages are named by a slug or a short key. */
type Placed = 'outcome' | 'meeting' | 'session' | 'discussion' | 'contribution'

const ids: Record<Placed, (site: Site, slug: string) => string> = {
  outcome: outcomeId,
  meeting: meetingId,
  session: sessionId,
  discussion: discussionId,
  contribution: contributionId,
}

async function byKey({ store }: Site, type: Type, key: string): Promise<Item | undefined> {
  const [found] = await store.find('items', { where: { key, type }, limit: 1 })
  return found
}

export const outcomeOf = (site: Site, req: Request): Promise<Outcome> =>
  itemOf(site, 'outcome', req)

/** Whose something is: this server's own initiative, or one whose items are held here. */
export const initiativeOf = async (
  { site, profile }: Context,
  id: string,
): Promise<Initiative | undefined> =>
  profile?.id === id ? profile : site.store.get('initiatives', id)

/** A node lists what is its own; an aggregator everything it holds. */
const listed = ({ policy }: Site): Record<string, string> =>
  policy.gathers ? { visibility: 'shown' } : { visibility: 'shown', local: 'true' }

/** Version `number` of an outcome; the latest when no number is given. */
export async function versionOf(
  { store }: Site,
  outcome: Outcome,
  number = outcome.version,
): Promise<Version> {
  const version = await store.get('versions', versionId(outcome.id, number))
  if (!version) throw new Refusal('missing', 'page')
  return version
}

/** All versions of an outcome, newest first. */
export const versionsOf = ({ store }: Site, outcome: Outcome): Promise<Version[]> =>
  store.find('versions', { where: { outcome: outcome.id }, limit: VERSIONS_MAX })

/** Items of one type that are shown, newest first unless the query says otherwise. */
export async function shownItems<T extends Type>(
  site: Site,
  type: T,
  query: Query = {},
): Promise<Of<T>[]> {
  const where = { ...query.where, type, ...listed(site) }
  return (await site.store.find('items', { ...query, where })) as Of<T>[]
}

/** Longer lists are not paged through to their end. */
const COUNTED_MAX = 10_000

export const countShown = (
  site: Site,
  type: Type,
  where: Record<string, string | string[]> = {},
): Promise<number> =>
  site.store.count('items', { where: { ...where, type, ...listed(site) } }, COUNTED_MAX)

/** How many of a type have each value of some fields. */
export const countedBy = (site: Site, type: Type, fields: string[]): Promise<Facets> =>
  site.store.facets('items', { where: { type, ...listed(site) } }, fields)

/** Contributions that are shown, oldest first, whoever wrote them. */
export async function contributionsTo(
  { store }: Site,
  where: { about: string } | { message: string },
): Promise<Contribution[]> {
  const found = await store.find('items', {
    where: { ...where, type: 'contribution', visibility: 'shown' },
    order: 'oldest',
    limit: THREAD_MAX,
  })
  return found.filter((item) => item.type === 'contribution').filter(({ disposes }) => !disposes)
}

/** Tell machines where the same thing is for them. */
export function alternate(res: Response, id: string): void {
  res.append('Link', `<${id}>; rel="alternate"; type="application/activity+json"`)
}
