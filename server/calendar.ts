/** iCalendar (RFC 5545): meetings and sessions as events that calendars subscribe to. */
import { createHash } from 'node:crypto'
import type { Meeting, Session } from '../content/model.ts'

export interface CalendarEvent {
  item: Meeting | Session
  /** In the language of this calendar. */
  title: string
  language: string
  /** Plain text. */
  description: string
  location?: string
  /** It does not take place, or was taken back. */
  cancelled: boolean
}

export interface CalendarParts {
  name: string
  /** The address it is read from. */
  url: string
  events: CalendarEvent[]
}

const LINE_OCTETS_MAX = 75

/** The file, and the tag by which a reader asks whether it has changed. */
export async function calendar(parts: CalendarParts): Promise<{ text: string; etag: string }> {
  const { default: ical } = await import('ical-generator')
  const made = ical({ name: clean(parts.name), url: parts.url, ttl: 3600 })
  made.prodId('//Tributary//Tributary//EN')
  for (const event of parts.events) made.createEvent(toEvent(event) as never)
  const unfolded = made.toString().replaceAll('\r\n ', '')
  const text = `${inLanguages(unfolded, parts.events).map(folded).join('\r\n')}\r\n`
  return { text, etag: `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"` }
}

/** Its address is its UID, and each writing of it a higher SEQUENCE: calendars keep one entry, the newest. */
function toEvent({ item, title, description, location, cancelled }: CalendarEvent): object {
  const { id, rev = 1, startsAt, endsAt, published, updated = published, onlineUrl } = item
  return {
    id,
    sequence: rev,
    start: startsAt,
    end: endsAt,
    stamp: updated,
    created: published,
    lastModified: updated,
    summary: clean(title),
    description: clean(description),
    url: id,
    status: cancelled ? 'CANCELLED' : 'CONFIRMED',
    ...(location ? { location: clean(location) } : {}),
    ...(onlineUrl && !cancelled ? { x: [['CONFERENCE;VALUE=URI', bare(onlineUrl)]] } : {}),
  }
}

/** What a line of text cannot hold. */
const clean = (text: string) => text.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')

/** An address is not text: nothing in it may need escaping. */
const bare = (url: string) =>
  url.replaceAll(',', '%2C').replaceAll(';', '%3B').replaceAll('\\', '%5C')

/** LANGUAGE of each event's words, which the library does not know. */
function inLanguages(text: string, events: CalendarEvent[]): string[] {
  let at = -1
  return text.split('\r\n').map((line) => {
    if (line === 'BEGIN:VEVENT') at += 1
    return line.replace(
      /^(SUMMARY|DESCRIPTION|LOCATION):/,
      `$1;LANGUAGE=${events[at]?.language ?? 'und'}:`,
    )
  })
}

/** No line is longer than 75 octets, and none is cut within a letter (RFC 5545, section 3.1). */
function folded(line: string): string {
  let octets = 0
  let text = ''
  for (const letter of line) {
    const size = Buffer.byteLength(letter)
    if (octets + size > LINE_OCTETS_MAX) {
      text += '\r\n '
      octets = 1
    }
    text += letter
    octets += size
  }
  return text
}
