/** What is new on an aggregator: outcomes of others by when they were taken in, since its own log does not tell of them. */
import type { Version } from '../../content/model.ts'
import type { Site } from '../../federation/site.ts'
import { outcomePlace } from '../pages/parts/links.ts'
import { breathe } from './mailing.ts'
import { concerned, type News } from './concerned.ts'
import { groupId } from '../../federation/addresses.ts'

/** What is older than so long when it arrives is history, and no news. */
const LATE_MS = 40 * 86_400_000
/** So long may pass between looking at what came and its being on disk. */
const LEFT_MS = 60_000
const AT_ONCE = 100
const VERSIONS_MAX = 5000

/** Up to which moment, in milliseconds, everything that was taken in is on disk. */
export const settledAt = ({ now }: Site): number => Date.parse(now()) - LEFT_MS

const instant = (ms: number): string => new Date(Math.max(0, ms)).toISOString()

/** The outcomes that came after one moment and up to another, each once, with the place they have here. */
export async function arrivedBetween(site: Site, after: number, upTo: number): Promise<News[]> {
  const told = new Map<string, News>()
  for await (const version of lately(site, after, upTo)) {
    const { at } = version.verification
    const came = at === undefined ? 0 : Date.parse(at)
    if (came <= after || came > upTo) continue
    const news = await newsOf(site, version, told.get(version.outcome))
    if (news) told.set(version.outcome, news)
  }
  return [...told.values()]
}

/** The versions that are not too old to be news, newest first. */
async function* lately(site: Site, after: number, upTo: number): AsyncGenerator<Version> {
  const query = { since: instant(after - LATE_MS), until: instant(upTo), limit: AT_ONCE }
  for (let skip = 0; skip < VERSIONS_MAX; skip += AT_ONCE) {
    const found = await site.store.find('versions', { ...query, skip })
    yield* found
    if (found.length < AT_ONCE) return
    await breathe()
  }
}

/** Brought in by its initiative: made here lately, and published elsewhere long before. */
const isHistory = ({ at, published }: Version): boolean =>
  Date.parse(published) < Date.parse(at) - LATE_MS

async function newsOf(
  site: Site,
  version: Version,
  known: News | undefined,
): Promise<News | undefined> {
  const what = version.version === 1 ? 'new' : 'changed'
  if (known) return what === 'new' ? { ...known, what } : known
  const item = await site.store.get('items', version.outcome)
  if (item?.type !== 'outcome' || item.visibility !== 'shown') return undefined
  if (what === 'new' && isHistory(version)) return undefined
  const of = await site.store.get('initiatives', item.initiative)
  return {
    item,
    what,
    contributions: 0,
    concerns: [groupId(site), ...(await concerned(site, item))],
    url: site.origin + outcomePlace(item),
    ...(of ? { whose: of.name } : {}),
  }
}
