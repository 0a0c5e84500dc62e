/** Following by e-mail: asked for on a page, begun by a link in a letter. */
import * as z from 'zod'
import { checked } from '../../../content/checked.ts'
import { Period } from '../../../content/mailing.ts'
import { Refusal } from '../../../content/refusal.ts'
import { groupId } from '../../../federation/addresses.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { type Followable, followable } from '../../mailing/followable.ts'
import { standingLink } from '../../mailing/letters.ts'
import { askForLetter, type Mailing } from '../../mailing/mailing.ts'
import { confirmFollow } from '../../mailing/subscribers.ts'
import { wrongIn } from '../host/typed.ts'
import { own, pathOf } from '../parts/links.ts'
import { FOLLOW_BY_MAIL, followForm } from '../parts/follow-by-mail.ts'
import type { Show } from '../reading/find.ts'
import { letterIn, sendQuestion, sendSaid } from './link.ts'

const Asked = z.object({ email: z.email().max(300), period: Period })

export const followPage: Show = async (context, req, res) => {
  const { words, mails, site } = context
  const id = word(req, 'what') ?? groupId(site)
  const what = await wanted(context, id)
  const title = words('bymail.title')
  const body = html`<h1>${title}</h1><p class="lead"><a href="${what.path}">${own(what.title)}</a></p>${
    mails ? followForm(context, { what: id }) : html`<p>${words('bymail.none')}</p>`
  }`
  sendPage(res, page(context, { title, body }))
}

async function wanted({ site, words }: Context, id: string): Promise<Followable> {
  const what = await followable(site, id, words)
  if (!what) throw new Refusal('missing', 'page')
  return what
}

/** The same answer whoever follows already, so that nobody learns who does. */
export const follow =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { words } = context
    const about = word(req, 'what') ?? ''
    const what = await wanted(context, about)
    const typed = {
      email: (word(req, 'email') ?? '').trim().toLowerCase(),
      period: word(req, 'period'),
    }
    const mistakes = await wrongIn(async () => {
      const { email: to, period } = checked(Asked, typed)
      const { language } = words
      await askForLetter(mailing, { kind: 'follow', to, language, about, values: { period } })
    })
    const title = words('bymail.title')
    if (mistakes.length === 0) return sendSaid(context, res, title, words('bymail.look'))
    const body = html`<h1>${title}</h1><p class="lead">${own(what.title)}</p>${followForm(context, { ...typed, what: about }, mistakes)}`
    sendPage(res, page(context, { title, body }), 400)
  }

export const confirmPage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { words } = context
    const { about, to } = await letterIn(mailing, req, ['follow'])
    const what = await wanted(context, about)
    sendQuestion(context, req, res, {
      title: words('bymail.title'),
      said: words.rich('bymail.confirm', { what: own(what.title), email: own(to) }),
      action: `${FOLLOW_BY_MAIL}/confirm`,
      submit: words('bymail.submit'),
    })
  }

export const confirm =
  (mailing: Mailing): Show =>
  async (_context, req, res) => {
    const id = await confirmFollow(mailing, await letterIn(mailing, req, ['follow']))
    res.redirect(303, manageLink(mailing, id, '&done=begun'))
  }

/** The page of somebody's subscriptions. */
export const manageLink = (mailing: Mailing, id: string, more = ''): string => {
  const link = standingLink(mailing, 'subscriber', `${FOLLOW_BY_MAIL}/manage`, id)
  return pathOf(link) + new URL(link).search + more
}
