/** The SQL of the SQLite store: its tables, and how a Query becomes a SELECT. */
import { counted } from './indexed.ts'
import { searchQuery } from '../searchable.ts'
import type { Query, Table } from '../store.ts'

export const SCHEMA_VERSION = 5

const counts = `
  CREATE TABLE counts (
    field TEXT NOT NULL, type TEXT NOT NULL, visibility TEXT NOT NULL, local TEXT NOT NULL,
    value TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (field, type, visibility, local, value)
  ) STRICT, WITHOUT ROWID;
`

const names = `
  CREATE TABLE names (
    term INTEGER PRIMARY KEY AUTOINCREMENT, tbl TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL,
    UNIQUE (tbl, field, value)
  ) STRICT;
`

const termsTable = `
  CREATE TABLE terms (
    term INTEGER NOT NULL, at TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (term, at, row)
  ) STRICT, WITHOUT ROWID;
`

const docsAt = 'CREATE INDEX docs_at ON docs (tbl, at);'

/** What a search asks of each row it walks over, beside the documents: many rows to a page of the file. */
const facts = `CREATE INDEX docs_facts ON docs (row, at, terms) WHERE tbl = '${counted.table}';`

/** What makes a store of each older version one of the next. */
export const upgrades: Record<number, string> = {
  1: `${counts}
    INSERT INTO counts SELECT t.field, a.value, b.value, c.value, t.value, count(*) FROM terms t
      JOIN terms a ON a.row = t.row AND a.field = 'type'
      JOIN terms b ON b.row = t.row AND b.field = 'visibility'
      JOIN terms c ON c.row = t.row AND c.field = 'local'
      WHERE t.tbl = '${counted.table}' AND t.field IN (${counted.fields.map((name) => `'${name}'`).join(', ')})
      GROUP BY 1, 2, 3, 4, 5;`,
  2: `${names}
    ALTER TABLE terms RENAME TO before;
    INSERT INTO names (tbl, field, value) SELECT DISTINCT tbl, field, value FROM before;
    ${termsTable}
    INSERT INTO terms SELECT n.term, b.at, b.row FROM before b JOIN names n USING (tbl, field, value);
    ALTER TABLE docs ADD COLUMN terms TEXT NOT NULL DEFAULT '';
    UPDATE docs SET terms = coalesce((SELECT group_concat(n.term, ' ') FROM before b
      JOIN names n USING (tbl, field, value) WHERE b.row = docs.row), '');
    DROP TABLE before;
    DROP INDEX docs_at;
    ${docsAt}`,
  3: facts,
  // What named no followers was sent to nobody: in canonical form `cc` would stand between actor and id.
  4: `ALTER TABLE log ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
    UPDATE log SET quiet = 1 WHERE stream = 'public' AND
      instr(wire, '"actor":' || json_quote(actor) || ',"id":' || json_quote(id) || ',') > 0;`,
}

export const schema = `
  CREATE TABLE docs (
    row INTEGER PRIMARY KEY, tbl TEXT NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL,
    doc TEXT NOT NULL, rev INTEGER NOT NULL, terms TEXT NOT NULL DEFAULT '', UNIQUE (tbl, id)
  ) STRICT;
  ${docsAt}
  ${facts}
  ${names}
  ${termsTable}
  CREATE VIRTUAL TABLE words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
  );
  CREATE TABLE log (
    stream TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, actor TEXT NOT NULL,
    verb TEXT NOT NULL, item TEXT NOT NULL, at TEXT NOT NULL, wire TEXT NOT NULL,
    quiet INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (stream, seq)
  ) STRICT;
  CREATE TABLE tree (
    level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)
  ) STRICT, WITHOUT ROWID;
  ${counts}
`

const LIMIT_MAX = 1000
/** See `order` in store.ts. */
const RANKED_MAX = 2500

export interface Select {
  sql: string
  values: (string | number)[]
}

/** A condition on rows of docs, as SQL with its values. */
interface Condition {
  sql: string
  values: (string | number)[]
}

/** The number of a field's value; none when no document has it. */
export type NumberOf = (table: Table, field: string, value: string) => number | undefined

const marks = (list: unknown[]) => list.map(() => '?').join(', ')

/**
 * Fields with few values, each of which stands for a large part of a table, the largest first: walked only when there is
 * nothing narrower.
 */
const broad = ['visibility', 'local', 'type', 'state', 'verified', 'language', 'consensus'].concat([
  'kind',
  'standing',
  'role',
  'outcomeType',
  'year',
])

/** What leaves out most comes first. */
const breadth = (field: string) => (broad.includes(field) ? broad.length - broad.indexOf(field) : 0)

/** As broad as a year: few enough have one that they can be noted. */
const NARROW = 1

/** Fields whose values are few and come again: their names are kept when nothing has them for a while. */
export const fewValues = [...broad, 'stakeholderGroup'].map((field) => `'${field}'`).join(', ')

/**
 * The rows of a query in order. The narrowest filter with a single value is walked in the order of its index;
 * every other filter is one look-up a row.
 */
export function selectRows(table: Table, query: Query, numberOf: NumberOf): Select {
  const { driver, conditions } = planned(table, query, numberOf)
  const page = [atMost(query.limit ?? 20, LIMIT_MAX), query.skip ?? 0]
  const values = conditions.flatMap((each) => each.values)
  if (query.order === 'best' && driver === 'words')
    return { sql: bestOf(table, conditions), values: [...values, RANKED_MAX, ...page] }
  const down = query.order === 'oldest' ? 'ASC' : 'DESC'
  const key = driver === 'terms' ? 'd' : 'docs'
  const sql = `SELECT docs.doc, docs.rev FROM ${from[driver]} ${whereOf(conditions)}
    ORDER BY ${key}.at ${down}, docs.id ${down} LIMIT ? OFFSET ?`
  return { sql, values: [...values, ...page] }
}

/** Ranking all that a common word finds would take ever longer: among those that came last the best are chosen. */
const bestOf = (table: Table, conditions: Condition[]) => `
  SELECT docs.doc, docs.rev FROM (
    SELECT docs.row AS row, words.rank AS score FROM ${narrow(table, 'words')} ${whereOf(conditions)}
    ORDER BY words.rowid DESC LIMIT ?
  ) found CROSS JOIN docs ON docs.row = found.row
  ORDER BY found.score, found.row DESC LIMIT ? OFFSET ?`

/** SQLite takes a negative limit for none. */
export const atMost = (limit: number, most: number) => Math.max(0, Math.min(limit, most))

/** What is counted does not depend on the page that is looked at, nor on its order. */
const whole = ({ order: _order, after: _after, ...query }: Query): Query => query

export function selectCount(table: Table, query: Query, numberOf: NumberOf, most: number): Select {
  if (isCounted(table, query, ['type'])) {
    const { sql, values } = countedWhere(query, ['type'])
    return { sql: `SELECT coalesce(sum(n), 0) AS count FROM counts ${sql}`, values }
  }
  const { driver, conditions } = planned(table, whole(query), numberOf)
  const rows = driver === 'terms' && query.text === undefined ? 'terms d' : narrow(table, driver)
  const sql = `SELECT count(*) AS count FROM (SELECT 1 FROM ${rows} ${whereOf(conditions)} LIMIT ?)`
  return { sql, values: [...conditions.flatMap(({ values }) => values), limitOf(most)] }
}

/** All values of some fields, where they were counted as they were written. */
export function selectCounted(table: Table, query: Query, fields: string[]): Select | undefined {
  if (!isCounted(table, query, fields)) return undefined
  const { sql, values } = countedWhere(query, fields)
  const grouped = 'GROUP BY field, value'
  return {
    sql: `SELECT field, value, sum(n) AS count FROM counts ${sql} AND n > 0 ${grouped}`,
    values,
  }
}

/** The terms of each row of a query, the newest first where that matters. */
export function selectTerms(
  table: Table,
  query: Query,
  numberOf: NumberOf,
  newest: boolean,
): Select {
  const { driver, conditions } = planned(table, whole(query), numberOf, table === counted.table)
  const where = whereOf([...conditions, isIn(table)])
  const order = newest ? `ORDER BY ${newestFirst[driver]}` : ''
  const sql = `SELECT docs.terms FROM ${narrow(table, driver)} ${where} ${order}`
  return { sql, values: conditions.flatMap(({ values }) => values) }
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

/** The same, for what asks of documents only what `docs_facts` holds. */
function narrow(table: Table, driver: Driver): string {
  if (table !== counted.table || driver === 'docs') return from[driver]
  return from[driver].replace('docs ON', 'docs INDEXED BY docs_facts ON')
}

/** Written out, not as a value: only so does SQLite see that `docs_facts` has every row that is asked for. */
const isIn = (table: Table): Condition => ({ sql: `docs.tbl = '${table}'`, values: [] })

const newestFirst: Record<Driver, string> = {
  terms: 'd.at DESC, d.row DESC',
  words: 'words.rowid DESC',
  docs: 'docs.at DESC, docs.row DESC',
}

const whereOf = (conditions: Condition[]) =>
  `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`

function planned(
  table: Table,
  query: Query,
  numberOf: NumberOf,
  withFacts = false,
): { driver: Driver; conditions: Condition[] } {
  const filters = Object.entries(query.where ?? {}).map(([field, wanted]) => ({
    field,
    single: typeof wanted === 'string' || wanted.length === 1,
    numbers: [wanted].flat().flatMap((value) => numberOf(table, field, value) ?? []),
  }))
  if (filters.some(({ numbers }) => numbers.length === 0))
    return { driver: 'docs', conditions: [nothing] }
  const single = filters.filter(({ single }) => single && query.text === undefined)
  const first = single.toSorted((a, b) => breadth(a.field) - breadth(b.field))[0]
  const rest = filters.filter((filter) => filter !== first)
  const start: Condition = first ? { sql: 'd.term = ?', values: first.numbers } : isIn(table)
  const matched = query.text !== undefined && searchQuery(query.text).length > 0
  const driver = first ? 'terms' : matched ? 'words' : 'docs'
  const key = first ? 'd' : 'docs'
  const narrowest = rest.toSorted((a, b) => breadth(a.field) - breadth(b.field))
  const asked = narrowest.map(({ field, numbers }, i) => {
    if (matched && !first) return breadth(field) <= NARROW ? among(numbers) : says(numbers)
    return withFacts && first && i > 0 ? says(numbers) : has(numbers, key)
  })
  const conditions = [start, ...bounds(query, key), ...asked, ...matching(query)]
  return { driver, conditions }
}

const nothing: Condition = { sql: '0', values: [] }

const has = (numbers: number[], key: 'd' | 'docs'): Condition => ({
  sql: `EXISTS (SELECT 1 FROM terms t WHERE t.term IN (${marks(numbers)}) AND t.at = ${key}.at AND t.row = ${key}.row)`,
  values: numbers,
})

/** The same for many rows: all that have it are noted first. */
const among = (numbers: number[]): Condition => ({
  sql: `+words.rowid IN (SELECT row FROM terms WHERE term IN (${marks(numbers)}))`,
  values: numbers,
})

/** The same, read in the row itself, where its values are at hand in `docs_facts`. */
const says = (numbers: number[]): Condition => ({
  sql: `(${numbers.map(() => `instr(' ' || docs.terms || ' ', ?)`).join(' OR ')})`,
  values: numbers.map((number) => ` ${number} `),
})

function bounds({ since, until, after, order }: Query, key: string): Condition[] {
  const found: Condition[] = []
  if (since) found.push({ sql: `${key}.at >= ?`, values: [since] })
  if (until) found.push({ sql: `${key}.at <= ?`, values: [until] })
  const beyond = order === 'oldest' ? '>' : '<'
  if (after)
    found.push({
      sql: `${key}.at ${beyond}= ? AND (${key}.at ${beyond} ? OR docs.id ${beyond} ?)`,
      values: [after.at, after.at, after.id],
    })
  return found
}

/** What a person typed is words to find, never FTS5 syntax: each group is a quoted phrase. */
function matching({ text }: Query): Condition[] {
  if (text === undefined) return []
  const groups = searchQuery(text)
  if (groups.length === 0) return [nothing]
  return [
    { sql: 'words MATCH ?', values: [groups.map((group) => `"${group.join(' ')}"`).join(' AND ')] },
  ]
}
