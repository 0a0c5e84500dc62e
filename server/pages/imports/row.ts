/** One row of an import, to be corrected before it is written. */
import type { Response } from 'express'
import { itemFrom } from '../../../content/import/proposals.ts'
import {
  altered,
  kinds,
  proposalIn,
  type Proposed,
  refuseUnlessReady,
  rowId,
} from '../../../content/imports.ts'
import type { Meeting } from '../../../content/model.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { Language } from '../../../content/values.ts'
import { instantOf } from '../../../content/import/instants.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Field, form, type Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { languages, type Words } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import { own } from '../parts/links.ts'
import { part, type Show } from '../reading/find.ts'
import { languageOptions, languagesFor, marked, meetingsHere } from '../writing/common-fields.ts'
import { besideTags, readTags, tagFields, taggedValues } from '../writing/tag-fields.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { chosenMeeting, meetingChoice } from './meetings.ts'
import { jobOf, jobPath, PAGE_SIZE, rowPath } from './shown.ts'

const TEXT_ROWS = 16
/** Those that a text's language is guessed among. */
const guessed = ['ar', 'en', 'es', 'fr', 'pt', 'ru', 'zh']

/** The row that the address names, while it may be altered. */
async function rowNamed(site: Site, id: string, number: string): Promise<Proposed> {
  refuseUnlessReady(await jobOf(site, id))
  const row = await site.store.get('proposed', rowId(id, Number(number)))
  if (!row || row.state === 'unreadable') throw new Refusal('missing', 'page')
  altered(row, {})
  return row
}

export const rowForm: Show = async (context, req, res) => {
  allowed(res, 'write_outcome')
  const row = await rowNamed(context.site, part(req, 'job'), part(req, 'number'))
  const { kind, title, text, language, published = '', year, tags, rev } = row
  const values = { kind, title, text, language, published: published.slice(0, 10) }
  const comments = row.withoutComments ? '' : 'yes'
  const more = { year: year ? String(year) : '', rev: String(rev), comments, ...taggedValues(tags) }
  const { meeting = '' } = row
  await show(
    context,
    res,
    row,
    { ...values, ...more, meeting },
    row.state === 'refused' ? wrongIn(row) : [],
  )
}

async function show(
  context: Context,
  res: Response,
  row: Proposed,
  values: Values,
  mistakes: Mistake[],
  status = 200,
): Promise<void> {
  const { words } = context
  const meetings = await meetingsHere(context)
  const link =
    /^https?:/.test(row.address) &&
    html`<p><a href="${row.address}" rel="noreferrer">${words('coming.source')}</a></p>`
  const body = html`<p class="soft"><a href="${listPath(row)}">${words('coming.back')}</a></p>${link}
${form(context, {
  action: rowPath(row),
  fields: fieldsOf(context, row, values, meetings),
  values,
  mistakes,
  submit: words('coming.row_go'),
})}`
  const title = words('coming.title.row')
  sendPage(
    res,
    hostPage(context, { title, body: html`<p>${own(row.title)}</p>${body}`, here: 'outcomes' }),
    status,
  )
}

/** The page of the whole list on which it stands. */
const listPath = (row: Proposed): string =>
  `${jobPath({ id: row.job })}?page=${Math.ceil(row.number / PAGE_SIZE)}#r${row.number}`

function fieldsOf(context: Context, row: Proposed, values: Values, meetings: Meeting[]): Field[] {
  const { words } = context
  const tongues = [
    ...new Set([...languagesFor(context, values), ...guessed, ...languages, row.language]),
  ]
  const choices = languageOptions(words, tongues)
  const kind = kinds.map((value) => ({ value, label: words(`coming.kind.${value}`) }))
  return [
    { name: 'rev', label: '', kind: 'hidden' },
    { name: 'kind', label: words('coming.kind'), kind: 'select', required: true, options: kind },
    { name: 'title', label: words('coming.row_title'), required: true, ...marked(row.language) },
    {
      name: 'published',
      label: words('coming.date'),
      hint: words('coming.date_hint'),
      kind: 'date',
    },
    {
      name: 'year',
      label: words('coming.row_year'),
      hint: words('coming.year_hint'),
      kind: 'number',
    },
    meetingChoice(context, meetings),
    {
      name: 'language',
      label: words('coming.language'),
      kind: 'select',
      required: true,
      options: choices,
    },
    {
      name: 'text',
      label: words('coming.row_text'),
      hint: words('coming.row_text_hint'),
      kind: 'area',
      rows: TEXT_ROWS,
      required: true,
      ...marked(row.language),
    },
    ...commentsField(words, row),
    ...tagFields(words),
  ]
}

/** Of a post to which something was said. */
const commentsField = (words: Words, { comments = [] }: Proposed): Field[] =>
  comments.length === 0
    ? []
    : [
        {
          name: 'comments',
          label: words('brought.comments', { count: comments.length }),
          kind: 'checkboxes',
          options: [{ value: 'yes', label: words('brought.comments_row') }],
        },
      ]

export const saveRow: Show = async (context, req, res) => {
  allowed(res, 'write_outcome')
  const { site } = context
  const row = await rowNamed(site, part(req, 'job'), part(req, 'number'))
  const values = valuesIn(req)
  const meeting = await chosenMeeting(site, textIn(values, 'meeting'))
  const { row: changed, mistakes } = readRow(site, { ...row, meeting }, values)
  if (mistakes.length > 0) return show(context, res, row, values, mistakes, 400)
  if (textIn(values, 'rev') !== String(row.rev))
    throw new Refusal('conflict', 'store.changed', { id: row.title })
  await site.store.commit({ put: { proposed: [changed] } })
  const [path = '', anchor = ''] = listPath(row).split('#')
  res.redirect(303, `${path}&done=import_row#${anchor}`)
}

function readRow(
  site: Site,
  row: Proposed,
  values: Values,
): { row: Proposed; mistakes: Mistake[] } {
  const { tags, mistakes: untagged } = readTags(values)
  const day = dayIn(site, row, textIn(values, 'published'))
  const kind = kinds.find((each) => each === values.kind)
  const language = Language.safeParse(values.language).data
  const year = Number(textIn(values, 'year')) || undefined
  const texts = { title: textIn(values, 'title'), text: textIn(values, 'text'), tags, year }
  const { comments = [] } = row
  const withoutComments = comments.length > 0 && textIn(values, 'comments') !== 'yes'
  const changes = {
    ...texts,
    withoutComments,
    kind: kind ?? row.kind,
    language: language ?? row.language,
    sure: 1,
  }
  const changed = altered(row, { ...changes, published: day.at })
  const wrong = [
    ...untagged,
    ...day.mistakes,
    ...(kind ? [] : [{ field: 'kind', sentence: 'field.wrong' }]),
    ...(language ? [] : [{ field: 'language', sentence: 'field.wrong' }]),
    ...(texts.title ? [] : [{ field: 'title', sentence: 'field.required' }]),
    ...(texts.text ? [] : [{ field: 'text', sentence: 'field.required' }]),
  ]
  if (wrong.length > 0 || changed.kind === 'leave_out') return { row: changed, mistakes: wrong }
  return { row: changed, mistakes: wrongIn(changed) }
}

/** Why it cannot be written as it is, beside the fields. */
function wrongIn(row: Proposed): Mistake[] {
  const { mistakes = [] } = itemFrom(proposalIn(row))
  const named = mistakes.map((each) => ({ ...each, field: each.field.split('.')[0] ?? '' }))
  return besideTags(named)
}

/** The day as it was keeps its hour; a post of tomorrow there is none. */
function dayIn(
  site: Site,
  { published }: Proposed,
  typed: string,
): { at?: string; mistakes: Mistake[] } {
  if (typed === '') return { mistakes: [] }
  if (published?.startsWith(typed)) return { at: published, mistakes: [] }
  const at = instantOf(typed, 'UTC')
  const wrong = (sentence: string) => ({ mistakes: [{ field: 'published', sentence }] })
  if (!at) return wrong('field.bad_date')
  return at > site.now() ? wrong('coming.future') : { at, mistakes: [] }
}
