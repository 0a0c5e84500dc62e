/** One message on a page of its own: its words, how to quote and answer it, and how its wording came about. */
import type { Request } from 'express'
import { compareBlocks } from '../../../content/compare.ts'
import { isOpen } from '../../../content/discussions.ts'
import type { Block, Initiative, Outcome, Statement, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { causesOf } from '../../../content/trail.ts'
import { blockOf, textFor } from '../../../content/versions.ts'
import { messageId } from '../../../federation/addresses.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction } from '../../words.ts'
import { day } from '../parts/dates.ts'
import { messagePlace, outcomePlace, own, versionPlace } from '../parts/links.ts'
import { consensusWord, kindWord, numbered } from '../parts/messages.ts'
import { stateWord } from '../parts/stages.ts'
import { tagList } from '../parts/tags.ts'
import { answerSections } from './answer.ts'
import { causes, citedSection } from './cited.ts'
import { citation } from './cite.ts'
import { comparedWords } from './diff.ts'
import { originNote } from './origin.ts'
import {
  alternate,
  contributionsTo,
  initiativeOf,
  outcomeOf,
  part,
  type Show,
  versionsOf,
} from './find.ts'
import { chosenText } from './outcome.ts'
import { threadSection } from './threads.ts'
import { withdrawnPage } from './withdrawn.ts'
import { inARow } from '../../marks.ts'

/** A message as the last version that has it words it. */
interface Worded {
  statement: Statement
  version: Version
  block: Block
  language: string
}

export const messagePage: Show = async (context, req, res) => {
  const { site, words } = context
  const outcome = await outcomeOf(site, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const versions = await versionsOf(site, outcome)
  const worded = wording(context, req, versions)
  const id = messageId(outcome.id, worded.statement.key)
  const contributions = await contributionsTo(site, { message: id })
  const open = isOpen(outcome, site.now()) && worded.version.version === outcome.version
  const path = messagePlace({ ...worded.statement, outcome: outcome.id, local: outcome.local })
  const title = words('message.number', { number: worded.statement.number })
  const body = html`${head(context, outcome, worded)}
${quote(context, worded, id, await initiativeOf(context, outcome.initiative))}
${await originNote(context, outcome)}
${threadSection(context, req, { contributions, path, open: open && outcome.local })}
${answerSections(context, req, { about: id, path: outcomePlace(outcome), open, elsewhere: !outcome.local, contributions, message: worded.statement.key })}
${history(context, versions, worded)}
${causes(context, causesOf(contributions, versions), (number) => `${outcomePlace(outcome)}/versions/${number}/changes`)}
${await citedSection(context, [id], outcome.id)}`
  alternate(res, id)
  const of = worded.version.texts[worded.language]?.title ?? ''
  const named = inARow(context.words, [title, of])
  sendPage(res, page(context, { title: named, body, here: 'outcomes' }))
}

/** In the latest version that still has it; Refusal `missing` when none ever had. */
function wording(context: Context, req: Request, versions: Version[]): Worded {
  const key = part(req, 'key')
  for (const version of versions) {
    const statement = version.statements.find((each) => each.key === key)
    const language = chosenText(context, req, version)
    const block = blockOf(textFor(version, language)?.text.blocks ?? [], key)
    if (statement && block) return { statement, version, block, language }
  }
  throw new Refusal('missing', 'page')
}

function head({ words }: Context, outcome: Outcome, worded: Worded): Html {
  const { statement, version, block, language } = worded
  const { number, kind, consensus, relations, tags } = statement
  const marked = html` lang="${language}" dir="${direction(language)}"`
  const foot = html`<p class="foot">${kindWord(words, kind)}${consensusWord(words, consensus)}${stateWord(words, version.state)} · ${words('facts.version')} ${words.number(version.version)} · ${day(words, version.at)}</p>`
  return html`<p class="soft"><a href="${outcomePlace(outcome)}#${statement.key}"><bdi${marked}>${textFor(version, language)?.text.title}</bdi></a></p>
<h1>${words('message.number', { number })}</h1>
${version.version !== outcome.version && html`<p class="note">${words('message.gone')}</p>`}
<div class="words">${numbered(words, statement, {
    href: `${outcomePlace(outcome)}#${statement.key}`,
    text: html`<div${marked}>${safe(block.html)}</div>`,
    foot,
  })}</div>
${tagList(words, tags)}
${relations.length > 0 && html`<ul>${relations.map(({ kind: relation, target }) => html`<li>${words(`message.relation.${relation}`)} <a href="${target}">${own(target)}</a></li>`)}</ul>`}`
}

function quote(
  context: Context,
  { statement, version, block, language }: Worded,
  id: string,
  initiative: Initiative | undefined,
): Html {
  const { words } = context
  const { key, number } = statement
  return html`<section id="quote" class="no-print"><h2>${words('message.quote_title')}</h2>
<blockquote cite="${id}"><div lang="${language}" dir="${direction(language)}">${safe(block.html)}</div>
<footer class="soft"><bdi>${citation(context, { version, initiative, language, message: { key, number } })}</bdi></footer></blockquote></section>`
}

/** Each wording with the version that brought it, oldest first. */
function history(
  { words }: Context,
  versions: Version[],
  { statement, language }: Worded,
): Html | false {
  const wordings: { version: Version; block: Block; before?: Block }[] = []
  for (const version of versions.toReversed()) {
    const block = blockOf(version.texts[language]?.blocks ?? [], statement.key)
    const before = wordings.at(-1)?.block
    if (!block || block.markdown === before?.markdown) continue
    wordings.push({ version, block, ...(before ? { before } : {}) })
  }
  if (wordings.length < 2) return false
  const marked = html` lang="${language}" dir="${direction(language)}"`
  return html`<section id="history"><h2>${words('message.history')}</h2><ol class="entries">${wordings.map(
    ({
      version,
      block,
      before,
    }) => html`<li><p class="soft"><a href="${versionPlace(version)}">${words('facts.version')} ${words.number(version.version)}</a> · ${day(words, version.at)} · ${stateWord(words, version.state)}</p>
<div class="words"${marked}>${before ? html`<p>${comparedWords(words, compareBlocks([before], [block]))}</p>` : safe(block.html)}</div></li>`,
  )}</ol></section>`
}
