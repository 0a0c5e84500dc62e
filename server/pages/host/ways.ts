/** The ways in which somebody signs in: said on the account page; a password changed, dropped, and got back. */
import type { Person } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import type { Context } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { passkeysOf } from '../../passkeys.ts'
import { knowsPassword, ownPassword } from './oneself.ts'

/** In a few words, with what helps whoever has lost them all. */
export async function waysIn({ words, site }: Context, person: Person): Promise<Html> {
  const count = (await passkeysOf(site, person)).length
  const password = words(person.password === '' ? 'ways.no_password' : 'ways.password')
  return html`${password} ${words('ways.passkeys', { count })}
<details><summary>${words('ways.lost')}</summary><p>${words('ways.lost_said')}</p>
<pre dir="ltr">npm run tributary -- person password ${person.email}</pre></details>`
}

const hidden: Field = { name: 'do', label: '', kind: 'hidden' }

/** A new one; whoever has none sets it after a sign-in of this moment. */
export function passwordForm(context: Context, person: Person, mistakes: Mistake[]): Html {
  const { words } = context
  const title = words(knowsPassword(person) ? 'account.password' : 'ways.set')
  const fields: Field[] = [
    ...ownPassword(context, person, 'present'),
    {
      name: 'password',
      label: words('account.new'),
      hint: words('people.password_hint'),
      kind: 'password',
      required: true,
      autocomplete: 'new-password',
      dir: 'ltr',
    },
    hidden,
  ]
  return html`<h2>${title}</h2>${!knowsPassword(person) && html`<p>${words('ways.set_said')}</p>`}
${form(context, {
  action: '/host/account',
  fields,
  values: { do: 'password' },
  mistakes: mistakes.filter(({ field }) => ['present', 'password'].includes(field)),
  submit: title,
})}`
}

/** Only for whoever has a passkey to go on with. */
export async function dropForm(
  context: Context,
  person: Person,
  mistakes: Mistake[],
): Promise<Html | false> {
  const { words, site } = context
  if (person.password === '' || (await passkeysOf(site, person)).length === 0) return false
  return html`<h2>${words('ways.drop')}</h2><p>${words('ways.drop_said')}</p>
${form(context, {
  action: '/host/account',
  fields: [...ownPassword(context, person, 'drop_present'), hidden],
  values: { do: 'drop_password' },
  mistakes: mistakes.filter(({ field }) => field === 'drop_present'),
  submit: words('ways.drop'),
})}`
}
