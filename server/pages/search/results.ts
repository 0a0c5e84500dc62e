/** What was found, each with whose it is and the words around the match. */
import type { Initiative, Item } from '../../../content/model.ts'
import { plainLetters, searchQuery } from '../../../content/searchable.ts'
import { type Context, inWords, languageIn } from '../../context.ts'
import { type Html, html, type Value } from '../../html.ts'
import { direction } from '../../words.ts'
import { day } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { messagePlace, pathOf, placeAt } from '../parts/links.ts'
import { consensusWord, kindWord } from '../parts/messages.ts'
import { stateWord } from '../parts/stages.ts'

const EXCERPT_LETTERS = 320
const BEFORE_LETTERS = 80
/** A long text is looked through in pieces of so many letters; only around the first find is each letter looked at. */
const PIECE_LETTERS = 1000

/** Where an item is read on this server. A contribution from elsewhere is read where it was written. */
export function placeOf(item: Item): string {
  if (item.type === 'message') return messagePlace(item)
  if (item.type === 'contribution') return item.local ? pathOf(item.id) : (item.url ?? item.id)
  const folders = {
    outcome: 'outcomes',
    discussion: 'discussions',
    meeting: 'meetings',
    session: 'sessions',
  } as const
  return placeAt(folders[item.type], item.id, item.local)
}

/** One result: its title or its words, and a line of facts. */
export function result(
  context: Context,
  item: Item,
  words: string,
  initiatives: Map<string, Initiative>,
): Html {
  const initiative = initiatives.get(item.initiative)
  const whose = initiative && !item.local && html` · ${localized(context.words, initiative.name)}`
  const { title, text, language } = wordsOf(item, context)
  const facts = factsOf(context, item)
  const marked = excerpt(text, words)
  return html`<h3><a href="${placeOf(item)}">${title}</a></h3>
${text !== '' && html`<p class="excerpt" lang="${language}" dir="${direction(language)}">${marked}</p>`}
<p class="soft">${facts}${whose}</p>`
}

interface Shown {
  title: Html
  text: string
  language: string
}

function wordsOf(item: Item, context: Context): Shown {
  const { words } = context
  if (item.type === 'message') {
    const language = languageIn(item.texts, words)
    const number = words('message.number', { number: item.number })
    const title = html`${number} · ${localized(words, item.outcomeTitle)}`
    return { title, text: item.texts[language]?.markdown ?? '', language }
  }
  if (item.type === 'contribution') {
    return { title: html`<bdi>${item.authorName}</bdi>`, text: item.text, language: item.language }
  }
  const summary = item.type === 'outcome' ? inWords(item.summary, words) : ''
  return {
    title: localized(words, item.title),
    text: summary || item.text,
    language: item.language,
  }
}

function factsOf({ words }: Context, item: Item): Value {
  const type = words(`search.type.${item.type}`)
  if (item.type === 'message') {
    return html`${kindWord(words, item.kind)}${consensusWord(words, item.consensus)}${type} · ${String(item.year)}`
  }
  if (item.type === 'outcome')
    return html`${stateWord(words, item.state)} · ${type} · ${String(item.year)}`
  if (item.type === 'meeting') return html`${type} · ${day(words, item.startsAt, item.timeZone)}`
  return html`${type} · ${day(words, item.published)}`
}

/** The text around the first word that was found, with each found word marked. Folded as the index folds it. */
export function excerpt(text: string, asked: string): Html {
  const hits = searchQuery(asked)
    .flat()
    .map((word) => word.trim())
    .filter(Boolean)
  const whole = text.replace(/\s+/g, ' ')
  const begin = nearFirst(whole, hits)
  const near = whole.slice(begin, begin + 2 * PIECE_LETTERS)
  const letters = [...near]
  const folded = letters.map(folding)
  const joined = folded.join('')
  const starts = offsets(folded)
  const spans = hits.flatMap((hit) => spansOf(joined, starts, hit)).sort((a, b) => a.from - b.from)
  const from = Math.max(0, (spans[0]?.from ?? 0) - BEFORE_LETTERS)
  const to = Math.min(letters.length, from + EXCERPT_LETTERS)
  return html`${from + begin > 0 && '… '}${marked(letters, spans, from, to)}${(to < letters.length || begin + near.length < whole.length) && ' …'}`
}

/** As the index folds it. What is ASCII, as most letters are, needs no more than this. */
const folding = (letter: string) =>
  letter < '\u0080' ? letter.toLowerCase() : plainLetters(letter) || '\u0000'

/** Where to look closer: a little before the piece in which one of the words is first found. */
function nearFirst(text: string, hits: string[]): number {
  for (let at = 0; at < text.length; at += PIECE_LETTERS) {
    const piece = plainLetters(text.slice(at, at + PIECE_LETTERS + BEFORE_LETTERS))
    if (hits.some((hit) => spansOf(piece, [], hit).length > 0))
      return wholeLetters(text, at - BEFORE_LETTERS)
  }
  return 0
}

/** There, or where the next word begins when there are spaces: no letter of two halves is cut. */
function wholeLetters(text: string, at: number): number {
  if (at <= 0) return 0
  const space = text.slice(at, at + BEFORE_LETTERS).indexOf(' ')
  if (space >= 0) return at + space + 1
  return /[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at
}

interface Span {
  from: number
  to: number
}

/** For each place in the folded text: which letter of the original it came from. */
const offsets = (folded: string[]): number[] =>
  folded.flatMap((part, i) => Array.from({ length: part.length }, () => i))

const SPANS_MAX = 50

function spansOf(joined: string, starts: number[], hit: string): Span[] {
  const found: Span[] = []
  for (
    let at = joined.indexOf(hit);
    at >= 0 && found.length < SPANS_MAX;
    at = joined.indexOf(hit, at + 1)
  ) {
    const before = joined[at - 1] ?? ' '
    const isStart = !/[\p{L}\p{N}]/u.test(before) || /\p{Script=Han}/u.test(hit)
    if (isStart) found.push({ from: starts[at] ?? 0, to: (starts[at + hit.length - 1] ?? 0) + 1 })
  }
  return found
}

function marked(letters: string[], spans: Span[], from: number, to: number): Html[] {
  const parts: Html[] = []
  let at = from
  for (const span of spans) {
    if (span.from < at || span.to > to) continue
    parts.push(
      html`${letters.slice(at, span.from).join('')}<mark>${letters.slice(span.from, span.to).join('')}</mark>`,
    )
    at = span.to
  }
  return [...parts, html`${letters.slice(at, to).join('')}`]
}
