/** Who may do what: one table of roles and verbs. */
import type { Role } from './parties.ts'

const editorial = [
  'see_host_pages',
  'write_outcome',
  'write_meeting',
  'write_discussion',
  'contribute',
] as const

const table = {
  host: [
    ...editorial,
    'move_outcome',
    'publish_outcome',
    'withdraw_outcome',
    'dispose',
    'moderate',
    'manage_people',
    'manage_initiative',
    'manage_peers',
    'manage_registry',
  ],
  editor: [...editorial, 'move_outcome', 'dispose', 'moderate'],
  rapporteur: ['see_host_pages', 'write_outcome', 'dispose', 'contribute'],
  moderator: ['see_host_pages', 'moderate', 'contribute'],
  participant: ['contribute'],
} as const satisfies Record<Role, readonly string[]>

export type Verb = (typeof table)['host'][number]

/** Whether somebody may do something here; nobody without an account may. */
export function may(person: { role: Role } | undefined, verb: Verb): boolean {
  const verbs: readonly string[] = person ? table[person.role] : []
  return verbs.includes(verb)
}

/** Whether somebody may give this role to somebody: nobody gives more than they have. */
export const mayGive = (person: { role: Role } | undefined, role: Role): boolean =>
  may(person, 'manage_people') && table[role].every((verb) => may(person, verb))

/** The table itself, for the page that explains roles. */
export const rights: Record<Role, readonly string[]> = table
