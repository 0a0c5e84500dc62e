/** How many took part, as it may be told: figures so small that they could tell who somebody was are not among them. Pure. */
import * as z from 'zod'

const KINDS_MAX = 250
const Counts = z
  .record(z.string().min(1).max(60), z.number().int().nonnegative())
  .refine((counts) => Object.keys(counts).length <= KINDS_MAX)

/** Figures of a meeting, as counted by the host; cells under 5 are for pages to suppress. */
export const Participation = z.object({
  total: z.number().int().nonnegative().optional(),
  onsite: z.number().int().nonnegative().optional(),
  online: z.number().int().nonnegative().optional(),
  newcomers: z.number().int().nonnegative().optional(),
  youth: z.number().int().nonnegative().optional(),
  /** By slug of the vocabulary stakeholder-groups. */
  groups: Counts.optional(),
  /** By the host's own words for them. */
  genders: Counts.optional(),
  /** By ISO 3166-1 code. */
  countries: Counts.optional(),
})

export type Participation = z.infer<typeof Participation>

/** A smaller figure is not told. */
export const LEAST = 5

/** A figure as it is told: itself, that it is under 5, or that saying it would tell one that is. */
export type Told = number | '<5' | 'withheld'

/**
 * Each figure of a breakdown as it is told. Where a single one is under 5 and the figures add up to a total that
 * everybody knows, the next smallest is withheld, since the first could be reckoned from it.
 */
export function told(counts: Record<string, number>, total?: number): Record<string, Told> {
  const all = Object.entries(counts)
  const few = all.filter(([, count]) => count < LEAST)
  const sum = all.reduce((so, [, count]) => so + count, 0)
  const others = all.filter(([, count]) => count >= LEAST).sort(([, a], [, b]) => a - b)
  const second =
    few.length === 1 && total !== undefined && sum >= total ? others[0]?.[0] : undefined
  return Object.fromEntries(
    all.map(([name, count]) => [
      name,
      count < LEAST ? ('<5' as const) : name === second ? ('withheld' as const) : count,
    ]),
  )
}

export interface ToldParticipation {
  total?: Told | undefined
  newcomers?: Told | undefined
  youth?: Told | undefined
  /** `onsite` and `online` */
  modes: Record<string, Told>
  groups: Record<string, Told>
  genders: Record<string, Told>
  countries: Record<string, Told>
}

/** All figures of a meeting as they are told. */
export function toldParticipation(figures: Participation): ToldParticipation {
  const { total, onsite, online, newcomers, youth, groups, genders, countries } = figures
  const one = (count: number | undefined): Told | undefined =>
    count === undefined || count >= LEAST ? count : '<5'
  const modes = {
    ...(onsite === undefined ? {} : { onsite }),
    ...(online === undefined ? {} : { online }),
  }
  return {
    total: one(total),
    newcomers: one(newcomers),
    youth: one(youth),
    modes: told(modes, total),
    groups: told(groups ?? {}, total),
    genders: told(genders ?? {}, total),
    countries: told(countries ?? {}, total),
  }
}

/** The figures that leave the node: numbers alone, so that what is too small is left out. */
export function tellable(figures: Participation): Participation {
  const { total, newcomers, youth, modes, groups, genders, countries } = toldParticipation(figures)
  const one = (name: string, figure: Told | undefined) =>
    typeof figure === 'number' ? { [name]: figure } : {}
  const many = (name: string, figures: Record<string, Told>) => {
    const numbers = Object.entries(figures).filter(([, each]) => typeof each === 'number')
    return numbers.length > 0 ? { [name]: Object.fromEntries(numbers) } : {}
  }
  return {
    ...one('total', total),
    ...one('onsite', modes.onsite),
    ...one('online', modes.online),
    ...one('newcomers', newcomers),
    ...one('youth', youth),
    ...many('groups', groups),
    ...many('genders', genders),
    ...many('countries', countries),
  }
}
