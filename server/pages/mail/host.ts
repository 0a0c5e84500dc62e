/** What a host sees of e-mail: whether it is sent, what waits, which addresses are refused; and whether first words wait. */
import { type Context, sendPage, word } from '../../context.ts'
import { button } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { BOUNCES_MAX } from '../../mailing/digests.ts'
import type { Mailing } from '../../mailing/mailing.ts'
import { hostPage } from '../host/frame.ts'
import { day } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { holdsFirst, setHoldsFirst } from '../reading/waits.ts'

const SHOWN_MAX = 50
const COUNTED_MAX = 100_000

export const hostMail =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    allowed(res, 'manage_initiative')
    const { words, site, mails } = context
    const count = (state: string) => site.store.count('mails', { where: { state } }, COUNTED_MAX)
    const [waiting, sent, failed, subscribers, bounces, holds] = await Promise.all([
      count('waiting'),
      count('sent'),
      count('failed'),
      site.store.count('subscribers', {}, COUNTED_MAX),
      site.store.find('bounces', { limit: SHOWN_MAX }),
      holdsFirst(site),
    ])
    const title = words('host.nav.mail')
    const body = html`${mails ? html`<p>${words.rich('hostmail.from', { address: own(mailing.from) })}</p>` : html`<p class="note">${words('hostmail.none')}</p>`}
<dl class="facts"><dt>${words('hostmail.subscribers')}</dt><dd>${words.number(subscribers)}</dd>
<dt>${words('hostmail.waiting')}</dt><dd>${words.number(waiting)}</dd><dt>${words('hostmail.sent')}</dt><dd>${words.number(sent)}</dd>
<dt>${words('hostmail.failed')}</dt><dd>${words.number(failed)}</dd></dl>
<h2>${words('hostmail.bounces')}</h2><p>${words('hostmail.bounces_said', { count: BOUNCES_MAX })}</p>
${bounces.length > 0 ? html`<ul>${bounces.map(({ email, count: times, at, why }) => html`<li>${own(email)} · ${words.number(times)} · ${day(words, at)} · <bdi>${why}</bdi></li>`)}</ul>` : html`<p>${words('hostmail.no_bounces')}</p>`}
${site.policy.publishes && firstPart(context, holds)}`
    sendPage(res, hostPage(context, { title, body, here: 'mail', done: req.query.done }))
  }

/** Whether the first contributions of new accounts wait. */
const firstPart = (context: Context, holds: boolean): Html =>
  html`<h2>${context.words('hostmail.first')}</h2><p>${context.words(holds ? 'hostmail.held' : 'hostmail.not_held')}</p>
${button(context, '/host/mail', context.words(holds ? 'hostmail.hold_no' : 'hostmail.hold_yes'), { hold: holds ? 'no' : 'yes' }, 'second')}`

export const holdSetting: Show = async ({ site }, req, res) => {
  allowed(res, 'manage_initiative')
  await setHoldsFirst(site, word(req, 'hold') === 'yes')
  res.redirect(303, '/host/mail?done=saved')
}
