/** Meetings: the list, each with its programme by day, and each session with its people. */
import type { Meeting, Outcome, Session } from '../../../content/model.ts'
import { type Told, toldParticipation } from '../../../content/participation.ts'
import { may } from '../../../content/rights.ts'
import { label } from '../../../content/vocabulary.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { readersZone } from '../../readers-zone.ts'
import { direction, type Words } from '../../words.ts'
import { clocksOf } from '../../../content/zones.ts'
import { day, days, duration, moment } from '../parts/dates.ts'
import {
  discussionEntry,
  entries,
  localized,
  meetingEntry,
  outcomeEntry,
} from '../parts/entries.ts'
import { followBox } from '../parts/follow.ts'
import { hostOf, meetingPlace, own, pathOf, sessionPlace } from '../parts/links.ts'
import { openCallsNote } from '../calls/open.ts'
import { issuesOf } from '../calls/shown.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { tagList } from '../parts/tags.ts'
import { languageName } from '../../../content/countries.ts'
import { isMoved, type Transcript, transcriptOf } from '../../../content/programme.ts'
import { programme, sessionTimes } from './programme.ts'
import { zoneChoice } from './zone.ts'
import { calendarLinks } from './calendars.ts'
import { initiativesById, originNote, whose } from './origin.ts'
import { alternate, countShown, itemOf, type Show, shownItems } from './find.ts'
import { aside } from '../../marks.ts'

const PAGE_SIZE = 20
const SESSIONS_MAX = 1000
const OUTCOMES_MAX = 50

export const meetingsPage: Show = async (context, req, res) => {
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [meetings, total] = await Promise.all([
    shownItems(site, 'meeting', { skip, limit: PAGE_SIZE }),
    countShown(site, 'meeting'),
  ])
  const title = words('meetings.title')
  const known = site.policy.gathers ? await initiativesById(context) : new Map()
  const list = meetings.map((each) =>
    meetingEntry(context, each, { level: 2, ...whose(context, each, known) }),
  )
  const body = html`<h1>${title}</h1>
${list.length > 0 ? entries(list) : html`<p class="lead">${words('meetings.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
${list.length > 0 && calendarLinks(context, '/calendar.ics')}`
  sendPage(res, page(context, { title, body, here: 'meetings' }))
}

export const meetingPage: Show = async (context, req, res) => {
  const { site, words } = context
  const meeting = await itemOf(site, 'meeting', req)
  const where = { meeting: meeting.id }
  const [sessions, outcomes, discussions] = await Promise.all([
    shownItems(site, 'session', { where, order: 'oldest', limit: SESSIONS_MAX }),
    shownItems(site, 'outcome', { where, limit: OUTCOMES_MAX }),
    shownItems(site, 'discussion', { where, limit: OUTCOMES_MAX }),
  ])
  const title = inWords(meeting.title, words)
  const path = meetingPlace(meeting)
  const body = html`<h1>${localized(words, meeting.title)}</h1>
${Object.keys(meeting.theme).length > 0 && html`<p class="lead">${localized(words, meeting.theme)}</p>`}
${await originNote(context, meeting)}
${standing(context, meeting)}
${meetingFacts(words, meeting, readersZone(req, site.origin))}
${calendarLinks(context, `${meetingPlace(meeting)}.ics`)}
<div class="words" lang="${meeting.language}" dir="${direction(meeting.language)}">${safe(meeting.html)}</div>
${tagList(words, meeting.tags)}
${followBox(context, { feeds: `${path}/`, title, actor: meeting.initiative, mail: meeting.local ? meeting.id : undefined })}
${await openCallsNote(context, meeting.id)}
${outcomesOf(context, outcomes)}
${outcomes.length > 0 && html`<p class="no-print"><a href="${meetingPlace(meeting)}/booklet">${words('booklet.link')}</a> · <a href="${meetingPlace(meeting)}.docx">DOCX</a></p>`}
${discussions.length > 0 && html`<h2>${words('discussions.title')}</h2>${entries(discussions.map((each) => discussionEntry(context, each)))}`}
${sessions.length > 0 && programme(context, req, meeting, sessions)}`
  alternate(res, meeting.id)
  const feeds = feedLinks(`${path}/`, title)
  sendPage(res, page(context, { title, body, here: 'meetings', feeds }))
}

const outcomesOf = (context: Context, outcomes: Outcome[]): Html | false =>
  outcomes.length > 0 &&
  html`<h2>${context.words('outcomes.title')}</h2>${entries(outcomes.map((each) => outcomeEntry(context, each)))}`

/** When and where it is, and how many came. */
export function meetingFacts(words: Words, meeting: Meeting, zone?: string): Html {
  const { startsAt, endsAt, timeZone, mode, place, onlineUrl, participation, hubs = [] } = meeting
  const zones = clocksOf([timeZone, 'UTC', ...(zone ? [zone] : [])], [startsAt])
  return html`<dl class="facts">
<dt>${words('meeting.when')}</dt><dd>${days(words, startsAt, endsAt, timeZone)}<br>${zones.map((each, i) => html`${i > 0 && html`<br>`}<small>${moment(words, startsAt, each)}</small>`)}</dd>
<dt>${words('meeting.where')}</dt><dd>${words(`meeting.mode.${mode}`)}${place !== undefined && html` · <bdi>${place}</bdi>`}</dd>
${hubs.length > 0 && html`<dt>${words('meeting.hubs')}</dt><dd>${hubs.map((hub, i) => html`${i > 0 && ' · '}<bdi>${hub}</bdi>`)}</dd>`}
${onlineUrl !== undefined && html`<dt>${words('meeting.online')}</dt><dd><a href="${onlineUrl}" rel="nofollow noopener">${own(hostOf(onlineUrl))}</a></dd>`}
${participation.total !== undefined && html`<dt>${words('meeting.participants')}</dt><dd>${participants(words, meeting)}</dd>`}
</dl>`
}

/** Figures under 5 could tell who somebody was: they are not printed. */
function participants(words: Words, { participation }: Meeting): string {
  const { total = '<5', modes } = toldParticipation(participation)
  const said = (value: Told) =>
    typeof value === 'number'
      ? words.number(value)
      : words(value === '<5' ? 'meeting.few' : 'annual.withheld')
  const parts = Object.entries(modes).map(
    ([name, value]) => `${words(`meeting.${name}_figure`)} ${said(value)}`,
  )
  return parts.length > 0 ? aside(words, said(total), words.list(parts)) : said(total)
}

export const sessionPage: Show = async (context, req, res) => {
  const { site, words } = context
  const session = await itemOf(site, 'session', req)
  const [meeting, outcomes] = await Promise.all([
    site.store.get('items', session.meeting),
    shownItems(site, 'outcome', { where: { session: session.id }, limit: OUTCOMES_MAX }),
  ])
  const body = html`${meeting?.type === 'meeting' && html`<p class="soft"><a href="${meetingPlace(meeting)}">${localized(words, meeting.title)}</a></p>`}
<h1>${localized(words, session.title)}</h1>
${await originNote(context, session)}
${standing(context, session)}
${sessionFacts(words, session, readersZone(req, site.origin))}
${zoneChoice(context, req, sessionPlace(session), session.timeZone)}
${calendarLinks(context, `${sessionPlace(session)}.ics`)}
<div class="words" lang="${session.language}" dir="${direction(session.language)}">${safe(session.html)}</div>
${tagList(words, session.tags)}
${sessionPeople(words, session)}
${records(words, session)}
${await issuesOf(context, session)}
${session.local && may(context.person, 'write_outcome') && html`<p><a class="button second" href="/host${pathOf(session.id)}/messages">${words('room.link')}</a></p>`}
${outcomesOf(context, outcomes)}`
  alternate(res, session.id)
  const title = inWords(session.title, words)
  sendPage(res, page(context, { title, body, here: 'meetings' }))
}

/** That it does not take place, and why; or for a while, that its time was changed. */
function standing({ words, site }: Context, item: Meeting | Session): Html | false {
  const { cancelled, moved, timeZone } = item
  if (cancelled)
    return html`<p class="note"><b>${words('calendar.cancelled', { reason: cancelled.reason })}</b></p>`
  if (!moved || !isMoved(item, site.now())) return false
  return html`<p class="note"><b>${words('programme.moved')}</b> ${words.rich('programme.before', { time: moment(words, moved.startsAt, timeZone) })}</p>`
}

/** What kind it is, when in the meeting's zone and in UTC, and where. */
export function sessionFacts(words: Words, session: Session, zone?: string): Html {
  const { startsAt, endsAt, timeZone, room, sessionType, format, onlineUrl, externalRef } = session
  return html`<dl class="facts">
<dt>${words('session.type')}</dt><dd>${label('session-types', sessionType, words.language)}${format !== undefined && html` · ${label('session-formats', format, words.language)}`}${externalRef !== undefined && html` · ${own(externalRef)}`}</dd>
<dt>${words('meeting.when')}</dt><dd>${day(words, startsAt, timeZone)}<br>${sessionTimes(words, session, zone)}</dd>
<dt>${words('session.duration')}</dt><dd>${duration(words, startsAt, endsAt)}</dd>
${room !== undefined && html`<dt>${words('meeting.room')}</dt><dd><bdi>${room}</bdi></dd>`}
${onlineUrl !== undefined && html`<dt>${words('meeting.online')}</dt><dd><a href="${onlineUrl}" rel="nofollow noopener">${own(hostOf(onlineUrl))}</a></dd>`}
</dl>`
}

export function sessionPeople(words: Words, session: Session): Html | false {
  if (session.people.length === 0) return false
  return html`<h2>${words('session.people')}</h2><ul class="entries">${session.people.map(
    ({ name, role, affiliation, stakeholderGroup }) =>
      html`<li><b><bdi>${name}</bdi></b> <small>${words(`session.role.${role}`)}</small><br>${
        affiliation !== undefined && html`<bdi>${affiliation}</bdi>`
      }${stakeholderGroup !== undefined && html` <small>${label('stakeholder-groups', stakeholderGroup, words.language)}</small>`}</li>`,
  )}</ul>`
}

const transcriptTitle = (words: Words, { language }: Transcript): string =>
  language === undefined
    ? words('session.transcript')
    : words('session.transcript_in', { language: languageName(language, words.language) })

/** Links to what was recorded; a transcript never counts as the authoritative record. */
function records(words: Words, session: Session): Html | false {
  const { recordingUrl } = session
  const transcript = transcriptOf(session)
  if (!recordingUrl && !transcript) return false
  const link = (url: string, text: string) =>
    html`<a href="${url}" rel="nofollow noopener">${text}</a> <small>${own(hostOf(url))}</small>`
  return html`<h2>${words('session.records')}</h2><ul class="plain">
${recordingUrl !== undefined && html`<li>${link(recordingUrl, words('session.recording'))}</li>`}
${transcript && html`<li>${link(transcript.url, transcriptTitle(words, transcript))}${transcript.provider && html` · ${own(transcript.provider)}`}${transcript.copyright && html`<br><small>${own(transcript.copyright)}</small>`}<br><small>${words('session.transcript_mark')}</small></li>`}</ul>`
}
