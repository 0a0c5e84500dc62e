/** One import: how far it is, everything it proposes, page by page, and the button that writes what was chosen. */
import type { Request } from 'express'
import { type ImportJob, type Kind, kinds, type Proposed } from '../../../content/imports.ts'
import type { Person } from '../../../content/parties.ts'
import { chosen, mustDraft } from '../../imports/work.ts'
import { countComments, countRows, findRows } from '../../imports/rows.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Words } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import { own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { part, type Show } from '../reading/find.ts'
import { madeMeetings, meetingsForm } from './meetings.ts'
import { hereAlready } from '../../imports/comments.ts'
import { jobOf, jobPath, PAGE_SIZE, rowEntry } from './shown.ts'
import { refusalText } from '../../refusals.ts'

const REFRESH_SECONDS = '2'
const CATEGORIES_MAX = 100

export const importPage: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const { words, site } = context
  const job = await jobOf(site, part(req, 'job'))
  const working = job.state === 'reading' || job.state === 'writing'
  if (working) res.set('refresh', REFRESH_SECONDS)
  const parts = {
    reading: () => reading(context, job),
    failed: async () => failed(context, job),
    writing: () => writing(context, job),
    ready: () => ready(context, req, job, person),
  }
  const body = html`<p class="soft">${own(job.name)}</p>${await parts[job.state]()}`
  const title = words(`coming.title.${job.state}`)
  sendPage(res, hostPage(context, { title, body, here: 'outcomes', done: req.query.done }))
}

const again = ({ words }: Context, job: ImportJob): Html =>
  html`<p><a href="${jobPath(job)}">${words('coming.again')}</a></p>`

const stop = (context: Context, job: ImportJob): Html =>
  html`<div class="buttons">${button(context, jobPath(job), context.words('coming.stop'), { do: 'stop' }, 'second')}</div>`

const forget = (context: Context, job: ImportJob): Html =>
  html`<div class="buttons">${button(context, jobPath(job), context.words('coming.forget'), { do: 'forget' }, 'second')}</div>`

async function reading(context: Context, job: ImportJob): Promise<Html> {
  return html`<p class="lead" role="status">${context.words('coming.read', { count: job.read })}</p>
${again(context, job)}${stop(context, job)}`
}

function failed(context: Context, job: ImportJob): Html {
  const { words } = context
  const why = job.why && refusalText(words, job.why)
  return html`<p class="note" role="alert">${why}</p><p>${words('coming.nothing_kept')}</p>
<p><a class="button" href="/host/import">${words('coming.another')}</a></p>${forget(context, job)}`
}

async function writing(context: Context, job: ImportJob): Promise<Html> {
  const { words, site } = context
  const rest = await countRows(site, job.id, chosen)
  return html`<p class="lead" role="status">${words('coming.rest', { count: rest })}</p>
${await becameList(context, job)}${again(context, job)}${stop(context, job)}`
}

const ends = ['written', 'known', 'refused', 'unreadable']

/** What has become of the rows, each with its count; nothing before anything has. */
async function becameList({ words, site }: Context, job: ImportJob): Promise<Html | false> {
  const counts = await Promise.all(ends.map((state) => countRows(site, job.id, { state })))
  if (counts.every((count) => count === 0)) return false
  return html`<ul>${ends.map((state, i) => {
    const count = counts[i] ?? 0
    return (
      count > 0 &&
      html`<li><a href="${jobPath(job)}?state=${state}">${words(`coming.count.${state}`, { count })}</a></li>`
    )
  })}</ul>`
}

async function ready(
  context: Context,
  req: Request,
  job: ImportJob,
  person: Person,
): Promise<Html> {
  const { words, site } = context
  const where = filterIn(req)
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [rows, total] = await Promise.all([
    findRows(site, job.id, where, { skip, limit: PAGE_SIZE }),
    countRows(site, job.id, where),
  ])
  const waits = (await countRows(site, job.id, chosen)) > 0
  return html`${waits && html`<p class="lead">${words('coming.look')}</p>`}
${await becameList(context, job)}
${await madeMeetings(context, job)}
${await writeForm(context, job, person)}
${await categoryForm(context, job)}
${await meetingsForm(context, job)}
${await filters(context, job, where)}
${rows.length === 0 ? html`<p>${words('coming.none')}</p>` : await rowsForm(context, req, rows, job)}
${pager(words, req, { total, size: PAGE_SIZE })}
${forget(context, job)}`
}

/** `?kind=` and `?state=`, each when it is one. */
function filterIn(req: Request): Record<string, string> {
  const kind = kinds.find((each) => each === word(req, 'kind'))
  const state = ends.find((each) => each === word(req, 'state'))
  return { ...(kind ? { kind } : {}), ...(state ? { state } : {}) }
}

async function filters(
  { words, site }: Context,
  job: ImportJob,
  where: Record<string, string>,
): Promise<Html> {
  const link = async (kind?: Kind) => {
    const count = await countRows(site, job.id, kind ? { kind } : {})
    const text = words(`coming.filter.${kind ?? 'all'}`, { count })
    const here = where.kind === kind && !where.state
    return html`<li><a href="${jobPath(job)}${kind && `?kind=${kind}`}"${here && html` aria-current="true"`}>${text}</a></li>`
  }
  const links = await Promise.all([undefined, ...kinds].map(link))
  return html`<nav class="tabs" aria-label="${words('coming.filters')}"><ul>${links}</ul></nav>`
}

async function rowsForm(
  context: Context,
  req: Request,
  rows: Proposed[],
  job: ImportJob,
): Promise<Html> {
  const { words, token, site } = context
  const here = await Promise.all(rows.map((row) => hereAlready(site, row, !job.withoutComments)))
  const changeable = rows.some(({ state }) => state === 'waiting' || state === 'refused')
  const list = html`<ul class="entries">${rows.map((row, i) => rowEntry(context, row, true, here[i]))}</ul>`
  if (!changeable) return list
  return html`<form method="post" action="${jobPath(job)}">
<input type="hidden" name="_token" value="${token}"><input type="hidden" name="back" value="${new URL(req.originalUrl, 'http://x').search}">
${list}<p class="buttons"><button type="submit" class="second" name="do" value="kinds">${words('coming.save_kinds')}</button></p></form>`
}

const kindOptions = ({ words }: Context) =>
  kinds.map((value) => ({ value, label: words(`coming.kind.${value}`) }))

/** All posts of one category at once. */
async function categoryForm(context: Context, job: ImportJob): Promise<Html | false> {
  const { words, site } = context
  const where = { job: job.id, state: 'waiting' }
  const { category = [] } = await site.store.facets('proposed', { where }, ['category'])
  if (category.length === 0) return false
  const options = category.slice(0, CATEGORIES_MAX).map(({ value, count }) => ({
    value,
    label: words('coming.category_count', { category: value, count }),
  }))
  return html`<details><summary>${words('coming.by_category')}</summary>${form(context, {
    action: jobPath(job),
    prefix: 'c-',
    fields: [
      { name: 'do', label: '', kind: 'hidden' },
      {
        name: 'category',
        label: words('coming.category'),
        kind: 'select',
        required: true,
        options,
      },
      {
        name: 'kind',
        label: words('coming.kind'),
        kind: 'select',
        required: true,
        options: kindOptions(context),
      },
    ],
    values: { do: 'category', kind: 'leave_out' },
    submit: words('coming.category_go'),
  })}</details>`
}

const commentsField = (words: Words, count: number): Field => ({
  name: 'comments',
  label: words('brought.comments_field'),
  hint: words('brought.comments_hint'),
  kind: 'checkboxes',
  options: [{ value: 'yes', label: words('brought.comments_all', { count }) }],
})

/** The button says how many; nothing is public before it is pressed. */
async function writeForm(context: Context, job: ImportJob, person: Person): Promise<Html | false> {
  const { words, site } = context
  const [count, discussions, drafted, comments] = await Promise.all([
    countRows(site, job.id, chosen),
    countRows(site, job.id, { state: 'waiting', kind: 'discussion' }),
    mustDraft(site, person),
    countComments(site, job.id),
  ])
  if (count === 0) return false
  const how: Field = {
    name: 'how',
    label: words('coming.how'),
    kind: 'radios',
    required: true,
    options: ['publish', 'draft'].map((value) => ({ value, label: words(`coming.how.${value}`) })),
  }
  const open: Field = {
    name: 'open',
    label: words('coming.answers'),
    kind: 'checkboxes',
    options: [{ value: 'yes', label: words('coming.answers_open') }],
  }
  const fields = [
    { name: 'do', label: '', kind: 'hidden' as const },
    ...(drafted ? [] : [how]),
    ...(discussions > 0 ? [open] : []),
    ...(comments > 0 ? [commentsField(words, comments)] : []),
  ]
  return html`${drafted && html`<p class="note">${words('coming.drafts_only')}</p>`}${form(
    context,
    {
      action: jobPath(job),
      fields,
      values: { do: 'write', how: 'publish', comments: 'yes' },
      submit: words('coming.write', { count }),
    },
  )}`
}
