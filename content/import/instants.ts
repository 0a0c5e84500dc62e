/** Moments as a person writes them in a file: a day, or a time with its offset, or in the zone that stands beside it. */

const written =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/i

/** In UTC; nothing for what is no moment, such as 30 February. `zone` is an IANA name. */
export function instantOf(text: string, zone: string): string | undefined {
  const [, day, time = '00:00', offset] = written.exec(text.trim()) ?? []
  if (day === undefined || !isDay(day)) return undefined
  const ms = Date.parse(`${day}T${time}${offset?.toUpperCase() ?? 'Z'}`)
  if (Number.isNaN(ms)) return undefined
  const isLocal = offset === undefined && text.trim() !== day
  return new Date(isLocal ? inZone(ms, zone) : ms).toISOString()
}

/** Date.parse takes 30 February for 2 March. */
const isDay = (day: string) => {
  const ms = Date.parse(`${day}T00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}

/** The moment at which clocks in a zone show what a clock in UTC shows at `ms`; asked twice, since the offset may change in between. */
function inZone(ms: number, zone: string): number {
  const first = ms - offsetAt(ms, zone)
  return ms - offsetAt(first, zone)
}

function offsetAt(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = 0, minutes = 0] = /([+-])(\d+):(\d+)/.exec(name) ?? []
  return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
