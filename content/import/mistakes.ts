/** Mistakes of an import, named as the file names its fields. */
import type { Mistake } from '../refusal.ts'
import { isTerm } from '../vocabulary.ts'
import type { Imported } from './imported.ts'

/** Each field by the name it has in the file; what has no name of its own there is written in snake_case. */
export function named(mistakes: Mistake[], names: Record<string, string>): Mistake[] {
  const known = new Map<string, Mistake>()
  for (const mistake of mistakes) {
    const field = nameOf(mistake.field.replace(/^tags\./, ''), names)
    if (!known.has(field)) known.set(field, { ...mistake, field })
  }
  return [...known.values()]
}

function nameOf(field: string, names: Record<string, string>): string {
  const [first = '', ...rest] = field.split('.')
  const name = names[field] ?? [names[first] ?? first, ...rest].join('.')
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

const lists = [
  ['actionLines', 'action-lines'],
  ['sdgs', 'sdgs'],
  ['gdc', 'gdc'],
] as const

/**
 * What does not fit together: a comment period without an end, tags that their list does not have (themes
 * change every year, and topics are free).
 */
export function misfits(item: Imported): Mistake[] {
  if (!('tags' in item)) return []
  if (item.type === 'outcome' && item.state === 'open_for_comment' && !item.comment)
    return [{ field: 'comment', sentence: 'field.required' }]
  return lists.flatMap(([field, list]) =>
    item.tags[field].some((slug) => !isTerm(list, slug))
      ? [{ field, sentence: 'field.wrong' }]
      : [],
  )
}
