/** Text as the index and the search box both see it, so that a word is found however it was typed. */

const QUERY_GROUPS_MAX = 32

/** Scripts written without spaces between words: found by pairs of letters. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu

/** Arabic letters that are written in several ways and read as one. */
const arabic: Record<string, string> = {
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ة: 'ه',
  ؤ: 'و',
  ئ: 'ي',
}

/** One spelling for all: no case, no accents or vowel signs, no lengthening strokes, no invisible letters. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[أإآٱىةؤئ]/g, (letter) => arabic[letter] ?? letter)
    .normalize('NFD')
    .replace(/[\p{Mn}\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu, '')
    .normalize('NFC')
}

const isWord = (part: string) => /[\p{L}\p{N}]/u.test(part)

/** The words of a text, in order. A run without spaces becomes its overlapping pairs. */
function wordsOf(text: string): string[] {
  const spaced = plainLetters(text).replace(unspaced, (run) => ` ${pairs(run).join(' ')} `)
  return spaced.split(/[^\p{L}\p{N}]+/u).filter(isWord)
}

function pairs(run: string): string[] {
  const letters = [...run]
  if (letters.length < 2) return letters
  return letters.slice(1).map((letter, i) => `${letters[i]}${letter}`)
}

/** What the index holds: the words in order, then each single letter of a run, so that one letter is found, too. */
export function searchable(text: string): string {
  const runs = plainLetters(text).match(unspaced) ?? []
  const singles = new Set(runs.filter((run) => run.length > 1).flatMap((run) => [...run]))
  return [...wordsOf(text), ...singles].join(' ')
}

/** What a person typed: groups of words that must each stand in the text in that order. */
export function searchQuery(text: string): string[][] {
  const parts = text.match(/"[^"]*"|[^\s"]+/g) ?? []
  return parts
    .map((part) => wordsOf(part))
    .filter((words) => words.length > 0)
    .slice(0, QUERY_GROUPS_MAX)
}
