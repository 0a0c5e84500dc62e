/** The reading view of an outcome: its latest version, its record beside it, its contributions below. */
import type { Request, Response } from 'express'
import { isOpen } from '../../../content/discussions.ts'
import type { Contribution, Initiative, Outcome, Version } from '../../../content/model.ts'
import { textFor } from '../../../content/versions.ts'
import { label } from '../../../content/vocabulary.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction } from '../../words.ts'
import { outcomePlace } from '../parts/links.ts'
import { textBlocks } from '../parts/messages.ts'
import { stageLine, stateWord, timeLeft } from '../parts/stages.ts'
import { answerSections, type Typed } from './answer.ts'
import {
  alternate,
  contributionsTo,
  initiativeOf,
  outcomeOf,
  type Show,
  versionOf,
} from './find.ts'
import { originNote } from './origin.ts'
import { factsBeside } from './facts.ts'
import { threadSection } from './threads.ts'
import { withdrawnPage } from './withdrawn.ts'

export const outcomePage: Show = async (context, req, res) => {
  const outcome = await outcomeOf(context.site, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  await showOutcome(context, outcome, req, res)
}

/** The page, also after a mistake in its form. */
export async function showOutcome(
  context: Context,
  outcome: Outcome,
  req: Request,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { site } = context
  const [version, contributions] = await Promise.all([
    versionOf(site, outcome),
    contributionsTo(site, { about: outcome.id }),
  ])
  const path = outcomePlace(outcome)
  const open = isOpen(outcome, site.now())
  const messages = new Map(
    version.statements.map(({ key, number }) => [
      `${outcome.id}/messages/${key}`,
      { number, href: `#${key}` },
    ]),
  )
  const elsewhere = !outcome.local
  const below = html`${threadSection(context, req, { contributions, path, open: open && !elsewhere, messages })}
${answerSections(context, req, { about: outcome.id, path, open, elsewhere, contributions, ...(typed ? { typed } : {}) })}`
  alternate(res, outcome.id)
  const origin = await originNote(context, outcome)
  const banner = origin ? { banner: origin } : {}
  const initiative = await initiativeOf(context, outcome.initiative)
  const parts = {
    outcome,
    version,
    contributions,
    below,
    ...(initiative ? { initiative } : {}),
    ...banner,
  }
  const shown = readVersion(context, req, parts)
  sendPage(res, page(context, shown), typed ? 400 : 200)
}

interface Read {
  outcome: Outcome
  version: Version
  /** Whose it is. */
  initiative?: Initiative
  contributions: Contribution[]
  /** Above the text: that this is an old version. */
  banner?: Html
  below?: Html
}

/** A version as it is read: the latest with its answers, or an old one exactly as it was. */
export function readVersion(context: Context, req: Request, parts: Read) {
  const { outcome, version, initiative, contributions, banner, below } = parts
  const language = chosenText(context, req, version)
  const found = textFor(version, language)
  const reading = {
    words: context.words,
    base: outcomePlace(outcome),
    language,
    counts: countByMessage(contributions),
    answers: version.version === outcome.version,
  }
  const body = html`${head(context, version, language)}
${banner}
<div class="columns"><div>
${textBlocks(version, reading)}
${notes(context, version)}
${below}
</div><aside>${factsBeside(context, { outcome, version, initiative, language })}</aside></div>`
  const description = found?.text.summary
  return {
    title: found?.text.title ?? '',
    body,
    here: 'outcomes',
    feeds: feedLinks(`${outcomePlace(outcome)}/`, found?.text.title ?? ''),
    ...(description ? { description } : {}),
  }
}

/** `?text=fr`, else the reader's language, else the original. */
export const chosenText = ({ words }: Context, req: Request, version: Version): string =>
  textFor(version, word(req, 'text') ?? words.language)?.language ?? version.language

/** What it is, title, summary, how long it is open, and the line of steps. */
function head({ words, site, zone }: Context, version: Version, language: string): Html {
  const { text } = textFor(version, language) ?? {}
  const marked = html` lang="${language}" dir="${direction(language)}"`
  const open = version.state === 'open_for_comment' && version.comment
  return html`<header class="wide">
<p class="soft">${label('outcome-types', version.outcomeType, words.language)} · ${String(version.year)} · ${stateWord(words, version.state)}</p>
<h1${marked}>${text?.title}</h1>
${text && text.summary !== '' && html`<p class="lead"${marked}>${text.summary}</p>`}
${open && html`<p class="note">${timeLeft(words, open, site.now(), zone)} · <a href="#answer">${words('outcome.how_to_answer')}</a></p>`}
${version.reason !== undefined && html`<p class="note"><b>${words('outcome.reason')}</b> <bdi>${version.reason}</bdi></p>`}
${stageLine(words, version)}
</header>`
}

/** How it was made, and what it does not claim. */
function notes({ words }: Context, { methodNote, disclaimer, language }: Version): Html | false {
  if (methodNote === '' && disclaimer === '') return false
  const marked = html` lang="${language}" dir="${direction(language)}"`
  return html`<section class="note">
${methodNote !== '' && html`<h2>${words('outcome.method')}</h2><p${marked}>${methodNote}</p>`}
${disclaimer !== '' && html`<h2>${words('outcome.disclaimer')}</h2><p${marked}>${disclaimer}</p>`}
</section>`
}

/** How many contributions each message has, by its key. */
function countByMessage(contributions: Contribution[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { message } of contributions) {
    const key = message?.slice(message.lastIndexOf('/') + 1)
    if (key) counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
