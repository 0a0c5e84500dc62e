/** A chapter of a booklet as HTML: on paper and on the screen alike. */
import type { Block } from '../../../content/model.ts'
import type { Context } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { direction } from '../../words.ts'
import { slugOf, messagePlace, own } from '../parts/links.ts'
import { consensusWord, kindWord, numbered } from '../parts/messages.ts'
import { stageLine } from '../parts/stages.ts'
import { tagCodes, tagList } from '../parts/tags.ts'
import { type Chapter, factsOf, type Fact, kindLine } from './chapters.ts'

/** What the whole stylesheet does not carry: only these pages are made to be printed as a book. */
export const printStyle = (foot: string): Html =>
  safe(`<style>
.chapter + .chapter { border-block-start: 4px solid var(--accent); padding-block-start: 2rem; margin-block-start: 3rem }
.chapter .code { overflow-wrap: anywhere }
@media print {
:root { --paper: #fff; --tint: #fff; --ink: #000; --soft: #333; --line: #999; --link: #000; color-scheme: light }
.top { display: none }
main { padding: 0; max-inline-size: none }
main > *, .chapter { max-inline-size: none }
a { text-decoration: none }
.cover { padding-block-start: 5cm; break-after: page }
.chapter, .annex { break-before: page; border: 0 !important; padding: 0 !important; margin: 0 !important }
.cover + .chapter { break-before: auto }
.facts { break-inside: avoid }
@page { size: A4; margin: 2cm 2cm 2.4cm; @bottom-left { content: "${cssText(foot)}"; font: 7.5pt sans-serif; color: #333 } @bottom-right { content: counter(page); font: 9pt sans-serif } }
@page :first { @bottom-left { content: "" } @bottom-right { content: "" } }
}
</style>`)

/** A text between the quotation marks of a style, that ends neither them nor the style. */
const cssText = (text: string): string =>
  text.replace(
    /[^\p{L}\p{N} .,:·()-]/gu,
    (letter) => `\\${(letter.codePointAt(0) ?? 32).toString(16)} `,
  )

/** The anchor of a chapter in its booklet. */
export const anchorOf = ({ outcome }: Pick<Chapter, 'outcome'>): string => `o-${slugOf(outcome.id)}`

/** One outcome from its title to its record; `level` is that of its title. */
export function printedChapter(context: Context, chapter: Chapter, level: 1 | 2): Html {
  const { words } = context
  const { text, language, version } = chapter
  const marked = html` lang="${language}" dir="${direction(language)}"`
  const title =
    level === 1 ? html`<h1${marked}>${text.title}</h1>` : html`<h2${marked}>${text.title}</h2>`
  return html`<article class="chapter" id="${anchorOf(chapter)}">
<p class="soft">${kindLine(words, chapter)}</p>
${title}
${text.summary !== '' && html`<p class="lead"${marked}>${text.summary}</p>`}
${stageLine(words, version)}
<div class="words"${marked}>${blocksOf(context, chapter, level)}</div>
${notes(context, chapter, level)}
${tagList(words, version.tags)}
${factList(factsOf(context, chapter))}</article>`
}

export const factList = (facts: Fact[]): Html =>
  html`<dl class="facts">${facts.map(({ name, value, code }) => html`<dt>${name}</dt><dd${code && html` class="code"`}>${own(value)}</dd>`)}</dl>`

/** The numbers lead to the message on its own; a key may stand in several outcomes, so that the id names the outcome too. */
function blocksOf({ words }: Context, chapter: Chapter, level: number): Html[] {
  const { text, version, outcome } = chapter
  const known = new Map(version.statements.map((each) => [each.key, each]))
  let last = level
  return text.blocks.map((block) => {
    if (block.kind === 'heading') {
      last = Math.min((block.depth ?? 2) + level - 1, last + 1, 6)
      return heading(block, last)
    }
    const statement = known.get(block.message ?? '')
    if (!statement) return html`<div class="prose">${safe(block.html)}</div>`
    const { key, kind, consensus, tags } = statement
    const foot = html`<div class="foot" lang="${words.language}" dir="${words.dir}"><p>${kindWord(words, kind)}${consensusWord(words, consensus)}${tagCodes(words, tags)}</p></div>`
    const href = messagePlace({ outcome: outcome.id, local: outcome.local, key })
    const named = { ...statement, key: `${anchorOf(chapter)}-${key}` }
    return numbered(words, named, { href, text: safe(block.html), foot })
  })
}

const heading = ({ html: text }: Block, level: number): Html =>
  safe(`<h${level}>${text}</h${level}>`)

/** How it was made, and what it does not claim. */
function notes({ words }: Context, { version }: Chapter, level: number): Html | false {
  const { methodNote, disclaimer, language } = version
  if (methodNote === '' && disclaimer === '') return false
  const marked = html` lang="${language}" dir="${direction(language)}"`
  const titled = (title: string, text: string) =>
    text !== '' &&
    html`${safe(`<h${level + 1}>`)}${title}${safe(`</h${level + 1}>`)}<p${marked}>${text}</p>`
  return html`<section class="note">${titled(words('outcome.method'), methodNote)}${titled(words('outcome.disclaimer'), disclaimer)}</section>`
}
