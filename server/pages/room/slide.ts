/** The messages of an outcome on one screen for the room: large, without navigation, with where and until when to answer. */
import type { Request, Response } from 'express'
import { languageName } from '../../../content/countries.ts'
import type { Draft, Session, Statement, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { cut, textFor } from '../../../content/versions.ts'
import { type Context, inWords, sendPage, word } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { iconLink } from '../../icon.ts'
import { allowed } from '../../login.ts'
import { direction, isSpoken, type Words, wordsFor } from '../../words.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import { outcomeOf, type Show, versionOf } from '../reading/find.ts'
import { draftOf } from '../writing/drafts.ts'
import { slideStyle } from './slide-style.ts'

/** The working copy, for whoever writes it. */
export const draftSlide: Show = async (context, req, res) => {
  allowed(res, 'write_outcome')
  const draft = await draftOf(context.site, req)
  if (draft.state === 'withdrawn') throw new Refusal('gone', 'removed')
  await showSlide(context, req, res, cut(draft, context.site.now()), draft)
}

/** The latest public version, for everybody. */
export const publicSlide: Show = async (context, req, res) => {
  const outcome = await outcomeOf(context.site, req)
  if (outcome.state === 'withdrawn') throw new Refusal('gone', 'removed')
  await showSlide(context, req, res, await versionOf(context.site, outcome))
}

async function showSlide(
  context: Context,
  req: Request,
  res: Response,
  version: Version,
  draft?: Draft,
): Promise<void> {
  const asked = word(req, 'text') ?? context.words.language
  const language = textFor(version, asked)?.language ?? version.language
  const words = wordsFor(isSpoken(language) ? language : context.words.language)
  const held = version.session && (await context.site.store.get('items', version.session))
  const session = held && held.type === 'session' ? held : undefined
  sendPage(res, slide({ context, words, version, language, session, draft }))
}

interface Slide {
  context: Context
  /** In the language of the text where there are words of ours in it. */
  words: Words
  version: Version
  language: string
  session: Session | undefined
  draft: Draft | undefined
}

function slide(parts: Slide): Html {
  const { context, words, version, language, session } = parts
  const text = textFor(version, language)?.text
  const title = text?.title ?? ''
  const blocks = new Map(text?.blocks.map((block) => [block.message, block]))
  const marked = html`lang="${language}" dir="${direction(language)}"`
  const said = version.statements.flatMap((statement) => {
    const block = blocks.get(statement.key)
    return block ? [message(words, statement, safe(block.html), marked)] : []
  })
  const letters = [...blocks.values()].reduce((sum, { markdown }) => sum + markdown.length, 0)
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
${iconLink(context.profile)}${slideStyle(letters, said.length)}</head>
<body><header><h1 ${marked}>${title}</h1>${session && html`<p><bdi>${inWords(session.title, words)}</bdi></p>`}</header>
<main>${said.length > 0 ? html`<ol>${said}</ol>` : html`<p>${words('slide.none')}</p>`}</main>
<footer>${where(parts)}${languages(parts)}</footer></body></html>`
}

/** Shapes stand beside the words, so that nobody has to see a colour. */
const shapes: Record<string, string> = {
  message: '●',
  recommendation: '▲',
  divergent_view: '◇',
  finding: '■',
  consensus: '=',
  rough_consensus: '≈',
  none_recorded: '≠',
}

function message(words: Words, statement: Statement, text: Html, marked: Html): Html {
  const { number, kind, consensus } = statement
  const line = (name: string, said: string) =>
    html`<span><b aria-hidden="true">${shapes[name]}</b> ${said}</span>`
  return html`<li data-kind="${kind}"><b class="number">${words.number(number)}</b>
<p class="what">${line(kind, words(`message.kind.${kind}`))}${line(consensus, words(`message.consensus.${consensus}`))}</p>
<div ${marked}>${text}</div></li>`
}

/** Where to answer, written out so that it can be typed, and until when. */
function where({ context, words, version, draft }: Slide): Html {
  const address = own(version.outcome.replace(/^https?:\/\//, ''))
  const { comment } = version
  const isOpen =
    version.state === 'open_for_comment' && comment && context.site.now() < comment.closesAt
  if (isOpen)
    return html`<p>${words.rich('slide.answer', { address, moment: moment(words, comment.closesAt) })}</p>`
  if (draft && draft.version === 0) return html`<p>${words.rich('slide.later', { address })}</p>`
  return html`<p>${words.rich('slide.read', { address })}</p>`
}

/** The other texts of it; nothing when there is one only. */
function languages({ context, version, language }: Slide): Html | false {
  const all = Object.keys(version.texts)
  if (all.length < 2) return false
  const { pathname } = new URL(context.path, 'http://x')
  return html`<p class="languages">${all.map(
    (each) =>
      html`<a href="${pathname}?text=${each}" lang="${each}" hreflang="${each}"${each === language && html` aria-current="true"`}>${languageName(each, each)}</a> `,
  )}</p>`
}
