/** What a measurement says: rows for people, one line of JSON for machines. */
import { cpus, loadavg, totalmem } from 'node:os'

export type Row = Record<string, string | number>

/** What a command measured; `figures` is what others may quote. */
export interface Report {
  rows: Row[]
  figures: Record<string, number>
  /** What the reader of the figures must know: what was not measured, and why. */
  notes?: string[]
}

/** The machine, and how busy it was when the run began. */
export function machine() {
  const all = cpus()
  const load = loadavg().map((each) => Number(each.toFixed(1)))
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`
  const processor = `${all.length} x ${all[0]?.model.trim() || 'processor without a name'}`
  return { processor, memory, node: process.version, load }
}

export function print(name: string, { rows, figures, notes = [] }: Report, machineThen: object) {
  console.table(rows)
  for (const note of notes) console.log(note)
  console.log(JSON.stringify({ bench: name, machine: machineThen, figures }))
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const odd = sorted.length % 2 === 1
  return odd ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** The value that this share of all values does not exceed. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

export const rounded = (value: number, digits = 0) => Number(value.toFixed(digits))
