/** The code of conduct of a server: the one it comes with until a host writes another; every version stays readable. */
import { Conduct } from '../content/hearing.ts'
import { act } from '../content/moderation.ts'
import type { Initiative } from '../content/model.ts'
import { Refusal } from '../content/refusal.ts'
import type { Note } from '../content/parties.ts'
import { groupId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'
import { inEveryLanguage } from './words.ts'

const NOTE = 'conduct'
const noteOf = (version: number) => `${NOTE} ${version}`

/** The text that the program comes with, in every language it speaks: version 1, since the server has a name. */
const first = ({ published }: Initiative): Conduct => ({
  version: 1,
  at: published,
  texts: inEveryLanguage('hearing', 'conduct.default'),
})

/** The latest code of conduct, or one version of it. Refusal `missing` when there is no such version. */
export async function conductOf(
  { store }: Site,
  profile: Initiative,
  version?: number,
): Promise<Conduct> {
  const note = await store.get('notes', version === undefined ? NOTE : noteOf(version))
  if (note) return Conduct.parse(JSON.parse(note.value))
  if (version !== undefined && version !== 1) throw new Refusal('missing', 'page')
  return first(profile)
}

/** A new version, in the place of the one that was read. Refusal `conflict` when another came between. */
export async function writeConduct(
  site: Site,
  profile: Initiative,
  { texts, read, by }: { texts: Conduct['texts']; read: number; by: string },
): Promise<void> {
  const [latest, held] = await Promise.all([
    conductOf(site, profile),
    site.store.get('notes', NOTE),
  ])
  if (latest.version !== read) throw new Refusal('conflict', 'conduct.changed')
  const at = site.now()
  const next: Conduct = { version: read + 1, at, texts }
  const value = JSON.stringify(next)
  const notes: Note[] = [
    { ...held, id: NOTE, value },
    { id: noteOf(next.version), value },
  ]
  const acts = [act(by, 'changed_conduct', groupId(site), at)]
  await site.store.commit({ put: { notes, acts } })
}
