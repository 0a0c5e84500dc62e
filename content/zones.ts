/** The time on a clock somewhere, and the same moment in UTC. */

/** So many hours a zone may be away from UTC. */
const FURTHEST_MS = 15 * 3600_000

const clocks = new Map<string, Intl.DateTimeFormat>()

function clock(timeZone: string): Intl.DateTimeFormat {
  const known =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
      timeZone,
    })
  clocks.set(timeZone, known)
  return known
}

/** What a clock there shows at an instant, as forms write it: `2026-05-03T14:00`. */
export function localTime(at: string, timeZone: string): string {
  const parts = clock(timeZone).formatToParts(new Date(at))
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`
}

/** Zones without those whose clocks show the same at all these moments; UTC stands for all that show its time. */
export function clocksOf(zones: string[], instants: string[]): string[] {
  const shown = (zone: string) => instants.map((at) => localTime(at, zone)).join()
  return [...Map.groupBy(zones, shown).values()].flatMap((same) =>
    same.includes('UTC') ? 'UTC' : same.slice(0, 1),
  )
}

const written = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$/

/**
 * The instant at which a clock there shows this time; of two (when clocks are set back) the first. Nothing
 * when it is no time, or no clock there ever shows it (when clocks are set forward).
 */
export function instantOf(typed: string, timeZone: string): string | undefined {
  const [, ...found] = written.exec(typed.trim()) ?? []
  const [year, month, day, hour, minute] = found.map(Number)
  if (year === undefined || month === undefined || minute === undefined) return undefined
  const asUtc = Date.UTC(year, month - 1, day, hour, minute)
  const wanted = new Date(asUtc).toISOString().slice(0, 16)
  if (wanted !== `${typed.trim().slice(0, 10)}T${typed.trim().slice(11, 16)}`) return undefined
  const offsets = [-FURTHEST_MS, FURTHEST_MS].map((by) => offsetAt(asUtc + by, timeZone))
  return offsets
    .map((offset) => new Date(asUtc - offset).toISOString())
    .sort()
    .find((at) => localTime(at, timeZone) === wanted)
}

/** How far the clocks of a zone are before UTC at an instant, in milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  const shown = Date.parse(`${localTime(new Date(ms).toISOString(), timeZone)}Z`)
  return shown - Math.floor(ms / 60_000) * 60_000
}
