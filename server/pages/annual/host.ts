/** Where a host makes the annual report: begun from what the node holds, and written on. */
import type { Request, Response } from 'express'
import {
  type AnnualReport,
  beginReport,
  isEdited,
  sections,
  writeReport,
} from '../../../content/annual-report.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { outcomeId } from '../../../federation/addresses.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { type Field, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { wordsFor } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import { moment } from '../parts/dates.ts'
import { entries } from '../parts/entries.ts'
import { pathOf } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { languageOptions, marked } from '../writing/common-fields.ts'
import { conflictNote } from '../writing/conflict.ts'
import { standing } from '../writing/standing.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { countNow, done, hostPlace, named } from './asked.ts'
import { reportId, reportSlug } from './held.ts'

const REPORTS_MAX = 100
const ROWS = { short: 5, long: 12 }

/** The reports that were begun, and a form to begin one. */
export const hostReports: Show = async (context, _req, res) => {
  allowed(res, 'move_outcome')
  await showReports(context, res)
}

async function showReports(
  context: Context,
  res: Response,
  values?: Values,
  mistakes: Mistake[] = [],
) {
  const { words, site, profile } = context
  const reports = await site.store.find('annualReports', { limit: REPORTS_MAX })
  const languages = profile?.languages ?? [words.language]
  const fields: Field[] = [
    { name: 'year', label: words('writing.year'), kind: 'number', required: true, dir: 'ltr' },
    {
      name: 'language',
      label: words('annual.language'),
      hint: words('annual.language_hint'),
      kind: 'select',
      required: true,
      options: languageOptions(words, languages),
    },
  ]
  const list = reports.map(
    (report) => html`<h2><a href="${hostPlace(report)}">${report.title}</a></h2>
<p class="soft">${report.published ? words.rich('annual.published_as', { version: report.published.version, moment: moment(words, report.published.at) }) : words('writing.not_public')}</p>`,
  )
  const title = words('annual.title')
  const body = html`<p>${words('annual.intro')}</p>
${list.length > 0 && entries(list)}
<h2>${words('annual.begin')}</h2>
${form(context, { action: '/host/reports', fields, mistakes, values: values ?? { year: site.now().slice(0, 4), language: languages[0] }, submit: words('annual.begin_go') })}`
  sendPage(
    res,
    hostPage(context, { title, body, here: 'reports' }),
    mistakes.length > 0 ? 400 : 200,
  )
}

/** Begin the report of a year; one that was begun is opened. */
export const beginAnnual: Show = async (context, req, res) => {
  const person = allowed(res, 'move_outcome')
  const { site, profile, words } = context
  const values = valuesIn(req)
  const year = Number(textIn(values, 'year'))
  const language = textIn(values, 'language')
  if (!Number.isInteger(year) || year < 1990 || year > 2100)
    return showReports(context, res, values, [{ field: 'year', sentence: 'field.wrong' }])
  if (!(profile?.languages ?? [words.language]).includes(language))
    return showReports(context, res, values, [{ field: 'language', sentence: 'field.wrong' }])
  const id = reportId(site, year)
  if (!(await site.store.get('annualReports', id))) {
    const said = wordsFor(language)
    const title = said('annual.default_title', {
      year: String(year),
      name: profile ? inWords(profile.name, said) : '',
    })
    const begun = { id, outcome: outcomeId(site, reportSlug(year)), year, language, title }
    const doing = beginReport(
      { ...begun, ...(await countNow(context, year, language)) },
      site.now(),
    )
    await done(context, person.id, id, 'began_report', doing)
  }
  res.redirect(303, `/host/reports/${year}`)
}

const reportValues = (report: AnnualReport): Values => ({
  title: report.title,
  ...Object.fromEntries(report.sections.map(({ name, markdown }) => [name, markdown])),
  rev: String(report.rev),
})

export const reportForm: Show = async (context, req, res) => {
  allowed(res, 'move_outcome')
  const report = await named(context, req)
  await showReport(context, req, res, { report, values: reportValues(report) })
}

interface Shown {
  report: AnnualReport
  values: Values
  mistakes?: Mistake[]
  above?: Html
  status?: number
}

function fieldsOf({ words }: Context, { sections: all, language }: AnnualReport): Field[] {
  let last = ''
  const fields = all.flatMap((section): Field[] => {
    const { name, countedAt, filled } = section
    const { part: of, typed } = sections[name]
    const said =
      filled === '' || typed
        ? words(`annual.hint.${name}`)
        : words(isEdited(section) ? 'annual.counted_edited' : 'annual.counted', {
            moment: words.moment(countedAt),
          })
    const begins =
      of === last ? [] : [{ name: of, label: words(`annual.part.${of}`), kind: 'section' as const }]
    last = of
    const rows = typed ? ROWS.short : ROWS.long
    return [
      ...begins,
      {
        name,
        label: words(`annual.section.${name}`),
        hint: said,
        kind: 'area',
        rows,
        ...marked(language),
      },
    ]
  })
  return [
    { name: 'title', label: words('writing.title'), required: true, ...marked(language) },
    ...fields,
    { name: 'rev', label: '', kind: 'hidden' },
  ]
}

async function showReport(
  context: Context,
  req: Request,
  res: Response,
  { report, values, mistakes = [], above, status = 200 }: Shown,
) {
  const { words, site } = context
  const draft = await site.store.get('drafts', report.outcome)
  const fields = fieldsOf(context, report)
  const body = html`${above}
<p class="buttons"><a class="button second" href="${hostPlace(report)}/fill">${words('annual.fill')}</a> <a class="button second" href="${hostPlace(report)}/publish">${words('annual.publish')}</a>${report.published && html` <a href="${pathOf(report.id)}">${words('writing.see')}</a>`}</p>
<p>${words('annual.form_said')}</p>
${form(context, { action: hostPlace(report), fields, values, mistakes, submit: words('writing.save') })}
${draft && (await standing(context, draft))}`
  const shown = { title: report.title, body, here: 'reports', done: req.query.done }
  sendPage(res, hostPage(context, shown), status)
}

/** Save what the host has written. */
export const saveReport: Show = async (context, req, res) => {
  const person = allowed(res, 'move_outcome')
  const report = await named(context, req)
  const values = valuesIn(req)
  if (textIn(values, 'rev') !== String(report.rev))
    return conflict(context, req, res, report, values)
  try {
    const texts = Object.fromEntries(
      report.sections.map(({ name }) => [name, textIn(values, name)]),
    )
    const doing = writeReport(report, { title: textIn(values, 'title'), texts }, context.site.now())
    await done(context, person.id, report.id, 'wrote_report', doing)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.reason === 'conflict')
      return conflict(context, req, res, await named(context, req), values)
    if (error.mistakes.length === 0) throw error
    const mistakes = error.mistakes.map((each) => beside(report, each))
    return showReport(context, req, res, { report, values, mistakes, status: 400 })
  }
  res.redirect(303, `${hostPlace(report)}?done=saved`)
}

/** What is wrong in the third section is said beside the third section. */
const beside = ({ sections: all }: AnnualReport, mistake: Mistake): Mistake => {
  const place = /^sections\.(\d+)/.exec(mistake.field)?.[1]
  return { ...mistake, field: all[Number(place ?? -1)]?.name ?? mistake.field }
}

function conflict(
  context: Context,
  req: Request,
  res: Response,
  report: AnnualReport,
  typed: Values,
) {
  const above = conflictNote(context, {
    fields: fieldsOf(context, report),
    stored: reportValues(report),
    typed,
  })
  const values = { ...typed, rev: String(report.rev) }
  return showReport(context, req, res, { report, values, above, status: 409 })
}
