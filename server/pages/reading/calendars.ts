/** Calendars to subscribe to or to download: one meeting with its sessions, one session, all meetings. */
import type { Request, Response } from 'express'
import type { Meeting, Session } from '../../../content/model.ts'
import { transcriptOf } from '../../../content/programme.ts'
import { Refusal } from '../../../content/refusal.ts'
import { plainText } from '../../../content/text.ts'
import { meetingId, sessionId } from '../../../federation/addresses.ts'
import { calendar, type CalendarEvent } from '../../calendar.ts'
import { type Context, inWords, languageIn } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { part, type Show } from './find.ts'
import { pair } from '../../marks.ts'

const EVENTS_MAX = 1000
const DESCRIPTION_LETTERS_MAX = 2000

type Gathering = Meeting | Session

/** What was taken back is in the calendar as cancelled, so that it goes from the calendars that have it. */
const isPublic = ({ visibility }: Gathering) => visibility === 'shown' || visibility === 'removed'

export const meetingCalendar: Show = async (context, req, res) => {
  const meeting = await named(context, 'meeting', req)
  const sessions = await found(context, { type: 'session', meeting: meeting.id })
  const gone = meeting.visibility === 'removed' || meeting.cancelled !== undefined
  const events = [meeting, ...sessions].map((item) => eventOf(context, item, gone))
  await send(context, req, res, events)
}

export const sessionCalendar: Show = async (context, req, res) => {
  const session = await named(context, 'session', req)
  await send(context, req, res, [eventOf(context, session)])
}

export const allMeetings: Show = async (context, req, res) => {
  const meetings = await found(context, { type: 'meeting' })
  await send(
    context,
    req,
    res,
    meetings.map((meeting) => eventOf(context, meeting)),
  )
}

async function named({ site }: Context, type: 'meeting' | 'session', req: Request) {
  const slug = part(req, 'slug')
  const id = type === 'meeting' ? meetingId(site, slug) : sessionId(site, slug)
  const byKey = { where: { key: slug, type }, limit: 1 }
  const item = (await site.store.get('items', id)) ?? (await site.store.find('items', byKey))[0]
  if (
    (item?.type !== 'meeting' && item?.type !== 'session') ||
    item.type !== type ||
    !isPublic(item)
  )
    throw new Refusal('missing', 'page')
  return item
}

async function found({ site }: Context, where: Record<string, string>): Promise<Gathering[]> {
  const ours: Record<string, string> = site.policy.gathers ? {} : { local: 'true' }
  const query = { where: { ...where, ...ours }, limit: EVENTS_MAX }
  const items = await site.store.find('items', query)
  return items
    .filter((item) => item.type === 'meeting' || item.type === 'session')
    .filter(isPublic)
    .sort((a, b) => a.startsAt.localeCompare(b.startsAt) || a.id.localeCompare(b.id))
}

/** Of what was taken back, only that it was. */
function eventOf({ words }: Context, item: Gathering, gone = false): CalendarEvent {
  const removed = item.visibility === 'removed'
  const place = item.type === 'meeting' ? item.place : item.room
  const location = place ?? item.onlineUrl
  return {
    item,
    title: removed ? words('calendar.removed') : inWords(item.title, words),
    language: removed ? words.language : languageIn(item.title, words),
    description: removed ? '' : descriptionOf({ words }, item),
    cancelled: removed || gone || item.cancelled !== undefined,
    ...(location && !removed ? { location } : {}),
  }
}

function descriptionOf({ words }: Pick<Context, 'words'>, item: Gathering): string {
  const transcript = item.type === 'session' ? transcriptOf(item) : undefined
  const said = plainText(item.html).slice(0, DESCRIPTION_LETTERS_MAX)
  return [
    item.cancelled && words('calendar.cancelled', { reason: item.cancelled.reason }),
    item.onlineUrl && pair(words, words('meeting.online'), item.onlineUrl),
    said,
    transcript && pair(words, words('session.transcript'), transcript.url),
    transcript && words('session.transcript_mark'),
  ]
    .filter(Boolean)
    .join('\n\n')
}

async function send(
  context: Context,
  req: Request,
  res: Response,
  events: CalendarEvent[],
): Promise<void> {
  const { site, words, profile } = context
  const name = profile ? inWords(profile.name, words) : site.origin
  const url = site.origin + req.path
  const { text, etag } = await calendar({ name, url, events })
  res.set({ etag, 'cache-control': 'public, max-age=300' }).vary('Accept-Language')
  if (isHeld(req, etag)) return void res.status(304).end()
  res.type('text/calendar; charset=utf-8').send(text)
}

/** Whoever names the tag has this very file, also when no cache between was to answer (RFC 9110, section 13.1.2). */
const isHeld = (req: Request, etag: string): boolean =>
  (req.get('if-none-match') ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)

/** Subscribe in a calendar, or download the file. */
export function calendarLinks({ site, words }: Context, path: string): Html {
  const subscribe = `webcal://${new URL(site.origin).host}${path}`
  return html`<p class="no-print"><a href="${subscribe}">${words('calendar.subscribe')}</a> · <a href="${path}" download>${words('calendar.download')}</a></p>`
}
