/** The SQL of the SQLite store: its tables, and how a Query becomes a SELECT. */
import { searchQuery } from '../searchable.ts'
import type { Query, Table } from '../store.ts'

export const SCHEMA_VERSION = 1

export const schema = `
  CREATE TABLE docs (
    row INTEGER PRIMARY KEY, tbl TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL,
    doc TEXT NOT NULL, rev INTEGER NOT NULL, UNIQUE (tbl, id)
  ) STRICT;
  CREATE INDEX docs_at ON docs (tbl, at, id);
  CREATE TABLE terms (
    tbl TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, at TEXT NOT NULL, id TEXT NOT NULL,
    row INTEGER NOT NULL, PRIMARY KEY (tbl, field, value, at, id, row)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX terms_row ON terms (row, field, value);
  CREATE VIRTUAL TABLE words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
  );
  CREATE TABLE log (
    stream TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, actor TEXT NOT NULL,
    verb TEXT NOT NULL, item TEXT NOT NULL, at TEXT NOT NULL, wire TEXT NOT NULL,
    PRIMARY KEY (stream, seq)
  ) STRICT;
  CREATE TABLE tree (
    level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)
  ) STRICT, WITHOUT ROWID;
`

const LIMIT_MAX = 1000

export interface Select {
  sql: string
  values: (string | number)[]
}

/** A condition on rows of docs, as SQL with its values. */
interface Condition {
  sql: string
  values: string[]
}

const marks = (list: unknown[]) => list.map(() => '?').join(', ')

/** Fields with few values, each of which stands for a large part of a table: walked only when there is nothing narrower. */
const broad = new Set(
  ['type', 'visibility', 'local', 'state', 'verified', 'language', 'kind', 'consensus'].concat([
    'standing',
    'role',
    'outcomeType',
    'year',
  ]),
)

/**
 * The rows of a query in order. The narrowest filter with a single value is walked in the order of its index;
 * every other filter is one look-up a row.
 */
export function selectRows(table: Table, query: Query): Select {
  const { driver, conditions } = planned(table, query)
  const best = query.order === 'best' && query.text !== undefined
  const down = query.order === 'oldest' ? 'ASC' : 'DESC'
  const key = driver ? 'd' : 'docs'
  const order = best
    ? 'ORDER BY words.rank, docs.row DESC'
    : `ORDER BY ${key}.at ${down}, ${key}.id ${down}`
  const found = best ? 'JOIN words ON words.rowid = docs.row' : ''
  const sql = `SELECT docs.doc, docs.rev FROM ${from(driver)} ${found} ${whereOf(conditions)} ${order} LIMIT ? OFFSET ?`
  const limit = atMost(query.limit ?? 20, LIMIT_MAX)
  return { sql, values: [...conditions.flatMap(({ values }) => values), limit, query.skip ?? 0] }
}

/** SQLite takes a negative limit for none. */
export const atMost = (limit: number, most: number) => Math.max(0, Math.min(limit, most))

/** What is counted does not depend on the page that is looked at, nor on its order. */
const whole = ({ order: _order, after: _after, ...query }: Query): Query => query

export function selectCount(table: Table, query: Query): Select {
  const { driver, conditions } = planned(table, whole(query))
  const sql = `SELECT count(*) AS count FROM ${from(driver)} ${whereOf(conditions)}`
  return { sql, values: conditions.flatMap(({ values }) => values) }
}

/** All values of some fields among the rows of a query. */
export function selectFacets(table: Table, query: Query, fields: string[]): Select {
  const all =
    Object.keys(query.where ?? {}).length === 0 &&
    query.text === undefined &&
    !query.since &&
    !query.until
  if (all) {
    const sql = `SELECT field, value, count(*) AS count FROM terms WHERE tbl = ? AND field IN (${marks(fields)})
      GROUP BY field, value ORDER BY field, count DESC, value`
    return { sql, values: [table, ...fields] }
  }
  const { driver, conditions } = planned(table, whole(query))
  const sql = `WITH found AS MATERIALIZED (SELECT docs.row FROM ${from(driver)} ${whereOf(conditions)})
    SELECT t.field, t.value, count(*) AS count FROM found CROSS JOIN terms t ON t.row = found.row
    WHERE t.field IN (${marks(fields)}) GROUP BY t.field, t.value ORDER BY t.field, count DESC, t.value`
  return { sql, values: [...conditions.flatMap(({ values }) => values), ...fields] }
}

const from = (driver: boolean) => (driver ? 'terms d CROSS JOIN docs ON docs.row = d.row' : 'docs')

const whereOf = (conditions: Condition[]) =>
  `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`

function planned(table: Table, query: Query): { driver: boolean; conditions: Condition[] } {
  const filters = Object.entries(query.where ?? {}).map(([field, wanted]) => ({
    field,
    values: [wanted].flat(),
  }))
  const single = filters.filter(({ values }) => values.length === 1 && query.text === undefined)
  const first = single.find(({ field }) => !broad.has(field)) ?? single[0]
  const rest = filters.filter((filter) => filter !== first)
  const start: Condition = first
    ? {
        sql: 'd.tbl = ? AND d.field = ? AND d.value = ?',
        values: [table, first.field, ...first.values],
      }
    : { sql: 'docs.tbl = ?', values: [table] }
  const key = first ? 'd' : 'docs'
  const conditions = [start, ...bounds(query, key), ...rest.map(has), ...matching(query)]
  return { driver: first !== undefined, conditions }
}

const has = ({ field, values }: { field: string; values: string[] }): Condition => ({
  sql: `EXISTS (SELECT 1 FROM terms t WHERE t.row = docs.row AND t.field = ? AND t.value IN (${marks(values)}))`,
  values: [field, ...values],
})

function bounds({ since, until, after, order }: Query, key: string): Condition[] {
  const found: Condition[] = []
  if (since) found.push({ sql: `${key}.at >= ?`, values: [since] })
  if (until) found.push({ sql: `${key}.at <= ?`, values: [until] })
  const beyond = order === 'oldest' ? '>' : '<'
  if (after)
    found.push({ sql: `(${key}.at, ${key}.id) ${beyond} (?, ?)`, values: [after.at, after.id] })
  return found
}

/** What a person typed is words to find, never FTS5 syntax: each group is a quoted phrase. */
function matching({ text, order }: Query): Condition[] {
  if (text === undefined) return []
  const groups = searchQuery(text)
  if (groups.length === 0) return [{ sql: '0', values: [] }]
  const match = groups.map((group) => `"${group.join(' ')}"`).join(' AND ')
  return order === 'best'
    ? [{ sql: 'words MATCH ?', values: [match] }]
    : [{ sql: 'docs.row IN (SELECT rowid FROM words WHERE words MATCH ?)', values: [match] }]
}
