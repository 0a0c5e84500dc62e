/** A change as the lines that are written for it: whoever writes them need not know what the documents are. */
import { index } from '../indexing.ts'
import type { Change, NewEntry, Table } from '../store.ts'

/** One document as it will lie in the file, with all that the index says of it. Plain text, so that it can go to another thread. */
export interface Line {
  table: Table
  id: string
  /** The revision it was read with; none for one that is new. */
  rev: number | undefined
  at: string
  json: string
  /** Each field and value that it is found by. */
  terms: [field: string, value: string][]
  /** What the full-text index holds of it; '' for nothing. */
  text: string
}

export interface Lines {
  put: Line[]
  drop: [table: Table, id: string][]
  log: NewEntry[]
}

type Doc = { id: string; rev?: number | undefined }

/** In the order in which they are written. */
export function linesOf({ put = {}, drop = {}, log = [] }: Change): Lines {
  return {
    drop: Object.entries(drop).flatMap(([table, ids]) =>
      ids.map((id): [Table, string] => [table as Table, id]),
    ),
    put: Object.entries(put).flatMap(([table, docs]) =>
      docs.map((doc) => lineOf(table as Table, doc)),
    ),
    log,
  }
}

/** How many letters there are to write. */
export function lengthOf({ put, log }: Lines): number {
  let letters = 0
  for (const { json, text } of put) letters += json.length + text.length
  for (const { wire } of log) letters += wire.length
  return letters
}

function lineOf(table: Table, { rev, ...body }: Doc): Line {
  const { at, terms, text } = index[table](body as never)
  return { table, id: body.id, rev, at, json: JSON.stringify(body), terms: pairs(terms), text }
}

function pairs(terms: ReturnType<(typeof index)[Table]>['terms']): Line['terms'] {
  const found: Line['terms'] = []
  for (const [field, values] of Object.entries(terms)) {
    if (Array.isArray(values)) for (const value of values) found.push([field, String(value)])
    else if (values !== undefined) found.push([field, String(values)])
  }
  return found
}
