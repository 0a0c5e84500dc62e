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

/** `und`, and not sure at all, where nothing tells. */
export function guessLanguage(text: string): Guess {
  const seen = text.slice(0, LETTERS_SEEN)
  const letters = seen.match(/\p{L}/gu)?.length ?? 0
  for (const [language, script] of scripts) {
    const part = (seen.match(script)?.length ?? 0) / Math.max(1, letters)
    if (part > 0.4) return { language, sure: Math.min(1, part + 0.2) }
  }
  return byWords(seen)
}

function byWords(text: string): Guess {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const counts = Object.entries(common).map(([language, list]) => {
    const known = new Set(list.split(' '))
    return { language, count: words.filter((word) => known.has(word)).length }
  })
  const [best, second] = counts.sort((a, b) => b.count - a.count)
  if (!best || !second || best.count < 2) return { language: 'und', sure: 0 }
  return { language: best.language, sure: (best.count - second.count) / best.count }
}
