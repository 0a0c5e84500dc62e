/** What changed between two texts of an outcome: block by block, and word by word inside a changed block. */
import { lazily } from './lazily.ts'
import type { Block } from './model.ts'

const diff = lazily<typeof import('diff')>('diff')

const WORD_EDITS_MAX = 2000
const BLOCK_EDITS_MAX = 2000

export interface Part {
  kind: 'same' | 'added' | 'removed'
  text: string
}

export interface Compared {
  kind: 'same' | 'added' | 'removed' | 'changed'
  block: Block
  /** For a changed block: its words in reading order. */
  parts?: Part[]
}

/** Compare two texts of one language. Messages are matched by their key, wherever they moved. */
export function compareBlocks(older: Block[], newer: Block[]): Compared[] {
  const before = new Map(older.map((block) => [nameOf(block), block]))
  const changes = diff().diffArrays(older.map(nameOf), newer.map(nameOf), {
    maxEditLength: BLOCK_EDITS_MAX,
  })
  if (!changes) return [...older.map(only('removed')), ...newer.map(only('added'))]
  const moved = new Set(newer.map(nameOf))
  const next = newer.values()
  return changes.flatMap(({ added, removed, value }) => {
    if (removed)
      return value.filter((name) => !moved.has(name)).flatMap((name) => gone(before.get(name)))
    return value.flatMap((name) => {
      const block = next.next().value
      if (!block) return []
      return added && !before.has(name) ? [only('added')(block)] : [paired(before.get(name), block)]
    })
  })
}

/** Whether two texts say the same. */
export const isSameText = (older: Block[], newer: Block[]): boolean =>
  compareBlocks(older, newer).every(({ kind }) => kind === 'same')

/** A message is itself by its key; headings and prose are what they say. */
const nameOf = (block: Block) => block.message ?? `${block.kind} ${block.markdown}`

const only =
  (kind: 'added' | 'removed') =>
  (block: Block): Compared => ({ kind, block })

const gone = (block: Block | undefined): Compared[] => (block ? [only('removed')(block)] : [])

function paired(before: Block | undefined, block: Block): Compared {
  if (!before || before.markdown === block.markdown) return { kind: 'same', block }
  return { kind: 'changed', block, parts: wordsBetween(before.markdown, block.markdown) }
}

function wordsBetween(before: string, after: string): Part[] {
  const changes = diff().diffWordsWithSpace(before, after, { maxEditLength: WORD_EDITS_MAX })
  if (!changes) {
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ]
  }
  return changes.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }))
}
