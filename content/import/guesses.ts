/** The language of a text, by its script and its commonest words, among the seven that are read here most. */

const scripts = [
  ['ar', /\p{Script=Arabic}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
] as const

const common: Record<string, string> = {
  en: 'the of and to in is that for with are on this be by as',
  es: 'el la los las de que y en un una por con para del es',
  fr: 'le la les des du et en un une est que pour dans par au',
  pt: 'o os as da do dos das e em um uma para com não que',
}

const LETTERS_SEEN = 4000

export interface Guess {
  language: string
  /** From 0 to 1. */
  sure: number
}

/** Which languages have a word among their commonest. */
const speakers = new Map<string, string[]>()
for (const [language, list] of Object.entries(common)) {
  for (const word of list.split(' ')) speakers.set(word, [...(speakers.get(word) ?? []), language])
}

/** `und`, and not sure at all, where nothing tells. */
export function guessLanguage(text: string): Guess {
  const seen = text.slice(0, LETTERS_SEEN)
  const found = isLatin.test(seen) ? undefined : byScript(seen)
  return found ?? byWords(seen)
}

/** Nothing in it is of another script: by far the most frequent case needs no counting. */
const isLatin = /^[\u0000-\u024f\u2000-\u206f\u20a0-\u20bf]*$/

function byScript(seen: string): Guess | undefined {
  const letters = seen.match(/\p{L}/gu)?.length ?? 0
  for (const [language, script] of scripts) {
    const part = (seen.match(script)?.length ?? 0) / Math.max(1, letters)
    if (part > 0.4) return { language, sure: Math.min(1, part + 0.2) }
  }
  return undefined
}

function byWords(text: string): Guess {
  const counts = new Map<string, number>()
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
    for (const language of speakers.get(word) ?? [])
      counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const [best, second = ['', 0] as const] = [...counts].sort((a, b) => b[1] - a[1])
  if (!best || best[1] < 2) return { language: 'und', sure: 0 }
  return { language: best[0], sure: (best[1] - second[1]) / best[1] }
}
