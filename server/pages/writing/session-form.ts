/** A session of a meeting as a form: its times are those of the meeting's zone, its people one a line. */
import type { Request } from 'express'
import { writeSession } from '../../../content/meetings.ts'
import type { Meeting, Session } from '../../../content/model.ts'
import { transcriptOf } from '../../../content/programme.ts'
import { Refusal } from '../../../content/refusal.ts'
import { isTerm, terms } from '../../../content/vocabulary.ts'
import { localTime } from '../../../content/zones.ts'
import { sessionId } from '../../../federation/addresses.ts'
import { type Context, word } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { html, safe } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { tagList } from '../parts/tags.ts'
import { sessionFacts, sessionPeople } from '../reading/meetings.ts'
import {
  languagesFor,
  localizedFields,
  meetingField,
  meetingsHere,
  notAmong,
  timeField,
} from './common-fields.ts'
import type { Kind, ReadItem } from './items.ts'
import { textFields } from './meeting-form.ts'
import { groupNames, readPeople, roleNames, writtenPeople } from './people-lines.ts'
import { readTags, tagFields, taggedValues } from './tag-fields.ts'
import { asFields, given, localizedIn, textIn, timeIn } from './values.ts'

const PEOPLE_ROWS = 6
const SESSION_MS = 3600_000

export const sessionKind: Kind<Session> = {
  type: 'session',
  folder: 'sessions',
  here: 'meetings',
  verb: 'write_meeting',
  idOf: sessionId,
  fresh,
  fields,
  values,
  read,
  write: writeSession,
  preview: ({ words }, session) => html`${sessionFacts(words, session)}
<div class="words" lang="${session.language}" dir="${direction(session.language)}">${safe(session.html)}</div>
${tagList(words, session.tags)}
${sessionPeople(words, session)}`,
}

/** `?meeting=<id>`, else the newest; there is no session without a meeting. */
async function fresh(context: Context, req: Request): Promise<Values> {
  const meetings = await meetingsHere(context)
  const meeting = meetings.find(({ id }) => id === word(req, 'meeting')) ?? meetings[0]
  if (!meeting) throw new Refusal('conflict', 'writing.no_meeting')
  const { startsAt, timeZone, language, id } = meeting
  const ends = new Date(Date.parse(startsAt) + SESSION_MS).toISOString()
  return {
    language,
    meeting: id,
    sessionType: terms('session-types')[0]?.slug ?? '',
    startsAt: localTime(startsAt, timeZone),
    endsAt: localTime(ends, timeZone),
  }
}

const chosen = (meetings: Meeting[], typed: Values): Meeting | undefined =>
  meetings.find(({ id }) => id === textIn(typed, 'meeting'))

async function fields(context: Context, typed: Values): Promise<Field[]> {
  const { words } = context
  const meetings = await meetingsHere(context)
  const timeZone = chosen(meetings, typed)?.timeZone ?? 'UTC'
  const languages = languagesFor(context, typed, 'title')
  const hint = words('writing.zone_hint', { zone: timeZone })
  return [
    ...localizedFields(context, 'title', languages, true),
    meetingField(context, meetings, true),
    listed(words, 'sessionType', 'session-types', true),
    listed(words, 'format', 'session-formats', false),
    timeField(words, typed, { name: 'startsAt', timeZone, hint }, true),
    timeField(words, typed, { name: 'endsAt', timeZone, hint }, true),
    {
      name: 'externalRef',
      label: words('writing.externalRef'),
      hint: words('writing.externalRef_hint'),
      dir: 'ltr',
    },
    { name: 'room', label: words('meeting.room'), dir: 'auto' },
    { name: 'onlineUrl', label: words('meeting.online'), kind: 'url', dir: 'ltr' },
    {
      name: 'people',
      label: words('session.people'),
      hint: words('writing.people_hint', { roles: roleNames(words), groups: groupNames(words) }),
      kind: 'area',
      rows: PEOPLE_ROWS,
      dir: 'auto',
    },
    { name: 'recordingUrl', label: words('session.recording'), kind: 'url', dir: 'ltr' },
    { name: 'transcriptUrl', label: words('session.transcript'), kind: 'url', dir: 'ltr' },
    ...transcriptFields(words),
    ...textFields(context, typed, languages),
    ...tagFields(words),
  ]
}

/** Who made the transcript, in which language, and who may use it. */
const transcriptFields = (words: Words): Field[] => [
  { name: 'transcript.provider', label: words('writing.transcript.provider'), dir: 'auto' },
  {
    name: 'transcript.language',
    label: words('writing.transcript.language'),
    hint: words('writing.transcript.language_hint'),
    dir: 'ltr',
  },
  { name: 'transcript.copyright', label: words('writing.transcript.copyright'), dir: 'auto' },
]

/** Nothing without its address. */
function transcriptIn(typed: Values): object {
  const url = textIn(typed, 'transcriptUrl')
  if (url === '') return {}
  const filled = (['provider', 'language', 'copyright'] as const).flatMap((name) => {
    const text = textIn(typed, `transcript.${name}`)
    return text === '' ? [] : [[name, text] as const]
  })
  return { transcript: { url, ...Object.fromEntries(filled) } }
}

/** A choice among the terms of a vocabulary. */
export const listed = (words: Words, name: string, list: string, required: boolean): Field => ({
  name,
  label: words(`writing.${name}`),
  kind: 'select',
  ...(required ? { required } : {}),
  options: [
    ...(required ? [] : [{ value: '', label: '—' }]),
    ...terms(list).map(({ slug, labels }) => ({
      value: slug,
      label: labels[words.language] ?? labels.en ?? slug,
    })),
  ],
})

function values(session: Session): Values {
  const { title, startsAt, endsAt, timeZone, people, tags } = session
  const transcript = transcriptOf(session)
  return {
    ...asFields('title', title),
    meeting: session.meeting,
    sessionType: session.sessionType,
    format: session.format ?? '',
    startsAt: localTime(startsAt, timeZone),
    endsAt: localTime(endsAt, timeZone),
    room: session.room ?? '',
    onlineUrl: session.onlineUrl ?? '',
    people: writtenPeople(people),
    recordingUrl: session.recordingUrl ?? '',
    externalRef: session.externalRef ?? '',
    transcriptUrl: transcript?.url ?? '',
    'transcript.provider': transcript?.provider ?? '',
    'transcript.language': transcript?.language ?? '',
    'transcript.copyright': transcript?.copyright ?? '',
    text: session.text,
    language: session.language,
    ...taggedValues(tags),
  }
}

async function read(context: Context, typed: Values): Promise<ReadItem> {
  const meetings = await meetingsHere(context)
  const zone = chosen(meetings, typed)?.timeZone ?? 'UTC'
  const [starts, ends] = [
    timeIn(typed, 'startsAt', zone, true),
    timeIn(typed, 'endsAt', zone, true),
  ]
  const { people, mistakes: ofPeople } = readPeople(textIn(typed, 'people'))
  const { tags, mistakes } = readTags(typed)
  const sessionType = textIn(typed, 'sessionType')
  const input = {
    language: textIn(typed, 'language'),
    meeting: textIn(typed, 'meeting'),
    title: localizedIn(typed, 'title'),
    sessionType,
    ...given(typed, 'format'),
    startsAt: starts.at,
    endsAt: ends.at,
    timeZone: zone,
    ...given(typed, 'room'),
    ...given(typed, 'onlineUrl'),
    people,
    ...given(typed, 'recordingUrl'),
    ...given(typed, 'externalRef'),
    ...transcriptIn(typed),
    text: textIn(typed, 'text'),
    tags,
  }
  const unknown = isTerm('session-types', sessionType)
    ? []
    : [{ field: 'sessionType', sentence: 'field.wrong' }]
  const elsewhere = notAmong(
    typed,
    'meeting',
    meetings.map(({ id }) => id),
  )
  const wrong = [...elsewhere, ...unknown, ...ofPeople, ...mistakes]
  return { input, mistakes: [...starts.mistakes, ...ends.mistakes, ...wrong] }
}
