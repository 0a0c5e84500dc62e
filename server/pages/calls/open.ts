/** The calls that are open now: a line that leads to each, on the front page and on the page of its meeting. */
import type { Call } from '../../../content/calls.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { entries, localized } from '../parts/entries.ts'
import { pathOf } from '../parts/links.ts'
import { timeLeft } from '../parts/stages.ts'
import { openCalls } from './find.ts'

/** Nothing when no call is open; those of one meeting when it is named. */
export async function openCallsNote(context: Context, meeting?: string): Promise<Html | false> {
  const { site, words } = context
  const calls = await openCalls(site, meeting)
  if (calls.length === 0) return false
  return html`<section class="open"><h2>${words('call.open_now')}</h2>${entries(
    calls.map((call) => callEntry(context, call, 3)),
  )}${meeting === undefined && allCalls(context)}</section>`
}

const allCalls = ({ words }: Context): Html =>
  html`<p><a href="/calls">${words('call.all')}</a></p>`

/** Leads to all calls, also when none is open; nothing where there never was one. */
export async function callsLink(context: Context): Promise<Html | false> {
  return (await context.site.store.count('calls', {}, 1)) > 0 && allCalls(context)
}

/** A call in a list: its title, and how long it is open. */
export function callEntry({ words, site }: Context, call: Call, level: 2 | 3): Html {
  const title = html`<a href="${pathOf(call.id)}">${localized(words, call.title)}</a>`
  return html`${level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`}
<p class="soft">${timeLeft(words, call, site.now())}</p>`
}
