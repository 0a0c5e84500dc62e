/** The contributions of a discussion, an outcome or a message: in reading order, answers under what they answer. */
import { shortKey } from '../../../content/short-key.ts'
import type { Contribution } from '../../../content/model.ts'
import { label } from '../../../content/vocabulary.ts'
import { type Html, html, safe } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { moment } from './dates.ts'
import { own, pathOf, slugOf } from './links.ts'

/** Deeper answers stand beside each other. */
const DEPTH_MAX = 4

export interface Placed {
  contribution: Contribution
  depth: number
  /** The contribution it answers, when that stands in the same thread. */
  parent?: Contribution
}

/** Its name inside our pages: the slug of ours, a short key for what came from elsewhere. */
export const contributionKey = ({ id, local }: Pick<Contribution, 'id' | 'local'>): string =>
  local ? slugOf(id) : shortKey(id)

/** The page of one contribution, with its trail. */
export const contributionPlace = (contribution: Pick<Contribution, 'id' | 'local'>): string =>
  `/contributions/${contributionKey(contribution)}`

/**
 * Contributions (oldest first) in reading order. Answers to what is not shown here stand at the top level;
 * what answers itself in a circle is still shown, once.
 */
export function arrange(contributions: Contribution[]): Placed[] {
  const known = new Map(contributions.map((each) => [each.id, each]))
  const answers = Map.groupBy(contributions, ({ inReplyTo }) => inReplyTo)
  const placed = new Map<string, Placed>()
  const waiting: Placed[] = []
  const place = (start: Placed) => {
    waiting.push(start)
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { contribution: parent, depth } = next
      if (placed.has(parent.id)) continue
      placed.set(parent.id, next)
      const below = answers.get(parent.id) ?? []
      for (const contribution of below.toReversed()) {
        waiting.push({ contribution, depth: Math.min(depth + 1, DEPTH_MAX), parent })
      }
    }
  }
  const tops = contributions.filter(({ inReplyTo }) => !known.has(inReplyTo))
  for (const contribution of [...tops, ...contributions]) place({ contribution, depth: 0 })
  return [...placed.values()]
}

export interface Thread {
  words: Words
  /** The page the thread stands on: answers are written there. */
  path: string
  open: boolean
  /** The page that shows a message, by its id; a thread of one message needs none. */
  messages?: Map<string, { number: number; href: string }>
  /** Whether readers may report what stands here. */
  reports?: boolean
  /** The contributions stand outside their threads, so that each leads to its place there. */
  apart?: boolean
}

export const threadList = (thread: Thread, placed: Placed[]): Html =>
  html`<ol class="thread">${placed.map((each) => contributionItem(thread, each))}</ol>`

function contributionItem(thread: Thread, { contribution, depth, parent }: Placed): Html {
  const { words } = thread
  const { language, local, url, id, html: said, disposition } = contribution
  const key = contributionKey(contribution)
  return html`<li class="contribution" id="c-${key}" data-depth="${depth}"><article aria-label="${contribution.authorName}">
<header>${byline(thread, contribution)}${parent && html` · <a href="#c-${contributionKey(parent)}">${words.rich('thread.answers', { name: own(parent.authorName) })}</a>`}${aboutMessage(thread, contribution)}</header>
<div lang="${language}" dir="${direction(language)}">${safe(said)}</div>
${disposition && dispositionNote(words, disposition)}
<p class="foot acts">${thread.open && html`<a href="${thread.path}?to=${key}#answer">${words('thread.answer')}</a> `}${
    !local &&
    html`<a href="${url ?? id}" rel="nofollow noopener">${words('thread.origin', { host: new URL(id).host })}</a> `
  }${thread.reports && html`<a href="${contributionPlace(contribution)}/report" rel="nofollow">${words('report.link')}</a>`}</p></article></li>`
}

function byline({ words }: Thread, contribution: Contribution): Html {
  const { author, authorName, authorHandle, local, stakeholderGroup, affiliation } = contribution
  if (contribution.brought) return broughtLine(words, contribution)
  const name = html`<b><bdi>${authorName}</bdi></b>`
  const claims = [
    stakeholderGroup && label('stakeholder-groups', stakeholderGroup, words.language),
    affiliation,
  ].filter((claim) => claim !== undefined && claim !== '')
  return html`${local ? html`<a href="${pathOf(author)}">${name}</a>` : name} <small>${own(`@${authorHandle}`)}</small>${
    claims.length > 0 &&
    html`, ${claims.map((claim, i) => html`${i > 0 && ', '}<bdi>${claim}</bdi>`)}`
  } · <a href="${contributionPlace(contribution)}">${moment(words, contribution.published)}</a>`
}

/** Who wrote it elsewhere, and that they have not signed it: nobody here has that name. */
function broughtLine(words: Words, contribution: Contribution): Html {
  const { authorName, brought, published } = contribution
  const mark = words('brought.mark')
  const from = brought?.from
  return html`<b><bdi>${authorName || words('brought.nobody')}</bdi></b> <small>${
    from ? html`<a href="${from}" rel="nofollow noopener">${mark}</a>` : mark
  }</small> · <a href="${contributionPlace(contribution)}">${moment(words, published)}</a>`
}

function aboutMessage({ words, messages }: Thread, { message }: Contribution): Html | undefined {
  const found = message === undefined ? undefined : messages?.get(message)
  return (
    found &&
    html` · <a href="${found.href}">${words('thread.on_message', { number: found.number })}</a>`
  )
}

/** How the drafters dealt with it. */
export function dispositionNote(
  words: Words,
  disposition: NonNullable<Contribution['disposition']>,
): Html {
  const { kind, reason, by, at } = disposition
  return html`<div class="disposition" data-kind="${kind}"><b>${words(`disposition.${kind}`)}</b> ${
    reason !== '' && html`<bdi>${reason}</bdi>`
  } <small>${words.rich('disposition.by', { by: own(by), day: words.day(at) })}</small></div>`
}
