/** What somebody searches for: read from the address, and made into a query of the store. */
import type { Request } from 'express'
import { type Facets, type Query } from '../../../content/store.ts'
import { shortKey } from '../../../content/short-key.ts'
import { regionalGroupsOf } from '../../../content/vocabulary.ts'
import type { Initiative } from '../../../content/model.ts'
import type { Site } from '../../../federation/site.ts'

const WORDS_MAX = 300
const VALUES_MAX = 20
const INITIATIVES_MAX = 1000
/** Results are counted up to here, and facets among so many of the newest. */
export const COUNTED_MAX = 2_500

/** Facets that are terms of the items themselves, by their name in the address. */
export const itemFacets: Record<string, string> = {
  type: 'type',
  year: 'year',
  theme: 'theme',
  action_line: 'actionLine',
  sdg: 'sdg',
  gdc: 'gdc',
  kind: 'kind',
  consensus: 'consensus',
  state: 'state',
  language: 'language',
}

/** Facets that are facts of the initiative an item belongs to. */
export const initiativeFacets: Record<string, (initiative: Initiative) => string[]> = {
  initiative: ({ id }) => [shortKey(id)],
  nri: ({ kind }) => [kind],
  country: ({ countries }) => countries,
  region: ({ countries }) => regionalGroupsOf(countries),
}

export const facetNames = [...Object.keys(itemFacets), ...Object.keys(initiativeFacets)]

/** Types that are found when nobody asks for a type. */
const usual = ['message', 'outcome']
const findable = ['message', 'outcome', 'discussion', 'meeting', 'session', 'contribution']

export interface Asked {
  words: string
  /** What was chosen of each facet. */
  chosen: Record<string, string[]>
}

/** What the address asks for. What it does not know is left out. */
export function readAsked(req: Request): Asked {
  const chosen: Asked['chosen'] = {}
  for (const name of facetNames) {
    const values = [req.query[name] ?? []].flat().map(String).filter(Boolean)
    if (values.length > 0) chosen[name] = [...new Set(values)].slice(0, VALUES_MAX)
  }
  const words = typeof req.query.q === 'string' ? req.query.q.trim().slice(0, WORDS_MAX) : ''
  return { words, chosen }
}

/** All initiatives whose items are held here. */
export const initiativesHere = ({ store }: Site): Promise<Initiative[]> =>
  store.find('initiatives', { order: 'oldest', limit: INITIATIVES_MAX })

/** The query of what was asked: only what everybody may see. */
export function queryOf({ words, chosen }: Asked, initiatives: Initiative[]): Query {
  const types = (chosen.type ?? usual).filter((type) => findable.includes(type))
  const where: Query['where'] = { visibility: 'shown', type: types.length > 0 ? types : usual }
  for (const [name, field] of Object.entries(itemFacets)) {
    const values = chosen[name]
    if (values && name !== 'type') where[field] = values
  }
  const wanted = Object.keys(initiativeFacets).filter((name) => chosen[name])
  if (wanted.length > 0) {
    const fitting = initiatives.filter((initiative) =>
      wanted.every((name) =>
        initiativeFacets[name]?.(initiative).some((value) => chosen[name]?.includes(value)),
      ),
    )
    where.initiative = fitting.map(({ id }) => id)
  }
  return { where, ...(words ? { text: words, order: 'best' } : {}) }
}

/** Whether nothing but the type was asked for: then all is counted, however much it is. */
const isWhole = ({ text, where = {} }: Query): boolean =>
  text === undefined && Object.keys(where).every((field) => ['visibility', 'type'].includes(field))

export interface Surveyed {
  total: number
  /** Whether there are more than `total`, and the facets count only the newest of them. */
  isMore: boolean
  /** Every facet with its counts: those of the items, and those that follow from whose they are. */
  facets: Facets
}

/** How much is found, and what is among it: looked at once, and no further than is counted. */
export async function surveyed(
  { store }: Site,
  query: Query,
  initiatives: Initiative[],
): Promise<Surveyed> {
  const whole = isWhole(query)
  const fields = ['initiative', ...Object.values(itemFacets), ...(whole ? [] : [ALL_HAVE])]
  const [found, count] = await Promise.all([
    store.facets('items', query, fields, COUNTED_MAX + 1, { type: findable }),
    whole ? store.count('items', query) : undefined,
  ])
  const total = count ?? found[ALL_HAVE]?.[0]?.count ?? 0
  const isMore = !whole && total > COUNTED_MAX
  return { total: isMore ? COUNTED_MAX : total, isMore, facets: facetsOf(found, initiatives) }
}

/** Only what is shown is found: how often that was counted is how much was found. */
const ALL_HAVE = 'visibility'

function facetsOf(found: Facets, initiatives: Initiative[]): Facets {
  const named = Object.entries(itemFacets).map(([name, field]) => [name, found[field] ?? []])
  const byInitiative = new Map((found.initiative ?? []).map(({ value, count }) => [value, count]))
  const derived = Object.entries(initiativeFacets).map(([name, valuesOf]) => [
    name,
    summed(initiatives, valuesOf, byInitiative),
  ])
  return Object.fromEntries([...named, ...derived]) as Facets
}

function summed(
  initiatives: Initiative[],
  valuesOf: (initiative: Initiative) => string[],
  counts: Map<string, number>,
) {
  const sums = new Map<string, number>()
  for (const initiative of initiatives) {
    const count = counts.get(initiative.id) ?? 0
    if (count > 0)
      for (const value of valuesOf(initiative)) sums.set(value, (sums.get(value) ?? 0) + count)
  }
  return [...sums].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
}
