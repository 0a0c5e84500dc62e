/** Booklets: an outcome, or all outcomes of a meeting, as a page to print and as a Word file. */
import type { Response } from 'express'
import type { Meeting, Outcome, Session } from '../../../content/model.ts'
import type { Part } from '../../../content/parts.ts'
import { type Context, inWords, languageIn, sendPage } from '../../context.ts'
import { docxOf, type Paper } from '../../docx.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { days } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { meetingPlace, outcomePlace, own, slugOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { initiativeOf, itemOf, outcomeOf, type Show, shownItems } from '../reading/find.ts'
import { withdrawnPage } from '../reading/withdrawn.ts'
import { type Chapter, chapterOf, type Fact, languageAsked, rapporteurs } from './chapters.ts'
import { chapterParts, factTable, heading, plain } from './paper.ts'
import { anchorOf, factList, printedChapter, printStyle } from './printed.ts'

const OUTCOMES_MAX = 200
const SESSIONS_MAX = 1000
/** So many bytes of chapters stand on one page; a longer outcome stands on one of its own. */
const PART_BYTES = 36 * 1024

export const outcomeBooklet: Show = async (context, req, res) => {
  const outcome = await outcomeOf(context.site, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const { words } = context
  const language = languageAsked(context, req)
  const chapter = await chapterOf(context, outcome, language)
  const title = chapter?.text.title ?? ''
  const body = html`<p class="soft no-print"><a href="${outcomePlace(outcome)}">${words('booklet.to_outcome')}</a> · <a href="${outcomePlace(outcome)}.docx?text=${chapter?.language}">DOCX</a></p>
<p class="soft">${await whose(context, outcome)}</p>
${chapter && printedChapter(context, chapter, 1)}`
  const head = printStyle(chapter ? footOf(context, chapter) : '')
  sendPage(res, page(context, { title, body, head, here: 'outcomes' }))
}

export const outcomeDocx: Show = async (context, req, res) => {
  const outcome = await outcomeOf(context.site, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const chapter = await chapterOf(context, outcome, languageAsked(context, req))
  if (!chapter) return
  const author = await whose(context, outcome)
  const { language } = chapter
  await sendDocx(res, slugOf(outcome.id), {
    title: chapter.text.title,
    author,
    language,
    parts: [plain(author, language, 'soft'), ...chapterParts(context, chapter, 1)],
    footer: footOf(context, chapter),
  })
}

const whose = async (context: Context, { initiative, id }: Outcome | Meeting): Promise<string> => {
  const found = await initiativeOf(context, initiative)
  return found ? inWords(found.name, context.words) : new URL(id).host
}

/** Which words exactly: what stands at the foot of every page. */
const footOf = ({ words }: Context, { version }: Chapter): string =>
  `${words('cite.version', { version: version.version, day: words.day(version.at) })} · ${version.digest}`

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** A Word file under the name of what it holds and its language. */
export async function sendDocx(res: Response, name: string, paper: Paper): Promise<void> {
  const bytes = await docxOf(paper)
  res
    .attachment(`${name}.${paper.language}.docx`)
    .type(DOCX)
    .vary('Accept-Language')
    .set('content-language', paper.language)
    .send(bytes)
}

interface Booklet {
  meeting: Meeting
  sessions: Session[]
  chapters: Chapter[]
}

/** All outcomes of a meeting that stand, in the order they were first published, and who wrote down its sessions. */
async function bookletOf(context: Context, meeting: Meeting, language: string): Promise<Booklet> {
  const where = { meeting: meeting.id }
  const { site } = context
  const [sessions, outcomes] = await Promise.all([
    shownItems(site, 'session', { where, order: 'oldest', limit: SESSIONS_MAX }),
    shownItems(site, 'outcome', { where, order: 'oldest', limit: OUTCOMES_MAX }),
  ])
  const standing = outcomes.filter(({ state }) => state !== 'withdrawn')
  const chapters: Chapter[] = []
  for (const outcome of standing) {
    const chapter = await chapterOf(context, outcome, language)
    if (chapter) chapters.push(chapter)
  }
  return { meeting, sessions, chapters }
}

export const meetingBooklet: Show = async (context, req, res) => {
  const { site, words } = context
  const meeting = await itemOf(site, 'meeting', req)
  const booklet = await bookletOf(context, meeting, languageAsked(context, req))
  const printed = booklet.chapters.map((each) => printedChapter(context, each, 2))
  const pages = inPages(printed)
  const number = Math.min(pageNumber(req), pages.length)
  const body = html`<p class="soft no-print"><a href="${meetingPlace(meeting)}">${localized(words, meeting.title)}</a> · <a href="${meetingPlace(meeting)}.docx?text=${languageAsked(context, req)}">DOCX</a></p>
${number === 1 ? await cover(context, booklet, pages) : html`<h1>${localized(words, meeting.title)}</h1>`}
${pages[number - 1]}
${pages.length > 1 && html`<p class="note no-print">${words('booklet.in_parts', { count: pages.length })}</p>`}
<div class="no-print">${pager(words, req, { total: pages.length, size: 1 })}</div>`
  const title = inWords(meeting.title, words)
  const head = printStyle(`${await whose(context, meeting)} · ${title}`)
  sendPage(res, page(context, { title, body, head, here: 'meetings' }))
}

/** Chapters in their order, as many on a page as stay light. */
function inPages(chapters: Html[]): Html[][] {
  const pages: Html[][] = [[]]
  let bytes = 0
  for (const chapter of chapters) {
    const size = Buffer.byteLength(chapter.text)
    if (bytes > 0 && bytes + size > PART_BYTES) {
      pages.push([])
      bytes = 0
    }
    pages.at(-1)?.push(chapter)
    bytes += size
  }
  return pages
}

/** The first page: whose it is, the meeting, its facts, and what the booklet holds. */
async function cover(context: Context, booklet: Booklet, pages: Html[][]): Promise<Html> {
  const { words } = context
  const { meeting, chapters } = booklet
  const starts = pages.flatMap((each, i) => each.map(() => i + 1))
  const link = (chapter: Chapter, i: number) =>
    `${starts[i] === 1 ? '' : `${meetingPlace(meeting)}/booklet?page=${starts[i]}`}#${anchorOf(chapter)}`
  return html`<header class="cover"><p class="soft">${await whose(context, meeting)}</p>
<h1>${localized(words, meeting.title)}</h1>
${Object.keys(meeting.theme).length > 0 && html`<p class="lead">${localized(words, meeting.theme)}</p>`}
<p>${days(words, meeting.startsAt, meeting.endsAt, meeting.timeZone)}${meeting.place !== undefined && html` · ${own(meeting.place)}`}</p>
${
  chapters.length > 0
    ? html`<nav aria-label="${words('booklet.contents')}"><h2>${words('booklet.contents')}</h2><ol class="contents">${chapters.map(
        (each, i) =>
          html`<li><a href="${link(each, i)}" lang="${each.language}"><bdi>${each.text.title}</bdi></a></li>`,
      )}</ol></nav>`
    : html`<p class="lead">${words('booklet.none')}</p>`
}
${recorders(context, booklet)}</header>`
}

/** Who wrote down each session, where that is known. */
function recorders(context: Context, { sessions }: Booklet): Html | false {
  const facts = recorderFacts(context, sessions)
  return (
    facts.length > 0 && html`<h2>${context.words('booklet.rapporteurs')}</h2>${factList(facts)}`
  )
}

const recorderFacts = ({ words }: Context, sessions: Session[]): Fact[] =>
  sessions.flatMap((session) => {
    const value = rapporteurs(words, session)
    return value === '' ? [] : [{ name: inWords(session.title, words), value }]
  })

export const meetingDocx: Show = async (context, req, res) => {
  const { site, words } = context
  const meeting = await itemOf(site, 'meeting', req)
  const asked = languageAsked(context, req)
  const booklet = await bookletOf(context, meeting, asked)
  const title = meeting.title[asked] ?? inWords(meeting.title, words)
  const language = meeting.title[asked] ? asked : languageIn(meeting.title, words)
  await sendDocx(res, slugOf(meeting.id), {
    title,
    author: await whose(context, meeting),
    language,
    parts: await meetingParts(context, booklet, { title, language }),
    footer: `${await whose(context, meeting)} · ${title}`,
  })
}

async function meetingParts(
  context: Context,
  { meeting, sessions, chapters }: Booklet,
  { title, language }: { title: string; language: string },
): Promise<Part[]> {
  const { words } = context
  const when = new Intl.DateTimeFormat(words.language, {
    dateStyle: 'long',
    timeZone: meeting.timeZone,
  }).formatRange(new Date(meeting.startsAt), new Date(meeting.endsAt))
  const people = recorderFacts(context, sessions)
  const theme = meeting.theme[language] ?? inWords(meeting.theme, words)
  return [
    plain(await whose(context, meeting), words.language, 'soft'),
    { kind: 'title', language, runs: [{ text: title }] },
    ...(theme === ''
      ? []
      : [
          plain(
            theme,
            meeting.theme[language] ? language : languageIn(meeting.theme, words),
            'lead',
          ),
        ]),
    plain([when, meeting.place].filter(Boolean).join(' · '), words.language),
    heading(words('booklet.contents'), words.language, 1),
    ...chapters.map((each, i): Part => ({
      kind: 'item',
      depth: 0,
      mark: `${words.number(i + 1)}.`,
      language: each.language,
      runs: [{ text: each.text.title }],
    })),
    ...(people.length > 0
      ? [heading(words('booklet.rapporteurs'), words.language, 1), factTable(words, people)]
      : []),
    ...chapters.flatMap((each) => [
      ...chapterParts(context, each, 2),
      plain(footOf(context, each), words.language, 'soft'),
    ]),
  ]
}
