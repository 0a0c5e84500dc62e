/** What whoever was invited sees: one form, and they are in. Opening the link alone changes nothing. */
import type { RequestHandler, Response } from 'express'
import type { Invitation } from '../../../content/accounts.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { form } from '../../forms.ts'
import { html } from '../../html.ts'
import { accept, invitationOf } from '../../invitations.ts'
import { page } from '../../layout.ts'
import { signIn } from '../../login.ts'
import { moment } from '../parts/dates.ts'
import { part, type Show } from '../reading/find.ts'
import { countAttempt, limited } from './login.ts'
import { ownFields } from './own-fields.ts'
import { type Typed, typedIn, wrongIn } from './typed.ts'

/** Links that are none, from one address and from all together. */
const PER_ADDRESS = 20
const FROM_ALL = 500

/** Where somebody might guess at links. */
export const invitedLimits = (site: Site): RequestHandler[] => [
  limited(site, PER_ADDRESS),
  limited(site, FROM_ALL, () => 'all'),
]

/** A link that is none counts as a guess. */
async function invitationIn({ site }: Context, token: string, res: Response): Promise<Invitation> {
  // The address opens something: it is told to nobody, our own pages included.
  res.set('referrer-policy', 'strict-origin')
  try {
    return await invitationOf(site, token)
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'missing') countAttempt(res)
    throw error
  }
}

export const invitedPage: Show = async (context, req, res) => {
  const token = part(req, 'token')
  const invitation = await invitationIn(context, token, res)
  showInvited(context, res, { token, invitation, typed: {}, mistakes: [] })
}

export const acceptInvitation =
  (secret: string): Show =>
  async (context, req, res) => {
    const token = part(req, 'token')
    const invitation = await invitationIn(context, token, res)
    const typed = typedIn(req)
    const newcomer = {
      name: typed.name ?? '',
      email: typed.email?.trim() ?? '',
      password: typed.password ?? '',
      language: context.words.language,
    }
    let person: Awaited<ReturnType<typeof accept>> | undefined
    const mistakes = await wrongIn(
      async () => (person = await accept(context.site, token, newcomer)),
    )
    if (!person) return showInvited(context, res, { token, invitation, typed, mistakes })
    await signIn(res, person, secret)
    res.redirect(303, '/host/account')
  }

interface Shown {
  token: string
  invitation: Invitation
  typed: Typed
  mistakes: Mistake[]
}

function showInvited(
  context: Context,
  res: Response,
  { token, invitation, typed, mistakes }: Shown,
): void {
  const { words, profile, person } = context
  const { role, until } = invitation
  const name = profile ? inWords(profile.name, words) : ''
  const title = words('invited.title', { name })
  const body = html`<h1>${title}</h1>
<p class="lead">${words.rich('invited.said', { role: words(`role.${role}`), may: words(`role.${role}_may`) })}</p>
<p class="soft">${words.rich('invited.until', { until: moment(words, until) })}</p>
${person && html`<p class="note">${words.rich('invited.signed_in', { name: html`<bdi>${person.name}</bdi>` })}</p>`}
${form(context, {
  action: `/invite/${token}`,
  fields: ownFields(words, { name: 'name', hint: words('invited.email_hint') }),
  values: typed,
  mistakes,
  submit: words('invited.submit'),
})}`
  sendPage(res, page(context, { title, body }), mistakes.length > 0 ? 400 : 200)
}
