/** Calls for issues as everybody reads them: the list, each with its tally and its proposals, and one proposal alone. */
import type { Request, Response } from 'express'
import { type Call, categoriesOf, categoryName } from '../../../content/calls.ts'
import { isTerm, label } from '../../../content/vocabulary.ts'
import { clocksOf } from '../../../content/zones.ts'
import { type Context, inWords, sendPage, word } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction, type Words } from '../../words.ts'
import { moment } from '../parts/dates.ts'
import { entries, localized } from '../parts/entries.ts'
import { meetingPlace, pathOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { timeLeft } from '../parts/stages.ts'
import type { Show } from '../reading/find.ts'
import { callOf, publicOf } from './find.ts'
import { callEntry } from './open.ts'
import { type Typed, yourPart } from './own.ts'
import { proposalEntry, sessionsOfAll } from './shown.ts'
import { tally } from './tally.ts'

const PAGE_SIZE = 20

export const callsPage: Show = async (context, req, res) => {
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [calls, total] = await Promise.all([
    site.store.find('calls', { skip, limit: PAGE_SIZE }),
    site.store.count('calls', {}),
  ])
  const title = words('call.title')
  const body = html`<h1>${title}</h1>
${calls.length > 0 ? entries(calls.map((call) => callEntry(context, call, 2))) : html`<p class="lead">${words('call.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, page(context, { title, body }))
}

export const callPage: Show = async (context, req, res) => {
  await showCall(context, await callOf(context.site, req), req, res)
}

/** The page, also after a mistake in its form. */
export async function showCall(
  context: Context,
  call: Call,
  req: Request,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { words } = context
  const { language } = call
  const title = inWords(call.title, words)
  const body = html`<h1>${localized(words, call.title)}</h1>
${await howLong(context, call)}
<div class="words" lang="${language}" dir="${direction(language)}">${safe(call.html)}</div>
${await tally(context, call)}
${await list(context, call, req)}
${await yourPart(context, call, req, typed)}`
  sendPage(res, page(context, { title, body }), typed?.wrong.status ?? 200)
}

/** How long it is open: in words, in UTC, and on the clocks of its meeting. */
async function howLong({ words, site, zone: own }: Context, call: Call): Promise<Html> {
  const { opensAt, closesAt } = call
  const meeting = call.meeting ? await site.store.get('items', call.meeting) : undefined
  const shown = meeting?.type === 'meeting' && meeting.visibility === 'shown' ? meeting : undefined
  const span = (zone?: string) =>
    words.rich('call.span', {
      from: moment(words, opensAt, zone),
      to: moment(words, closesAt, zone),
    })
  const zones = clocksOf(['UTC', shown?.timeZone ?? 'UTC', own ?? 'UTC'], [opensAt, closesAt])
  return html`<p class="note">${timeLeft(words, call, site.now(), own)} · <a href="#propose">${words('call.propose')}</a></p>
<dl class="facts"><dt>${words('call.open_from')}</dt><dd>${zones.map((zone, i) => (i > 0 ? html`<br><small>${span(zone)}</small>` : span(zone)))}</dd>
<dt>${words('call.each')}</dt><dd>${words('call.each_said', { count: call.perPerson })}</dd>
${shown && html`<dt>${words('facts.meeting')}</dt><dd><a href="${meetingPlace(shown)}">${localized(words, shown.title)}</a></dd>`}</dl>`
}

/** What the address keeps the list to. What it does not know is left out. */
function chosenIn(call: Call, req: Request): Record<string, string> {
  const [category = '', group = ''] = [word(req, 'category'), word(req, 'group')]
  return {
    ...(categoriesOf(call).includes(category) ? { category } : {}),
    ...(isTerm('stakeholder-groups', group) ? { group } : {}),
  }
}

async function list(context: Context, call: Call, req: Request): Promise<Html> {
  const { site, words } = context
  const chosen = chosenIn(call, req)
  const where = { ...publicOf(call), ...chosen }
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [found, total] = await Promise.all([
    site.store.find('proposals', { where, skip, limit: PAGE_SIZE }),
    site.store.count('proposals', { where }),
  ])
  const sessions = await sessionsOfAll(site, found)
  const path = pathOf(call.id)
  return html`<h2 id="proposals">${words('call.proposals', { count: total })}</h2>
${filters(words, call, chosen)}
${found.length > 0 ? entries(found.map((each) => proposalEntry(context, call, each, sessions))) : html`<p>${words('call.no_proposals')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
<p class="no-print soft"><a href="${path}.csv">CSV</a> · <a href="${path}.json">JSON</a></p>`
}

/** What the list is kept to, each with the address without it. */
function filters(words: Words, call: Call, chosen: Record<string, string>): Html | false {
  const names = Object.keys(chosen)
  if (names.length === 0) return false
  const say = (name: string, value: string) =>
    name === 'category'
      ? categoryName(call, value, words.language)
      : label('stakeholder-groups', value, words.language)
  return html`<ul class="tags" aria-label="${words('call.kept_to')}">${Object.entries(chosen).map(
    ([name, value]) => {
      const rest = new URLSearchParams(Object.entries(chosen).filter(([each]) => each !== name))
      const query = rest.size > 0 ? `?${rest}` : ''
      return html`<li><a href="${pathOf(call.id)}${query}#proposals"><bdi>${say(name, value)}</bdi> <small>${words('call.take_away')}</small></a></li>`
    },
  )}</ul>`
}
