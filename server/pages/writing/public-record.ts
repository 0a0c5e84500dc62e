/** The public record of moderation: when something was taken from these pages, where, and why; never what it said. */
import type { Item } from '../../../content/model.ts'
import { readDecision } from '../../../content/moderation.ts'
import type { Act } from '../../../content/parties.ts'
import { groupId } from '../../../federation/addresses.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { nameOf } from '../host/names.ts'
import { day } from '../parts/dates.ts'
import { entries } from '../parts/entries.ts'
import { hostOf, own, pathOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'

const PAGE_SIZE = 50

/** The acts that take something from what readers see. */
const verbs = ['refused', 'removed', 'withdrew', 'erased']

export const publicRecord: Show = async (context, req, res) => {
  const { words, site } = context
  const where = { verb: verbs }
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [acts, total] = await Promise.all([
    site.store.find('acts', { where, skip, limit: PAGE_SIZE }),
    site.store.count('acts', { where }),
  ])
  const lines = await Promise.all(acts.map((act) => line(context, act)))
  const shown = lines.filter((each) => each !== undefined)
  const title = words('record.title')
  const body = html`<h1>${title}</h1><p class="lead">${words('record.said')}</p>
${shown.length > 0 ? entries(shown) : html`<p>${words('record.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, page(context, { title, body, here: 'about' }))
}

/** Only of what stood on this server's own pages. */
async function line(context: Context, act: Act): Promise<Html | undefined> {
  const { words, site } = context
  const item = await site.store.get('items', act.item)
  if (item?.initiative !== groupId(site)) return undefined
  const { reason, digest } = readDecision(act)
  const later = act.verb === 'refused' && item.visibility === 'shown'
  return html`<p><b>${words(`record.${act.verb}`)}</b> · ${day(words, act.at)}${
    later && html` · ${words('record.shown_later')}`
  }</p>
<dl class="facts"><dt>${words('record.page')}</dt><dd>${await placeOf(context, item)}</dd>
${item.type === 'contribution' && html`<dt>${words('record.from')}</dt><dd>${own(hostOf(item.author))}</dd>`}
${reason !== '' && html`<dt>${words('record.why')}</dt><dd>${own(reason)}</dd>`}
${digest !== undefined && html`<dt>${words('record.digest')}</dt><dd class="code">${own(digest)}</dd>`}</dl>`
}

/** The page a contribution stood on; of anything else its own address. */
const placeOf = async (context: Context, item: Item): Promise<Html> =>
  item.type === 'contribution' ? nameOf(context, item.about) : own(pathOf(item.id))
