/** One's own account: how one is called, in which language, one's password and passkeys. Open to everybody who is signed in. */
import type { RequestHandler } from 'express'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, contextOf, sendPage } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { html } from '../../html.ts'
import { signedIn, signIn, signOut } from '../../login.ts'
import { dropPassword, endLogins, setOwnFacts, setPassword } from '../../people.ts'
import { pair } from '../../marks.ts'
import { languages } from '../../words.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { limited, PER_ACCOUNT } from './login.ts'
import { endLogin, loginList } from './logins.ts'
import { proveOneself } from './oneself.ts'
import { passkeyAlert } from './passkey-forms.ts'
import { doToPasskeys, isPasskeyDeed, passkeyList } from './passkeys.ts'
import { type Typed, typedIn, wrongIn } from './typed.ts'
import { dropForm, passwordForm, waysIn } from './ways.ts'

/** A stolen login is no way to guess at the password. */
export const accountLimit = (site: Site): RequestHandler =>
  limited(site, PER_ACCOUNT, (_req, res) => contextOf(res).person?.id ?? '')

export const accountPage: Show = async (context, req, res) => {
  const person = signedIn(res)
  await showAccount(context, res, person, { done: req.query.done })
}

export const changeAccount =
  (secret: string): Show =>
  async (context, req, res) => {
    const person = signedIn(res)
    const typed = typedIn(req)
    if (typed.do === 'end') {
      await endLogins(context.site, person)
      await signOut(res)
      return res.redirect(303, '/login')
    }
    if (typed.do === 'end_one') {
      await endLogin(context.site, person, typed.login ?? '')
      return res.redirect(303, '/host/account?done=login_ended')
    }
    if (isPasskeyDeed(typed.do)) return changePasskeys(context, res, person, typed)
    const sets = Object.hasOwn(passwords, typed.do ?? '') && passwords[typed.do ?? '']
    if (sets) return setting(context, res, { person, typed, secret }, sets)
    if (typed.do !== 'facts') throw new Refusal('invalid', 'request')
    const facts = { name: typed.name ?? '', language: typed.language ?? '' }
    const mistakes = await wrongIn(() => setOwnFacts(context.site, person, facts))
    if (mistakes.length > 0) return showAccount(context, res, person, { typed, mistakes })
    res.redirect(303, '/host/account?done=saved')
  }

async function changePasskeys(
  context: Context,
  res: Parameters<Show>[2],
  person: Person,
  typed: Typed,
): Promise<void> {
  const mistakes = await doToPasskeys(context, res, person, typed)
  if (mistakes.length > 0) return showAccount(context, res, person, { typed, mistakes })
  res.redirect(303, `/host/account?done=${typed.do}`)
}

/** What can be done to a password, which field proves that it is its owner, and what the page says then. */
interface Setting {
  field: string
  act: (site: Site, person: Person, typed: Typed) => Promise<Person>
}

const passwords: Record<string, Setting> = {
  password: {
    field: 'present',
    act: (site, person, { password = '' }) => setPassword(site, person, password, person.id),
  },
  drop_password: { field: 'drop_present', act: dropPassword },
}

/** Every other login ends; this one goes on under a new token. */
async function setting(
  context: Context,
  res: Parameters<Show>[2],
  { person, typed, secret }: { person: Person; typed: Typed; secret: string },
  { field, act }: Setting,
): Promise<void> {
  let changed = person
  const mistakes = await wrongIn(async () => {
    await proveOneself(context, res, person, { field, typed })
    changed = await act(context.site, person, typed)
  })
  if (mistakes.length > 0) return showAccount(context, res, person, { mistakes })
  await signIn(res, changed, secret)
  res.redirect(303, `/host/account?done=${typed.do}`)
}

interface Shown {
  typed?: Typed
  mistakes?: Mistake[]
  done?: unknown
}

async function showAccount(
  context: Context,
  res: Parameters<Show>[2],
  person: Person,
  { typed = {}, mistakes = [], done }: Shown,
): Promise<void> {
  const { words } = context
  const title = words('account.title')
  const body = html`${passkeyAlert(context, mistakes)}<dl class="facts"><dt>${words('people.email')}</dt><dd>${own(person.email)}</dd>
<dt>${words('people.role')}</dt><dd>${pair(words, words(`role.${person.role}`), words(`role.${person.role}_may`))}</dd>
<dt>${words('ways.title')}</dt><dd>${await waysIn(context, person)}</dd></dl>
${factsForm(context, person, typed, mistakes)}
${passwordForm(context, person, mistakes)}
${await passkeyList(context, res, person, { typed, mistakes })}
${await dropForm(context, person, mistakes)}
${await loginList(context, person)}
<h2>${words('account.end')}</h2><p>${words('account.end_said')}</p>
${button(context, '/host/account', words('account.end'), { do: 'end' }, 'second')}`
  const shown = hostPage(context, { title, body, done })
  sendPage(res, shown, mistakes.length > 0 ? 400 : 200)
}

function factsForm(context: Context, person: Person, typed: Typed, mistakes: Mistake[]) {
  const { words } = context
  const naming = new Intl.DisplayNames([words.language], { type: 'language' })
  return form(context, {
    action: '/host/account',
    fields: [
      {
        name: 'name',
        label: words('people.name'),
        required: true,
        autocomplete: 'name',
        dir: 'auto',
      },
      {
        name: 'language',
        label: words('account.language'),
        kind: 'select',
        required: true,
        options: languages.map((value) => ({ value, label: naming.of(value) ?? value })),
      },
      { name: 'do', label: '', kind: 'hidden' },
    ],
    values: { name: person.name, language: person.language, ...typed, do: 'facts' },
    mistakes: mistakes.filter(({ field }) => ['name', 'language'].includes(field)),
    submit: words('account.save'),
  })
}
