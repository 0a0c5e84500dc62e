/** What is read from Markdown with front matter, written as such: reading it again gives the same. */
import { lazily } from '../lazily.ts'
import type { Draft, Discussion, Meeting, OutcomeText, Session } from '../model.ts'
import type { Tags } from '../values.ts'
import type * as z from 'zod'

const yaml = lazily<typeof import('yaml')>('yaml')

type Fields = Record<string, unknown>

const isThere = (value: unknown): boolean =>
  value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)

/** A file: its fields without the empty ones, and its text. */
function file(fields: Fields, text: string): string {
  const there = Object.fromEntries(Object.entries(fields).filter(([, value]) => isThere(value)))
  return `---\n${yaml().stringify(there, { lineWidth: 0 })}---\n${text}\n`
}

const tagged = ({ themes, actionLines, sdgs, gdc, topics }: z.infer<typeof Tags>): Fields => ({
  themes,
  action_lines: actionLines,
  sdgs,
  gdc,
  topics,
})

const lastPart = (id: string | undefined): string | undefined => id?.slice(id.lastIndexOf('/') + 1)

/** An outcome, and a file for each of its translations, by language. What is not public yet stays a draft. */
export function outcomeFiles(draft: Draft): Map<string, string> {
  const { slug, language, year, outcomeType, meeting, session, state, published } = draft
  const standing = draft.version > 0 && state !== 'withdrawn' ? 'published' : 'draft'
  const fields = (text: OutcomeText): Fields => ({
    type: 'outcome',
    slug,
    title: text.title,
    summary: text.summary,
    language,
    year,
    outcome_type: outcomeType,
    state: standing,
    published,
    meeting: lastPart(meeting),
    session: lastPart(session),
    ...tagged(draft.tags),
    method_note: draft.methodNote,
    disclaimer: draft.disclaimer,
    licence: draft.licence,
    source: draft.source,
  })
  return new Map(
    Object.entries(draft.texts).map(([each, text]) => [
      each,
      each === language ? file(fields(text), text.markdown) : translation(slug, each, text),
    ]),
  )
}

const translation = (of: string, language: string, text: OutcomeText): string =>
  file(
    {
      translation_of: of,
      language,
      title: text.title,
      summary: text.summary,
      standing: text.standing,
    },
    text.markdown,
  )

export const meetingFile = (meeting: Meeting): string =>
  file(
    {
      type: 'meeting',
      slug: lastPart(meeting.id),
      title: meeting.title,
      theme: meeting.theme,
      language: meeting.language,
      year: meeting.year,
      ordinal: meeting.ordinal,
      ...times(meeting),
      mode: meeting.mode,
      place: meeting.place,
      online_url: meeting.onlineUrl,
      hubs: meeting.hubs,
      published: meeting.published,
      ...meeting.participation,
      ...tagged(meeting.tags),
    },
    meeting.text,
  )

const times = ({
  startsAt,
  endsAt,
  timeZone,
}: Pick<Meeting, 'startsAt' | 'endsAt' | 'timeZone'>) => ({
  starts: startsAt,
  ends: endsAt,
  time_zone: timeZone,
})

export const sessionFile = (session: Session): string =>
  file(
    {
      type: 'session',
      slug: lastPart(session.id),
      title: session.title,
      language: session.language,
      meeting: lastPart(session.meeting),
      session_type: session.sessionType,
      format: session.format,
      ...times(session),
      room: session.room,
      people: session.people.map(({ stakeholderGroup, ...person }) => ({
        ...person,
        ...(stakeholderGroup ? { stakeholder_group: stakeholderGroup } : {}),
      })),
      published: session.published,
      ...tagged(session.tags),
    },
    session.text,
  )

export const discussionFile = (discussion: Discussion): string =>
  file(
    {
      type: 'discussion',
      slug: lastPart(discussion.id),
      title: discussion.title,
      language: discussion.language,
      meeting: lastPart(discussion.meeting),
      opens: discussion.opensAt,
      closes: discussion.closesAt,
      published: discussion.published,
      ...tagged(discussion.tags),
    },
    discussion.text,
  )
