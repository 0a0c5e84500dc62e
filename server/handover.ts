/** Handing the node over: who is what from now on, and whose role ends on a day. All of it or nothing, and never without a host. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { act } from '../content/moderation.ts'
import { type Act, type Person, Role } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { mayGive } from '../content/rights.ts'
import type { Step } from '../content/second-person.ts'
import type { Change as Commit } from '../content/store.ts'
import { At } from '../content/values.ts'
import { groupId, personId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'
import { isLess, renewed } from './people.ts'

const CHANGES_MAX = 50
export const INVITED_MAX = 3
const HOSTS_MAX = 1000
/** What a request to a second person can hold. */
const LETTERS_MAX = 5000

/** One person's new role: at once, or when the day `at` has come. */
const Change = z.object({ who: z.string().max(300), role: Role, at: At.optional() })

export const Plan = z.object({
  changes: z.array(Change).max(CHANGES_MAX),
  /** The ids of invitations that open with it. */
  invitations: z.array(z.string().max(64)).max(INVITED_MAX),
})
export type Plan = z.infer<typeof Plan>

/** The step that does a plan. Refusal `invalid` for one that is too large to be asked for. */
export function handingOver(site: Site, plan: Plan): Step {
  const text = JSON.stringify(plan)
  if (text.length > LETTERS_MAX) throw new Refusal('invalid', 'handover.too_much')
  return { verb: 'hand_over', item: groupId(site), args: { plan: text } }
}

/** The plan of such a step. Refusal `invalid` when it is none. */
export function planIn({ args }: Pick<Step, 'args'>): Plan {
  const { data } = Plan.safeParse(read(args.plan ?? ''))
  if (!data) throw new Refusal('invalid', 'request')
  return data
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What those in the plan are like now: when that has changed, the plan is not done. */
export async function handoverBasis(site: Site, step: Step): Promise<string> {
  const plan = planIn(step)
  const moves = await movesOf(site, plan)
  const people = moves.map(({ person: { id, role, ends } }) => [id, role, ends?.at, ends?.role])
  const states = await Promise.all(
    plan.invitations.map(async (id) => (await site.store.get('invitations', id))?.state),
  )
  return createHash('sha256')
    .update(JSON.stringify([people, states]))
    .digest('hex')
}

interface Move {
  person: Person
  role: Role
  at?: string | undefined
}

async function movesOf(site: Site, { changes }: Plan): Promise<Move[]> {
  return Promise.all(
    changes.map(async ({ who, role, at }) => {
      const person = await site.store.get('people', personId(site, who))
      if (!person) throw new Refusal('missing', 'page')
      return { person, role, at }
    }),
  )
}

/**
 * Who is host at once, and who still is when every day has come. Refusal `conflict` when nobody would be: now, or
 * later without anybody invited; and when an invitation would end with the role of whoever makes it.
 */
export async function hostsAfter(site: Site, plan: Plan, by: Person, invited: number) {
  const moves = await movesOf(site, plan)
  if (!moves.every(({ role }) => mayGive(by, role)))
    throw new Refusal('forbidden', 'people.more_than_own')
  const hosts = await site.store.find('people', { where: { role: 'host' }, limit: HOSTS_MAX })
  const moved = new Map(moves.map((move) => [move.person.id, move]))
  const all = [...hosts, ...moves.map(({ person }) => person)]
  const people = [...new Map(all.map((person) => [person.id, person])).values()]
  const now = people.filter(({ id, role }) => {
    const move = moved.get(id)
    return (move && !move.at ? move.role : role) === 'host'
  })
  const later = now.filter(({ id, ends }) => {
    const move = moved.get(id)
    return move ? move.role === 'host' : ends === undefined
  })
  if (now.length === 0) throw new Refusal('conflict', 'people.last_host')
  if (later.length === 0 && invited === 0) throw new Refusal('conflict', 'handover.nobody')
  if (invited > 0 && !now.some(({ id }) => id === by.id))
    throw new Refusal('conflict', 'handover.inviter')
  return { now, later }
}

/** Everything the plan alters, not yet committed. */
export async function handover(site: Site, step: Step, by: Person): Promise<{ put: Put }> {
  const plan = planIn(step)
  const { now } = await hostsAfter(site, plan, by, plan.invitations.length)
  const moves = await movesOf(site, plan)
  const at = site.now()
  const invitations = await Promise.all(plan.invitations.map((id) => opened(site, id)))
  const note = await site.store.get('notes', 'hosts')
  const acts: Act[] = [
    act(by.id, 'handed_node_over', groupId(site), at),
    ...moves.map((move) =>
      act(by.id, move.at ? 'handed_over' : `role_${move.role}`, move.person.id, at),
    ),
    ...invitations.map(({ id, role, note }) => act(by.id, `invited_${role}`, id, at, note)),
  ]
  // Two who end each other's role at once both write this note: one of them is refused.
  const notes = [{ ...note, id: 'hosts', value: String(now.length) }]
  return { put: { people: moves.map(movedPerson), invitations, acts, notes } }
}

type Put = NonNullable<Commit['put']>

/** Whoever loses a right at once is signed out everywhere. */
function movedPerson({ person, role, at }: Move): Person {
  if (at) return { ...person, ends: { at, role } }
  const { ends: _ends, ...kept } = isLess(role, person.role) ? renewed(person) : person
  return { ...kept, role }
}

async function opened({ store }: Site, id: string) {
  const invitation = await store.get('invitations', id)
  if (invitation?.state !== 'asked') throw new Refusal('conflict', 'second.changed')
  return { ...invitation, state: 'open' as const }
}
