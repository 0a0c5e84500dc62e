/** Who did what here, newest first: the record a host can show. */
import type { Act } from '../../../content/parties.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { entries } from '../parts/entries.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { nameOf } from './names.ts'
import { refusalWords } from './waiting.ts'

const PAGE_SIZE = 50

/** `?by=` and `?item=` keep to one person or one thing. */
export const trailPage: Show = async (context, req, res) => {
  allowed(res, 'see_host_pages')
  const { words, site } = context
  const [by, item] = [word(req, 'by'), word(req, 'item')]
  const where = { ...(by ? { by } : {}), ...(item ? { item } : {}) }
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [acts, total] = await Promise.all([
    site.store.find('acts', { where, skip, limit: PAGE_SIZE }),
    site.store.count('acts', { where }),
  ])
  const lines = await Promise.all(acts.map((act) => line(context, act)))
  const only = by ?? item
  const title = words('host.nav.trail')
  const body = html`<p class="lead">${words('trail.said')}</p>
${only && html`<p>${words.rich('trail.only', { what: await nameOf(context, only) })} <a href="/host/trail">${words('trail.all')}</a></p>`}
${lines.length > 0 ? entries(lines) : html`<p>${words('trail.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, hostPage(context, { title, body, here: 'trail' }))
}

async function line(context: Context, { by, verb, item, at, note }: Act): Promise<Html> {
  const { words } = context
  const [who, what] = await Promise.all([nameOf(context, by), nameOf(context, item)])
  return html`<p><b>${verbWords(context, verb)}</b> · ${what}</p>
<p class="soft">${who} · ${moment(words, at)}${note && html`<br>${noteWords(context, note)}`}</p>`
}

/** What the program notes is the sentence of a refusal. */
const noteWords = ({ words }: Context, note: string): Html =>
  words.has(`refusal.${note}`) ? html`${refusalWords(words, note)}` : own(note)

/** A verb that has no words yet shows itself. */
const verbWords = ({ words }: Context, verb: string): string =>
  words.has(`act.${verb}`) ? words(`act.${verb}`) : verb.replaceAll('_', ' ')
