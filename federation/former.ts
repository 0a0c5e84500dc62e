/** Former addresses: ours, at which we still answer for what was said there, and those of others. */
import type { Initiative } from '../content/model.ts'
import { moved, type Moved } from '../content/moves.ts'
import type { Change, Store, Table } from '../content/store.ts'
import type { Person } from '../content/parties.ts'
import { groupId, originOf, personId } from './addresses.ts'
import type { Site } from './site.ts'

/** Of one initiative. */
export const FORMER_MAX = 50

/**
 * Which address this server has now, by what is written in the store: whoever has moved goes by the last one, even
 * where the settings still say an earlier one.
 */
export async function settle(site: Site): Promise<void> {
  const query = { where: { local: 'true' }, order: 'oldest', limit: FORMER_MAX } as const
  const moves = await site.store.find('moves', query)
  const to = moves[0] && originOf(moves[0].to)
  const before = moves.map(({ id }) => originOf(id))
  if (!to || ![to, ...before].includes(site.origin)) return
  site.origin = to
  site.former = before
}

/** The address that a request names, when it is a former one of ours. */
export const formerAsked = ({ former }: Site, host: string | undefined): string | undefined =>
  former.find((each) => new URL(each).host === host?.toLowerCase())

/** The address of ours that a request names; the present one when it names none. */
export const originAsked = (site: Site, host: string | undefined): string =>
  formerAsked(site, host) ?? site.origin

const views = new WeakMap<Site, Map<string, Site>>()

/** This server as it is at one of its addresses: what was said there keeps its ids, its actor and its keys. */
export function siteAt(site: Site, origin: string): Site {
  if (!site.former.includes(origin)) return site
  const known = views.get(site) ?? new Map<string, Site>()
  const name = `${origin} ${site.origin}`
  const view = known.get(name) ?? { ...site, origin, movedTo: groupId(site) }
  views.set(site, known.set(name, view))
  return view
}

/** Our initiative, whichever address of it is looked at. */
export const profileOf = (site: Site): Promise<Initiative | undefined> =>
  site.store.get('initiatives', site.movedTo ?? groupId(site))

/** The actors of our initiative: the present one first. */
export const ourGroups = ({ origin, former }: Pick<Site, 'origin' | 'former'>): string[] =>
  [origin, ...former].map((each) => groupId({ origin: each }))

/** Whether an address is one of this server's. */
export const isOurs = ({ origin, former }: Site, id: string): boolean =>
  [origin, ...former].includes(URL.parse(id)?.origin ?? '')

/** The ids that something of ours has or had: its path at each of our addresses, the present one first. */
export function everyName({ origin, former }: Site, id: string): string[] {
  const { pathname } = new URL(id)
  return [origin, ...former].map((each) => each + pathname)
}

/** What somebody with an account says from now on is said at the present address, whenever they came. */
export const nameNow = ({ origin }: Pick<Site, 'origin'>, id: string): string =>
  origin + new URL(id).pathname

/** Who is called so at this address of ours; nobody who came only after we had moved away from there. */
export async function personAt(site: Site, name: string): Promise<Person | undefined> {
  const present = site.movedTo ? originOf(site.movedTo) : site.origin
  const found = await site.store.get('people', personId({ origin: present }, name))
  return found && site.movedTo && originOf(found.id) === present ? undefined : found
}

/** The actor id that an initiative has now. */
export const initiativeNow = async (store: Store, id: string): Promise<string> =>
  (await store.get('moves', id))?.to ?? id

/** Every host that an initiative had or has: what it says of one may name what stands at another. */
export async function homesOf(store: Store, actor: string): Promise<string[]> {
  const to = await initiativeNow(store, actor)
  const moves = await store.find('moves', { where: { to }, limit: FORMER_MAX })
  return [to, ...moves.map(({ id }) => id)].map(originOf)
}

/** What is to be written when an initiative moves. */
export async function movedFrom(
  { store }: Site,
  move: Omit<Moved, 'rev'>,
): Promise<Pick<Change, 'put' | 'drop'>> {
  const where = { to: move.id }
  const [led, ...own] = await Promise.all([
    store.find('moves', { where, limit: FORMER_MAX }),
    store.get('moves', move.id),
    store.get('moves', move.to),
  ])
  const all = [...led, ...own.filter((each) => each !== undefined)]
  return moved([...new Map(all.map((each) => [each.id, each])).values()], move)
}

/** What has a page, and so an address that people and our own pages ask for. */
const paged: ReadonlySet<Table> = new Set<Table>([
  ...(['items', 'drafts', 'versions', 'people'] as const),
  ...(['calls', 'proposals', 'annualReports'] as const),
])

/**
 * The same store, in which an address of ours also finds what stands under it at our former addresses: a page has
 * one path, whatever its host was called when it was written.
 */
export function withFormer(store: Store, addresses: () => Pick<Site, 'origin' | 'former'>): Store {
  const get: Store['get'] = async (table, id) => {
    const found = await store.get(table, id)
    const { origin, former } = addresses()
    const isAsked = found === undefined && former.length > 0 && paged.has(table)
    if (!isAsked || !id.startsWith(`${origin}/`)) return found
    for (const each of former) {
      const older = await store.get(table, each + id.slice(origin.length))
      if (older) return older
    }
    return undefined
  }
  return {
    get,
    find: (...query) => store.find(...query),
    count: (...query) => store.count(...query),
    facets: (...query) => store.facets(...query),
    log: (...place) => store.log(...place),
    entry: (id) => store.entry(id),
    last: (stream) => store.last(stream),
    head: (size) => store.head(size),
    hashes: (...place) => store.hashes(...place),
    commit: (change) => store.commit(change),
    generation: () => store.generation(),
    backup: (file) => store.backup(file),
    close: () => store.close(),
  }
}
