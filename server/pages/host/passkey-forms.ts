/** What passkeys look like on a page: forms that a small script shows where the browser can do it, and what went wrong, in words. */
import type { Response } from 'express'
import type { Mistake } from '../../../content/refusal.ts'
import { Refusal } from '../../../content/refusal.ts'
import { scriptPath } from '../../assets.ts'
import { type Context, contextOf } from '../../context.ts'
import { button, mistakeText } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { cookie, cookieName, cookieOptions } from '../../login.ts'
import { type Answer, type Asked, CHALLENGE_MS, passkeyHost } from '../../passkeys.ts'
import type { Typed } from './typed.ts'

const script = scriptPath('passkeys.js')

/** A form that nobody sees before the script has found that this browser has passkeys. */
export const passkeyPlace = (way: 'create' | 'get', challenge: string, form: Html): Html =>
  html`<div data-passkey="${way}" data-challenge="${challenge}" hidden>${form}</div>
<script type="module" src="${script}"></script>`

/** Below the password of the sign-in; nothing where this site can have no passkeys. */
export function passkeyButton(context: Context, next: string): Html | false {
  if (!passkeyHost(context.site.origin)) return false
  const label = context.words('passkey.enter')
  return passkeyPlace(
    'get',
    '/login/passkey/challenge',
    button(context, '/login/passkey', label, { next }, 'second'),
  )
}

/** What is wrong with a passkey stands on top of the page: it belongs to no field. */
export function passkeyAlert({ words }: Context, mistakes: Mistake[]): Html | false {
  const [wrong] = mistakes.filter(({ field }) => field === 'passkey')
  if (!wrong) return false
  return html`<div class="mistakes" role="alert" tabindex="-1"><p>${mistakeText(words, wrong)}</p></div>`
}

const cookieOf = (origin: string) => cookieName(origin, '-passkey')
const strict = (origin: string) => ({ ...cookieOptions(origin), sameSite: 'strict' }) as const

/** To the script: what the device is to be asked. The secret goes where no script can read it. */
export function sendAsked(res: Response, { options, secret }: Asked<object>): void {
  const { origin } = contextOf(res).site
  res.cookie(cookieOf(origin), secret, { ...strict(origin), maxAge: CHALLENGE_MS })
  res.json(options)
}

/** How a browser names what went wrong there (WebAuthn Level 3, sections 5.1.3 and 5.1.4). */
const failures: Record<string, string> = {
  NotAllowedError: 'passkey.cancelled',
  AbortError: 'passkey.cancelled',
  InvalidStateError: 'passkey.here_already',
  SecurityError: 'passkey.address',
  NotSupportedError: 'passkey.unsupported',
  ConstraintError: 'passkey.unsupported',
}

/** What the form brought from the device; a Refusal that says what happened when it brought nothing. */
export function answerIn(res: Response, { response = '', failed = '' }: Typed): Answer {
  const { origin } = contextOf(res).site
  const secret = cookie(res.req, cookieOf(origin))
  res.clearCookie(cookieOf(origin), strict(origin))
  if (response === '')
    throw new Refusal(
      'invalid',
      Object.hasOwn(failures, failed) ? String(failures[failed]) : 'passkey.failed',
    )
  return { secret, response }
}
