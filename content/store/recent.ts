/** Small documents that were read lately, so that what every request asks for is not read from the file each time. */
import type { Change, Table } from '../store.ts'

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
}

export class Recent {
  #docs = new Map<string, { doc: unknown }>()

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

  /** What a change has written or dropped. */
  forget({ put = {}, drop = {} }: Change): void {
    for (const [table, docs] of Object.entries(put))
      for (const { id } of docs) this.#docs.delete(`${table} ${id}`)
    for (const [table, ids] of Object.entries(drop))
      for (const id of ids) this.#docs.delete(`${table} ${id}`)
  }

  clear(): void {
    this.#docs.clear()
  }
}
