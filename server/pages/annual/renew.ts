/** An annual report counted anew: what would change is shown before anything is replaced. */
import type { Response } from 'express'
import {
  type AnnualReport,
  changedBy,
  type Filled,
  isEdited,
  refill,
} from '../../../content/annual-report.ts'
import { proseBlocks } from '../../../content/blocks.ts'
import { compareBlocks } from '../../../content/compare.ts'
import { type Context, sendPage } from '../../context.ts'
import { form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { comparedWords } from '../reading/diff.ts'
import type { Show } from '../reading/find.ts'
import { fingerprint, listIn, textIn, valuesIn } from '../writing/values.ts'
import { type Counted, countNow, done, hostPlace, named } from './asked.ts'

/** What counting anew would alter, and nothing altered yet. */
export const fillForm: Show = async (context, req, res) => {
  allowed(res, 'move_outcome')
  const report = await named(context, req)
  showFill(context, res, report, await countNow(context, report.year, report.language))
}

const printOf = ({ rev }: AnnualReport, filled: Filled): string =>
  fingerprint({ ...filled, rev: String(rev) })

function showFill(
  context: Context,
  res: Response,
  report: AnnualReport,
  { filled }: Counted,
  above?: Html,
) {
  const { words } = context
  const changed = changedBy(report, filled)
  const title = words('annual.fill')
  const options = changed.map((section) => ({
    value: section.name,
    label: words(isEdited(section) ? 'annual.replace_edited' : 'annual.replace_one', {
      section: words(`annual.section.${section.name}`),
    }),
  }))
  const differences = changed.map(({ name, markdown }) => {
    const compared = compareBlocks(proseBlocks(markdown), proseBlocks(filled[name]))
    const shown = compared.filter(({ kind }) => kind !== 'same')
    return html`<h2>${words(`annual.section.${name}`)}</h2>${shown.map((each) => html`<p class="code"${html` lang="${report.language}" dir="auto"`}>${comparedWords(words, [each])}</p>`)}`
  })
  const chosen = changed.filter((section) => !isEdited(section)).map(({ name }) => name)
  const body = html`<p><a href="${hostPlace(report)}">${report.title}</a></p>
${above}
<p>${words(changed.length > 0 ? 'annual.fill_said' : 'annual.fill_same')}</p>
${differences}
${form(context, {
  action: `${hostPlace(report)}/fill`,
  fields: [
    ...(changed.length > 0
      ? [{ name: 'replace', label: words('annual.replace'), kind: 'checkboxes' as const, options }]
      : []),
    { name: 'print', label: '', kind: 'hidden' },
  ],
  values: { replace: chosen, print: printOf(report, filled) },
  submit: words(changed.length > 0 ? 'annual.replace_go' : 'annual.renew'),
})}`
  sendPage(res, hostPage(context, { title, body, here: 'reports' }), above ? 409 : 200)
}

export const fillReport: Show = async (context, req, res) => {
  const person = allowed(res, 'move_outcome')
  const report = await named(context, req)
  const now = await countNow(context, report.year, report.language)
  const values = valuesIn(req)
  if (textIn(values, 'print') !== printOf(report, now.filled)) {
    return showFill(
      context,
      res,
      report,
      now,
      html`<p class="note" role="alert">${context.words('annual.fill_changed')}</p>`,
    )
  }
  const doing = refill(report, { ...now, replace: listIn(values, 'replace') }, context.site.now())
  await done(context, person.id, report.id, 'filled_report', doing)
  res.redirect(303, `${hostPlace(report)}?done=saved`)
}
