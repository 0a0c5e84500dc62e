/** The programme of a meeting: by day, time and room, in the meeting's zone, in UTC and in the reader's; filters are plain addresses. */
import type { Request } from 'express'
import type { Meeting, Session } from '../../../content/model.ts'
import { isMoved, nowAndNext } from '../../../content/programme.ts'
import { label } from '../../../content/vocabulary.ts'
import { clocksOf, localTime } from '../../../content/zones.ts'
import { type Context, word } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { readersZone, zoneInAddress } from '../../readers-zone.ts'
import type { Words } from '../../words.ts'
import { spanIn } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { meetingPlace, own, sessionPlace } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { zoneChoice } from './zone.ts'
import { richAside, richInARow } from '../../marks.ts'

/** So many sessions on one page, which stays under its weight. */
const PAGE_SIZE = 30
const PEOPLE_SHOWN = 4
const TOPICS_SHOWN = 4
const ON_SHOWN = 5
const OPTIONS_MAX = 40

type Filter = 'day' | 'room' | 'type' | 'topic'
const filters: Record<Filter, (session: Session) => string[]> = {
  day: (session) => [dayOf(session)],
  room: ({ room }) => (room ? [room] : []),
  type: ({ sessionType }) => [sessionType],
  topic: ({ tags }) => tags.topics,
}
const names = Object.keys(filters) as Filter[]

/** The day on which the meeting's own clocks see it begin. */
const dayOf = ({ startsAt, timeZone }: Session): string =>
  localTime(startsAt, timeZone).slice(0, 10)

/** The sessions that the address asks for; of a long programme one day, today's or the first. */
export function programme(
  context: Context,
  req: Request,
  meeting: Meeting,
  sessions: Session[],
): Html {
  const { words, site } = context
  const zone = readersZone(req, site.origin)
  const passed = zoneInAddress(req)
  const chosen = chosenFilters(req, sessions, site.now())
  const sorted = sessions
    .filter((each) =>
      names.every((name) => !chosen[name] || filters[name](each).includes(chosen[name])),
    )
    .sort(
      (a, b) => a.startsAt.localeCompare(b.startsAt) || (a.room ?? '').localeCompare(b.room ?? ''),
    )
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const byDay = Map.groupBy(sorted.slice(skip, skip + PAGE_SIZE), dayOf)
  return html`<section><h2 id="programme">${words('meeting.programme')}</h2>
${onNow(context, meeting, sessions, passed)}
${choices(words, req, meeting, sessions, chosen)}
${zoneChoice(context, req, `${meetingPlace(meeting)}#programme`, meeting.timeZone)}
${sorted.length === 0 && html`<p>${words('programme.none')}</p>`}
${[...byDay].map(
  ([day, each]) =>
    html`<h3>${words.day(`${day}T12:00:00.000Z`)}</h3><ul class="entries">${each.map((session) => html`<li>${entry(context, session, { zone, passed })}</li>`)}</ul>`,
)}
${pager(words, req, { total: sorted.length, size: PAGE_SIZE })}</section>`
}

function chosenFilters(req: Request, sessions: Session[], at: string): Record<Filter, string> {
  const asked = Object.fromEntries(names.map((name) => [name, word(req, name) ?? '']))
  const free = names.every((name) => req.query[name] === undefined)
  const today = sessions.find(({ endsAt }) => endsAt > at) ?? sessions[0]
  const day = free && today && sessions.length > PAGE_SIZE ? dayOf(today) : asked.day
  return { ...asked, day } as Record<Filter, string>
}

/** While the meeting runs: what is on, and what comes next. */
function onNow(
  { words, site }: Context,
  { startsAt, endsAt, cancelled }: Meeting,
  sessions: Session[],
  zone: string | undefined,
): Html | false {
  const at = site.now()
  if (cancelled || at < startsAt || at >= endsAt) return false
  const { now, next } = nowAndNext(sessions, at)
  const line = (key: 'now' | 'next', each: Session[]) =>
    each.length > 0 &&
    html`<p><b>${words(key === 'now' ? 'programme.now' : 'programme.next')}</b> ${each
      .slice(0, ON_SHOWN)
      .map(
        (session, i) =>
          html`${i > 0 && ' · '}<a href="${withZone(sessionPlace(session), zone)}">${localized(words, session.title)}</a>`,
      )}</p>`
  return html`<div class="note">${line('now', now)}${line('next', next)}</div>`
}

const withZone = (path: string, zone: string | undefined): string =>
  zone ? `${path}?zone=${encodeURIComponent(zone)}` : path

/** One form for all: whoever sends it has an address to pass on. */
function choices(
  words: Words,
  req: Request,
  meeting: Meeting,
  sessions: Session[],
  chosen: Record<Filter, string>,
): Html | false {
  const named = (name: Filter, value: string): string => {
    if (name === 'day') return words.day(`${value}T12:00:00.000Z`)
    return name === 'type' ? label('session-types', value, words.language) : value
  }
  const lists = names.flatMap((name) => {
    const values = [...new Set(sessions.flatMap(filters[name]))].sort().slice(0, OPTIONS_MAX)
    if (values.length < 2) return []
    const options = values.map(
      (value) =>
        html`<option value="${value}"${value === chosen[name] && html` selected`}>${named(name, value)}</option>`,
    )
    return [
      html`<div class="field"><label for="p-${name}">${words(`programme.${name}`)}</label><select id="p-${name}" name="${name}"><option value="">${words('programme.all')}</option>${options}</select></div>`,
    ]
  })
  if (lists.length === 0) return false
  const passed = zoneInAddress(req)
  return html`<details class="folded"${names.some((name) => chosen[name] !== '') && html` open`}><summary>${words('programme.choose')}</summary>
<form method="get" action="${meetingPlace(meeting)}">${lists}${passed !== undefined && html`<input type="hidden" name="zone" value="${passed}">`}
<p class="buttons"><button type="submit">${words('programme.show')}</button></p></form></details>`
}

/** A session: when in all its zones, what, where, and who. */
function entry(
  { words, site }: Context,
  session: Session,
  { zone, passed }: { zone: string | undefined; passed: string | undefined },
): Html {
  const { title, sessionType, format, room, onlineUrl, people, tags, cancelled } = session
  const details = [
    html`${label('session-types', sessionType, words.language)}`,
    format !== undefined && html`${label('session-formats', format, words.language)}`,
    room !== undefined && own(room),
    onlineUrl !== undefined &&
      html`<a href="${onlineUrl}" rel="nofollow noopener">${words('programme.online')}</a>`,
  ].filter((part) => part !== false)
  const who = people
    .slice(0, PEOPLE_SHOWN)
    .map(({ name, role }) => richAside(words, own(name), words(`session.role.${role}`)))
  const more = people.length - PEOPLE_SHOWN
  return html`<h4><a href="${withZone(sessionPlace(session), passed)}">${localized(words, title)}</a></h4>
${cancelled && html`<p><b>${words('calendar.cancelled', { reason: cancelled.reason })}</b></p>`}
${!cancelled && isMoved(session, site.now()) && html`<p><b>${words('programme.moved')}</b></p>`}
<p>${sessionTimes(words, session, zone)}</p>
<p class="soft">${details.map((part, i) => html`${i > 0 && ' · '}${part}`)}</p>
${who.length > 0 && html`<p class="soft">${richInARow(words, who)}${more > 0 && html` ${words('programme.more', { count: more })}`}</p>`}
${tags.topics.length > 0 && html`<ul class="tags">${tags.topics.slice(0, TOPICS_SHOWN).map((topic) => html`<li><a href="/search?topic=${encodeURIComponent(topic)}"><bdi>${topic}</bdi></a></li>`)}</ul>`}`
}

/** Its hours in the meeting's zone, in UTC and in the reader's, each with its day where that is another. */
export function sessionTimes(words: Words, session: Session, zone: string | undefined): Html {
  const { timeZone, startsAt, endsAt } = session
  const zones = clocksOf([timeZone, 'UTC', ...(zone ? [zone] : [])], [startsAt, endsAt])
  return html`${zones.map((each, i) => html`${i > 0 && html`<br>`}${i > 0 ? html`<small>${spanIn(words, session, each, dayOf(session))}</small>` : spanIn(words, session, each, dayOf(session))}`)}`
}
