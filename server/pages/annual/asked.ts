/** The annual report that an address names, counted anew, and changed with a line in the trail. */
import type { Request } from 'express'
import {
  type AnnualReport,
  counted,
  type Filled,
  type Figures,
} from '../../../content/annual-report.ts'
import type { Doing } from '../../../content/doing.ts'
import { act } from '../../../content/moderation.ts'
import { Refusal } from '../../../content/refusal.ts'
import { groupId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import type { Context } from '../../context.ts'
import { wordsFor } from '../../words.ts'
import { part } from '../reading/find.ts'
import { filledFrom } from './filling.ts'
import { heldIn, reportOf } from './held.ts'

export const hostPlace = ({ year }: Pick<AnnualReport, 'year'>): string => `/host/reports/${year}`

export interface Counted {
  figures: Figures
  filled: Filled
}

/** What the node would fill in now. */
export async function countNow(context: Context, year: number, language: string): Promise<Counted> {
  const { site, profile } = context
  if (!profile) throw new Refusal('missing', 'page')
  const held = await heldIn(site, year)
  const figures = counted(held)
  const words = wordsFor(language)
  return { figures, filled: filledFrom({ words, profile, held, figures, actor: groupId(site) }) }
}

/** Commit it, with who did what. */
export const done = (
  { site }: Context,
  person: string,
  id: string,
  verb: string,
  doing: Doing,
): Promise<void> =>
  record(site, { ...doing, put: { ...doing.put, acts: [act(person, verb, id, site.now())] } })

/** The report of the address. Refusal `missing` when it was not begun. */
export async function named({ site }: Context, req: Request): Promise<AnnualReport> {
  const report = await reportOf(site, part(req, 'year'))
  if (!report) throw new Refusal('missing', 'page')
  return report
}
