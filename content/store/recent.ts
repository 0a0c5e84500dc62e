/** What was read lately, so that what every request asks for is not read from the file each time. */
import type { Query, Table } from '../store.ts'
import type { Lines } from './lines.ts'

const DOCUMENTS_MAX = 3000
/** As JSON. A large document is seldom asked for twice in a moment, and costs more to hold. */
const LETTERS_MAX = 4000

/** What is asked for by its id again and again, and whether it also matters that something is not there. */
const kept: Partial<Record<Table, { absent: boolean }>> = {
  actors: { absent: false },
  items: { absent: false },
  initiatives: { absent: true },
  peers: { absent: true },
  cursors: { absent: true },
  following: { absent: true },
  notes: { absent: true },
  moves: { absent: true },
}

/** Small tables that are written seldom and asked with every activity: answers to whole queries are kept. */
const answered: ReadonlySet<Table> = new Set<Table>(['pulls', 'following', 'keys', 'moves'])
const ANSWERS_MAX = 500
/** As JSON. */
const QUESTION_LETTERS_MAX = 500

export class Recent {
  #docs = new Map<string, { doc: unknown }>()
  #answers = new Map<Table, Map<string, object[]>>()

  get(table: Table, id: string): { doc: unknown } | undefined {
    return this.#docs.get(`${table} ${id}`)
  }

  /** The oldest makes room for the newest. Nobody may alter what others will read, too. */
  keep(table: Table, id: string, doc: object | undefined, letters: number): void {
    const rule = kept[table]
    if (!rule || letters > LETTERS_MAX || (!doc && !rule.absent)) return
    const [oldest] = this.#docs.keys()
    if (oldest !== undefined && this.#docs.size >= DOCUMENTS_MAX) this.#docs.delete(oldest)
    this.#docs.set(`${table} ${id}`, { doc: doc && Object.freeze(doc) })
  }

  /** The answer to a question about a whole table, asked once and kept until the table is written. */
  answer<T extends object>(table: Table, query: Query, ask: () => T[]): T[] {
    if (!answered.has(table)) return ask()
    const key = JSON.stringify(query)
    const known = this.#answers.get(table) ?? new Map<string, object[]>()
    this.#answers.set(table, known)
    const held = known.get(key)
    if (held) return [...held] as T[]
    const found = ask().map((each) => Object.freeze(each))
    if (known.size >= ANSWERS_MAX) known.clear()
    if (key.length <= QUESTION_LETTERS_MAX) known.set(key, found)
    return [...found]
  }

  /** What a change has written or dropped. */
  forget({ put, drop }: Lines): void {
    for (const { table, id } of put) this.#drop(table, id)
    for (const [table, id] of drop) this.#drop(table, id)
  }

  #drop(table: Table, id: string): void {
    this.#answers.delete(table)
    this.#docs.delete(`${table} ${id}`)
  }

  clear(): void {
    this.#docs.clear()
    this.#answers.clear()
  }
}
