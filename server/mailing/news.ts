/** What is new between two positions of the public log, made once for all who follow: each piece of news says whom it concerns. */
import type { Contribution, Discussion, Meeting, Outcome, Session } from '../../content/model.ts'
import { ourGroups } from '../../federation/former.ts'
import { isQuiet } from '../../federation/quiet.ts'
import type { Site } from '../../federation/site.ts'
import { breathe } from './mailing.ts'

/** A digest tells of so many entries of the log at most; nobody reads more. */
const ENTRIES_MAX = 20_000
const AT_ONCE = 500
const KEPT_MAX = 10
/** An outcome's messages are looked at up to here. */
const MESSAGES_MAX = 200

export type Told = Outcome | Meeting | Session | Discussion

export interface News {
  item: Told
  /** Since when it is known: new, changed, or only answered. */
  what: 'new' | 'changed' | 'answered'
  contributions: number
  /** What somebody may follow to hear of it. */
  concerns: string[]
}

const kept = new WeakMap<Site, Map<string, Promise<News[]>>>()

/** Composed once for all subscribers that were last told at the same time. */
export function newsBetween(site: Site, after: number, upTo: number): Promise<News[]> {
  const known = kept.get(site) ?? new Map<string, Promise<News[]>>()
  kept.set(site, known)
  const key = `${after} ${upTo}`
  const found = known.get(key) ?? gathered(site, after, upTo)
  if (known.size >= KEPT_MAX && !known.has(key)) known.delete(known.keys().next().value ?? '')
  known.set(key, found)
  return found
}

type Verbs = Map<string, Set<string>>

async function gathered(site: Site, after: number, upTo: number): Promise<News[]> {
  const verbs: Verbs = new Map()
  const from = Math.max(after, upTo - ENTRIES_MAX)
  for (let at = from; at < upTo; at += AT_ONCE) {
    const entries = await site.store.log('public', at, Math.min(AT_ONCE, upTo - at))
    for (const { item, verb } of entries.filter((each) => !isQuiet(each)))
      verbs.set(item, (verbs.get(item) ?? new Set()).add(verb))
    await breathe()
  }
  return sorted(await resolved(site, verbs))
}

async function resolved(site: Site, verbs: Verbs): Promise<News[]> {
  const { store } = site
  const told = new Map<string, News>()
  const answers = new Map<string, number>()
  let looked = 0
  for (const [id, said] of verbs) {
    if (++looked % AT_ONCE === 0) await breathe()
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

function count(answers: Map<string, number>, { about, disposes }: Contribution): void {
  if (!disposes) answers.set(about, (answers.get(about) ?? 0) + 1)
}

/** Itself, whose it is (under every name that had), its meeting and session, and its themes; an outcome has those of its messages too. */
async function concerned(site: Site, item: Told): Promise<string[]> {
  const where = { type: 'message', outcome: item.id }
  const messages =
    item.type === 'outcome' ? await site.store.find('items', { where, limit: MESSAGES_MAX }) : []
  const themes = [item, ...messages].flatMap(({ tags }) => themesIn(tags))
  const meeting = 'meeting' in item && item.meeting ? [item.meeting] : []
  const session = 'session' in item && item.session ? [item.session] : []
  const ours = ourGroups(site)
  const whose = ours.includes(item.initiative) ? ours : [item.initiative]
  return [...new Set([item.id, ...whose, ...meeting, ...session, ...themes])]
}

const themesIn = ({ themes, actionLines, sdgs, gdc, topics }: Told['tags']): string[] => {
  const lists = { themes, 'action-lines': actionLines, sdgs, gdc, topics }
  return Object.entries(lists).flatMap(([list, slugs]) =>
    slugs.map((slug) => `theme:${list}/${slug}`),
  )
}

const order: Told['type'][] = ['outcome', 'discussion', 'meeting', 'session']

const sorted = (news: News[]): News[] =>
  news.toSorted(
    (a, b) =>
      order.indexOf(a.item.type) - order.indexOf(b.item.type) || (a.item.id < b.item.id ? -1 : 1),
  )
