/** The SQL of the SQLite store: its tables, and how a Query becomes a SELECT. */
import { counted } from '../indexing.ts'
import { searchQuery } from '../searchable.ts'
import type { Query, Table } from '../store.ts'

export const SCHEMA_VERSION = 2

const counts = `
  CREATE TABLE counts (
    field TEXT NOT NULL, type TEXT NOT NULL, visibility TEXT NOT NULL, local TEXT NOT NULL,
    value TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (field, type, visibility, local, value)
  ) STRICT, WITHOUT ROWID;
`

/** What makes a store of each older version one of the next. */
export const upgrades: Record<number, string> = {
  1: `${counts}
    INSERT INTO counts SELECT t.field, a.value, b.value, c.value, t.value, count(*) FROM terms t
      JOIN terms a ON a.row = t.row AND a.field = 'type'
      JOIN terms b ON b.row = t.row AND b.field = 'visibility'
      JOIN terms c ON c.row = t.row AND c.field = 'local'
      WHERE t.tbl = '${counted.table}' AND t.field IN (${counted.fields.map((name) => `'${name}'`).join(', ')})
      GROUP BY 1, 2, 3, 4, 5;`,
}

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
  ${counts}
`

const LIMIT_MAX = 1000
const RANKED_MAX = 5000

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
  const page = [atMost(query.limit ?? 20, LIMIT_MAX), query.skip ?? 0]
  const values = conditions.flatMap((each) => each.values)
  if (query.order === 'best' && driver === 'words')
    return { sql: bestOf(driver, conditions), values: [...values, RANKED_MAX, ...page] }
  const down = query.order === 'oldest' ? 'ASC' : 'DESC'
  const key = driver === 'terms' ? 'd' : 'docs'
  const sql = `SELECT docs.doc, docs.rev FROM ${from[driver]} ${whereOf(conditions)}
    ORDER BY ${key}.at ${down}, ${key}.id ${down} LIMIT ? OFFSET ?`
  return { sql, values: [...values, ...page] }
}

/** Ranking all that a common word finds would take ever longer: among those that came last the best are chosen. */
const bestOf = (driver: Driver, conditions: Condition[]) => `
  SELECT docs.doc, docs.rev FROM (
    SELECT docs.row AS row, words.rank AS score FROM ${from[driver]} ${whereOf(conditions)}
    ORDER BY words.rowid DESC LIMIT ?
  ) found CROSS JOIN docs ON docs.row = found.row
  ORDER BY found.score, found.row DESC LIMIT ? OFFSET ?`

/** SQLite takes a negative limit for none. */
export const atMost = (limit: number, most: number) => Math.max(0, Math.min(limit, most))

/** What is counted does not depend on the page that is looked at, nor on its order. */
const whole = ({ order: _order, after: _after, ...query }: Query): Query => query

export function selectCount(table: Table, query: Query, most: number): Select {
  if (isCounted(table, query, ['type'])) {
    const { sql, values } = countedWhere(query, ['type'])
    return { sql: `SELECT coalesce(sum(n), 0) AS count FROM counts ${sql}`, values }
  }
  const { driver, conditions } = planned(table, whole(query))
  const sql = `SELECT count(*) AS count FROM (SELECT 1 FROM ${from[driver]} ${whereOf(conditions)} LIMIT ?)`
  return { sql, values: [...conditions.flatMap(({ values }) => values), limitOf(most)] }
}

/** All values of some fields among the rows of a query, or among so many of the newest. */
export function selectFacets(table: Table, query: Query, fields: string[], most: number): Select {
  const grouped = 'GROUP BY field, value ORDER BY field, count DESC, value'
  if (isCounted(table, query, fields)) {
    const { sql, values } = countedWhere(query, fields)
    return {
      sql: `SELECT field, value, sum(n) AS count FROM counts ${sql} AND n > 0 ${grouped}`,
      values,
    }
  }
  const { driver, conditions } = planned(table, whole(query))
  const newest = most === Infinity ? '' : `ORDER BY ${newestFirst[driver]}`
  const sql = `WITH found AS MATERIALIZED (
      SELECT docs.row FROM ${from[driver]} ${whereOf(conditions)} ${newest} LIMIT ?
    ) SELECT t.field AS field, t.value AS value, count(*) AS count
    FROM found CROSS JOIN terms t ON t.row = found.row WHERE t.field IN (${marks(fields)}) ${grouped}`
  return { sql, values: [...conditions.flatMap(({ values }) => values), limitOf(most), ...fields] }
}

const limitOf = (most: number) => (Number.isFinite(most) ? most : -1)

/** Whether the answer was counted as it was written. */
const isCounted = (table: Table, { where = {}, text, since, until }: Query, fields: string[]) =>
  table === counted.table &&
  text === undefined &&
  !since &&
  !until &&
  Object.keys(where).every((field) => counted.scope.includes(field)) &&
  fields.every((field) => counted.fields.includes(field))

function countedWhere({ where = {} }: Query, fields: string[]): Select {
  const wanted = Object.entries({ field: fields, ...where }).map(([name, value]) => ({
    name,
    values: [value].flat(),
  }))
  const parts = wanted.map(({ name, values }) => `${name} IN (${marks(values)})`)
  return { sql: `WHERE ${parts.join(' AND ')}`, values: wanted.flatMap(({ values }) => values) }
}

/** What is walked: a filter's index, the words, or the whole table. */
type Driver = 'terms' | 'words' | 'docs'

const from: Record<Driver, string> = {
  terms: 'terms d CROSS JOIN docs ON docs.row = d.row',
  words: 'words CROSS JOIN docs ON docs.row = words.rowid',
  docs: 'docs',
}

const newestFirst: Record<Driver, string> = {
  terms: 'd.at DESC, d.id DESC',
  words: 'words.rowid DESC',
  docs: 'docs.at DESC, docs.id DESC',
}

const whereOf = (conditions: Condition[]) =>
  `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`

function planned(table: Table, query: Query): { driver: Driver; conditions: Condition[] } {
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
  const matched = query.text !== undefined && searchQuery(query.text).length > 0
  return { driver: first ? 'terms' : matched ? 'words' : 'docs', conditions }
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
function matching({ text }: Query): Condition[] {
  if (text === undefined) return []
  const groups = searchQuery(text)
  if (groups.length === 0) return [{ sql: '0', values: [] }]
  return [
    { sql: 'words MATCH ?', values: [groups.map((group) => `"${group.join(' ')}"`).join(' AND ')] },
  ]
}
