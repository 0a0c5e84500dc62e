/** The settings of who is heard, kept in the store: read where contributions come in, written by moderators. */
import { Hearing } from '../content/hearing.ts'
import { act } from '../content/moderation.ts'
import { groupId } from './addresses.ts'
import { again } from './races.ts'
import type { Site } from './site.ts'

const NOTE = 'hearing'

/** Strangers wait and nobody is listed until somebody here wants it otherwise. */
export async function hearingOf({ store }: Site): Promise<Hearing> {
  const note = await store.get('notes', NOTE)
  return Hearing.parse(note ? JSON.parse(note.value) : {})
}

export async function setHearing(site: Site, hearing: Hearing, by: string): Promise<void> {
  await again(async () => {
    const held = await site.store.get('notes', NOTE)
    const note = { ...held, id: NOTE, value: JSON.stringify(Hearing.parse(hearing)) }
    const acts = [act(by, `hearing_${hearing.mode}`, groupId(site), site.now())]
    await site.store.commit({ put: { notes: [note], acts } })
  })
}
