/** The meeting that a post is put under: one that is here, by its slug, or that of its year. Pure. */
import type { Doing } from '../doing.ts'
import { writeMeeting } from '../meetings.ts'
import type { By } from '../outcomes.ts'

/** The one of its year, made if there is none. */
export const OF_ITS_YEAR = 'year'

/** Words for a meeting of which nothing but its year is known, by language. */
export interface YearWords {
  title: Record<string, string>
  language: string
  text: string
}

/** A meeting that is as long as its year: its dates are for the host to correct. Refusal `invalid` for a year that cannot be. */
export function meetingOfYear(id: string, year: number, words: YearWords, by: By): Doing {
  const endsAt = `${year}-12-31T23:59:00.000Z`
  const fields = {
    ...words,
    ...{ year, startsAt: `${year}-01-01T00:00:00.000Z`, endsAt, timeZone: 'UTC', tags: {} },
    ...{ mode: 'onsite' as const, published: endsAt < by.at ? endsAt : by.at },
  }
  return writeMeeting(id, fields, by)
}
