/** A phrase of a text, as somebody would type it to find that text again. */

const WORDS = 5

/** Some words in a row from the middle of a text; of a script without spaces, some letters in a row. */
export function phraseOf(text: string): string {
  const plain = text.replace(/[*_#>`[\]()|]/g, ' ')
  const lines = plain.split('\n').map((line) => line.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [])
  const long = lines.filter((words) => words.length >= WORDS)
  const chosen = long[Math.floor(long.length / 2)] ?? lines.find((words) => words.length > 0) ?? []
  const start = Math.max(0, Math.floor((chosen.length - WORDS) / 2))
  return chosen.slice(start, start + WORDS).join(' ')
}
