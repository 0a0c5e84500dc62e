/** What whoever was invited sees: one form, and they are in. Opening the link alone changes nothing. */
import type { RequestHandler, Response } from 'express'
import type { Invitation, Passkey } from '../../../content/accounts.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { accept, invitationOf } from '../../invitations.ts'
import { page } from '../../layout.ts'
import { browserOf, signIn } from '../../login.ts'
import { askToJoin, joiningPasskey, passkeyHost } from '../../passkeys.ts'
import { checkNewcomer } from '../../people.ts'
import { moment } from '../parts/dates.ts'
import { part, type Show } from '../reading/find.ts'
import { countAttempt, limited } from './login.ts'
import { ownFields } from './own-fields.ts'
import { answerIn, passkeyAlert, passkeyPlace, sendAsked } from './passkey-forms.ts'
import { siteName } from './passkeys.ts'
import { besideField, type Typed, typedIn, wrongIn } from './typed.ts'

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
    const password = typed.password ?? ''
    const newcomer = { ...own(typed), password, language: context.words.language }
    let passkey: Awaited<ReturnType<typeof passkeyIn>>
    const wrong = await besideField('passkey', async () => {
      passkey = await passkeyIn(context, res, invitation, typed)
    })
    if (wrong.length > 0)
      return showInvited(context, res, { token, invitation, typed, mistakes: wrong })
    let person: Awaited<ReturnType<typeof accept>> | undefined
    const mistakes = await wrongIn(async () => {
      person = await accept(context.site, token, newcomer, passkey)
    })
    if (!person) return showInvited(context, res, { token, invitation, typed, mistakes })
    await signIn(res, person, secret)
    res.redirect(303, '/host/account')
  }

const own = ({ name = '', email = '' }: Typed) => ({ name, email: email.trim() })

/** For the script: only for an account that could begin so. */
export const askInvited: Show = async (context, req, res) => {
  const invitation = await invitationIn(context, part(req, 'token'), res)
  sendAsked(res, await ready(context, invitation, typedIn(req)))
}

async function ready(context: Context, { id }: Invitation, typed: Typed) {
  const newcomer = await checkNewcomer(context.site, own(typed))
  return askToJoin(context.site, id, newcomer, siteName(context))
}

async function passkeyIn(
  context: Context,
  res: Response,
  invitation: Invitation,
  typed: Typed,
): Promise<Omit<Passkey, 'person'> | undefined> {
  if (typed.do !== 'passkey') return undefined
  // The script asked and was refused: the same question again, so that the page says why.
  if (typed.failed === 'refused') await ready(context, invitation, typed)
  const name = browserOf(res.req.headers['user-agent']) || context.words('passkey.unnamed')
  return joiningPasskey(context.site, invitation.id, answerIn(res, typed), name)
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
  const body = html`<h1>${title}</h1>${passkeyAlert(context, mistakes)}
<p class="lead">${words.rich('invited.said', { role: words(`role.${role}`), may: words(`role.${role}_may`) })}</p>
<p class="soft">${words.rich('invited.until', { until: moment(words, until) })}</p>
${person && html`<p class="note">${words.rich('invited.signed_in', { name: html`<bdi>${person.name}</bdi>` })}</p>`}
${ways(context, { token, typed, mistakes })}`
  sendPage(res, page(context, { title, body }), mistakes.length > 0 ? 400 : 200)
}

/** With a passkey where site and browser can do it, and with a password everywhere. */
function ways(context: Context, { token, typed, mistakes }: Omit<Shown, 'invitation'>): Html {
  const { words, site } = context
  const action = `/invite/${token}`
  const byPasskey = typed.do === 'passkey'
  const fields = ownFields(words, { name: 'name', hint: words('invited.email_hint') })
  const inFields = mistakes.filter(({ field }) => field !== 'passkey')
  const password = form(context, {
    action,
    fields,
    values: typed,
    mistakes: byPasskey ? [] : inFields,
    submit: words('invited.submit'),
  })
  if (!passkeyHost(site.origin)) return password
  const hidden: Field = { name: 'do', label: '', kind: 'hidden' }
  const passkey = html`<h2>${words('invited.by_passkey')}</h2><p>${words('passkey.said')}</p>
${form(context, {
  action,
  prefix: 'p-',
  fields: [...fields.filter(({ name }) => name !== 'password'), hidden],
  values: { ...typed, do: 'passkey' },
  mistakes: byPasskey ? inFields : [],
  submit: words('invited.passkey_submit'),
})}`
  return html`${passkeyPlace('create', `${action}/passkey`, passkey)}
<h2>${words('invited.by_password')}</h2>${password}`
}
