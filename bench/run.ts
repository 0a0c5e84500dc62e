/** npm run bench -- <what>: one measurement, as a table and a last line of JSON. */
import { parseArgs } from 'node:util'
import { backfill } from './parts/backfill.ts'
import { deliver } from './parts/deliver.ts'
import { digest } from './parts/digest.ts'
import { footprint } from './parts/footprint.ts'
import { imports } from './parts/import.ts'
import { inbox } from './parts/inbox.ts'
import { read } from './parts/read.ts'
import { machine, print, type Report } from './parts/table.ts'

/** How much is measured: medians of so many rounds, each of so much. */
export interface Size {
  rounds: number
  quick: boolean
}

const measurements: Record<string, (size: Size) => Promise<Report>> = {
  inbox,
  deliver,
  backfill,
  read,
  footprint,
  digest,
  import: imports,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
})
const [name = ''] = positionals
const measure = measurements[name]
const rounds = Math.min(9, Math.max(1, Number(values.rounds) || 3))
if (measure) {
  const then = machine()
  console.log(`${name} on ${then.processor}, ${then.memory}, Node ${then.node}, load ${then.load}`)
  print(name, await measure({ rounds, quick: values.quick }), then)
} else {
  const known = Object.keys(measurements).join('|')
  console.error(`npm run bench -- ${known} [--rounds n] [--quick]`)
  process.exitCode = 1
}
