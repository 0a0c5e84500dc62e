/** The plan of a hand-over: read from its form, and said in words before it is done, to a second person, and afterwards. */
import { Role, type Person } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { personId } from '../../../federation/addresses.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { INVITED_MAX, type Plan } from '../../handover.ts'
import { isLess } from '../../people.ts'
import { day } from '../parts/dates.ts'
import { own, slugOf } from '../parts/links.ts'
import { nameOf } from './names.ts'
import type { Typed } from './typed.ts'

const STAFF_MAX = 25
const YEAR_MS = 366 * 24 * 3600_000
const staffRoles = Role.options.filter((role) => role !== 'participant')

/** Whoever works here, oldest account first; participants take part like anybody. */
export const staffOf = ({ store }: Site): Promise<Person[]> =>
  store.find('people', { where: { role: staffRoles }, order: 'oldest', limit: STAFF_MAX })

export interface Wanted {
  changes: Plan['changes']
  /** How the host calls those who are to be invited. */
  invited: string[]
  mistakes: Mistake[]
}

/** What the form says, with what is wrong with it. Who is not named in it stays as they are. */
export function wantedIn(typed: Typed, staff: Person[], now: string): Wanted {
  const read = staff.map((person) => changeIn(typed, person, now))
  const numbers = Array.from({ length: INVITED_MAX }, (_, i) => i + 1)
  return {
    changes: read.flatMap(({ change }) => (change ? [change] : [])),
    invited: numbers.map((n) => typed[`invite-${n}`]?.trim().slice(0, 200) ?? '').filter(Boolean),
    mistakes: read.flatMap(({ mistake }) => (mistake ? [mistake] : [])),
  }
}

interface Read {
  change?: Plan['changes'][number]
  mistake?: Mistake
}

function changeIn(typed: Typed, person: Person, now: string): Read {
  const who = slugOf(person.id)
  const { data: role } = Role.safeParse(typed[`role-${who}`])
  const typedDay = typed[`end-${who}`]?.trim() ?? ''
  const wrong = (sentence: string): Read => ({ mistake: { field: `end-${who}`, sentence } })
  if (typedDay !== '' && !(role && isLess(role, person.role))) return wrong('handover.day_more')
  if (!role) return {}
  if (typedDay === '') return { change: { who, role } }
  const ms = Date.parse(`${typedDay}T00:00:00.000Z`)
  const ahead = ms - Date.parse(now)
  if (!(ahead > 0 && ahead < YEAR_MS)) return wrong('handover.day_past')
  return { change: { who, role, at: new Date(ms).toISOString() } }
}

/** Whoever was to stop being host and cannot yet, for the host's front page: a line that leads to where that is mended. */
export async function overdue({ words, site }: Context): Promise<Html[]> {
  const where = { role: 'host', ends: Role.options }
  const hosts = await site.store.find('people', { where, limit: STAFF_MAX })
  return hosts.flatMap(({ name, ends }) =>
    ends?.waits
      ? [
          html`<li><a href="/host/handover">${words('handover.overdue', { name, day: words.day(ends.at) })}</a></li>`,
        ]
      : [],
  )
}

/** The lines of a plan; `invited` when the invitations are not made yet. */
export async function planLines(
  context: Context,
  { changes, invitations }: Plan,
  invited: string[] = [],
): Promise<Html> {
  const { words, site } = context
  const moves = await Promise.all(
    changes.map(async ({ who, role, at }) => {
      const name = await nameOf(context, personId(site, who))
      const said = roleWords(context, role)
      return at
        ? words.rich('handover.line.day', { name, role: said, day: day(words, at) })
        : words.rich('handover.line.now', { name, role: said })
    }),
  )
  const links = await Promise.all(invitations.map((id) => nameOf(context, id)))
  const asked = invited.map((name) => words.rich('handover.line.invite', { name: own(name) }))
  return html`<ul>${[...moves, ...links, ...asked].map((each) => html`<li>${each}</li>`)}</ul>`
}

/** A participant sees none of the host's pages. */
export const roleWords = ({ words }: Context, role: Role): string =>
  words(role === 'participant' ? 'handover.leaves' : `role.${role}`)
