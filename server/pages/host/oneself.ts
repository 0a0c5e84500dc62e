/** Proving once more that it is oneself: by the present password, or by a sign-in of this moment where there is none. */
import type { Response } from 'express'
import { mistaken } from '../../../content/checked.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import type { Context } from '../../context.ts'
import type { Field } from '../../forms.ts'
import { isPassword } from '../../passwords.ts'
import { countAttempt } from './login.ts'
import type { Typed } from './typed.ts'

/** Whoever has no password to type must have signed in so lately. */
const FRESH_MS = 10 * 60_000

/** Whoever came by a link in a letter was never told the password of their account. */
export const knowsPassword = ({ password, joinedAt, role }: Person): boolean =>
  password !== '' && !(joinedAt && role === 'participant')

/**
 * Asked for before what a stolen login must not do; a wrong password counts as an attempt. Refusal `invalid` with
 * a mistake beside `field`, or `forbidden` for whoever has no password and signed in too long ago.
 */
export async function proveOneself(
  context: Context,
  res: Response,
  person: Person,
  { field, typed }: { field: string; typed: Typed },
): Promise<void> {
  if (!knowsPassword(person)) return wasHereLately(context)
  if (await isPassword(context.site, typed[field] ?? '', person.password)) return
  countAttempt(res)
  mistaken(field, 'account.wrong_password')
}

async function wasHereLately({ site, login }: Context): Promise<void> {
  const known = login ? await site.store.get('logins', login) : undefined
  const ageMs = Date.parse(site.now()) - Date.parse(known?.at ?? '')
  if (!(ageMs < FRESH_MS)) throw new Refusal('forbidden', 'passkey.sign_in_again')
}

/** The field for it, for those who have a password. */
export const ownPassword = ({ words }: Context, person: Person, name: string): Field[] =>
  knowsPassword(person)
    ? [
        {
          name,
          label: words('account.present'),
          kind: 'password',
          required: true,
          autocomplete: 'current-password',
          dir: 'ltr',
        },
      ]
    : []
