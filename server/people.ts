/** Accounts: how one is made, changed and ended. */
import * as z from 'zod'
import { checked, mistaken } from '../content/checked.ts'
import { act } from '../content/moderation.ts'
import { Language } from '../content/values.ts'
import { type Person, Role } from '../content/parties.ts'
import { slugOf } from '../content/import/slugs.ts'
import { personId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'
import { hashPassword } from './passwords.ts'

const NAMES_MAX = 1000

export const NewPerson = z
  .object({
    name: z.string().trim().min(1).max(200),
    email: z.email().max(300),
    role: Role,
    language: Language,
    password: z.string().max(500),
  })
  .refine(({ password }) => password.length >= 12, { path: ['password'], message: 'people.short' })
  .refine(({ password, email }) => !password.toLowerCase().includes(email.toLowerCase()), {
    path: ['password'],
    message: 'people.like_email',
  })

export type NewPerson = z.input<typeof NewPerson>

/** A new account. Refusal `invalid` when a field is wrong or the e-mail address has an account already. */
export async function addPerson(site: Site, input: NewPerson, by = 'setup'): Promise<Person> {
  const person = await personFrom(site, input)
  const trail = act(by, `added_${person.role}`, person.id, site.now())
  await site.store.commit({ put: { people: [person], acts: [trail] } })
  return (await site.store.get('people', person.id)) ?? person
}

/** The account that these fields make, not yet written. */
export async function personFrom(site: Site, input: NewPerson): Promise<Person> {
  const { password, ...fields } = checked(NewPerson, input)
  const email = fields.email.toLowerCase()
  if ((await site.store.count('people', { where: { email } })) > 0)
    mistaken('email', 'people.email_taken')
  const id = await freeId(site, fields.name)
  return { ...fields, email, id, password: await hashPassword(password), epoch: 1, at: site.now() }
}

/** `ana-lima`, else `ana-lima-2` … */
async function freeId(site: Site, name: string): Promise<string> {
  const slug = slugOf(name)
  for (let number = 1; number < NAMES_MAX; number += 1) {
    const id = personId(site, number === 1 ? slug : `${slug}-${number}`)
    if (!(await site.store.get('people', id))) return id
  }
  return mistaken('name', 'people.name_taken')
}

/** A new password; every login of the person ends. */
export async function setPassword(
  site: Site,
  person: Person,
  password: string,
  by: string,
): Promise<void> {
  const { name, email, role, language } = person
  checked(NewPerson, { name, email, role, language, password })
  const changed = { ...person, password: await hashPassword(password), epoch: person.epoch + 1 }
  const trail = act(by, 'new_password', person.id, site.now())
  await site.store.commit({ put: { people: [changed], acts: [trail] } })
}
