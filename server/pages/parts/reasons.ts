/** What is held of a log, and why the rest was refused: the sums of the reconciliation. */
import type { Pull } from '../../../content/parties.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { refusalWords } from '../host/waiting.ts'

/** In one line: held, missing, refused. */
export const heldWords = (words: Words, { held, size, after, refused }: Pull): string =>
  words('peers.held', { held, size, missing: Math.max(0, size - after), refused })

/** How many entries were refused for each reason, most frequent first. */
export function reasonsList(words: Words, { reasons = {} }: Pull): Html | false {
  const sorted = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  if (sorted.length === 0) return false
  return html`<details><summary>${words('reconcile.reasons')}</summary><ul>${sorted.map(
    ([why, count]) => html`<li>${words.number(count)} × ${refusalWords(words, why)}</li>`,
  )}</ul></details>`
}
