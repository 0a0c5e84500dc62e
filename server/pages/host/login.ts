/** Signing in and out, and how often somebody may try. */
import type { Request, RequestHandler, Response } from 'express'
import { rateLimit, type Store as Attempts } from 'express-rate-limit'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { may } from '../../../content/rights.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { signIn, signOut } from '../../login.ts'
import { isPassword } from '../../passwords.ts'
import { passkeyAlert, passkeyButton } from './passkey-forms.ts'
import type { Show } from '../reading/find.ts'

const WINDOW_MS = 15 * 60_000
const MINUTE_MS = 60_000
/** A room full of people may share one address; one account is tried by few. */
const PER_ADDRESS = 20
export const PER_ACCOUNT = 10
const CODES_FROM_ALL = 100
const KEYS_MAX = 10_000

type KeyOf = (req: Request, res: Response) => string

/**
 * At most `limit` attempts that fail in a quarter of an hour, by the site's clock; then Refusal `slow_down`.
 * Without `keyOf` they are counted by address (an IPv6 network counts as one).
 */
export function limited(site: Site, limit: number, keyOf?: KeyOf): RequestHandler {
  const attempts = new Map<string, { count: number; endMs: number }>()
  const nowMs = () => Date.parse(site.now())
  const store: Attempts = {
    localKeys: true,
    increment: (key) => {
      const held = attempts.get(key)
      const going = held && held.endMs > nowMs() ? held : { count: 0, endMs: nowMs() + WINDOW_MS }
      attempts.delete(key)
      if (attempts.size >= KEYS_MAX) attempts.delete(attempts.keys().next().value ?? '')
      attempts.set(key, { ...going, count: going.count + 1 })
      return { totalHits: going.count + 1, resetTime: undefined }
    },
    decrement: (key) => {
      const held = attempts.get(key)
      if (held) attempts.set(key, { ...held, count: Math.max(0, held.count - 1) })
    },
    resetKey: (key) => void attempts.delete(key),
  }
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    store,
    ...(keyOf ? { keyGenerator: keyOf } : {}),
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_req, res) => res.locals.wrongAttempt !== true,
    standardHeaders: false,
    legacyHeaders: false,
    // How many proxies there are is a setting (server/config.ts), not to be guessed from headers.
    validate: false,
    handler: (req, _res, next) => {
      const key = (Reflect.get(req, 'rateLimit') as { key: string }).key
      const waitMs = Math.max(0, (attempts.get(key)?.endMs ?? 0) - nowMs())
      next(tooMany(waitMs))
    },
  })
}

/** This attempt was wrong: it counts. */
export const countAttempt = (res: Response): void => void (res.locals.wrongAttempt = true)

function tooMany(waitMs: number): Refusal {
  const retryAfter = Math.ceil(waitMs / 1000)
  return new Refusal('slow_down', 'login.slow_down', {
    retryAfter,
    count: Math.ceil(waitMs / MINUTE_MS),
  })
}

/** Both limits of a sign-in: those who guess at one account from many places, and at many from one. */
export const loginLimits = (site: Site): RequestHandler[] => [
  limited(site, PER_ADDRESS),
  limited(site, PER_ACCOUNT, (req) => emailIn(req) ?? ''),
]

/** A code of nine digits is guessed at from one address, or from all of them together. */
export const setupLimits = (site: Site): RequestHandler[] => [
  limited(site, PER_ACCOUNT),
  limited(site, CODES_FROM_ALL, () => 'all'),
]

const emailIn = (req: Request): string | undefined => word(req, 'email')?.trim().toLowerCase()

/** A path of this site to go on to: never another host, however it is written. */
export function localPath(text: string | undefined): string | undefined {
  if (!text || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return undefined
  return URL.parse(text, 'http://here.invalid')?.host === 'here.invalid' ? text : undefined
}

export const loginPage: Show = async (context, req, res) => {
  const next = localPath(word(req, 'next'))
  if (context.person) return res.redirect(303, next ?? homeOf(context.person))
  showLogin(context, res, { next: next ?? '' })
}

interface LoginForm {
  next: string
  email?: string
  mistakes?: Mistake[]
}

/** The sign-in, with what was wrong the last time. */
export function showLogin(
  context: Context,
  res: Response,
  { next, email, mistakes = [] }: LoginForm,
): void {
  const { words, site } = context
  const onward = next ? `?next=${encodeURIComponent(next)}` : ''
  const title = words('login.title')
  const body = html`<h1>${title}</h1>${passkeyAlert(context, mistakes)}${form(context, {
    action: '/login',
    fields: [
      {
        name: 'email',
        label: words('people.email'),
        kind: 'email',
        required: true,
        autocomplete: 'username',
        dir: 'ltr',
      },
      {
        name: 'password',
        label: words('people.password'),
        kind: 'password',
        required: true,
        autocomplete: 'current-password',
        dir: 'ltr',
      },
      { name: 'next', label: '', kind: 'hidden' },
    ],
    values: { next, email },
    mistakes: mistakes.filter(({ field }) => field !== 'passkey'),
    submit: words('layout.login'),
  })}
${passkeyButton(context, next)}
${site.policy.publishes && html`<p><a href="/login/link${onward}">${words('join.link')}</a> · <a href="/join${onward}">${words('join.title')}</a></p>`}
<details><summary>${words('login.forgotten')}</summary><p>${words('login.forgotten_said')}</p>
<pre dir="ltr">npm run tributary -- person password ana@igf.example</pre></details>`
  sendPage(res, page(context, { title, body }), mistakes.length > 0 ? 400 : 200)
}

/** The same answer, after the same work, whether the address is unknown or the password is wrong. */
export const login =
  (secret: string): Show =>
  async (context, req, res) => {
    const { store } = context.site
    const next = localPath(word(req, 'next'))
    const email = emailIn(req)
    const [person] = email ? await store.find('people', { where: { email }, limit: 1 }) : []
    const password = word(req, 'password')
    const right = password !== undefined && (await isPassword(password, person?.password))
    if (!person || !right) {
      countAttempt(res)
      const mistakes = [{ field: 'email', sentence: 'login.wrong' }]
      return showLogin(context, res, { next: next ?? '', email: email ?? '', mistakes })
    }
    await signIn(res, person, secret)
    res.redirect(303, next ?? homeOf(person))
  }

/** Where somebody's work is. */
export const homeOf = (person: Person): string => (may(person, 'see_host_pages') ? '/host' : '/')

export const logoutPage: Show = async (context, _req, res) => {
  const { words, person } = context
  if (!person) return res.redirect(303, '/')
  const title = words('layout.logout')
  const body = html`<h1>${title}</h1><p>${words.rich('login.as', { name: html`<bdi>${person.name}</bdi>` })}</p>
${button(context, '/logout', title)}`
  sendPage(res, page(context, { title, body }))
}

export const logout: Show = async (_context, _req, res) => {
  await signOut(res)
  res.redirect(303, '/')
}
