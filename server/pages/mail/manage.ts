/** All that one address follows: changed, paused, taken along, or ended, by whoever has the link from a letter. */
import type { Request } from 'express'
import { Period, type Subscriber } from '../../../content/mailing.ts'
import { Refusal } from '../../../content/refusal.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button } from '../../forms.ts'
import { html, type Html } from '../../html.ts'
import { page } from '../../layout.ts'
import { BOUNCES_MAX } from '../../mailing/digests.ts'
import { followable } from '../../mailing/followable.ts'
import type { Mailing } from '../../mailing/mailing.ts'
import { type Changing, changeSubscriber, lettersTo } from '../../mailing/subscribers.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { manageLink } from './follow.ts'
import { linkValues, sendQuestion, sendSaid, whoIn } from './link.ts'
import { richPair } from '../../marks.ts'

const MANAGE = '/follow/mail/manage'

const subscriberIn = (mailing: Mailing, req: Request): Promise<Subscriber | undefined> =>
  mailing.site.store.get('subscribers', whoIn(mailing, req, 'subscriber'))

export const managePage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { words, site } = context
    const subscriber = await subscriberIn(mailing, req)
    if (!subscriber) return sendSaid(context, res, words('manage.title'), words('manage.nothing'))
    const { id, email, period, paused, follows } = subscriber
    const bounce = await site.store.get('bounces', id)
    const title = words('manage.title')
    const act = (
      label: string,
      values: Record<string, string>,
      look: 'second' | 'danger' = 'second',
    ) => button(context, MANAGE, label, { ...linkValues(req), ...values }, look)
    const lines = await Promise.all(follows.map((each) => followed(context, each, act)))
    const others = Period.options.filter((each) => each !== period)
    const path = `/follow/mail/export?who=${id}&token=${linkValues(req).token ?? ''}`
    const body = html`<h1>${title}</h1><p class="lead">${richPair(words, own(email), words(`bymail.${period}`))}</p>
${req.query.done !== undefined && html`<p class="note" role="status">${words('manage.done')}</p>`}
${bounce && bounce.count >= BOUNCES_MAX && html`<p class="note">${words('manage.bounced')}</p>`}
${paused && html`<p class="note">${words('manage.paused')}</p>`}
<ul class="entries">${lines}</ul>
<p>${others.map((each) => act(words(`manage.${each}`), { do: each }))} ${act(words(paused ? 'manage.resume' : 'manage.pause'), { do: paused ? 'resume' : 'pause' })}</p>
<p><a href="${path}">${words('manage.export')}</a></p>
<h2>${words('manage.stop')}</h2><p>${words('manage.stop_said')}</p>${act(words('manage.stop'), { do: 'stop' }, 'danger')}`
    sendPage(res, page(context, { title, body }))
  }

type Act = (label: string, values: Record<string, string>) => Html

async function followed({ site, words }: Context, id: string, act: Act): Promise<Html> {
  const what = await followable(site, id, words)
  return html`<li>${what ? html`<a href="${what.path}">${own(what.title)}</a>` : words('manage.gone')} ${act(words('manage.unfollow'), { do: 'unfollow', what: id })}</li>`
}

const changes: Changing[] = ['unfollow', ...Period.options, 'pause', 'resume', 'stop']

export const change =
  (mailing: Mailing): Show =>
  async (_context, req, res) => {
    const id = whoIn(mailing, req, 'subscriber')
    const what = changes.find((each) => each === word(req, 'do'))
    if (!what) throw new Refusal('invalid', 'request')
    await changeSubscriber(mailing, id, what, word(req, 'what'))
    res.redirect(303, manageLink(mailing, id, '&done=changed'))
  }

export const stopPage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { words } = context
    whoIn(mailing, req, 'subscriber')
    const said = words('manage.stop_said')
    const submit = words('manage.stop')
    sendQuestion(context, req, res, { title: submit, said, action: '/follow/mail/stop', submit })
  }

/** Also what a mail program sends when its reader presses its own button (RFC 8058): no login, no second question. */
export const stop =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    await changeSubscriber(mailing, whoIn(mailing, req, 'subscriber'), 'stop')
    sendSaid(context, res, context.words('manage.title'), context.words('manage.nothing'))
  }

export const exportSubscriber =
  (mailing: Mailing): Show =>
  async (_context, req, res) => {
    const subscriber = await subscriberIn(mailing, req)
    const mails = subscriber ? await lettersTo(mailing, subscriber.email) : []
    res.attachment('subscriptions.json').json({ subscriber: subscriber ?? null, letters: mails })
  }
