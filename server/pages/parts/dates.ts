/** Days and times, for readers in words and for machines in `datetime`. */
import { localTime } from '../../../content/zones.ts'
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

const units: [string, number][] = [
  ['day', 86_400_000],
  ['hour', 3600_000],
  ['minute', 60_000],
]

/** How long something takes: 1 hour, 30 minutes. */
export function duration(words: Words, from: string, to: string): string {
  let left = Date.parse(to) - Date.parse(from)
  const parts = units.flatMap(([unit, ms]) => {
    const count = Math.floor(left / ms)
    left -= count * ms
    const style = { style: 'unit', unit, unitDisplay: 'long' } as const
    return count > 0 ? [new Intl.NumberFormat(words.language, style).format(count)] : []
  })
  return new Intl.ListFormat(words.language, { type: 'unit' }).format(parts)
}

/** The short name of a zone at an instant: GMT+3. */
export function zoneName(words: Words, at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat(words.language, { timeZone, timeZoneName: 'short' })
  const parts = format.formatToParts(new Date(at))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/**
 * From one moment to another on the clocks of a zone: 23:30–00:30 GMT+3. A day is named where it is not `day`
 * (2026-05-16) or not that of the beginning; the zone twice where clocks are set in between.
 */
export function spanIn(
  words: Words,
  { startsAt, endsAt }: { startsAt: string; endsAt: string },
  timeZone: string,
  day: string,
): Html {
  const starts = localTime(startsAt, timeZone).slice(0, 10)
  const ends = localTime(endsAt, timeZone).slice(0, 10)
  const [before, after] = [startsAt, endsAt].map((at) => zoneName(words, at, timeZone))
  const start = clockAt(words, startsAt, timeZone, starts !== day)
  const end = clockAt(words, endsAt, timeZone, ends !== starts)
  return html`${start}${before !== after && ` ${before}`} – ${end} <bdi>${after}</bdi>`
}

function clockAt(words: Words, at: string, timeZone: string, dated: boolean): Html {
  const format = new Intl.DateTimeFormat(words.language, {
    ...(dated ? { day: 'numeric', month: 'long' } : {}),
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone },
  })
  return html`<time datetime="${at}">${format.format(new Date(at))}</time>`
}
