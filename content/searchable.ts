/** Text as the index and the search box both see it, so that a word is found however it was typed. */

const QUERY_GROUPS_MAX = 32
const QUERY_LETTERS_MAX = 2000

/** Scripts written without spaces between words: found by pairs of letters. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu

/** Letters that are written in several ways and read as one, or that many keyboards do not have. */
const letters: Record<string, string> = {
  ...{ أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ی: 'ي', ے: 'ي', ئ: 'ي', ؤ: 'و' },
  ...{ ة: 'ه', ہ: 'ه', ۃ: 'ه', ک: 'ك' },
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
}
const severalWays = new RegExp(`[${Object.keys(letters).join('')}]`, 'gu')

/** The zeros of scripts with digits of their own: Arabic, Persian, Devanagari, Bengali, Tamil, Thai, Lao, Burmese, Khmer … */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xce6, 0xd66]
  .concat([0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810])
  .map((zero) => ({ zero, last: zero + 9 }))

function digit(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  const own = zeros.find(({ zero, last }) => zero <= code && code <= last)
  return own ? String(code - own.zero) : letter
}

/** Accents, and the vowel and tone signs that may be left out. In Indian scripts a sign is a letter like others. */
const signs =
  /[[\p{Mn}&&[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thai}\p{Script=Lao}]]\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u061c]/gv

/** One spelling for all: no case, no accents or vowel signs, no lengthening strokes, no invisible letters. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(signs, '')
    .normalize('NFC')
    .replace(severalWays, (letter) => letters[letter] ?? letter)
    .replace(/[^\P{Nd}0-9]/gu, digit)
}

const isWord = (part: string) => /[\p{L}\p{N}]/u.test(part)

/** The words of a text, in order. A run without spaces becomes its overlapping pairs. */
function wordsOf(text: string): string[] {
  const spaced = plainLetters(text).replace(unspaced, (run) => ` ${pairs(run).join(' ')} `)
  return spaced.split(/[^\p{L}\p{N}\p{M}]+/u).filter(isWord)
}

function pairs(run: string): string[] {
  const all = [...run]
  if (all.length < 2) return all
  return all.slice(1).map((letter, i) => `${all[i]}${letter}`)
}

/** What the index holds: the words in order, then each single letter of a run, so that one letter is found, too. */
export function searchable(text: string): string {
  const runs = plainLetters(text).match(unspaced) ?? []
  const singles = new Set(runs.filter((run) => run.length > 1).flatMap((run) => [...run]))
  return [...wordsOf(text), ...[...singles].filter(isWord)].join(' ')
}

/** What a person typed: groups of words that must each stand in the text in that order. */
export function searchQuery(text: string): string[][] {
  const parts = text.slice(0, QUERY_LETTERS_MAX).match(/"[^"]*"|[^\s"]+/g) ?? []
  return parts
    .map((part) => wordsOf(part))
    .filter((words) => words.length > 0)
    .slice(0, QUERY_GROUPS_MAX)
}
