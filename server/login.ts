/** Being signed in: a signed token (JWT) in a cookie no script can read, and the token of every form. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import jwt from 'jsonwebtoken'
import type { KnownLogin } from '../content/accounts.ts'
import { may, type Verb } from '../content/rights.ts'
import type { Person } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Store } from '../content/store.ts'
import { again } from '../federation/races.ts'
import type { Site } from '../federation/site.ts'
import type { Context } from './context.ts'
import { contextOf } from './context.ts'

const LASTS_SECONDS = 12 * 3600
const LOGINS_SHOWN = 100
const FORGOTTEN_AT_ONCE = 1000

export interface Login {
  person: Person
  /** Names this login; the form token is made from it. */
  jti: string
  /** What it is called in the store. */
  id: string
}

/** The secret that signs logins: made once, kept in the store. */
export async function loginSecret(store: Store): Promise<string> {
  const known = await store.get('notes', 'login-secret')
  if (known) return known.value
  const value = randomBytes(32).toString('base64url')
  await store.commit({ put: { notes: [{ id: 'login-secret', value }] } })
  return value
}

const secure = (origin: string) => origin.startsWith('https:')
/** Browsers keep cookies by host alone: several servers on one machine need names of their own. */
export const cookieName = (origin: string, what = '') =>
  `${secure(origin) ? '__Host-tributary' : `tributary-${new URL(origin).port || '80'}`}${what}`

/**
 * Sign a person in: a fresh token each time, so that a fixed one is worth nothing. The cookie is set at once;
 * the login is known, and holds, when this resolves.
 */
export async function signIn(res: Response, person: Person, secret: string): Promise<void> {
  const { site } = contextOf(res)
  const at = site.now()
  const iat = Math.floor(Date.parse(at) / 1000)
  const jti = randomBytes(16).toString('hex')
  const claims = { sub: person.id, epoch: person.epoch, jti, iat }
  const token = jwt.sign({ ...claims, exp: iat + LASTS_SECONDS }, secret, { algorithm: 'HS256' })
  res.cookie(cookieName(site.origin), token, {
    ...cookieOptions(site.origin),
    maxAge: LASTS_SECONDS * 1000,
  })
  await remember(site, {
    id: loginId(jti),
    person: person.id,
    epoch: person.epoch,
    at,
    until: new Date((iat + LASTS_SECONDS) * 1000).toISOString(),
    browser: browserOf(res.req.headers['user-agent']),
  })
}

export async function signOut(res: Response): Promise<void> {
  const { site, login } = contextOf(res)
  res.clearCookie(cookieName(site.origin), cookieOptions(site.origin))
  if (login) await site.store.commit({ drop: { logins: [login] } })
}

/** What a login is called where it is kept: whoever reads the store cannot sign in by it. */
export const loginId = (jti: string): string => createHash('sha256').update(jti).digest('base64url')

/** The note of when somebody signed in last. */
export const seenId = (person: string): string => `seen ${person}`

export const lastSeen = async ({ store }: Site, person: string): Promise<string | undefined> =>
  (await store.get('notes', seenId(person)))?.value

/** Two who sign in to one account at once write the same note: the later one reads it again. */
const remember = ({ store }: Site, login: KnownLogin): Promise<void> =>
  again(async () => {
    const seen = await store.get('notes', seenId(login.person))
    const note = { ...seen, id: seenId(login.person), value: login.at }
    await store.commit({ put: { logins: [login], notes: [note] } })
  })

/** The logins of a person that hold, latest first. */
export async function loginsOf({ store, now }: Site, person: Person): Promise<KnownLogin[]> {
  const where = { person: person.id }
  const found = await store.find('logins', { where, since: now(), limit: LOGINS_SHOWN })
  return found.filter(({ epoch }) => epoch === person.epoch)
}

/** Logins whose time is over are forgotten, some at a time. */
export async function forgetLogins({ store, now }: Site): Promise<void> {
  const over = await store.find('logins', {
    until: now(),
    order: 'oldest',
    limit: FORGOTTEN_AT_ONCE,
  })
  if (over.length > 0) await store.commit({ drop: { logins: over.map(({ id }) => id) } })
}

const browsers = {
  Edg: 'Edge',
  OPR: 'Opera',
  Firefox: 'Firefox',
  Chrome: 'Chrome',
  Safari: 'Safari',
}
const systems = {
  Android: 'Android',
  'iPhone|iPad': 'iOS',
  Windows: 'Windows',
  'Mac OS': 'macOS',
  Linux: 'Linux',
}

/** `Firefox · Linux`: enough to know one's own machines, and no more is kept. */
export function browserOf(agent = ''): string {
  const first = (names: Record<string, string>) =>
    Object.entries(names).find(([pattern]) => new RegExp(pattern).test(agent))?.[1]
  return [first(browsers), first(systems)].filter(Boolean).join(' · ')
}

export const cookieOptions = (origin: string) =>
  ({ httpOnly: true, sameSite: 'lax', secure: secure(origin), path: '/' }) as const

/** Who the cookie says is here, if the token is ours, in time, not ended, and not of an ended epoch. */
export async function readLogin(
  req: Request,
  store: Store,
  { origin, secret, at }: { origin: string; secret: string; at: string },
): Promise<Login | undefined> {
  const token = cookie(req, cookieName(origin))
  if (!token) return undefined
  try {
    const clockTimestamp = Math.floor(Date.parse(at) / 1000)
    const claims = jwt.verify(token, secret, { algorithms: ['HS256'], clockTimestamp })
    if (typeof claims === 'string' || !claims.sub || !claims.exp || !claims.jti) return undefined
    const id = loginId(claims.jti)
    const [person, known] = await Promise.all([
      store.get('people', claims.sub),
      store.get('logins', id),
    ])
    const holds = person?.epoch === claims.epoch && known?.person === claims.sub
    return person && holds ? { person, jti: claims.jti, id } : undefined
  } catch (error) {
    if (error instanceof jwt.JsonWebTokenError) return undefined
    throw error
  }
}

/** What a cookie of this name holds. */
export function cookie(req: Request, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1]
}

/** The hidden field of this login's forms. */
export const formToken = (jti: string, secret: string): string =>
  createHmac('sha256', secret).update(`form ${jti}`).digest('base64url')

/**
 * Refuse a form that another site made somebody send: the browser must say that it comes from here, and
 * whoever is signed in must send the token of their login.
 */
export function checkForm(req: Request, context: Context): void {
  const from = req.headers.origin
  const fetchSite = req.headers['sec-fetch-site']
  const foreign = from ? from !== context.site.origin : fetchSite && fetchSite !== 'same-origin'
  if (foreign) throw new Refusal('forbidden', 'form.foreign')
  const sent = Buffer.from(String((req.body as Record<string, unknown> | undefined)?._token ?? ''))
  const wanted = Buffer.from(context.token)
  const right = sent.length === wanted.length && timingSafeEqual(sent, wanted)
  if (context.person && !right) throw new Refusal('forbidden', 'form.token')
}

/** Whoever is signed in, whatever they may do; else Refusal `unauthorized`. */
export function signedIn(res: Response): Person {
  const { person } = contextOf(res)
  if (!person) throw new Refusal('unauthorized', 'login.needed')
  return person
}

/** The signed-in person, if they may do this; else Refusal `unauthorized` (sign in) or `forbidden`. */
export function allowed(res: Response, verb: Verb): Person {
  const person = signedIn(res)
  if (!may(person, verb)) throw new Refusal('forbidden', 'login.forbidden', { role: person.role })
  return person
}
