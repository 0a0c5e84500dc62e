/** What speaks of something: messages that relate to it, contributions that quote it, aggregators that hold it. */
import type { Contribution, Item, Message } from '../../../content/model.ts'
import { originOf } from '../../../federation/addresses.ts'
import { applications } from '../../../federation/follow.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { entries, localized } from '../parts/entries.ts'
import { hostOf, messagePlace, own } from '../parts/links.ts'
import { contributionPlace } from '../parts/thread.ts'
import type { Words } from '../../words.ts'
import { richInARow, richPair } from '../../marks.ts'

const CITED_MAX = 50
const RECEIPTS_MAX = 500
const AGGREGATORS_MAX = 20

/** Nothing when nobody does. `carried`: the item of which receipts speak. */
export async function citedSection(
  context: Context,
  ids: string[],
  carried?: string,
): Promise<Html | false> {
  const { words, site } = context
  const where = { cites: ids, visibility: 'shown' }
  const found = await site.store.find('items', { where, limit: CITED_MAX })
  const lines = [
    ...found.map((item) => line(context, item)).filter((each) => each !== undefined),
    ...(carried ? await held(context, carried) : []),
  ]
  if (lines.length === 0) return false
  return html`<section id="cited"><h2>${words('cited.title')}</h2>${entries(lines)}</section>`
}

function line(context: Context, item: Item): Html | undefined {
  if (item.type === 'message') return related(context, item)
  return item.type === 'contribution' ? quoting(context, item) : undefined
}

const related = ({ words }: Context, message: Message): Html =>
  html`<a href="${messagePlace(message)}">${words('message.number', { number: message.number })}</a> · ${localized(words, message.outcomeTitle)} · ${own(hostOf(message.id))}`

const quoting = ({ words }: Context, contribution: Contribution): Html =>
  html`<a href="${contributionPlace(contribution)}">${words.rich('cited.quoted', { name: own(contribution.authorName) })}</a>`

/**
 * Aggregators that are known to list this initiative and have answered for a delivery of the item: each is asked by the
 * item's address, which it holds under a page of its own.
 */
async function held({ site, words }: Context, id: string): Promise<Html[]> {
  const { store } = site
  const [asked, receipts] = await Promise.all([
    applications(site),
    store.find('receipts', { where: { item: id }, limit: RECEIPTS_MAX }),
  ])
  const has = new Set(
    receipts.filter(({ status }) => status >= 200 && status < 300).map(({ peer }) => peer),
  )
  const listing = asked.filter(({ standing, aggregator }) => {
    return standing === 'accepted' && has.has(originOf(aggregator))
  })
  const origins = [...new Set(listing.map(({ aggregator }) => originOf(aggregator)))]
  return origins.slice(0, AGGREGATORS_MAX).map((origin) => {
    const href = `${origin}/at?id=${encodeURIComponent(id)}`
    return html`<a href="${href}" rel="noopener">${words.rich('cited.held', { host: own(hostOf(origin)) })}</a>`
  })
}

/** What changed because of whom: each contribution that was taken in, with the version that did. */
export function causes(
  { words }: Context,
  taken: Map<number, Contribution[]>,
  changes: (version: number) => string,
): Html | false {
  if (taken.size === 0) return false
  const lines = [...taken]
    .toSorted(([a], [b]) => a - b)
    .map(([number, contributions]) =>
      richPair(
        words,
        html`<a href="${changes(number)}">${words('versions.number', { number })}</a>`,
        causedBy(words, contributions),
      ),
    )
  return html`<section id="causes"><h2>${words('causes.title')}</h2>${entries(lines)}</section>`
}

/** Who caused something, each leading to what they said. */
export const causedBy = (words: Words, contributions: Contribution[]): Html =>
  richInARow(
    words,
    contributions.map(
      (each) => html`<a href="${contributionPlace(each)}">${own(each.authorName)}</a>`,
    ),
  )
