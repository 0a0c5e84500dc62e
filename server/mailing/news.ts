/** What is new between two positions of the public log (on an aggregator: between two moments), made once for all who follow: each piece of news says whom it concerns. */
import type { Call } from '../../content/calls.ts'
import type { Contribution } from '../../content/model.ts'
import { calledIn } from '../../federation/addresses.ts'
import type { Site } from '../../federation/site.ts'
import { arrivedBetween, settledAt } from './arrivals.ts'
import { concerned, concernedByCall, type News } from './concerned.ts'
import { breathe } from './mailing.ts'

/** A digest tells of so many entries of the log at most; nobody reads more. */
const ENTRIES_MAX = 20_000
const AT_ONCE = 500
const KEPT_MAX = 10

const kept = new WeakMap<Site, Map<string, Promise<News[]>>>()

/** Up to where there is news at this moment: a position of the log, or on an aggregator a moment in milliseconds. */
export const newsEnd = (site: Site): number | Promise<number> =>
  site.policy.gathers ? settledAt(site) : site.store.last('public')

/** Composed once for all subscribers that were last told at the same time. */
export function newsBetween(site: Site, after: number, upTo: number): Promise<News[]> {
  const known = kept.get(site) ?? new Map<string, Promise<News[]>>()
  kept.set(site, known)
  const key = `${after} ${upTo}`
  const news = known.get(key) ?? found(site, after, upTo)
  if (known.size >= KEPT_MAX && !known.has(key)) known.delete(known.keys().next().value ?? '')
  known.set(key, news)
  return news
}

const found = async (site: Site, after: number, upTo: number): Promise<News[]> =>
  sorted(
    site.policy.gathers
      ? await arrivedBetween(site, after, upTo)
      : await gathered(site, after, upTo),
  )

type Verbs = Map<string, Set<string>>

async function gathered(site: Site, after: number, upTo: number): Promise<News[]> {
  const verbs: Verbs = new Map()
  const from = Math.max(after, upTo - ENTRIES_MAX)
  for (let at = from; at < upTo; at += AT_ONCE) {
    const entries = await site.store.log('public', at, Math.min(AT_ONCE, upTo - at))
    for (const { item, verb } of entries.filter(({ quiet }) => !quiet))
      verbs.set(item, (verbs.get(item) ?? new Set()).add(verb))
    await breathe()
  }
  return resolved(site, verbs)
}

async function resolved(site: Site, verbs: Verbs): Promise<News[]> {
  const { store } = site
  const told = new Map<string, News>()
  const answers = new Map<string, number>()
  let looked = 0
  for (const [id, said] of verbs) {
    if (++looked % AT_ONCE === 0) await breathe()
    const call = await store.get('calls', calledIn(id) ?? '')
    if (call) told.set(call.id, callNews(site, call))
    const item = await store.get('items', id)
    if (item?.visibility !== 'shown' || item.type === 'message') continue
    if (item.type === 'contribution') count(answers, item)
    else
      told.set(id, {
        item,
        what: said.has('Create') ? 'new' : 'changed',
        contributions: 0,
        concerns: await concerned(site, item),
      })
  }
  for (const [about, contributions] of answers) {
    const known = told.get(about)
    const item = known?.item ?? (await store.get('items', about))
    if (item?.type !== 'discussion' && item?.type !== 'outcome') continue
    if (item.visibility !== 'shown') continue
    told.set(about, { item, what: 'answered', concerns: [about], ...known, contributions })
  }
  return [...told.values()]
}

/** However often it was told of: what is said is how it stands when the letter is written. */
const callNews = (site: Site, call: Call): News => ({
  item: { id: call.id, type: 'call', title: call.title, call },
  what: 'new',
  contributions: 0,
  concerns: concernedByCall(site, call),
})

function count(answers: Map<string, number>, { about, disposes }: Contribution): void {
  if (!disposes) answers.set(about, (answers.get(about) ?? 0) + 1)
}

const order: News['item']['type'][] = ['call', 'outcome', 'discussion', 'meeting', 'session']

const sorted = (news: News[]): News[] =>
  news.toSorted(
    (a, b) =>
      order.indexOf(a.item.type) - order.indexOf(b.item.type) || (a.item.id < b.item.id ? -1 : 1),
  )
