/** What somebody else has saved while a form was open: said above it, with what differs from what was typed. */
import { compareBlocks } from '../../../content/compare.ts'
import { readOutcomeText } from '../../../content/blocks.ts'
import type { Context } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { comparedWords } from '../reading/diff.ts'
import { textIn } from './values.ts'

/** Texts with more letters are compared word by word. */
const LONG_LETTERS = 200

export function conflictNote(
  { words }: Context,
  { fields, stored, typed }: { fields: Field[]; stored: Values; typed: Values },
): Html {
  const different = fields.filter(({ name }) => whole(stored, name) !== whole(typed, name))
  return html`<div class="mistakes" role="alert" tabindex="-1"><h2>${words('conflict.title')}</h2>
<p>${words('conflict.said')}</p>
<dl class="facts">${different.map(
    (field) => html`<dt>${field.label}</dt><dd>${difference(words, field, stored, typed)}</dd>`,
  )}</dl></div>`
}

const whole = (values: Values, name: string): string =>
  Array.isArray(values[name]) ? values[name].toSorted().join(', ') : textIn(values, name)

/** A long text is shown as what would change by saving; anything else as it stands there now. */
function difference(words: Words, field: Field, stored: Values, typed: Values): Html {
  const [there, here] = [whole(stored, field.name), whole(typed, field.name)]
  if (there.length < LONG_LETTERS) return html`<bdi>${there === '' ? '—' : there}</bdi>`
  const blocks = (text: string) => readOutcomeText(text).blocks
  const changed = compareBlocks(blocks(there), blocks(here)).filter(({ kind }) => kind !== 'same')
  return html`${changed.map((each) => html`<p dir="auto">${comparedWords(words, [each])}</p>`)}`
}
