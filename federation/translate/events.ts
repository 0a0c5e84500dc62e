/** Meetings and sessions to ActivityStreams events, announced by a note, and back. */
import * as z from 'zod'
import { Meeting, Session } from '../../content/model.ts'
import { tellable } from '../../content/participation.ts'
import { foreignHtml } from '../../content/text.ts'
import { announcementOf } from '../addresses.ts'
import type { Json } from '../proofs.ts'
import { isAtHome } from '../trust.ts'
import { CONTEXT, readPost } from '../wire.ts'
import { base, escaped, initiativeAt, localized } from './common.ts'

/** The words of events as Mobilizon, Gancio and FEP-8a8e have them. */
const EVENT_CONTEXT: unknown[] = [
  ...CONTEXT,
  {
    sc: 'http://schema.org#',
    ical: 'http://www.w3.org/2002/12/cal/ical#',
    mz: 'https://joinmobilizon.org/ns#',
    fep8a8e: 'https://w3id.org/fep/8a8e/',
    VirtualLocation: 'sc:VirtualLocation',
    PostalAddress: 'sc:PostalAddress',
    address: 'sc:address',
    streetAddress: 'sc:streetAddress',
    OrganizersCollection: 'fep8a8e:OrganizersCollection',
    organizers: { '@id': 'fep8a8e:organizers', '@type': '@id' },
    eventStatus: { '@id': 'fep8a8e:eventStatus', '@type': '@vocab' },
    EventScheduled: 'fep8a8e:EventScheduled',
    EventRescheduled: 'fep8a8e:EventRescheduled',
    EventCancelled: 'fep8a8e:EventCancelled',
    category: 'sc:category',
    joinMode: 'mz:joinMode',
    externalParticipationUrl: 'mz:externalParticipationUrl',
    isOnline: 'mz:isOnline',
    inLanguage: 'sc:inLanguage',
    superEvent: { '@id': 'sc:superEvent', '@type': '@id' },
  },
]

/**
 * FEP-8a8e: an Event with its times and places; both stand in its content, too, for servers that show only
 * that. A session names its meeting. Nobody can join by ActivityPub: its page says how to take part.
 */
export function meetingToEvent(item: Meeting | Session): Json {
  const { title, language, startsAt, endsAt, timeZone, html, onlineUrl, cancelled, moved } = item
  const content = leadOf(item) + html
  const scheduled = moved ? 'EventRescheduled' : 'EventScheduled'
  return {
    ...base(item, initiativeAt(item.id)),
    '@context': EVENT_CONTEXT,
    type: 'Event',
    ...localized('name', title, language),
    content,
    contentMap: { [language]: content },
    startTime: startsAt,
    endTime: endsAt,
    timezone: timeZone,
    ...locationOf(item),
    isOnline: onlineUrl !== undefined && whereOf(item) === undefined,
    ...(onlineUrl ? { attachment: [website(onlineUrl)] } : {}),
    'ical:status': cancelled ? 'CANCELLED' : 'CONFIRMED',
    eventStatus: cancelled ? 'EventCancelled' : scheduled,
    joinMode: 'external',
    externalParticipationUrl: onlineUrl ?? item.id,
    category: 'MEETING',
    inLanguage: language,
    organizers: organizersOf(item),
    ...(item.type === 'session' ? { superEvent: item.meeting } : {}),
    meetingRecord: recordOf(item),
  }
}

/** A Note beside the Event of a meeting, for the many servers that drop events: its name, when and where, and the address. */
export function meetingToNote(meeting: Meeting): Json {
  const { id, language, title } = meeting
  const name = title[language] ?? Object.values(title)[0] ?? ''
  const link = `<p><a href="${escaped(id)}">${escaped(id)}</a></p>`
  const content = `<p>${escaped(name)}</p>${leadOf(meeting)}${link}`
  return {
    ...base(meeting, initiativeAt(meeting.id)),
    id: announcementOf(id),
    type: 'Note',
    content,
    contentMap: { [language]: content },
  }
}

const whereOf = (item: Meeting | Session): string | undefined =>
  item.type === 'meeting' ? item.place : item.room

/**
 * One location, never a list, and an address that is an object: Mobilizon fails on others and drops the event. Of a
 * hybrid meeting that is the place; the way in online is its website.
 */
function locationOf(item: Meeting | Session): { location?: Json } {
  const { onlineUrl } = item
  const where = whereOf(item)
  if (where) {
    const address = { type: 'PostalAddress', streetAddress: where }
    return { location: { type: 'Place', name: where, address } }
  }
  if (!onlineUrl) return {}
  return { location: { type: 'VirtualLocation', name: new URL(onlineUrl).host, url: onlineUrl } }
}

/** By this name and type Mobilizon knows the address of an event online. */
const website = (href: string): Json => ({
  ...{ type: 'Link', href, mediaType: 'text/html', name: 'Website' },
})

/** FEP-8a8e, required: who is disclosed as the organiser. */
const organizersOf = ({ initiative }: Meeting | Session): Json => ({
  type: 'OrganizersCollection',
  totalItems: 1,
  items: [{ type: 'Group', id: initiative }],
})

/** When and where it is, and why it is not, without a word of any language but the host's. */
function leadOf(item: Meeting | Session): string {
  const { startsAt, endsAt, onlineUrl, cancelled } = item
  const [from, to] = [startsAt, endsAt].map((at) => at.slice(0, 16).replace('T', ' '))
  const parts = [`${from} – ${to} UTC`, whereOf(item), onlineUrl]
    .filter((part) => part !== undefined)
    .map((part) => escaped(part))
  return cancelled
    ? `<p><del>${parts.join('<br>')}</del></p><p>✕ ${escaped(cancelled.reason)}</p>`
    : `<p>${parts.join('<br>')}</p>`
}

/** Our own pages say when and where by themselves. */
const withoutLead = (content: string, item: Meeting | Session): string =>
  content.startsWith(leadOf(item)) ? content.slice(leadOf(item).length) : content

const carried = {
  id: true,
  rev: true,
  initiative: true,
  local: true,
  visibility: true,
  html: true,
} as const
const MeetingRecord = Meeting.omit(carried)
const SessionRecord = Session.omit(carried)

const recordOf = (item: Meeting | Session): Json => {
  const record =
    item.type === 'meeting'
      ? { ...MeetingRecord.parse(item), participation: tellable(item.participation) }
      : SessionRecord.parse(item)
  return JSON.parse(JSON.stringify(record)) as Json
}

/**
 * A meeting or session of somebody whose events carry our record; nothing for events of others. Its meeting stands
 * on its own host, or on one of these homes of the same initiative.
 */
export function eventToMeeting(object: Json, homes: string[] = []): Meeting | Session | undefined {
  const post = readPost(object)
  const result = z
    .discriminatedUnion('type', [MeetingRecord, SessionRecord])
    .safeParse(object.meetingRecord)
  if (!result.success) return undefined
  const shared = {
    id: post.id,
    initiative: post.attributedTo,
    local: false,
    visibility: 'shown' as const,
  }
  const item = { ...result.data, ...shared, html: '' }
  item.html = foreignHtml(withoutLead(post.content ?? '', item))
  if (item.type === 'session') return isAtHome(item.meeting, item.id, homes) ? item : undefined
  return item
}
