/** What a public step will show: the number of the version, its languages, and what changed since the last one. */
import { compareBlocks, type Compared } from '../../../content/compare.ts'
import { languageName } from '../../../content/countries.ts'
import type { Block, Draft, Version } from '../../../content/model.ts'
import { cut } from '../../../content/versions.ts'
import { versionId } from '../../../federation/addresses.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { textBlocks } from '../parts/messages.ts'
import { comparedWords } from '../reading/diff.ts'
import { textMarks } from './standing.ts'

export async function whatWillBeShown(context: Context, draft: Draft): Promise<Html> {
  const { words, site } = context
  const next = cut(draft, site.now())
  const before =
    draft.version > 0
      ? await site.store.get('versions', versionId(draft.id, draft.version))
      : undefined
  return html`<section><h2>${words('shown.title', { version: next.version })}</h2>
${languages(context, draft, next)}
${before ? changes(words, before, next) : textBlocks(next, { words, base: '', language: next.language })}</section>`
}

/** Which languages go out, and which are not whole and wait for a later version. */
function languages(context: Context, draft: Draft, next: Version): Html {
  const { words } = context
  const name = (each: string) => languageName(each, words.language)
  const waiting = Object.keys(draft.texts).filter((each) => !next.texts[each])
  const behind = Object.keys(next.texts).filter(
    (each) => textMarks(context, draft, each).length > 0,
  )
  return html`<p>${words('shown.languages', { languages: words.list(originalFirst(next).map(name)) })}</p>
${waiting.length > 0 && html`<p class="note">${words('shown.waiting', { languages: words.list(waiting.map(name)) })}</p>`}
${behind.length > 0 && html`<p class="note">${words('shown.behind', { languages: words.list(behind.map(name)) })}</p>`}`
}

const originalFirst = ({ texts, language }: Version): string[] => [
  language,
  ...Object.keys(texts).filter((each) => each !== language),
]

/** Title and summary as if they were messages of their own: matched wherever they are, and compared word by word. */
function wholeText({ texts }: Version, language: string): Block[] {
  const { title = '', summary = '', blocks = [] } = texts[language] ?? {}
  const heads: Block[] = [
    { kind: 'heading', markdown: title, html: '', message: 'title' },
    { kind: 'prose', markdown: summary, html: '', message: 'summary' },
  ]
  return [...heads.filter(({ markdown }) => markdown !== ''), ...blocks]
}

function changes(words: Words, before: Version, next: Version): Html {
  const { language } = next
  const compared = compareBlocks(wholeText(before, language), wholeText(next, language))
  const changed = compared.filter(({ kind }) => kind !== 'same')
  if (changed.length === 0)
    return html`<p>${words('shown.no_change', { version: before.version })}</p>`
  return html`<p>${words('changes.count', { count: changed.length })}</p>
<div class="words" lang="${language}" dir="${direction(language)}">${changed.map((each) => change(words, next, before, each))}</div>`
}

function change(words: Words, next: Version, before: Version, compared: Compared): Html {
  const { block, kind } = compared
  const from = kind === 'removed' ? before : next
  const statement = from.statements.find(({ key }) => key === block.message)
  return html`<div class="message"><span class="number">${statement ? words.number(statement.number) : ''}</span><p class="statement">${comparedWords(words, [compared])}</p></div>`
}
