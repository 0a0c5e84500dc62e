/** An outcome's text as it is read: headings, prose, and messages with their numbers in the margin. */
import { textFor } from '../../../content/versions.ts'
import type { Block, Statement, Version } from '../../../content/model.ts'
import type { Consensus, MessageKind } from '../../../content/values.ts'
import { type Html, html, safe } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { tagCodes } from './tags.ts'

export interface Reading {
  words: Words
  /** Where the outcome's page is on this server: `/outcomes/messages-from-port-argent`. */
  base: string
  /** Which of the texts is read. */
  language: string
  /** Contributions by message key. */
  counts?: Record<string, number>
  /** Whether messages offer to be quoted and answered. */
  answers?: boolean
}

/** All blocks of the text in reading order. */
export function textBlocks(version: Version, reading: Reading): Html {
  const found = textFor(version, reading.language)
  if (!found) return html``
  const statements = new Map(version.statements.map((each) => [each.key, each]))
  const level = levels()
  const blocks = found.text.blocks.map((block) => {
    if (block.kind === 'heading') return heading(block, level(block.depth ?? 2))
    const statement = block.message ? statements.get(block.message) : undefined
    return statement
      ? messageBlock(statement, block, reading)
      : html`<div class="prose">${safe(block.html)}</div>`
  })
  return html`<div class="words" lang="${found.language}" dir="${direction(found.language)}">${blocks}</div>`
}

const heading = (block: Block, level: number): Html => safe(`<h${level}>${block.html}</h${level}>`)

/** Headings never skip a level, whatever the author's depths are. */
function levels() {
  let last = 1
  return (depth: number) => (last = Math.min(Math.max(depth, 2), last + 1))
}

function messageBlock(statement: Statement, block: Block, reading: Reading): Html {
  return numbered(reading.words, statement, {
    href: `#${statement.key}`,
    text: safe(block.html),
    foot: messageFoot(statement, reading),
  })
}

interface Numbered {
  /** Where the number leads. */
  href: string
  text: Html
  foot: Html
}

/** One message with its number in the margin. Divergent views look different, not lesser. */
export function numbered(
  words: Words,
  statement: Pick<Statement, 'key' | 'number' | 'kind'>,
  { href, text, foot }: Numbered,
): Html {
  const { key, number, kind } = statement
  return html`<section class="message" id="${key}" data-kind="${kind}" aria-labelledby="n-${key}">
<a class="number" id="n-${key}" href="${href}" aria-label="${words('message.number', { number })}">${words.number(number)}</a>
<div class="statement">${text}</div>
${foot}</section>`
}

export const kindWord = (words: Words, kind: MessageKind): Html | false =>
  kind !== 'message' && html`<span class="kind">${words(`message.kind.${kind}`)}</span> `

export const consensusWord = (words: Words, consensus: Consensus): Html =>
  html`<span class="consensus" data-consensus="${consensus}">${words(`message.consensus.${consensus}`)}</span> `

/** Kind, consensus, tags, and what a reader can do with the message: in the reader's language, not the text's. */
function messageFoot(statement: Statement, reading: Reading): Html {
  const { words, base, counts = {}, answers = false } = reading
  const page = `${base}/messages/${statement.key}`
  const count = counts[statement.key] ?? 0
  return html`<div class="foot" lang="${words.language}" dir="${words.dir}">
<p>${kindWord(words, statement.kind)}${consensusWord(words, statement.consensus)}${tagCodes(words, statement.tags)}</p>
${
  answers &&
  html`<p class="acts">${count > 0 && html`<a href="${page}#answers"><b>${words('message.contributions', { count })}</b></a> `}<a href="${page}#quote">${words('message.quote')}</a> <a href="${page}#answer">${words('message.answer')}</a> <a href="${page}#fediverse">${words('message.fediverse')}</a></p>`
}</div>`
}
