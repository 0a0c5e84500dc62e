/** Where what we said has arrived: one receipt for each peer and entry, and who has not answered yet. */
import type { Cursor, Receipt } from '../content/parties.ts'
import type { Entry, Store } from '../content/store.ts'
import type { Site } from './site.ts'

const PEERS_MAX = 1000
const RECEIPTS_MAX = 1000
/** How many entries that no peer has answered for are looked through for those of one item. */
const UNANSWERED_MAX = 5000
const PAGE = 500

/** One entry of our log, and where it stands with everybody it is delivered to. */
export interface Telling {
  entry: Entry
  arrived: Receipt[]
  waiting: Cursor[]
}

/** The newest entries of the public log, newest first: `skip` of them left out. */
export async function latestTold(
  { store }: Site,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ tellings: Telling[]; total: number }> {
  const total = await store.last('public')
  const end = Math.max(0, total - skip)
  const after = Math.max(0, end - limit)
  const entries = end > after ? await store.log('public', after, end - after) : []
  const cursors = await followers(store)
  const found = entries.map(async (entry): Promise<Telling> => {
    const where = { activity: entry.id }
    const arrived = await store.find('receipts', { where, limit: RECEIPTS_MAX })
    return { entry, arrived, waiting: cursors.filter((each) => waits(each, entry)) }
  })
  return { tellings: (await Promise.all(found)).toReversed(), total }
}

/**
 * All that was said about one item, newest first. What somebody has answered for is found by its receipts;
 * what nobody has yet stands after the furthest cursor.
 */
export async function toldOf({ store }: Site, item: string): Promise<Telling[]> {
  const [receipts, cursors] = await Promise.all([
    store.find('receipts', { where: { item }, limit: RECEIPTS_MAX }),
    followers(store),
  ])
  const byActivity = Map.groupBy(receipts, ({ activity }) => activity)
  const known = await Promise.all([...byActivity.keys()].map((id) => store.entry(id)))
  const entries = [...known, ...(await unanswered(store, item, cursors))]
    .filter((entry) => entry !== undefined)
    .filter(({ stream }) => stream === 'public')
  const unique = [...new Map(entries.map((entry) => [entry.seq, entry])).values()]
  return unique
    .sort((a, b) => b.seq - a.seq)
    .map((entry) => ({
      entry,
      arrived: byActivity.get(entry.id) ?? [],
      waiting: cursors.filter((each) => waits(each, entry)),
    }))
}

async function unanswered(store: Store, item: string, cursors: Cursor[]): Promise<Entry[]> {
  const last = await store.last('public')
  const furthest = Math.max(0, ...cursors.map(({ log }) => log))
  const found: Entry[] = []
  for (let after = Math.max(furthest, last - UNANSWERED_MAX); after < last; after += PAGE) {
    const page = await store.log('public', after, PAGE)
    found.push(...page.filter((entry) => entry.item === item))
  }
  return found
}

/** Everybody our log is delivered to. */
async function followers(store: Store): Promise<Cursor[]> {
  const cursors = await store.find('cursors', { limit: PEERS_MAX })
  return cursors.filter(({ follows }) => follows)
}

const waits = ({ log }: Cursor, entry: Entry) => log < entry.seq && !entry.quiet

/** The first entry that a peer has not answered for: since when it waits. */
export async function firstUnanswered(
  { store }: Site,
  { id, follows, log, letters }: Cursor,
): Promise<Entry | undefined> {
  const [entries, own] = await Promise.all([
    follows ? store.log('public', log, 1) : [],
    store.log(`to:${id}`, letters, 1),
  ])
  return [...entries, ...own].sort((a, b) => a.at.localeCompare(b.at))[0]
}

/** Peers that did not let the last attempt in, or have gone. */
export async function failingCursors({ store }: Site): Promise<Cursor[]> {
  const where = { state: ['waiting', 'ended'] }
  const cursors = await store.find('cursors', { where, order: 'oldest', limit: PEERS_MAX })
  return cursors.filter(({ state, failures }) => failures > 0 || state === 'ended')
}

/** Why a delivery failed, apart from its cause: `fetch.network ECONNREFUSED` or `HTTP 500`. */
export function reasonOf({ why = '' }: Pick<Cursor, 'why'>): { sentence: string; detail: string } {
  const [sentence = '', ...rest] = why.split(' ')
  return { sentence, detail: rest.join(' ') }
}
