/** E-mail: the letters that wait, who follows by e-mail, addresses that bounce, and when a digest is due. Pure. */
import * as z from 'zod'
import { At, Language } from './values.ts'

const rev = z.number().int().optional()

/** Digests come within ten minutes of what is new, daily at 06:00 UTC, or weekly on Mondays at that time. */
export const Period = z.enum(['at_once', 'daily', 'weekly'])

export const MailKind = z.enum([
  'follow',
  'sign_in',
  'join',
  'erase',
  'digest',
  'disposed',
  'answered',
])

/** One letter. It holds no secret: the links in it are derived when it is sent. */
export const Mail = z.object({
  /** Follows from what it is about where a repeated job must not make two; else unique. */
  id: z.string().max(500),
  rev,
  kind: MailKind,
  to: z.email().max(300),
  language: Language,
  /** What it is about: the followed thing, the contribution, the subscriber, the person. */
  about: z.string().max(2000).default(''),
  /** What only its kind knows: a period, a name, a choice. */
  values: z.record(z.string(), z.string().max(300)).default({}),
  /** Of a digest: the part of the public log it tells, after the first position up to the second. */
  after: z.number().int().default(0),
  upTo: z.number().int().default(0),
  /** `sending` is on disk before a server hears of it, `sent` right after the server has answered. */
  state: z.enum(['waiting', 'sending', 'sent', 'failed']),
  tries: z.number().int().default(0),
  retryAt: At,
  why: z.string().max(300).optional(),
  /** When its link was used: no link works twice. */
  usedAt: At.optional(),
  at: At,
})

/** Somebody who follows by e-mail and has confirmed it. */
export const Subscriber = z.object({
  /** Derived from the address and the server's secret. */
  id: z.string().max(100),
  rev,
  email: z.email().max(300),
  language: Language,
  period: Period,
  /** Ids of items, of the initiative, or `theme:<list>/<slug>`. */
  follows: z.array(z.string().max(2000)).max(100),
  /** Up to where in the public log this subscriber has been told. */
  told: z.number().int().nonnegative(),
  /** The last time a digest was due for it. */
  dueAt: At.optional(),
  paused: z.boolean().default(false),
  at: At,
})

/** An address that a mail server refused for good, how often in a row. */
export const Bounce = z.object({
  id: z.string(),
  rev,
  email: z.string(),
  count: z.number().int(),
  at: At,
  why: z.string().max(300),
})

export type Period = z.infer<typeof Period>
export type MailKind = z.infer<typeof MailKind>
export type Mail = z.infer<typeof Mail>
export type Subscriber = z.infer<typeof Subscriber>
export type Bounce = z.infer<typeof Bounce>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DUE_HOUR = 6
/** What is new within so long stands in one letter. */
const AT_ONCE_MS = 10 * 60_000

/** The last time at or before `at` that a digest of this period was due. */
export function lastDue(period: Period, at: string): string {
  if (period === 'at_once')
    return new Date(Math.floor(Date.parse(at) / AT_ONCE_MS) * AT_ONCE_MS).toISOString()
  const due = new Date(Date.parse(at) - DUE_HOUR * HOUR_MS)
  due.setUTCHours(DUE_HOUR, 0, 0, 0)
  const sinceMonday = period === 'weekly' ? (due.getUTCDay() + 6) % 7 : 0
  return new Date(due.getTime() - sinceMonday * DAY_MS).toISOString()
}
