/** What ends by itself: roles with a day, requests nobody answered, logins and challenges whose time is over. */
import { ended } from '../content/second-person.ts'
import type { Person } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { again } from '../federation/races.ts'
import type { Site } from '../federation/site.ts'
import { forgetLogins } from './login.ts'
import { forgetChallenges } from './passkeys.ts'
import { roleChange } from './people.ts'

const AT_ONCE = 200
const BY = 'program'

export async function endWhatIsOver(site: Site): Promise<void> {
  await endRoles(site)
  await endRequests(site)
  await forgetLogins(site)
  await forgetChallenges(site)
}

/** Whoever hands over keeps the role for the day that was said, not longer; but somebody must be host. */
async function endRoles(site: Site): Promise<void> {
  const where = { ends: ['host', 'editor', 'rapporteur', 'moderator', 'participant'] }
  const ending = await site.store.find('people', { where, limit: AT_ONCE })
  for (const { id } of ending) await again(() => endRole(site, id))
}

async function endRole(site: Site, id: string): Promise<void> {
  const person = await site.store.get('people', id)
  if (!person?.ends || person.ends.at > site.now()) return
  try {
    await site.store.commit(await roleChange(site, person, person.ends.role, BY, 'rights_ended'))
    site.log.info('a role has ended', { person: id, role: person.ends.role })
  } catch (error) {
    if (!(error instanceof Refusal) || error.sentence !== 'people.last_host') throw error
    await waits(site, person, person.ends)
  }
}

/** Said once, and on the host's pages for as long as it lasts. */
async function waits(site: Site, person: Person, ends: NonNullable<Person['ends']>): Promise<void> {
  if (ends.waits) return
  const waiting = { ...person, ends: { ...ends, waits: site.now() } }
  await site.store.commit({ put: { people: [waiting] } })
  site.log.info('a role waits for another host', { person: person.id })
}

async function endRequests({ store, now }: Site): Promise<void> {
  const waiting = await store.find('pendings', { where: { state: 'waiting' }, limit: AT_ONCE })
  for (const pending of waiting.filter(({ until }) => until <= now()))
    await store.commit({ put: ended(pending, 'expired', BY, now()) })
}
