/** The one way by which steps that weigh are done: at once, or when a second person has confirmed them. */
import type { Person } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { may, type Verb } from '../content/rights.ts'
import * as second from '../content/second-person.ts'
import type { Pending, Step } from '../content/second-person.ts'
import { record } from '../federation/record.ts'
import type { Site } from '../federation/site.ts'
import { type Deed, deeds, holders, type Made, SETTING } from './deeds.ts'

const TRIES_MAX = 5
const WAITING_MAX = 200

/** Whether the host wants a second person, said by the setting alone. */
export const isWanted = async ({ store }: Site): Promise<boolean> =>
  (await store.get('notes', SETTING))?.value === 'on'

/** Whether it takes two now: where only one is left who could do it, the setting rests. */
export const takesTwo = async (site: Site, right: Verb): Promise<boolean> =>
  (await isWanted(site)) && (await holders(site, right)) > 1

/**
 * Do a step, or ask a second person for it. What is wrong with it is refused now, in both cases. Refusal
 * `forbidden` without the right, `conflict` when the same was asked already or the thing has changed.
 */
export async function perform(site: Site, step: Step, person: Person): Promise<'done' | 'waits'> {
  const deed = deedOf(step)
  if (!may(person, deed.right))
    throw new Refusal('forbidden', 'login.forbidden', { role: person.role })
  const weighs = deed.weighs ? await deed.weighs(site, step) : true
  if (!weighs || !(await takesTwo(site, deed.right))) {
    await commit(site, () => deed.make(site, step, person))
    return 'done'
  }
  await deed.make(site, step, person)
  const { item, verb } = step
  const where = { item, verb, state: 'waiting' }
  const same = await site.store.find('pendings', { where, limit: WAITING_MAX })
  if (same.some(({ until }) => until > site.now()))
    throw new Refusal('conflict', 'second.asked_already')
  const basis = await deed.basis(site, step)
  await site.store.commit(second.ask(second.Step.parse(step), basis, person, site.now()))
  return 'waits'
}

const deedOf = ({ verb }: Step): Deed => {
  const deed = Object.hasOwn(deeds, verb) ? deeds[verb] : undefined
  if (!deed) throw new Refusal('missing', 'page')
  return deed
}

/** Made anew when something else was committed in between; what it is about is looked at again each time. */
async function commit(site: Site, make: () => Promise<Made>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const { after, ...effect } = await make()
    try {
      await record(site, effect)
      await after?.()
      return
    } catch (error) {
      const changed = error instanceof Refusal && error.reason === 'conflict'
      if (!changed || tries >= TRIES_MAX) throw error
    }
  }
}

/** A request by its id. Refusal `missing` for whoever could not ask for the same. */
export async function pendingOf(site: Site, id: string, person: Person): Promise<Pending> {
  const pending = await site.store.get('pendings', id)
  if (!pending || !may(person, deedOf(pending).right)) throw new Refusal('missing', 'page')
  return pending
}

/** What waits for somebody with the rights of this person, oldest first. */
export async function waitingFor({ store, now }: Site, person: Person): Promise<Pending[]> {
  const query = { where: { state: 'waiting' }, order: 'oldest', limit: WAITING_MAX } as const
  const found = await store.find('pendings', query)
  return found.filter((each) => each.until > now() && may(person, deedOf(each).right))
}

/**
 * Do what somebody else asked for. Refusal `forbidden` for who asked; `gone` when it does not wait any more;
 * `conflict` when the thing is not as it was, or who asked may not do it any more: then the request is over.
 */
export async function confirm(site: Site, id: string, person: Person): Promise<void> {
  const pending = await pendingOf(site, id, person)
  second.refuseOwn(pending, person)
  second.refuseUnlessWaiting(pending, site.now())
  const deed = deedOf(pending)
  const asker = await site.store.get('people', pending.by)
  if (!asker || !may(asker, deed.right) || (await hasChanged(site, deed, pending))) {
    const put = second.ended(pending, 'overtaken', person.id, site.now())
    await site.store.commit({ put })
    throw new Refusal('conflict', 'second.changed')
  }
  const made = await deed.make(site, pending, asker)
  const end = second.ended(pending, 'confirmed', person.id, site.now())
  const acts = second.byBoth(made.put?.acts ?? [], person.id)
  const { after, ...effect } = made
  await record(site, {
    ...effect,
    put: { ...effect.put, ...end, acts: [...acts, ...(end.acts ?? [])] },
  })
  await after?.()
}

async function hasChanged(site: Site, deed: Deed, pending: Pending): Promise<boolean> {
  try {
    return (await deed.basis(site, pending)) !== pending.basis
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'missing') return true
    throw error
  }
}

/** It is not done. Who declines says why; who asked takes it back. */
export async function decline(
  site: Site,
  id: string,
  person: Person,
  reason: string,
): Promise<void> {
  const pending = await pendingOf(site, id, person)
  second.refuseUnlessWaiting(pending, site.now())
  const isOwn = pending.by === person.id
  const said = reason.trim()
  if (!isOwn && (said === '' || said.length > second.REASON_LETTERS_MAX)) {
    const sentence = said === '' ? 'field.required' : 'field.too_big'
    const values = { most: second.REASON_LETTERS_MAX }
    throw new Refusal('invalid', 'form', {}, [{ field: 'reason', sentence, values }])
  }
  const end = isOwn ? 'taken_back' : 'declined'
  await site.store.commit({ put: second.ended(pending, end, person.id, site.now(), said) })
}

/**
 * Where it takes two, nobody makes themselves a second one: no new host by form, and no new password for
 * another host. Refusal `conflict` says the way there is.
 */
export async function refuseDetour(site: Site, role: Person['role'], sentence: string) {
  if (may({ role }, 'manage_people') && (await takesTwo(site, 'manage_people')))
    throw new Refusal('conflict', sentence)
}
