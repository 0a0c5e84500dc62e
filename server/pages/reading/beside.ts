/** An outcome in two of its languages side by side, message by message, with what has fallen behind marked. */
import type { Request } from 'express'
import { languageName } from '../../../content/countries.ts'
import type { Block, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { behindIn, isBehind } from '../../../content/translations.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction, type Words } from '../../words.ts'
import { localized } from '../parts/entries.ts'
import { messagePlace, outcomePlace } from '../parts/links.ts'
import { consensusWord, kindWord } from '../parts/messages.ts'
import { outcomeOf, type Show, versionOf } from './find.ts'
import { withdrawnPage } from './withdrawn.ts'

interface Side {
  language: string
  /** What stands before each message, by its key; what stands after the last is under ''. */
  frames: Map<string, Block[]>
  messages: Map<string, Block>
  /** The keys of messages that were made from other words than the original has now. */
  behind: Set<string>
}

export const besidePage: Show = async (context, req, res) => {
  const { site, words } = context
  const outcome = await outcomeOf(site, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const version = await versionOf(site, outcome)
  const [left, right] = languagesAsked(context, req, version)
  const title = words('beside.title')
  const sides = [...new Set([left, right])].map((each) => sideOf(version, each))
  const body = html`<p class="soft"><a href="${outcomePlace(outcome)}">${localized(words, outcome.title)}</a></p>
<h1>${title}</h1>
${choice(words, version, left, right)}
<div class="beside wide">${sides.map((side) => head(words, version, side))}</div>
${version.statements.map((statement) => rows(words, version, statement, sides))}
${frame(sides, '')}`
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

/**
 * `?left=` and `?right=`, else the original and the reader's language or the next. Refusal `missing` for a
 * language that the latest version does not have (any more).
 */
function languagesAsked(
  { words }: Context,
  req: Request,
  { texts, language }: Version,
): [string, string] {
  for (const asked of [word(req, 'left'), word(req, 'right')]) {
    if (asked !== undefined && !Object.hasOwn(texts, asked))
      throw new Refusal('missing', 'beside.no_text', { language: asked.slice(0, 40) })
  }
  const left = word(req, 'left') ?? language
  const others = [words.language, ...Object.keys(texts)].filter(
    (each) => each !== left && Object.hasOwn(texts, each),
  )
  return [left, word(req, 'right') ?? others[0] ?? left]
}

/** The text in one language, cut at its messages. */
function sideOf(version: Version, language: string): Side {
  const side: Side = {
    language,
    frames: new Map(),
    messages: new Map(),
    behind: behindIn(version, language),
  }
  let before: Block[] = []
  for (const block of version.texts[language]?.blocks ?? []) {
    if (!block.message) {
      before.push(block)
      continue
    }
    side.frames.set(block.message, before)
    side.messages.set(block.message, block)
    before = []
  }
  side.frames.set('', before)
  return side
}

/** Two lists of languages and a button: no script is needed to choose others. */
function choice(words: Words, { texts }: Version, left: string, right: string): Html | false {
  const languages = Object.keys(texts)
  if (languages.length < 2) return html`<p class="note">${words('beside.one_language')}</p>`
  const select = (name: string, chosen: string) =>
    html`<div class="field"><label for="f-${name}">${words(`beside.${name}`)}</label><select id="f-${name}" name="${name}">${languages.map(
      (each) =>
        html`<option value="${each}"${each === chosen && html` selected`}>${languageName(each, words.language)}</option>`,
    )}</select></div>`
  return html`<form class="no-print">${select('left', left)}${select('right', right)}<p class="buttons"><button type="submit" class="second">${words('beside.go')}</button></p></form>`
}

const marked = (language: string): Html => html` lang="${language}" dir="${direction(language)}"`

/** Title and summary of one text, how it came about, and whether all of it is of the original's present words. */
function head(words: Words, version: Version, { language, behind }: Side): Html {
  const text = version.texts[language]
  const late = isBehind(version, language)
  return html`<div><p class="soft"><b>${languageName(language, words.language)}</b> · ${text && words(`standing.${text.standing}`)}${
    late && html` · <b class="error">${words('standing.behind')}</b>`
  }</p>
<h2${marked(language)}>${text?.title}</h2>
${text && text.summary !== '' && html`<p${marked(language)}>${text.summary}</p>`}
${late && html`<p class="note">${behind.size > 0 ? words('beside.behind_count', { count: behind.size }) : words('beside.behind_frame')}</p>`}</div>`
}

/** What stands before a message in both, and the message in both. */
function rows(
  words: Words,
  version: Version,
  statement: Version['statements'][number],
  sides: Side[],
): Html {
  const { key, number } = statement
  return html`${frame(sides, key)}<section class="beside wide" aria-label="${words('message.number', { number })}">${sides.map(
    (side) => cell(words, version, statement, side),
  )}</section>`
}

function cell(
  words: Words,
  { outcome, local }: Version,
  { key, number, kind, consensus }: Version['statements'][number],
  { language, messages, behind }: Side,
): Html {
  const block = messages.get(key)
  return html`<div class="message" data-kind="${kind}"${marked(language)}><a class="number" href="${messagePlace({ outcome, local, key })}?text=${language}" aria-label="${words('message.number', { number })}">${words.number(number)}</a>
<div class="statement words">${block && safe(block.html)}</div>
<div class="foot" lang="${words.language}" dir="${words.dir}"><p>${languageName(language, words.language)} · ${kindWord(words, kind)}${consensusWord(words, consensus)}${
    behind.has(key) && html`<b class="error">${words('standing.behind')}</b>`
  }</p></div></div>`
}

/** Headings and prose before a message, where one of the two has any. */
function frame(sides: Side[], key: string): Html | false {
  if (sides.every(({ frames }) => (frames.get(key) ?? []).length === 0)) return false
  return html`<div class="beside wide">${sides.map(
    ({ language, frames }) =>
      html`<div class="words"${marked(language)}>${(frames.get(key) ?? []).map(
        ({ kind, html: text }) =>
          kind === 'heading'
            ? safe(`<h2>${text}</h2>`)
            : html`<div class="prose">${safe(text)}</div>`,
      )}</div>`,
  )}</div>`
}
