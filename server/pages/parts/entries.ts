/** Outcomes, meetings, discussions and messages as they stand in lists. */
import type { Discussion, Meeting, Message, Outcome } from '../../../content/model.ts'
import type { Localized } from '../../../content/values.ts'
import { label } from '../../../content/vocabulary.ts'
import { type Context, inWords, languageIn } from '../../context.ts'
import { type Html, html, safe, type Value } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { day, days } from './dates.ts'
import { discussionPlace, meetingPlace, messagePlace, outcomePlace } from './links.ts'
import { consensusWord, kindWord } from './messages.ts'
import { stateWord, timeLeft } from './stages.ts'

/** A text of an item in the reader's language or another, marked as what it is. */
export function localized(words: Words, text: Localized): Html {
  const language = languageIn(text, words)
  return html`<bdi lang="${language}" dir="${direction(language)}">${inWords(text, words)}</bdi>`
}

interface Shown {
  /** The page of the item on this server, where it is not its own address. */
  href?: string
  /** What stands below: whose it is, on an aggregator. */
  foot?: Value
  /** How deep the title stands in the page. */
  level?: 2 | 3
}

const titled = (words: Words, title: Localized, href: string, level = 3): Html =>
  level === 2
    ? html`<h2><a href="${href}">${localized(words, title)}</a></h2>`
    : html`<h3><a href="${href}">${localized(words, title)}</a></h3>`

export const entries = (items: Html[]): Html =>
  html`<ul class="entries">${items.map((item) => html`<li>${item}</li>`)}</ul>`

export function outcomeEntry(
  { words, site, zone }: Context,
  outcome: Outcome,
  shown: Shown = {},
): Html {
  const { href = outcomePlace(outcome), foot, level } = shown
  const summary = inWords(outcome.summary, words)
  const open = outcome.state === 'open_for_comment' && outcome.comment
  return html`${titled(words, outcome.title, href, level)}
${summary !== '' && html`<p>${localized(words, outcome.summary)}</p>`}
<p class="soft">${stateWord(words, outcome.state)} · ${label('outcome-types', outcome.outcomeType, words.language)} · ${words(
    'outcome.messages',
    { count: outcome.messages },
  )} · ${day(words, outcome.updated ?? outcome.published)}${
    open && html`<br>${timeLeft(words, open, site.now(), zone)}`
  }${foot && html`<br>${foot}`}</p>`
}

export function discussionEntry(
  { words, site, zone }: Context,
  discussion: Discussion,
  shown: Shown = {},
): Html {
  const { href = discussionPlace(discussion), foot, level } = shown
  return html`${titled(words, discussion.title, href, level)}
<p class="soft">${timeLeft(words, discussion, site.now(), zone)}${foot && html`<br>${foot}`}</p>`
}

export function meetingEntry({ words }: Context, meeting: Meeting, shown: Shown = {}): Html {
  const { href = meetingPlace(meeting), foot, level } = shown
  const { startsAt, endsAt, timeZone, place, mode, theme } = meeting
  return html`${titled(words, meeting.title, href, level)}
${Object.keys(theme).length > 0 && html`<p>${localized(words, theme)}</p>`}
<p class="soft">${days(words, startsAt, endsAt, timeZone)} · ${words(`meeting.mode.${mode}`)}${
    place !== undefined && html` · <bdi>${place}</bdi>`
  }${foot && html`<br>${foot}`}</p>`
}

/** One message on its own: its words, its number, and the outcome it stands in. */
export function messageEntry({ words }: Context, message: Message, shown: Shown = {}): Html {
  const { href = messagePlace(message), foot } = shown
  const language = languageIn(message.texts, words)
  const text = message.texts[language]
  return html`<div class="words" lang="${language}" dir="${direction(language)}">${text && safe(text.html)}</div>
<p class="soft">${kindWord(words, message.kind)}${consensusWord(words, message.consensus)}<a href="${href}">${words(
    'message.number',
    { number: message.number },
  )}</a> · ${localized(words, message.outcomeTitle)} · ${words.number(message.year)}${foot && html`<br>${foot}`}</p>`
}
