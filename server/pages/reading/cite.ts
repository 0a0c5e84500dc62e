/** How to cite an outcome or one message of it: address, version and digest, in words and as BibTeX. */
import type { Initiative, Version } from '../../../content/model.ts'
import { textFor } from '../../../content/versions.ts'
import { type Context, inWords } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { inARow, quoted } from '../../marks.ts'

interface Cited {
  version: Version
  /** Whose it is. */
  initiative: Initiative | undefined
  language: string
  /** One message of the version. */
  message?: { key: string; number: number }
}

/** One line that leads to exactly these words. */
export function citation(
  { words }: Context,
  { version, initiative, language, message }: Cited,
): string {
  const title = textFor(version, language)?.text.title ?? ''
  const who = initiative ? inWords(initiative.name, words) : new URL(version.outcome).host
  const parts = [
    who,
    quoted(words, title),
    message && words('message.number', { number: message.number }),
    words('cite.version', { version: version.version, day: words.day(version.at) }),
    message ? `${version.outcome}/messages/${message.key}` : version.id,
    version.digest,
  ]
  return inARow(
    words,
    parts.filter((part) => part !== undefined),
  )
}

/** BibTeX, with what has a meaning there taken out of the texts. */
function bibtex({ words }: Context, { version, initiative, language }: Cited): string {
  const plain = (text: string) => text.replace(/[{}\\%#$&_~^]/g, ' ')
  const who = initiative ? inWords(initiative.name, words) : new URL(version.outcome).host
  const slug = version.outcome.slice(version.outcome.lastIndexOf('/') + 1)
  return `@misc{${slug}-v${version.version},
  author = {{${plain(who)}}},
  title = {${plain(textFor(version, language)?.text.title ?? '')}},
  year = {${version.year}},
  version = {${version.version}},
  note = {${version.digest}},
  url = {${version.id}}
}`
}

/** Opened by whoever needs it. */
export function citeDetails(context: Context, cited: Cited): Html {
  const { words } = context
  return html`<details class="no-print" id="cite"><summary>${words('cite.title')}</summary>
<p><bdi>${citation(context, cited)}</bdi></p>
<pre dir="ltr">${bibtex(context, cited)}</pre></details>`
}
