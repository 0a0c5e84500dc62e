/** Lists as CSV (RFC 4180), safe to open in a spreadsheet. */
import type { Response } from 'express'
import { lazily } from '../content/lazily.ts'

const csv = lazily<typeof import('csv-stringify/sync')>('csv-stringify/sync')

export type Row = Record<string, string | number | boolean | undefined>

/** The text of a table; cells that a spreadsheet would run as formulas are defused, and none breaks its row. */
export function toCsv(columns: string[], rows: Row[]): string {
  return csv().stringify(rows, {
    header: true,
    columns,
    escape_formulas: true,
    record_delimiter: 'windows',
    quoted_match: /[\r\n]/,
  })
}

export function sendCsv(res: Response, name: string, columns: string[], rows: Row[]): void {
  res
    .attachment(`${name}.csv`)
    .type('text/csv; charset=utf-8')
    .send(`\uFEFF${toCsv(columns, rows)}`)
}
