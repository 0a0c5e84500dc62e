/** Whether somebody's first words wait for a moderator: of those who made their account themselves, where the host wants it. */
import type { Person } from '../../../content/parties.ts'
import { everyName } from '../../../federation/former.ts'
import type { Site } from '../../../federation/site.ts'

const NOTE = 'joined-are-held'

/** Strangers are heard after a look, whether they come from elsewhere or made an account here; a host may change that for these. */
export async function holdsFirst({ store }: Site): Promise<boolean> {
  return (await store.get('notes', NOTE))?.value !== 'no'
}

export async function setHoldsFirst({ store }: Site, holds: boolean): Promise<void> {
  const note = await store.get('notes', NOTE)
  await store.commit({ put: { notes: [{ ...note, id: NOTE, value: holds ? 'yes' : 'no' }] } })
}

export async function waitsFirst(site: Site, person: Person): Promise<boolean> {
  if (!person.joinedAt || person.role !== 'participant' || !(await holdsFirst(site))) return false
  const where = { type: 'contribution', author: everyName(site, person.id), visibility: 'shown' }
  return (await site.store.count('items', { where }, 1)) === 0
}
