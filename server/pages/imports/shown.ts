/** A row of an import as its list shows it: what it would be, how it was read, and what became of it. */
import { readOutcomeText } from '../../../content/blocks.ts'
import { languageName } from '../../../content/countries.ts'
import { commentsOf, type ImportJob, kinds, type Proposed } from '../../../content/imports.ts'
import { OF_ITS_YEAR } from '../../../content/import/meetings.ts'
import { Refusal } from '../../../content/refusal.ts'
import { label } from '../../../content/vocabulary.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { day } from '../parts/dates.ts'
import type { hereAlready } from '../../imports/comments.ts'
import { own, pathOf } from '../parts/links.ts'
import { refusalText } from '../../refusals.ts'

export const PAGE_SIZE = 25
const MESSAGES_SHOWN = 3
const LETTERS_SHOWN = 140
const TITLE_LETTERS_SHOWN = 150
const TAGS_SHOWN = 6

/** The import that an address names. Refusal `missing` when there is none. */
export async function jobOf({ store }: Site, id: string): Promise<ImportJob> {
  const job = await store.get('imports', id)
  if (!job) throw new Refusal('missing', 'page')
  return job
}

export const jobPath = ({ id }: Pick<ImportJob, 'id'>): string => `/host/import/${id}`
export const rowPath = ({ job, number }: Proposed): string => `/host/import/${job}/${number}`

const cut = (text: string, letters: number) =>
  text.length > letters ? `${text.slice(0, letters).replace(/[\ud800-\udbff]$/, '')}…` : text

/** What a row has become in an import before this one, and how many comments would be added to it. */
type Here = Awaited<ReturnType<typeof hereAlready>>

export function rowEntry(context: Context, row: Proposed, ready: boolean, here: Here): Html {
  const { words } = context
  const title = cut(row.title || words('coming.no_title'), TITLE_LETTERS_SHOWN)
  const changeable = ready && (row.state === 'waiting' || row.state === 'refused')
  const name = changeable ? html`<a href="${rowPath(row)}">${own(title)}</a>` : own(title)
  return html`<li id="r${row.number}"><h2 lang="${row.language}" dir="auto">${name}</h2>
${becameOf(context, row)}${here && knownAs(words, here)}
${row.state !== 'unreadable' && html`<p class="soft">${facts(words, row)}</p>${messages(words, row)}`}
${changeable && kindField(words, row)}</li>`
}

/** Before it is written: that only its new comments are. */
function knownAs(words: Words, { item, comments: count }: NonNullable<Here>): Html {
  const path = pathOf(item)
  const said = count > 0 ? words('again.comments', { count }) : words('again.nothing')
  return html`<p class="note">${words('again.here')} ${said} <a href="${path}">${words('coming.see')}</a></p>`
}

/** Nothing is to be said of a row that waits. */
function becameOf({ words }: Context, { state, item, why, added = 0 }: Proposed): Html | false {
  if (why) return html`<p><b>${refusalText(words, why)}</b></p>`
  if (state === 'waiting' || !item) return false
  const path = pathOf(item)
  const drafted = path.startsWith('/outcomes/')
  return html`<p>${words(`coming.became.${state}`)}${added > 0 && html` ${words('again.added', { count: added })}`} <a href="${path}">${words('coming.see')}</a>${
    drafted && html` · <a href="/host${path}">${words('coming.edit')}</a>`
  }</p>`
}

/** The day, the language with how sure it is, and what it is about. */
function facts(words: Words, row: Proposed): Html {
  const { published, language, sure, tags, year, kind } = row
  const percent = new Intl.NumberFormat(words.language, { style: 'percent' }).format(sure)
  const named = languageName(language, words.language)
  const about = [
    ...tags.actionLines,
    ...tags.sdgs.map((slug) => label('sdgs', slug, words.language)),
    ...tags.gdc.map((slug) => label('gdc', slug, words.language)),
    ...tags.topics,
  ].slice(0, TAGS_SHOWN)
  return html`${published ? day(words, published) : words('coming.no_date')}${
    kind === 'outcome' && year && html` · ${words('coming.year', { year: String(year) })}`
  } · ${words('coming.language_sure', { language: named, percent })}${comments(words, row)}${under(words, row)}${about.map(
    (each) => html` · ${own(cut(each, 40))}`,
  )}`
}

/** How many come in with it; of an outcome, that they stay behind. */
function comments(words: Words, row: Proposed): Html | false {
  const count = row.comments?.length ?? 0
  const key = commentsOf(row) > 0 ? 'brought.comments' : 'brought.comments_left'
  return count > 0 && html` · ${words(key, { count })}`
}

/** The meeting it comes under; the form of the row has its title. */
const under = (words: Words, { meeting }: Proposed): Html | false =>
  Boolean(meeting) &&
  html` · ${words('brought.under', {
    meeting: meeting === OF_ITS_YEAR ? words('brought.meeting_year') : (meeting ?? ''),
  })}`

function messages(words: Words, { kind, text, language }: Proposed): Html | false {
  if (text === '') return false
  if (kind !== 'outcome')
    return html`<p lang="${language}" dir="auto">${cut(text, LETTERS_SHOWN * 2)}</p>`
  const { statements, blocks } = readOutcomeText(text)
  if (statements.length === 0) return html`<p class="note">${words('coming.no_messages')}</p>`
  const shown = statements.slice(0, MESSAGES_SHOWN)
  const more = statements.length - shown.length
  return html`<ol lang="${language}" dir="auto">${shown.map(
    ({ key }) =>
      html`<li>${cut(blocks.find((each) => each.message === key)?.markdown ?? '', LETTERS_SHOWN)}</li>`,
  )}</ol>${more > 0 && html`<p class="soft">${words('coming.more_messages', { count: more })}</p>`}`
}

function kindField(words: Words, { number, kind }: Proposed): Html {
  const id = `k${number}`
  return html`<div class="field"><label for="${id}">${words('coming.kind')}</label><select id="${id}" name="kind.${number}">${kinds.map(
    (each) =>
      html`<option value="${each}"${each === kind && html` selected`}>${words(`coming.kind.${each}`)}</option>`,
  )}</select></div>`
}
