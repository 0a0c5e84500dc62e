/** Where has this arrived? For everything published: who has it, since when, and who is still waited for, and why. */
import type { Cursor, Receipt } from '../../../content/parties.ts'
import { latestTold, type Telling, toldOf } from '../../../federation/receipts.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Words } from '../../words.ts'
import { entries } from '../parts/entries.ts'
import { moment } from '../parts/dates.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { nameOf } from './names.ts'
import { peerLink } from './peers.ts'
import { waitWords } from './waiting.ts'

const PAGE_SIZE = 25
/** On the page of one item, so many of its tellings are shown, the newest. */
const TELLINGS_MAX = 20
/** So many peers are named, waiting ones first; the others are counted. Of older tellings, only a few that wait. */
const NAMED_MAX = 60
const NAMED_OF_OLDER_MAX = 3

export const receiptsPage: Show = async (context, req, res) => {
  allowed(res, 'see_host_pages')
  const item = word(req, 'item')
  if (item) return itemReceipts(context, res, item)
  const { words, site } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const { tellings, total } = await latestTold(site, { skip, limit: PAGE_SIZE })
  const title = words('host.nav.receipts')
  const lines = await Promise.all(tellings.map((telling) => summary(context, telling)))
  const body = html`<p class="lead">${words('receipts.said')}</p>
${lines.length > 0 ? entries(lines) : html`<p>${words('receipts.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, hostPage(context, { title, body, here: 'receipts' }))
}

/** One telling in a list: what it was, and how far it has come. */
async function summary(context: Context, { entry, arrived, waiting }: Telling): Promise<Html> {
  const { words } = context
  const said = entry.quiet
    ? words('brought.quiet')
    : arrivedWords(words, arrived.length, waiting.length)
  return html`<p><b>${verbOf(words, entry.verb)}</b> · ${await nameOf(context, entry.item)}</p>
<p class="soft">${moment(words, entry.at)} · <a href="/host/receipts?item=${encodeURIComponent(entry.item)}">${said}</a></p>`
}

const verbOf = (words: Words, verb: string): string =>
  words.has(`told.${verb}`) ? words(`told.${verb}`) : verb

async function itemReceipts(
  context: Context,
  res: Parameters<Show>[2],
  item: string,
): Promise<void> {
  const { words, site } = context
  const told = (await toldOf(site, item)).slice(0, TELLINGS_MAX)
  const parts = await Promise.all(told.map((telling, i) => whole(context, telling, i === 0)))
  const wasBrought = (await site.store.count('origins', { where: { item } })) > 0
  const title = words('receipts.title')
  const body = html`<p class="lead">${await nameOf(context, item)}</p>
${parts.length > 0 ? parts : html`<p>${words(wasBrought ? 'brought.quiet' : 'receipts.nothing_of_it')}</p>`}
<p class="soft">${words('receipts.later')}</p>
<p><a href="/host/receipts">${words('receipts.all')}</a></p>`
  sendPage(res, hostPage(context, { title, body, here: 'receipts' }))
}

/** One telling with those it went to. */
async function whole(
  context: Context,
  { entry, arrived, waiting }: Telling,
  newest: boolean,
): Promise<Html> {
  const { words } = context
  const room = newest ? NAMED_MAX : NAMED_OF_OLDER_MAX
  const waits = await Promise.all(
    waiting.slice(0, room).map((cursor) => waitingLine(context, cursor, entry.at)),
  )
  const came = newest ? arrived.slice(0, room - waits.length) : []
  const lines = [...waits, ...came.map((receipt) => arrivedLine(words, receipt))]
  const more = arrived.length + waiting.length - lines.length
  return html`<h2>${verbOf(words, entry.verb)} · ${moment(words, entry.at)}</h2>
<p>${entry.quiet ? words('brought.quiet') : arrivedWords(words, arrived.length, waiting.length)}</p>
${lines.length > 0 && html`<ul class="entries">${lines}</ul>`}
${lines.length > 0 && more > 0 && html`<p class="soft">${words('receipts.more', { count: more })}</p>`}`
}

function arrivedWords(words: Words, arrived: number, waiting: number): string {
  const count = arrived + waiting
  return count === 0 ? words('receipts.nobody') : words('receipts.arrived_of', { count, arrived })
}

function arrivedLine(words: Words, { peer, status, tries, at }: Receipt): Html {
  const taken = status >= 200 && status < 300
  return html`<li><p>${mark(words, taken ? 'arrived' : 'refused')} ${peerLink(peer)}</p>
<p class="soft">${moment(words, at)} · ${words('receipts.answer', { status: String(status) })} · ${words('receipts.tries', { count: tries })}</p></li>`
}

async function waitingLine(context: Context, cursor: Cursor, since: string): Promise<Html> {
  const { words } = context
  return html`<li><p>${mark(words, 'waiting')} ${peerLink(cursor.id)}</p>
<p class="soft">${words.rich('waiting.since', { moment: moment(words, since) })} ${await waitWords(context, cursor)}</p></li>`
}

const mark = (words: Words, state: string): Html =>
  html`<span class="state" data-state="${state}">${words(`receipts.state.${state}`)}</span>`
