/** Accounts: how one is made, changed and ended. */
import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { checked, mistaken } from '../content/checked.ts'
import { act } from '../content/moderation.ts'
import { Language } from '../content/values.ts'
import { type Act, type Note, type Person, Role } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { rights } from '../content/rights.ts'
import type { Change } from '../content/store.ts'
import { slugOf } from '../content/import/slugs.ts'
import { everyName } from '../federation/former.ts'
import { personId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'
import { passkeysOf } from './passkeys.ts'
import { hashPassword } from './passwords.ts'

const NAMES_MAX = 1000
/** Passkeys and logins of one person. */
const HELD_MAX = 1000
const PASSWORD_LETTERS_MIN = 12
/** Names under /people that are not for people: they would be mistaken for the server's own handle. */
const reserved = new Set(['server', 'former'])

const NewPassword = z.string().min(PASSWORD_LETTERS_MIN, 'people.short').max(500)

export const NewPerson = z
  .object({
    name: z.string().trim().min(1).max(200),
    email: z.email().max(300),
    role: Role,
    language: Language,
    password: NewPassword,
  })
  .refine(({ password, email }) => !password.toLowerCase().includes(email.toLowerCase()), {
    path: ['password'],
    message: 'people.like_email',
  })

export type NewPerson = z.input<typeof NewPerson>

const Own = NewPerson.shape
const Newcomer = z.object({ name: Own.name, email: Own.email })

/** A new account. Refusal `invalid` when a field is wrong or the e-mail address has an account already. */
export async function addPerson(site: Site, input: NewPerson, by = 'setup'): Promise<Person> {
  const person = await personFrom(site, input)
  const trail = act(by, `added_${person.role}`, person.id, site.now())
  await site.store.commit({ put: { people: [person], acts: [trail] } })
  return reread(site, person)
}

/** The account that these fields make, not yet written. */
export async function personFrom(site: Site, input: NewPerson): Promise<Person> {
  const { password, ...fields } = checked(NewPerson, input)
  const { email } = await checkNewcomer(site, fields)
  const id = await freeId(site, fields.name)
  return {
    ...fields,
    email,
    id,
    password: await hashPassword(site, password),
    epoch: 1,
    at: site.now(),
  }
}

/** Whether somebody could begin an account so, and their address as it is kept. Refusal `invalid` says what is wrong. */
export async function checkNewcomer({ store }: Site, input: { name: string; email: string }) {
  const { name, email: typed } = checked(Newcomer, input)
  const email = typed.toLowerCase()
  if ((await store.count('people', { where: { email } })) > 0)
    mistaken('email', 'people.email_taken')
  return { name, email }
}

/** `ana-lima`, else `ana-lima-2` … Never one that somebody had before: what they wrote, and any login they left, is not the new one's. */
async function freeId(site: Site, name: string): Promise<string> {
  const slug = slugOf(name)
  for (let number = 1; number < NAMES_MAX; number += 1) {
    const free = number === 1 ? slug : `${slug}-${number}`
    const id = personId(site, free)
    if (!reserved.has(free) && !(await isUsed(site, id))) return id
  }
  return mistaken('name', 'people.name_taken')
}

async function isUsed(site: Site, id: string): Promise<boolean> {
  const ids = everyName(site, id)
  const [person, added, acted] = await Promise.all([
    site.store.get('people', id),
    site.store.count('acts', { where: { item: ids } }),
    site.store.count('acts', { where: { by: ids } }),
  ])
  return person !== undefined || added + acted > 0
}

/** A password for somebody else, to be shown once: 120 random bits. */
export const freshPassword = (): string => randomBytes(15).toString('base64url')

/** A new password; every login of the person ends. Answers the person as they are now. */
export async function setPassword(
  site: Site,
  person: Person,
  password: string,
  by: string,
): Promise<Person> {
  const { name, email, role, language } = person
  checked(NewPerson, { name, email, role, language, password })
  return changed(site, { ...renewed(person), password: await hashPassword(site, password) }, [
    act(by, 'new_password', person.id, site.now()),
  ])
}

/**
 * Passkeys alone open the account from now on; every login ends. Refusal `conflict` without a passkey: of the last
 * passkey removed and the password dropped at once one is refused, since both write the person.
 */
export async function dropPassword(site: Site, person: Person): Promise<Person> {
  if ((await passkeysOf(site, person)).length === 0)
    throw new Refusal('conflict', 'ways.no_passkey')
  return changed(site, { ...renewed(person), password: '' }, [
    act(person.id, 'dropped_password', person.id, site.now()),
  ])
}

/** Every login of the person ends, this one too. */
export const endLogins = (site: Site, person: Person): Promise<Person> =>
  changed(site, renewed(person), [act(person.id, 'ended_logins', person.id, site.now())])

export const renewed = (person: Person): Person => ({ ...person, epoch: person.epoch + 1 })

/** Another role, from the next request on. Refusal `conflict` when nobody would be host any more. */
export async function setRole(
  site: Site,
  person: Person,
  role: Person['role'],
  by: string,
): Promise<Person> {
  await site.store.commit(await roleChange(site, person, role, by))
  return reread(site, person)
}

/** The same, not yet committed. Whoever loses a right is signed out everywhere. */
export async function roleChange(
  site: Site,
  person: Person,
  role: Person['role'],
  by: string,
  verb = `role_${role}`,
): Promise<Made> {
  if (role === person.role) return { put: {} }
  const notes = await hostsLeft(site, person)
  const acts = [act(by, verb, person.id, site.now())]
  const { ends: _ends, ...kept } = isLess(role, person.role) ? renewed(person) : person
  return { put: { people: [{ ...kept, role }], acts, notes } }
}

/** Whether one role may not do all that another may. */
export const isLess = (role: Person['role'], than: Person['role']): boolean =>
  rights[than].some((verb) => !rights[role].includes(verb))

/** The account and all its logins end; what they wrote stays. Refusal `conflict` for the last host. */
export async function removePerson(site: Site, person: Person, by: string): Promise<void> {
  await site.store.commit(await removal(site, person, by))
}

/** The same, not yet committed. */
export async function removal(site: Site, person: Person, by: string): Promise<Made> {
  const query = { where: { person: person.id }, limit: HELD_MAX }
  const [notes, passkeys, logins] = await Promise.all([
    hostsLeft(site, person),
    site.store.find('passkeys', query),
    site.store.find('logins', query),
  ])
  const acts = [act(by, 'removed_account', person.id, site.now(), person.name)]
  const ids = (docs: { id: string }[]) => docs.map(({ id }) => id)
  const drop = { people: [person.id], passkeys: ids(passkeys), logins: ids(logins) }
  return { put: { acts, notes }, drop }
}

/** What is to be committed. */
type Made = Pick<Change, 'put' | 'drop'> & { put: NonNullable<Change['put']> }

/**
 * Somebody else must be host when this person no longer is. Of two who remove each other at once one is
 * refused: both write the same note.
 */
async function hostsLeft({ store }: Site, person: Person): Promise<Note[]> {
  if (person.role !== 'host') return []
  const [hosts, note] = await Promise.all([
    store.count('people', { where: { role: 'host' } }),
    store.get('notes', 'hosts'),
  ])
  if (hosts < 2) throw new Refusal('conflict', 'people.last_host')
  return [{ ...note, id: 'hosts', value: String(hosts - 1) }]
}

const OwnFacts = z.object({ name: Own.name, language: Own.language })

/** What somebody says of themselves. Refusal `invalid` names each wrong field. */
export async function setOwnFacts(
  site: Site,
  person: Person,
  input: z.input<typeof OwnFacts>,
): Promise<Person> {
  const facts = checked(OwnFacts, input)
  return changed(site, { ...person, ...facts }, [
    act(person.id, 'changed_account', person.id, site.now()),
  ])
}

async function changed(site: Site, person: Person, acts: Act[]): Promise<Person> {
  await site.store.commit({ put: { people: [person], acts } })
  return reread(site, person)
}

const reread = async ({ store }: Site, person: Person): Promise<Person> =>
  (await store.get('people', person.id)) ?? person
