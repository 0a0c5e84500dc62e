/** Being signed in: a signed token (JWT) in a cookie no script can read, and the token of every form. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import jwt from 'jsonwebtoken'
import { may, type Verb } from '../content/rights.ts'
import type { Person } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Store } from '../content/store.ts'
import type { Context } from './context.ts'
import { contextOf } from './context.ts'

const LASTS_SECONDS = 12 * 3600

export interface Login {
  person: Person
  /** Names this login; the form token is made from it. */
  jti: string
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
const cookieName = (origin: string) =>
  secure(origin) ? '__Host-tributary' : `tributary-${new URL(origin).port || '80'}`

/** Sign a person in: a fresh token each time, so that a fixed one is worth nothing. */
export function signIn(res: Response, person: Person, secret: string): void {
  const { site } = contextOf(res)
  const iat = Math.floor(Date.parse(site.now()) / 1000)
  const claims = { sub: person.id, epoch: person.epoch, jti: randomBytes(16).toString('hex'), iat }
  const token = jwt.sign({ ...claims, exp: iat + LASTS_SECONDS }, secret, { algorithm: 'HS256' })
  res.cookie(cookieName(site.origin), token, {
    ...cookieOptions(site.origin),
    maxAge: LASTS_SECONDS * 1000,
  })
}

export function signOut(res: Response): void {
  const { site } = contextOf(res)
  res.clearCookie(cookieName(site.origin), cookieOptions(site.origin))
}

const cookieOptions = (origin: string) =>
  ({ httpOnly: true, sameSite: 'lax', secure: secure(origin), path: '/' }) as const

/** Who the cookie says is here, if the token is ours, in time, and not of an ended epoch. */
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
    const person = await store.get('people', claims.sub)
    return person && person.epoch === claims.epoch ? { person, jti: claims.jti } : undefined
  } catch (error) {
    if (error instanceof jwt.JsonWebTokenError) return undefined
    throw error
  }
}

function cookie(req: Request, name: string): string | undefined {
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
