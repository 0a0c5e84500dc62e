/** What waits for a host in the calls: those that close soon, and proposals about which nothing was decided. */
import { type Call, isTaking } from '../../../content/calls.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { localized } from '../parts/entries.ts'
import { timeLeft } from '../parts/stages.ts'
import { hostCallPlace } from './host.ts'

const LOOKED_AT = 20
/** A call is looked at this long before it closes. */
const SOON_MS = 7 * 24 * 3600_000

/** One line for each call in which something waits. */
export async function waitingCalls(context: Context): Promise<Html[]> {
  const calls = await context.site.store.find('calls', { limit: LOOKED_AT })
  const lines = await Promise.all(calls.map((call) => line(context, call)))
  return lines.flatMap((each) => each || [])
}

async function line({ words, site }: Context, call: Call): Promise<Html | false> {
  const at = site.now()
  const taking = isTaking(call, at)
  const soon = taking && Date.parse(call.closesAt) - Date.parse(at) <= SOON_MS
  /** While it is open, what is shown waits for its end. */
  const standing = taking ? ['held'] : ['held', 'shown']
  const count = await site.store.count('proposals', { where: { call: call.id, standing } })
  if (!soon && count === 0) return false
  return html`<li><a href="${hostCallPlace(call)}">${localized(words, call.title)}</a>
<p class="soft">${timeLeft(words, call, at)}${count > 0 && html` · ${words('call.waits', { count })}`}</p></li>`
}
