/** The time zone of whoever reads: chosen in the address or by a form, kept in a cookie of their own browser and nowhere else. */
import type { Request, Response } from 'express'
import { isTimeZone } from '../content/values.ts'
import { contextOf, word } from './context.ts'
import { cookie, cookieName, cookieOptions } from './login.ts'

const KEPT_MS = 365 * 86_400_000

const nameOf = (origin: string) => cookieName(origin, '-zone')

/** The zone in the address, which a link can pass on; none when it is none. */
export function zoneInAddress(req: Request): string | undefined {
  const zone = word(req, 'zone')
  return zone !== undefined && isTimeZone(zone) ? zone : undefined
}

/** The zone whose clocks this reader wants to see, if they ever said so. */
export function readersZone(req: Request, origin: string): string | undefined {
  return zoneInAddress(req) ?? zoneKept(req, origin)
}

/** A cookie says what anybody wrote into it. */
function zoneKept(req: Request, origin: string): string | undefined {
  const kept = cookie(req, nameOf(origin))?.replaceAll('%2F', '/')
  return kept !== undefined && isTimeZone(kept) ? kept : undefined
}

/** Keep a zone for a year; without one, forget it. */
export function keepZone(res: Response, zone: string | undefined): void {
  const { origin } = contextOf(res).site
  const options = cookieOptions(origin)
  if (zone) res.cookie(nameOf(origin), zone, { ...options, maxAge: KEPT_MS })
  else res.clearCookie(nameOf(origin), options)
}
