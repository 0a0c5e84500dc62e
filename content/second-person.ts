/** A step that cannot be undone, asked for by one person and waiting for another: what may become of it. Pure. */
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { act } from './moderation.ts'
import { type Act, type Person } from './parties.ts'
import { Refusal } from './refusal.ts'
import type { Change } from './store.ts'
import { At } from './values.ts'

const DAY_MS = 24 * 3600_000
export const WAITS_DAYS = 14
export const REASON_LETTERS_MAX = 1000

/** What is to be done, to what, and with what. */
export const Step = z.object({
  verb: z.string().max(60),
  item: z.string().max(2000),
  args: z.record(z.string().max(60), z.string().max(5000)),
})

export const Pending = Step.extend({
  id: z.string(),
  rev: z.number().int().optional(),
  /** What the thing was like when it was asked for: it is not done to another. */
  basis: z.string().max(2000),
  by: z.string().max(2000),
  at: At,
  until: At,
  state: z.enum(['waiting', 'confirmed', 'declined', 'taken_back', 'expired', 'overtaken']),
  decidedBy: z.string().max(2000).optional(),
  decidedAt: At.optional(),
  reason: z.string().max(REASON_LETTERS_MAX).optional(),
})

export type Step = z.infer<typeof Step>
export type Pending = z.infer<typeof Pending>

/** The request of one person, which waits for fourteen days. */
export function ask(step: Step, basis: string, by: Person, at: string): Change {
  const until = new Date(Date.parse(at) + WAITS_DAYS * DAY_MS).toISOString()
  const pending: Pending = {
    ...step,
    ...{ id: randomUUID(), basis, by: by.id, at, until, state: 'waiting' },
  }
  return {
    put: { pendings: [pending], acts: [act(by.id, 'asked_second', step.item, at, step.verb)] },
  }
}

/** Refusal `gone` when it does not wait any more. */
export function refuseUnlessWaiting({ state, until }: Pending, at: string): void {
  if (state !== 'waiting' || until <= at) throw new Refusal('gone', 'second.over')
}

/** Refusal `forbidden` for whoever asked: two are two people. */
export function refuseOwn({ by }: Pending, person: Person): void {
  if (by === person.id) throw new Refusal('forbidden', 'second.own')
}

type End = 'confirmed' | 'declined' | 'taken_back' | 'expired' | 'overtaken'

/** How it ended, and by whom; the trail names both. */
export function ended(
  pending: Pending,
  state: End,
  by: string,
  at: string,
  reason?: string,
): NonNullable<Change['put']> {
  const decided = { state, decidedBy: by, decidedAt: at, ...(reason ? { reason } : {}) }
  const line = act(by, `second_${state}`, pending.item, at, reason ?? pending.verb)
  const both = state === 'taken_back' ? line : { ...line, second: pending.by }
  return { pendings: [{ ...pending, ...decided }], acts: [both] }
}

/** The acts of the step itself: done by who asked, confirmed by another. */
export const byBoth = (acts: Act[], second: string): Act[] =>
  acts.map((each) => ({ ...each, second }))
