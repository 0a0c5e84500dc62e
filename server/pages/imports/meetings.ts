/** The meeting of posts in an import: a choice for one, and for many at once. */
import { OF_ITS_YEAR } from '../../../content/import/meetings.ts'
import type { ImportJob } from '../../../content/imports.ts'
import type { Meeting } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, inWords } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { localized } from '../parts/entries.ts'
import { pathOf, slugOf } from '../parts/links.ts'
import { meetingsHere } from '../writing/common-fields.ts'
import { jobPath } from './shown.ts'

const GROUPS_MAX = 100

export const meetingChoice = ({ words }: Context, meetings: Meeting[]): Field => ({
  name: 'meeting',
  label: words('brought.meeting'),
  kind: 'select',
  options: [
    { value: '', label: words('brought.meeting_none') },
    { value: OF_ITS_YEAR, label: words('brought.meeting_year') },
    ...meetings.map(({ id, title, year }) => ({
      value: slugOf(id),
      label: `${inWords(title, words)} (${year})`,
    })),
  ],
})

/** The slug of one that is here, `year`, or nothing. Refusal `invalid` for what was not offered. */
export async function chosenMeeting(site: Site, typed: string): Promise<string> {
  const known = (await meetingsHere({ site })).map(({ id }) => slugOf(id))
  if (typed === '' || typed === OF_ITS_YEAR || known.includes(typed)) return typed
  throw new Refusal('invalid', 'request')
}

/** All posts, those of a year or those of a category, under one meeting or each under that of its year. */
export async function meetingsForm(context: Context, job: ImportJob): Promise<Html | false> {
  const { words, site } = context
  const where = { job: job.id, state: 'waiting' }
  const found = await site.store.facets('proposed', { where }, ['year', 'category'])
  const { year: years = [], category: categories = [] } = found
  if (years.length === 0) return false
  const which = [
    { value: 'all', label: words('brought.which_all') },
    ...years
      .toSorted((a, b) => Number(b.value) - Number(a.value))
      .map(({ value, count }) => ({
        value: `year:${value}`,
        label: words('brought.which_year', { year: value, count }),
      })),
    ...categories.slice(0, GROUPS_MAX).map(({ value, count }) => ({
      value: `category:${value}`,
      label: words('coming.category_count', { category: value, count }),
    })),
  ]
  const meetings = await meetingsHere(context)
  const fields: Field[] = [
    { name: 'do', label: '', kind: 'hidden' },
    {
      name: 'which',
      label: words('brought.which'),
      kind: 'select',
      required: true,
      options: which,
    },
    meetingChoice(context, meetings),
  ]
  return html`<details><summary>${words('brought.many')}</summary>${form(context, {
    action: jobPath(job),
    prefix: 'm-',
    fields,
    values: { do: 'meeting', which: 'all', meeting: OF_ITS_YEAR },
    submit: words('brought.go'),
  })}</details>`
}

/** `all`, `year:2019` or `category:broadband`, as a query. Refusal `invalid` for anything else. */
export function whichRows(typed: string): Record<string, string> {
  const [, name, value] = /^(year|category):([^]{1,200})$/.exec(typed) ?? []
  if (name && value) return { state: 'waiting', [name]: value }
  if (typed === 'all') return { state: 'waiting' }
  throw new Refusal('invalid', 'request')
}

/** Those that were made for the posts, to be corrected. */
export async function madeMeetings(
  { words, site }: Context,
  { meetings = [] }: ImportJob,
): Promise<Html | false> {
  const found = await Promise.all(meetings.map((id) => site.store.get('items', id)))
  const here = found.filter((item) => item?.type === 'meeting' && item.visibility === 'shown')
  if (here.length === 0) return false
  const sorted = here.toSorted((a, b) => (a && b && a.id < b.id ? -1 : 1))
  return html`<p>${words('brought.made')}</p><ul>${sorted.map(
    (item) =>
      item?.type === 'meeting' &&
      html`<li><a href="/host${pathOf(item.id)}">${localized(words, item.title)}</a></li>`,
  )}</ul>`
}
