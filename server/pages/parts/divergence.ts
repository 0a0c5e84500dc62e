/** A log that is not the one that was read before: since when, how much of it is left alone, and both signed heads. */
import type { Pull } from '../../../content/parties.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { moment } from './dates.ts'

type Head = NonNullable<Pull['divergence']>['ours']

/** Nothing for a log that always went on from what it was. */
export function divergence(words: Words, pull: Pull): Html | false {
  const seen = pull.divergence
  if (!seen) return false
  const { at, acceptedAt, ours, theirs, quarantined } = seen
  const now = acceptedAt
    ? words.rich('divergence.accepted', { moment: moment(words, acceptedAt) })
    : words(pull.standing === 'diverged' ? 'divergence.waits' : 'divergence.past')
  return html`<div class="note"><p>${words.rich('divergence.since', { moment: moment(words, at) })}
${quarantined > 0 && words('divergence.quarantined', { count: quarantined })} ${now}</p>
<details><summary>${words('divergence.evidence')}</summary>
<p>${words('divergence.ours')}</p>${head(ours)}<p>${words('divergence.theirs')}</p>${head(theirs)}</details></div>`
}

const head = ({ size, root, note }: Head): Html =>
  html`<pre dir="ltr">${note ?? `${size} ${root}`}</pre>`
