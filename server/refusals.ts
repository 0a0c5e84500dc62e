/** A refusal in the words of its reader: what the program calls by a name of its own goes by the name the pages have for it. */
import type { Refusal } from '../content/refusal.ts'
import type { Words } from './words.ts'

/** The sentences whose values are such names, and where in the catalogs those stand. */
const named: Record<string, string> = {
  'outcome.step': 'state',
  'moderation.step': 'visibility',
  'registry.step': 'registry',
}

/** What is refused, and why, as a sentence. */
export function refusalText(
  words: Words,
  { sentence, values = {} }: Pick<Refusal, 'sentence'> & Partial<Pick<Refusal, 'values'>>,
): string {
  const area = Object.hasOwn(named, sentence) ? named[sentence] : undefined
  const inWords = (value: string | number) => {
    const key = `${area}.${value}`
    return words.has(key) ? words(key) : value
  }
  const said = area
    ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, inWords(value)]))
    : values
  return words(`refusal.${sentence}`, said)
}
