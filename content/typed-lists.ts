/** Lists as people type them: separated as their own keyboard and script do it, in Latin, Arabic and full-width marks alike. */

/** Between the pieces of a list. */
const BETWEEN_PIECES = /[,;，；、،؛\n]+/u
/** Between the parts of a line, of which one may have a comma in it. */
const BETWEEN_PARTS = /[;；؛]/u
/** A name, and the number behind it: in the digits of any script that has its own. */
const COUNTED = /^\s*([^\s;；؛:：,，،、].{0,59}?)\s*[;；؛:：,，،、\s]\s*(\p{Nd}{1,7})\s*$/u

const filled = (texts: string[]): string[] => texts.map((each) => each.trim()).filter(Boolean)

/** The pieces of a list, in one line or many. */
export const piecesOf = (text: string): string[] => filled(text.split(BETWEEN_PIECES))

/** The parts of one line in their order, the empty ones too. */
export const partsOf = (line: string): string[] =>
  line.split(BETWEEN_PARTS).map((part) => part.trim())

/** The lines that say something, each with its number among all. */
export const linesOf = (text: string): { line: string; number: number }[] =>
  text
    .split('\n')
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '')

/** `name: 12`, `name؛ ١٢`, `name：１２`. Nothing when the line has no name or no number. */
export function countedIn(line: string): { name: string; count: number } | undefined {
  const [, name = '', digits = ''] = COUNTED.exec(line) ?? []
  return name === ''
    ? undefined
    : { name, count: Number([...digits.normalize('NFKC')].map(asDigit).join('')) }
}

/** Decimal digits of a script stand ten in a row, from its zero on (Unicode 4.6). */
function asDigit(letter: string): number {
  let value = 0
  const point = letter.codePointAt(0) ?? 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1
  return value
}

/** A piece that can stand in a list again without being taken for two. */
export const asPiece = (text: string): string => text.split(BETWEEN_PIECES).join('')

/** A part that can stand in a line again without being taken for two. */
export const asPart = (text: string): string =>
  text.split(BETWEEN_PARTS).join(',').replaceAll('\n', ',')
