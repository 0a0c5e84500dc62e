/** Digests: written down once for each subscriber and period, together with how far that subscriber has been told. */
import {
  lastDue,
  type Mail,
  type Period,
  Period as Periods,
  type Subscriber,
} from '../../content/mailing.ts'
import type { Call } from '../../content/calls.ts'
import { standingAt } from '../../content/call-tellings.ts'
import { isOpen } from '../../content/discussions.ts'
import { isRace } from '../../federation/races.ts'
import { inWords } from '../context.ts'
import type { Words } from '../words.ts'
import type { News } from './concerned.ts'
import { breathe, type Mailing, newMail } from './mailing.ts'
import { newsBetween, newsEnd } from './news.ts'

/** Written together, with one wait for the disk. */
const AT_ONCE = 25
const COMPOSED_MAX = 500
/** Refused so often in a row, an address is left alone. */
export const BOUNCES_MAX = 3

type Site = Mailing['site']

/** Write down what is due, once: a subscriber who has had a period is passed over, however often this begins anew. */
export async function planDigests(mailing: Mailing): Promise<void> {
  const { site } = mailing
  for (const period of Periods.options) {
    const due = lastDue(period, site.now())
    const note = await site.store.get('notes', `digest-${period}`)
    if (note && note.value >= due) continue
    const idle = period === 'at_once' && note && !(await isNewsSince(site, note.value))
    if (!idle && !(await planned(mailing, period, due))) return
    await site.store.commit({ put: { notes: [{ ...note, id: `digest-${period}`, value: due }] } })
  }
}

/** Whether anything was told since then: every few minutes is too often to look at everybody for nothing. */
async function isNewsSince(site: Site, at: string): Promise<boolean> {
  const { store, policy } = site
  const where = { period: 'at_once' }
  if ((await store.count('subscribers', { where }, 1)) === 0) return false
  if (policy.gathers) {
    const since = Date.parse(at) - 2 * 60_000
    return (await newsBetween(site, since, await newsEnd(site))).length > 0
  }
  const size = await store.last('public')
  const [last] = await store.log('public', Math.max(0, size - 1), 1)
  return last !== undefined && last.at >= at
}

async function planned(mailing: Mailing, period: Period, due: string): Promise<boolean> {
  const { site } = mailing
  const upTo = await newsEnd(site)
  let after: { at: string; id: string } | undefined
  for (;;) {
    const page = {
      where: { period },
      order: 'oldest' as const,
      limit: AT_ONCE,
      ...(after ? { after } : {}),
    }
    const found = await site.store.find('subscribers', page)
    await Promise.all(found.map((each) => plannedFor(site, each, due, upTo)))
    const last = found.at(-1)
    if (!last || found.length < AT_ONCE) return true
    if (mailing.closing) return false
    after = { at: last.at, id: last.id }
    await breathe()
  }
}

async function plannedFor(
  site: Site,
  subscriber: Subscriber,
  due: string,
  upTo: number,
): Promise<void> {
  const { id, dueAt = '', at, told, paused, email: to, language } = subscriber
  if (dueAt >= due || at >= due || paused) return
  const bounce = await site.store.get('bounces', id)
  if (bounce && bounce.count >= BOUNCES_MAX) return
  const news = told < upTo ? newsFor(subscriber, await newsBetween(site, told, upTo)) : []
  const letter = newMail(
    { kind: 'digest', to, language, about: id, values: {} },
    `digest ${id} ${due}`,
    site.now(),
  )
  const mails: Mail[] = news.length > 0 ? [{ ...letter, after: told, upTo }] : []
  const put = { mails, subscribers: [{ ...subscriber, dueAt: due, told: upTo }] }
  await site.store.commit({ put }).catch((error: unknown) => {
    if (!isRace(error)) throw error
  })
}

const newsFor = ({ follows }: Subscriber, news: News[]): News[] => {
  const wanted = new Set(follows)
  return news.filter(({ concerns }) => concerns.some((each) => wanted.has(each)))
}

const composed = new WeakMap<Site, Map<string, string>>()

/** The news in words, '' when there is none; shared by all who follow the same in one language. */
export async function digestWords(
  { site }: Mailing,
  { after, upTo }: Pick<Mail, 'after' | 'upTo'>,
  subscriber: Subscriber,
  words: Words,
): Promise<string> {
  const known = composed.get(site) ?? new Map<string, string>()
  composed.set(site, known)
  const key = [words.language, after, upTo, ...subscriber.follows.toSorted()].join(' ')
  const found = known.get(key)
  if (found !== undefined) return found
  const news = newsFor(subscriber, await newsBetween(site, after, upTo))
  const text = [...Map.groupBy(news, ({ item }) => item.type)]
    .map(([type, each]) =>
      [words(`digest.${type}`), ...each.map((one) => line(words, one, site.now()))].join('\n\n'),
    )
    .join('\n\n\n')
  if (known.size >= COMPOSED_MAX) known.clear()
  known.set(key, text)
  return text
}

/** One piece of news: its title, what happened, until when it can be answered, where it is. */
function line(words: Words, { item, what, contributions, url, whose }: News, at: string): string {
  const title = inWords(item.title, words).replace(/\s+/g, ' ')
  if (item.type === 'call') return `* ${title}\n  ${callLine(words, item.call, at)}\n  ${item.id}`
  const open = item.type === 'outcome' && isOpen(item, at) ? item.comment : undefined
  return [
    `* ${title}`,
    whose && `  ${inWords(whose, words)}`,
    what !== 'answered' && `  ${words(`digest.${what}`)}`,
    item.type === 'outcome' && `  ${words(`state.${item.state}`)}`,
    open && `  ${words('digest.until', { when: words.moment(open.closesAt) })}`,
    contributions > 0 && `  ${words('digest.contributions', { count: contributions })}`,
    `  ${url ?? item.id}`,
  ]
    .filter((each) => each !== false && each !== undefined)
    .join('\n')
}

/** That it is open, that it closes in so many days, that it is closed: as it stands in this hour. */
function callLine(words: Words, call: Call, at: string): string {
  const says = standingAt(call, at)
  const edge = says === 'later' ? call.opensAt : call.closesAt
  return words(`digest.call.${says}`, {
    when: words.moment(edge),
    distance: words.distance(edge, `${at.slice(0, 13)}:00:00.000Z`),
  })
}
