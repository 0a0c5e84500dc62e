/** Passkeys: the list on one's own account, and signing in with one. */
import type { RequestHandler, Response } from 'express'
import type { Passkey } from '../../../content/accounts.ts'
import type { Person } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, inWords } from '../../context.ts'
import { button, type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { browserOf, signedIn, signIn } from '../../login.ts'
import {
  addPasskey,
  askToAdd,
  askToEnter,
  enterBy,
  namedPasskey,
  passkeyHost,
  passkeysOf,
  removePasskey,
  renamePasskey,
} from '../../passkeys.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { countAttempt, homeOf, limited, localPath, showLogin } from './login.ts'
import { ownPassword, proveOneself } from './oneself.ts'
import { answerIn, passkeyPlace, sendAsked } from './passkey-forms.ts'
import { besideField, type Typed, typedIn } from './typed.ts'

/** Each question leaves a row for some minutes. A room full of people may share one address. */
const QUESTIONS_PER_ADDRESS = 200
const QUESTIONS_FROM_ALL = 5000
/** Answers that do not hold. */
const WRONG_PER_ADDRESS = 20

export const questionLimits = (site: Site): RequestHandler[] => [
  limited(site, QUESTIONS_PER_ADDRESS),
  limited(site, QUESTIONS_FROM_ALL, () => 'all'),
]

export const answerLimits = (site: Site): RequestHandler[] => [limited(site, WRONG_PER_ADDRESS)]

/** For the script of the sign-in. */
export const askAtLogin: Show = async ({ site }, _req, res) => {
  countAttempt(res)
  sendAsked(res, await askToEnter(site))
}

export const loginByPasskey =
  (secret: string): Show =>
  async (context, req, res) => {
    const typed = typedIn(req)
    const next = localPath(typed.next)
    let person: Person | undefined
    const mistakes = await besideField('passkey', async () => {
      person = await enterBy(context.site, answerIn(res, typed))
    })
    if (!person) {
      if (typed.response) countAttempt(res)
      return showLogin(context, res, { next: next ?? '', mistakes })
    }
    await signIn(res, person, secret)
    res.redirect(303, next ?? homeOf(person))
  }

/** For the script of the account: only after the present password, or a sign-in of this moment. */
export const askOnAccount: Show = async (context, req, res) => {
  const person = signedIn(res)
  sendAsked(res, await ready(context, res, person, typedIn(req)))
}

/** A stolen login adds no passkey, which would outlive it. */
async function ready(context: Context, res: Response, person: Person, typed: Typed) {
  namedPasskey(typed.passkey_name ?? '')
  await proveOneself(context, res, person, { field: 'passkey_password', typed })
  return askToAdd(context.site, person, siteName(context))
}

/** How a device is told where its passkey is for. */
export const siteName = ({ site, words, profile }: Context): string =>
  profile ? inWords(profile.name, words) : new URL(site.origin).host

type Deed = (context: Context, res: Response, person: Person, typed: Typed) => Promise<void>

/** What the account page can do to passkeys, by the word its form sends. */
const deeds: Record<string, Deed> = {
  passkey_add: async (context, res, person, typed) => {
    // The script asked and was refused: the same question again, so that the page says why.
    if (typed.failed === 'refused') await ready(context, res, person, typed)
    await addPasskey(context.site, person, answerIn(res, typed), typed.passkey_name ?? '')
  },
  passkey_rename: ({ site }, _res, person, typed) =>
    renamePasskey(site, person, typed.passkey ?? '', typed.passkey_name ?? ''),
  passkey_remove: ({ site }, _res, person, typed) =>
    removePasskey(site, person, typed.passkey ?? ''),
}

export const isPasskeyDeed = (word = ''): boolean => Object.hasOwn(deeds, word)

/** Do it. What is wrong with it stands beside `passkey`, or beside a field of its form. */
export const doToPasskeys = (
  context: Context,
  res: Response,
  person: Person,
  typed: Typed,
): Promise<Mistake[]> =>
  besideField('passkey', () => deeds[typed.do ?? '']?.(context, res, person, typed))

/** The part of the account page about them. */
export async function passkeyList(
  context: Context,
  res: Response,
  person: Person,
  { typed, mistakes }: { typed: Typed; mistakes: Mistake[] },
): Promise<Html> {
  const { words, site } = context
  const passkeys = await passkeysOf(site, person)
  const inForms = mistakes.filter(({ field }) => field.startsWith('passkey_'))
  const shown = { typed, mistakes: inForms }
  return html`<h2>${words('passkey.title')}</h2><p>${words('passkey.said')}</p>
${
  passkeys.length > 0
    ? html`<ul class="entries">${passkeys.map((passkey, i) => entry(context, passkey, i, shown))}</ul>`
    : html`<p>${words('passkey.none')}</p>`
}
${
  passkeyHost(site.origin)
    ? html`<p class="note" data-without-passkey>${words('passkey.not_here')}</p>
${passkeyPlace('create', '/host/account/passkey', addForm(context, res, person, shown))}`
    : html`<p class="note">${words('passkey.no_address', { origin: site.origin })}</p>`
}`
}

interface Shown {
  typed: Typed
  mistakes: Mistake[]
}

function entry(context: Context, passkey: Passkey, i: number, { typed, mistakes }: Shown): Html {
  const { words } = context
  const { id, name, at, usedAt } = passkey
  const wrong = typed.do === 'passkey_rename' && typed.passkey === id
  const added = words.rich('passkey.added', { at: moment(words, at) })
  const used = usedAt
    ? words.rich('passkey.used', { at: moment(words, usedAt) })
    : words('passkey.unused')
  return html`<li><p>${own(name)}</p><p class="soft">${added} ${used}</p>
<details${wrong && html` open`}><summary>${words('passkey.rename')}</summary>${form(context, {
    action: '/host/account',
    prefix: `${i}-`,
    fields: [nameField(context), hidden('passkey'), hidden('do')],
    values: { passkey_name: name, ...(wrong ? typed : {}), passkey: id, do: 'passkey_rename' },
    mistakes: wrong ? mistakes : [],
    submit: words('passkey.rename'),
  })}</details>
${button(context, '/host/account', words('passkey.remove'), { do: 'passkey_remove', passkey: id }, 'danger')}</li>`
}

const hidden = (name: string): Field => ({ name, label: '', kind: 'hidden' })

const nameField = ({ words }: Context): Field => ({
  name: 'passkey_name',
  label: words('passkey.name'),
  hint: words('passkey.name_hint'),
  required: true,
  dir: 'auto',
})

function addForm(context: Context, res: Response, person: Person, { typed, mistakes }: Shown) {
  const { words } = context
  const here = typed.do === 'passkey_add'
  const browser = browserOf(res.req.headers['user-agent'])
  return form(context, {
    action: '/host/account',
    fields: [nameField(context), ...ownPassword(context, person, 'passkey_password'), hidden('do')],
    values: { passkey_name: (here && typed.passkey_name) || browser, do: 'passkey_add' },
    mistakes: here ? mistakes : [],
    submit: words('passkey.add'),
  })
}
