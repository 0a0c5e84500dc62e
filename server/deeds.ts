/** The steps that weigh: what each needs, what it is done to, and what it comes to. */
import { act } from '../content/moderation.ts'
import { steps, take, type StepInput, type StepName } from '../content/outcomes.ts'
import { type Person, Role } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { may, mayGive, type Verb } from '../content/rights.ts'
import type { Step } from '../content/second-person.ts'
import { groupId } from '../federation/addresses.ts'
import type { Effect } from '../federation/record.ts'
import { moving } from '../federation/moving.ts'
import { revocation, rotation } from '../federation/rotation.ts'
import type { Site } from '../federation/site.ts'
import { handover, handoverBasis } from './handover.ts'
import { removal, roleChange } from './people.ts'

/** What is to be committed, and what is done after that. */
export interface Made extends Effect {
  after?: () => Promise<unknown>
}

export interface Deed {
  /** Who may ask for it, and who may confirm it. */
  right: Verb
  /** Whether this one cannot be undone; always, when there is no such question. */
  weighs?: (site: Site, step: Step) => Promise<boolean>
  /** What the thing is like now. When that has changed, what was asked is not done. Refusal `missing` when it is gone. */
  basis: (site: Site, step: Step) => Promise<string>
  /** Nothing is altered yet. Refuses what cannot be done. */
  make: (site: Site, step: Step, by: Person) => Promise<Made>
}

/** Whether two people are wanted for what cannot be undone. */
export const SETTING = 'second-person'

const KEYS_MAX = 1000
const FINAL: StepName[] = ['publish', 'correct', 'withdraw']

const ofOutcome = (name: StepName): Deed => ({
  right: steps[name].verb,
  weighs: async () => FINAL.includes(name),
  basis: async (site, { item }) => String((await draftOf(site, item)).rev),
  make: async (site, { item, args }, by) => {
    const draft = await draftOf(site, item)
    if (args.rev !== undefined && args.rev !== String(draft.rev))
      throw new Refusal('conflict', 'store.changed', { id: item })
    const { rev: _rev, kept, version: _version, ...input } = args
    const at = site.now()
    const acting = { by: by.name, actor: groupId(site), at }
    const doing = take(draft, name, input as StepInput, acting)
    const acts = [...(doing.put?.acts ?? []), act(by.id, `step_${name}`, item, at)]
    return { ...doing, put: { ...doing.put, acts }, drop: { notes: kept ? [kept] : [] } }
  },
})

async function draftOf({ store }: Site, id: string) {
  const draft = await store.get('drafts', id)
  if (!draft) throw new Refusal('missing', 'page')
  return draft
}

async function personOf({ store }: Site, id: string): Promise<Person> {
  const person = await store.get('people', id)
  if (!person) throw new Refusal('missing', 'page')
  return person
}

const roleIn = ({ args }: Step): Role => {
  const { data } = Role.safeParse(args.role)
  if (!data) throw new Refusal('invalid', 'form', {}, [{ field: 'role', sentence: 'field.wrong' }])
  return data
}

const roleOf = async (site: Site, { item }: Step): Promise<string> =>
  (await personOf(site, item)).role

/** Role and end: what is asked about a person is asked about both. */
const standing = async (site: Site, { item }: Step): Promise<string> => {
  const { role, ends } = await personOf(site, item)
  return [role, ends?.at ?? ''].join(' ')
}

const ofPeople: Record<string, Deed> = {
  role: {
    right: 'manage_people',
    weighs: async (site, step) => [await roleOf(site, step), roleIn(step)].includes('host'),
    basis: standing,
    make: async (site, step, by) => {
      const role = roleIn(step)
      if (!mayGive(by, role)) throw new Refusal('forbidden', 'people.more_than_own')
      return roleChange(site, await personOf(site, step.item), role, by.id)
    },
  },
  remove_person: {
    right: 'manage_people',
    basis: standing,
    make: async (site, { item }, by) => removal(site, await personOf(site, item), by.id),
  },
  open_invitation: {
    right: 'manage_people',
    weighs: async (site, { item }) => (await invitationOf(site, item)).role === 'host',
    basis: async (site, { item }) => (await invitationOf(site, item)).state,
    make: async (site, { item }, by) => {
      const invitation = await invitationOf(site, item)
      if (!mayGive(by, invitation.role)) throw new Refusal('forbidden', 'people.more_than_own')
      const acts = [act(by.id, `invited_${invitation.role}`, item, site.now(), invitation.note)]
      return { put: { invitations: [{ ...invitation, state: 'open' }], acts } }
    },
  },
  hand_over: { right: 'manage_people', basis: handoverBasis, make: handover },
}

async function invitationOf({ store }: Site, id: string) {
  const invitation = await store.get('invitations', id)
  if (!invitation) throw new Refusal('missing', 'page')
  return invitation
}

const ofServer: Record<string, Deed> = {
  rotate_keys: {
    right: 'manage_initiative',
    basis: async ({ store }, { item }) => {
      const keys = await store.find('keys', { where: { owner: item }, limit: KEYS_MAX })
      return keys
        .map(({ id, until = '' }) => `${id} ${until}`)
        .join('\n')
        .slice(0, 2000)
    },
    make: async (site, { item }, by) => {
      const { put, after } = await rotation(site, item, by.id)
      return { put, after }
    },
  },
  revoke_key: {
    right: 'manage_initiative',
    basis: async ({ store }, { item }) => (await store.get('keys', item))?.until ?? '',
    make: async (site, { item, args }, by) => {
      const { put, after } = await revocation(site, item, args.since || undefined, by.id)
      return { put, after }
    },
  },
  move_server: {
    right: 'manage_initiative',
    basis: async ({ origin }) => origin,
    make: (site, { args }, by) => moving(site, args.to ?? '', by.id),
  },
  second_person_on: {
    right: 'manage_people',
    weighs: async () => false,
    basis: async () => '',
    make: (site, step, by) => setting(site, step, by, 'on'),
  },
  second_person_off: {
    right: 'manage_people',
    basis: async () => '',
    make: (site, step, by) => setting(site, step, by, 'off'),
  },
}

/** Nobody can ask a second person where there is none. */
async function setting(site: Site, { item, verb }: Step, by: Person, value: 'on' | 'off') {
  if (value === 'on' && (await holders(site, 'manage_people')) < 2)
    throw new Refusal('conflict', 'second.alone')
  const note = await site.store.get('notes', SETTING)
  const acts = [act(by.id, verb, item, site.now())]
  return { put: { notes: [{ ...note, id: SETTING, value }], acts } }
}

/** How many people have a right. */
export const holders = ({ store }: Site, right: Verb): Promise<number> =>
  store.count('people', { where: { role: Role.options.filter((role) => may({ role }, right)) } })

export const deeds: Record<string, Deed> = {
  ...Object.fromEntries(
    (Object.keys(steps) as StepName[]).map((name) => [`step_${name}`, ofOutcome(name)]),
  ),
  ...ofPeople,
  ...ofServer,
}
