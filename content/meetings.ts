/** Meetings and their sessions, as a host writes them. Pure. */
import * as z from 'zod'
import { checked } from './checked.ts'
import type { Doing } from './doing.ts'
import { Meeting, Session } from './model.ts'
import { Participation } from './participation.ts'
import { At, Id, Language, Localized, Tags, TimeZone, Url } from './values.ts'
import type { By } from './outcomes.ts'
import { ExternalRef, Hubs, movedFrom, SessionPerson, tellings, Transcript } from './programme.ts'
import { markdownToHtml } from './text.ts'

const Titles = Localized.refine(
  (titles) => Object.values(titles).some((t) => t.trim()),
  'field.required',
)

const inOrder = ({ startsAt, endsAt }: { startsAt: string; endsAt: string }) => endsAt >= startsAt
const order = { path: ['endsAt'], message: 'field.end_before_start' }

export const WrittenMeeting = z
  .object({
    language: Language,
    year: z.number().int().min(1990).max(2100),
    ordinal: z.number().int().positive().max(500).optional(),
    title: Titles,
    theme: Localized.default({}),
    startsAt: At,
    endsAt: At,
    timeZone: TimeZone,
    mode: Meeting.shape.mode,
    place: z.string().max(300).optional(),
    onlineUrl: Url.optional(),
    participation: Participation.default({}),
    hubs: Hubs.optional(),
    text: z.string().max(200_000).default(''),
    tags: Tags,
    published: At.optional(),
  })
  .refine(inOrder, order)

export const WrittenSession = z
  .object({
    language: Language,
    meeting: Id,
    title: Titles,
    sessionType: z.string().min(1).max(60),
    format: z.string().max(60).optional(),
    startsAt: At,
    endsAt: At,
    timeZone: TimeZone,
    room: z.string().max(200).optional(),
    onlineUrl: Url.optional(),
    externalRef: ExternalRef.optional(),
    people: z.array(SessionPerson).max(100).default([]),
    recordingUrl: Url.optional(),
    transcript: Transcript.optional(),
    transcriptUrl: Url.optional(),
    text: z.string().max(200_000).default(''),
    tags: Tags,
    published: At.optional(),
  })
  .refine(inOrder, order)

/** A new or changed meeting, told to the world. Refusal `invalid` names each wrong field. */
export function writeMeeting(
  id: string,
  input: z.input<typeof WrittenMeeting>,
  by: By,
  before?: Meeting,
): Doing {
  return written(id, 'meeting', checked(WrittenMeeting, input), by, before)
}

export function writeSession(
  id: string,
  input: z.input<typeof WrittenSession>,
  by: By,
  before?: Session,
): Doing {
  return written(id, 'session', checked(WrittenSession, input), by, before)
}

function written(
  id: string,
  type: 'meeting' | 'session',
  { published, ...fields }: z.infer<typeof WrittenMeeting> | z.infer<typeof WrittenSession>,
  { actor, at }: By,
  before: Meeting | Session | undefined,
): Doing {
  const item = {
    ...fields,
    id,
    type,
    initiative: actor,
    local: true,
    visibility: 'shown',
    html: markdownToHtml(fields.text),
    ...(before?.cancelled ? { cancelled: before.cancelled } : {}),
    ...movedFrom(before, fields, at),
    published: before?.published ?? published ?? at,
    ...(before ? { updated: at, rev: before.rev } : {}),
  }
  const schema = type === 'meeting' ? Meeting : Session
  return {
    put: { items: [checked<Meeting | Session>(schema, item)] },
    tell: tellings(before ? 'update' : 'create', { id, type }, actor, at),
  }
}
