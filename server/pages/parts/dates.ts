/** Days and times, for readers in words and for machines in `datetime`. */
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

/** A day: 3 May 2026. */
export const day = (words: Words, at: string, timeZone = 'UTC'): Html =>
  html`<time datetime="${at}">${words.day(at, timeZone)}</time>`

/** Day and time with the zone's name. */
export const moment = (words: Words, at: string, timeZone = 'UTC'): Html =>
  html`<time datetime="${at}">${words.moment(at, timeZone)}</time>`

/** From one day to another, in one phrase: 16–17 September 2026. */
export function days(words: Words, from: string, to: string, timeZone = 'UTC'): Html {
  const format = new Intl.DateTimeFormat(words.language, { dateStyle: 'long', timeZone })
  const text = format.formatRange(new Date(from), new Date(to))
  return html`<time datetime="${from}">${text}</time>`
}

/** Hours of one day in a zone: 09:30–11:00. */
export function hours(words: Words, from: string, to: string, timeZone = 'UTC'): Html {
  const format = new Intl.DateTimeFormat(words.language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  })
  const [start, end] = [from, to].map((at) => format.format(new Date(at)))
  return html`<time datetime="${from}">${start}</time>–<time datetime="${to}">${end}</time>`
}

/** The short name of a zone at an instant: GMT+3. */
export function zoneName(words: Words, at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat(words.language, { timeZone, timeZoneName: 'short' })
  const parts = format.formatToParts(new Date(at))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}
