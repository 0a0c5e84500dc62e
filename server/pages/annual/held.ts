/** All of a year that an annual report is made from: read from the store, with what everybody may see. */
import type { AnnualReport, Held } from '../../../content/annual-report.ts'
import type { Contribution, Item } from '../../../content/model.ts'
import { ANNUAL_REPORT } from '../../../content/outcomes.ts'
import type { Query } from '../../../content/store.ts'
import type { Site } from '../../../federation/site.ts'

const ITEMS_MAX = 1000
const CALLS_MAX = 50
const MESSAGES_MAX = 5000
const CONTRIBUTIONS_MAX = 50_000

export const reportSlug = (year: number): string => `annual-report-${year}`
export const reportId = ({ origin }: Site, year: number): string => `${origin}/reports/${year}`

/** The report of a year, when it was begun; `year` is a word of an address. */
export async function reportOf(site: Site, year: string): Promise<AnnualReport | undefined> {
  return /^\d{4}$/.test(year)
    ? site.store.get('annualReports', reportId(site, Number(year)))
    : undefined
}

export async function heldIn(site: Site, year: number): Promise<Held> {
  const where = { year: String(year), visibility: 'shown', local: 'true' }
  const of = <T extends Item['type']>(type: T, most = ITEMS_MAX) =>
    paged(site, type, { where: { ...where, type }, order: 'oldest' }, most)
  const [meetings, sessions, discussions, all] = await Promise.all([
    of('meeting'),
    of('session'),
    of('discussion'),
    of('outcome'),
  ])
  const outcomes = all.filter(
    ({ outcomeType, state }) => outcomeType !== ANNUAL_REPORT && state !== 'withdrawn',
  )
  const known = new Set(outcomes.map(({ id }) => id))
  const messages = (await of('message', MESSAGES_MAX)).filter(({ outcome }) => known.has(outcome))
  const calls = await callsIn(site, year)
  const about = [...known, ...discussions.map(({ id }) => id)]
  return {
    meetings,
    sessions,
    discussions,
    outcomes,
    messages: messages.sort((a, b) => a.number - b.number),
    contributions: about.length === 0 ? [] : await contributionsTo(site, about),
    calls,
  }
}

/** The calls of a year, with how many proposals stand where. */
async function callsIn({ store }: Site, year: number): Promise<NonNullable<Held['calls']>> {
  const where = { year: String(year) }
  const calls = await store.find('calls', { where, order: 'oldest', limit: CALLS_MAX })
  return Promise.all(
    calls.map(async (call) => {
      const of = { where: { call: call.id } }
      const { standing = [] } = await store.facets('proposals', of, ['standing'])
      const counts = standing.map(({ value, count }) => [value, count] as const)
      return { call, standings: Object.fromEntries(counts) }
    }),
  )
}

/** What people said; the drafters' own answers are not among it. */
async function contributionsTo(site: Site, about: string[]): Promise<Contribution[]> {
  const where = { type: 'contribution', visibility: 'shown', about }
  const found = await paged(site, 'contribution', { where, order: 'oldest' }, CONTRIBUTIONS_MAX)
  return found.filter(({ disposes }) => !disposes)
}

const PAGE_SIZE = 1000

/** All that a query finds, page after page, up to a limit. */
async function paged<T extends Item['type']>(
  { store }: Site,
  type: T,
  query: Query,
  most: number,
): Promise<Extract<Item, { type: T }>[]> {
  const found: Item[] = []
  while (found.length < most) {
    const page = await store.find('items', { ...query, skip: found.length, limit: PAGE_SIZE })
    found.push(...page)
    if (page.length < PAGE_SIZE) break
  }
  return found.filter((item): item is Extract<Item, { type: T }> => item.type === type)
}
