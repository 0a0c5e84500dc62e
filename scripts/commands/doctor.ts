/** tributary doctor: looks for the usual mistakes of a set-up, and says for each what to do. */
import { Refusal } from '../../content/refusal.ts'
import { examine, type Finding } from '../../server/doctor.ts'
import { say, words } from '../terminal.ts'
import type { Run } from './command.ts'
import { withSite } from './with-site.ts'

const what = ({ name }: Finding) => words(`doctor.${name}.what`)
const remedy = ({ name, values }: Finding) => words(`doctor.${name}.do`, values)

/** For people, or with --json one object a line for machines; exit code 1 when anything is wrong. */
export const doctor: Run = (_args, { json }) =>
  withSite(async (site, config) => {
    const found = await examine(site, config)
    for (const each of found) {
      if (json) say(JSON.stringify(asJson(each)))
      else say(`${each.well ? '✓' : '✗'} ${what(each)}${each.well ? '' : `\n    ${remedy(each)}`}`)
    }
    const count = found.filter(({ well }) => !well).length
    if (count > 0) throw new Refusal('unavailable', 'terminal.doctor', { count })
  })

const asJson = (each: Finding) => ({
  check: each.name,
  well: each.well,
  what: what(each),
  ...(each.well ? {} : { do: remedy(each) }),
})
