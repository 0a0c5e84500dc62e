/** Documents and log entries for the store's tests: small, valid, each its own. */
import { Discussion, type Item } from '../../content/model.ts'
import type { NewEntry, Stream } from '../../content/store.ts'

const initiative = 'https://igf.example/actor'

export const idOf = (name: string) => `https://igf.example/discussions/${name}`

/** The nth minute of a day, so that an order can be read off. */
export const minute = (n: number) => new Date(Date.UTC(2026, 4, 1) + n * 60_000).toISOString()

interface Given {
  at?: string
  text?: string
  language?: string
  topics?: string[]
  sdgs?: string[]
  visibility?: Item['visibility']
}

export function discussion(name: string, given: Given = {}): Discussion {
  const { at = minute(0), text = name, language = 'en', topics = [], sdgs = [] } = given
  return Discussion.parse({
    id: idOf(name),
    type: 'discussion',
    initiative,
    local: true,
    visibility: given.visibility ?? 'shown',
    language,
    tags: { topics, sdgs },
    published: at,
    title: { en: '' },
    text,
    html: '',
  })
}

let entries = 0

/** A new log entry; its wire is what it is hashed by. */
export function entry(stream: Stream = 'public', given: Partial<NewEntry> = {}): NewEntry {
  entries += 1
  const id = `https://igf.example/activities/${entries}`
  const said = { actor: initiative, verb: 'Create', item: idOf('a'), at: minute(entries) }
  return { stream, id, ...said, wire: JSON.stringify({ id, entries }), ...given }
}

export const names = (docs: { id: string }[]) => docs.map(({ id }) => id.split('/').at(-1))
