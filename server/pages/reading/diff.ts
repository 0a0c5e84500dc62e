/** Two wordings as one text: what came in is `ins`, what went is `del`. */
import type { Compared, Part } from '../../../content/compare.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

/** The words of a comparison in reading order; a screen reader hears where a change begins. */
export const comparedWords = (words: Words, compared: Compared[]): Html[] =>
  compared.flatMap(({ kind, block, parts }) =>
    (parts ?? [{ kind: kind === 'changed' ? 'same' : kind, text: block.markdown }]).map((each) =>
      part(words, each),
    ),
  )

function part(words: Words, { kind, text }: Part): Html {
  if (kind === 'same') return html`${text}`
  const said = html`<span class="hidden">${words(`changes.${kind}`)} </span>`
  return kind === 'added' ? html`<ins>${said}${text}</ins>` : html`<del>${said}${text}</del>`
}
