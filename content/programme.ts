/** What a programme says of meetings and sessions beside their times: who, where online, what was written down, moved or cancelled. */
import * as z from 'zod'
import { checked } from './checked.ts'
import type { Doing } from './doing.ts'
import type { Meeting, Session } from './model.ts'
import type { By } from './outcomes.ts'
import { At, Country, Language, Url } from './values.ts'

export const SessionRole = z.enum([
  'organiser',
  'moderator',
  'online_moderator',
  'rapporteur',
  'speaker',
])

/** A person on a programme: not an account. */
export const SessionPerson = z.object({
  name: z.string().min(1).max(200),
  role: SessionRole,
  affiliation: z.string().max(200).optional(),
  stakeholderGroup: z.string().max(40).optional(),
  country: Country.optional(),
})

/** What was written down while people spoke: an aid, never an authoritative record. */
export const Transcript = z.object({
  url: Url,
  provider: z.string().max(200).optional(),
  language: Language.optional(),
  /** Who may use it for what, in a sentence. */
  copyright: z.string().max(500).optional(),
  authoritative: z.literal(false).default(false),
})

/** Places elsewhere from which people take part together, one name each. */
export const Hubs = z.array(z.string().min(1).max(200)).max(50)

/** How a session is known elsewhere: `WS #75`. */
export const ExternalRef = z.string().max(60)

export const Reason = z.string().trim().min(1, 'field.required').max(2000)

/** It does not take place. The reason is shown wherever it is. */
export const Cancelled = z.object({ reason: Reason, at: At })

/** Its times were others until then. */
export const Moved = z.object({ at: At, startsAt: At, endsAt: At })

/** What may become of anything that has a time. */
export const happening = { cancelled: Cancelled.optional(), moved: Moved.optional() }

export type SessionPerson = z.infer<typeof SessionPerson>
export type Transcript = z.infer<typeof Transcript>

type Gathering = Meeting | Session
type Times = { startsAt: string; endsAt: string }

/** What was written down of a session, also where only its address is known. */
export const transcriptOf = ({ transcript, transcriptUrl }: Session): Transcript | undefined =>
  transcript ?? (transcriptUrl ? { url: transcriptUrl, authoritative: false } : undefined)

/** The times it had before this writing; what was noted before stays when they are the same. */
export function movedFrom(before: Gathering | undefined, now: Times, at: string) {
  if (!before) return {}
  const { startsAt, endsAt, moved } = before
  if (now.startsAt !== startsAt || now.endsAt !== endsAt) return { moved: { at, startsAt, endsAt } }
  return moved ? { moved } : {}
}

/** A changed time is marked for so long. */
const MOVED_SHOWN_MS = 7 * 86_400_000

export const isMoved = ({ moved }: Gathering, at: string): boolean =>
  moved !== undefined && Date.parse(at) - Date.parse(moved.at) < MOVED_SHOWN_MS

/** Say to everybody that it does not take place, and why. Refusal `invalid` without a reason. */
export function cancel<T extends Gathering>(item: T, reason: string, { actor, at }: By): Doing {
  const cancelled = checked(Cancelled, { reason, at })
  return changed({ ...item, cancelled, updated: at }, actor, at)
}

/** It takes place after all. */
export function reinstate<T extends Gathering>(item: T, { actor, at }: By): Doing {
  const { cancelled: _cancelled, ...kept } = item
  return changed({ ...kept, updated: at } as T, actor, at)
}

const changed = (item: Gathering, actor: string, at: string): Doing => ({
  put: { items: [item] },
  tell: tellings('update', item, actor, at),
})

/** What is said of a meeting is said twice: as an Event, and as a Note for servers that show no events. */
export function tellings(
  verb: 'create' | 'update' | 'delete',
  { id, type }: Pick<Gathering, 'id'> & { type: string },
  actor: string,
  at: string,
): NonNullable<Doing['tell']> {
  const event = { verb, item: id, actor, at }
  return type === 'meeting' ? [event, { ...event, as: 'announcement' as const }] : [event]
}

/** Those that are on at this moment, and those that come next, all of the same minute. */
export function nowAndNext(sessions: Session[], at: string): { now: Session[]; next: Session[] } {
  const on = sessions.filter(({ cancelled }) => !cancelled)
  const coming = on.filter(({ startsAt }) => startsAt > at)
  const first = coming.map(({ startsAt }) => startsAt).sort()[0]
  return {
    now: on.filter(({ startsAt, endsAt }) => startsAt <= at && at < endsAt),
    next: coming.filter(({ startsAt }) => startsAt === first),
  }
}
