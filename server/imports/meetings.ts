/** The meetings of years, for posts that are to stand under them: found, or made once for all posts of the year. */
import { meetingOfYear, OF_ITS_YEAR, type YearWords } from '../../content/import/meetings.ts'
import type { Doing } from '../../content/doing.ts'
import type { ImportJob, Proposed } from '../../content/imports.ts'
import type { Person } from '../../content/parties.ts'
import { Refusal } from '../../content/refusal.ts'
import { may } from '../../content/rights.ts'
import { groupId, meetingId } from '../../federation/addresses.ts'
import { quietly } from '../../federation/quiet.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { isSpoken, wordsFor } from '../words.ts'

const SAME_SLUG_MAX = 20
/** Made by one import. */
export const MADE_MAX = 150

/** Make what these rows need and is not there. What cannot be made is said when its row is written. */
export async function makeMeetings(
  site: Site,
  rows: Proposed[],
  job: ImportJob,
  person: Person,
): Promise<ImportJob> {
  const wanted = rows.filter(({ meeting }) => meeting === OF_ITS_YEAR)
  let now = job
  for (const year of new Set(wanted.map((row) => row.year))) {
    const made = now.meetings ?? []
    if (year === undefined || made.length >= MADE_MAX || !may(person, 'write_meeting')) continue
    if (await meetingIn(site, year)) continue
    try {
      now = await make(site, year, now, person)
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'invalid') throw error
    }
  }
  return now
}

/** The first of that year. */
async function meetingIn(site: Site, year: number): Promise<string | undefined> {
  const where = { type: 'meeting', year: String(year), local: 'true', visibility: 'shown' }
  const [found] = await site.store.find('items', { where, order: 'oldest', limit: 1 })
  return found?.id.split('/').at(-1)
}

/** The slug of the meeting a row stands under. Refusal when there is none. */
export async function meetingFor(
  site: Site,
  { meeting, year }: Proposed,
  person: Person,
): Promise<string | undefined> {
  if (meeting !== OF_ITS_YEAR) return meeting || undefined
  const found = year === undefined ? undefined : await meetingIn(site, year)
  if (found) return found
  if (!may(person, 'write_meeting'))
    throw new Refusal('forbidden', 'login.forbidden', { role: person.role })
  throw new Refusal('invalid', 'form', {}, [{ field: 'year', sentence: 'field.wrong' }])
}

/** The same for a command: the slug of the first meeting of a year, made when there is none. Refusal `invalid` for a year that cannot be. */
export async function meetingOf(site: Site, year: number, by: string): Promise<string> {
  const found = await meetingIn(site, year)
  if (found) return found
  const { id, doing } = await madeFor(site, year, by)
  await record(site, quietly(doing))
  return id.split('/').at(-1) ?? ''
}

async function madeFor(
  site: Site,
  year: number,
  name: string,
): Promise<{ id: string; doing: Doing }> {
  const id = await freeId(site, year)
  const by = { by: name, actor: groupId(site), at: site.now() }
  return { id, doing: meetingOfYear(id, year, await yearWords(site, year), by) }
}

async function make(site: Site, year: number, job: ImportJob, person: Person): Promise<ImportJob> {
  const { id, doing } = await madeFor(site, year, person.name)
  const next = { ...job, meetings: [...(job.meetings ?? []), id] }
  await record(site, quietly({ ...doing, put: { ...doing.put, imports: [next] } }))
  return (await site.store.get('imports', job.id)) ?? next
}

async function freeId(site: Site, year: number): Promise<string> {
  for (let number = 1; number <= SAME_SLUG_MAX; number += 1) {
    const id = meetingId(site, number === 1 ? `meeting-${year}` : `meeting-${year}-${number}`)
    if (!(await site.store.get('items', id))) return id
  }
  throw new Refusal('conflict', 'store.changed', { id: String(year) })
}

/** In the languages of the initiative that this program speaks. */
async function yearWords(site: Site, year: number): Promise<YearWords> {
  const profile = await site.store.get('initiatives', groupId(site))
  const languages = (profile?.languages ?? []).filter(isSpoken)
  const language = languages[0] ?? 'en'
  const named = languages.length > 0 ? languages : [language]
  const title = named.map((each) => [
    each,
    wordsFor(each)('brought.meeting_title', { year: String(year) }),
  ])
  return {
    title: Object.fromEntries(title) as Record<string, string>,
    language,
    text: wordsFor(language)('brought.meeting_text'),
  }
}
