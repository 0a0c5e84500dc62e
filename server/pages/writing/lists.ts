/** The host's lists of meetings, with their sessions, and of discussions. */
import type { Discussion, Meeting } from '../../../content/model.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { moment } from '../parts/dates.ts'
import { discussionEntry, entries, localized, meetingEntry } from '../parts/entries.ts'
import { slugOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { countShown, type Show, shownItems } from '../reading/find.ts'
import { sessionsOf } from './meeting-form.ts'

const PAGE_SIZE = 20
/** Of each meeting, so many sessions are listed, the first. */
const SESSIONS_SHOWN = 60

export const hostMeetings: Show = async (context, req, res) => {
  allowed(res, 'write_meeting')
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [meetings, total] = await Promise.all([
    shownItems(site, 'meeting', { skip, limit: PAGE_SIZE }),
    countShown(site, 'meeting'),
  ])
  const lines = await Promise.all(meetings.map((meeting) => meetingLine(context, meeting)))
  const title = words('host.nav.meetings')
  const body = html`<p class="buttons"><a class="button" href="/host/meetings/new">${words('writing.meeting.new')}</a>
${total > 0 && html`<a class="button second" href="/host/sessions/new">${words('writing.session.new')}</a>`}</p>
${lines.length > 0 ? entries(lines) : html`<p class="lead">${words('writing.meeting.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, hostPage(context, { title, body, here: 'meetings', done: req.query.done }))
}

async function meetingLine(context: Context, meeting: Meeting): Promise<Html> {
  const { words, site } = context
  const href = `/host/meetings/${slugOf(meeting.id)}`
  const sessions = (await sessionsOf(site, meeting, SESSIONS_SHOWN)).filter(
    (item) => item.type === 'session',
  )
  const add = `/host/sessions/new?meeting=${encodeURIComponent(meeting.id)}`
  return html`${meetingEntry(context, meeting, { href, level: 2 })}
${sessions.length > 0 && html`<ul class="plain">${sessions.map(({ id, title, startsAt, timeZone }) => html`<li><a href="/host/sessions/${slugOf(id)}">${localized(words, title)}</a> <small>${moment(words, startsAt, timeZone)}</small></li>`)}</ul>`}
<p><a href="${add}">${words('writing.session.new')}</a></p>`
}

export const hostDiscussions: Show = async (context, req, res) => {
  allowed(res, 'write_discussion')
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [discussions, total] = await Promise.all([
    shownItems(site, 'discussion', { skip, limit: PAGE_SIZE }),
    countShown(site, 'discussion'),
  ])
  const line = (each: Discussion) =>
    discussionEntry(context, each, { href: `/host/discussions/${slugOf(each.id)}`, level: 2 })
  const title = words('host.nav.discussions')
  const body = html`<p><a class="button" href="/host/discussions/new">${words('writing.discussion.new')}</a></p>
${total > 0 ? entries(discussions.map(line)) : html`<p class="lead">${words('writing.discussion.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, hostPage(context, { title, body, here: 'discussions', done: req.query.done }))
}
