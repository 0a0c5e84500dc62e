/** What the reading pages read from the store. Only what is shown to everybody ever comes out of here. */
import type { Request, Response } from 'express'
import type { Contribution, Item, Outcome, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { outcomeId, versionId } from '../../../federation/addresses.ts'
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

/** An item of this server that everybody may see. Refusal `missing`, or `gone` when it was removed. */
export async function itemOf<T extends Type>(site: Site, type: T, id: string): Promise<Of<T>> {
  const item = await site.store.get('items', id)
  if (item?.type !== type || !item.local) throw new Refusal('missing', 'page')
  if (item.visibility === 'removed') throw new Refusal('gone', 'removed')
  if (item.visibility !== 'shown') throw new Refusal('missing', 'page')
  return item as Of<T>
}

export const outcomeOf = (site: Site, req: Request): Promise<Outcome> =>
  itemOf(site, 'outcome', outcomeId(site, part(req, 'slug')))

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
  { store }: Site,
  type: T,
  query: Parameters<Site['store']['find']>[1] = {},
): Promise<Of<T>[]> {
  const where = { ...query.where, type, visibility: 'shown', local: 'true' }
  return (await store.find('items', { ...query, where })) as Of<T>[]
}

export const countShown = (
  { store }: Site,
  type: Type,
  where: Record<string, string> = {},
): Promise<number> =>
  store.count('items', { where: { ...where, type, visibility: 'shown', local: 'true' } })

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
  return found.filter((item) => item.type === 'contribution')
}

/** Tell machines where the same thing is for them. */
export function alternate(res: Response, id: string): void {
  res.append('Link', `<${id}>; rel="alternate"; type="application/activity+json"`)
}
