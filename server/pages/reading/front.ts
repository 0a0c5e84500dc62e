/** The front page of a node: what is open for comment now, the latest outcomes, meetings and discussions. */
import { isOpen } from '../../../content/discussions.ts'
import { may } from '../../../content/rights.ts'
import type { Discussion, Initiative, Meeting, Outcome } from '../../../content/model.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import {
  discussionEntry,
  entries,
  localized,
  meetingEntry,
  outcomeEntry,
} from '../parts/entries.ts'
import { openCallsNote } from '../calls/open.ts'
import { type Show, shownItems } from './find.ts'
import { scopeLine } from './scope.ts'

const LATEST = 5
/** Among how many of the newest we look for what is open. */
const LOOKED_AT = 50

export const frontPage: Show = async (context, _req, res) => {
  const { site, profile } = context
  const now = site.now()
  const [commented, outcomes, discussions, next, past] = await Promise.all([
    shownItems(site, 'outcome', { where: { state: 'open_for_comment' }, limit: LOOKED_AT }),
    shownItems(site, 'outcome', { limit: LATEST }),
    shownItems(site, 'discussion', { limit: LOOKED_AT }),
    shownItems(site, 'meeting', { since: now, order: 'oldest', limit: 2 }),
    shownItems(site, 'meeting', { until: now, limit: 2 }),
  ])
  const open = [...commented, ...discussions].filter((item) => isOpen(item, now))
  const closed = discussions.filter((item) => !isOpen(item, now)).slice(0, LATEST)
  const standing = new Set(open.map(({ id }) => id))
  const settled = outcomes.filter(({ id }) => !standing.has(id))
  const empty = [open, outcomes, discussions, next, past].every((list) => list.length === 0)
  const title = profile ? inWords(profile.name, context.words) : 'Tributary'
  const shown = empty
    ? emptyFront(context)
    : columns(context, { open, settled, meetings: [...next, ...past], closed })
  const body = html`${profile && hero(context, profile)}${await openCallsNote(context)}${shown}`
  sendPage(res, page(context, { title, body, feeds: feedLinks('/', title) }))
}

function hero({ words }: Context, profile: Initiative): Html {
  return html`<header class="hero"><h1>${localized(words, profile.name)}</h1>
<p class="soft">${scopeLine(words, profile)}</p>
${Object.keys(profile.summary).length > 0 && html`<p class="lead">${localized(words, profile.summary)}</p>`}</header>`
}

interface Fronted {
  open: (Outcome | Discussion)[]
  settled: Outcome[]
  meetings: Meeting[]
  closed: Discussion[]
}

function columns(context: Context, { open, settled, meetings, closed }: Fronted): Html {
  const { words } = context
  const section = (name: string, list: Html[], all: string) =>
    list.length > 0 &&
    html`<section><h2>${words(`front.${name}`)}</h2>${entries(list)}<p><a href="${all}">${words(`front.all_${name}`)}</a></p></section>`
  return html`<div class="columns"><div>
${open.length > 0 && openNow(context, open)}
${section(
  'outcomes',
  settled.map((each) => outcomeEntry(context, each)),
  '/outcomes',
)}</div><aside>
${section(
  'meetings',
  meetings.map((each) => meetingEntry(context, each)),
  '/meetings',
)}
${section(
  'discussions',
  closed.map((each) => discussionEntry(context, each)),
  '/discussions',
)}
<section><h2>${words('front.follow')}</h2><p>${words('front.follow_said')}</p>
<p><a href="/about#follow">${words('front.follow_how')}</a> · <a href="/feed.atom">Atom</a> · <a href="/feed.rss">RSS</a> · <a href="/feed.json">JSON Feed</a></p></section>
</aside></div>`
}

const openNow = (context: Context, open: Fronted['open']): Html =>
  html`<section class="open"><h2>${context.words('front.open')}</h2>${entries(
    open.map((item) =>
      item.type === 'outcome' ? outcomeEntry(context, item) : discussionEntry(context, item),
    ),
  )}</section>`

const emptyFront = ({ words, person }: Context): Html =>
  html`<section class="note"><h2>${words('front.empty')}</h2><p>${words('front.empty_said')}</p>
${may(person, 'write_meeting') && html`<p><a class="button" href="/host">${words('front.empty_next')}</a></p>`}</section>`
