/** What the store itself must know of the index: which tables have words, and what is counted. */
import type { Table } from '../store.ts'

/** The tables of which anything is in the full-text index. */
export const worded: ReadonlySet<Table> = new Set<Table>(['items', 'initiatives'])

/**
 * What is counted as it is written, since counting it for a reader would take ever longer: how many items have
 * each value of these fields, apart for each combination of the scope. Every item has one value of each of those.
 */
export const counted = {
  table: 'items' as Table,
  scope: ['type', 'visibility', 'local'],
  fields: ['type', 'year', 'state', 'kind', 'consensus', 'language', 'initiative'].concat([
    'theme',
    'actionLine',
    'sdg',
    'gdc',
  ]),
}
