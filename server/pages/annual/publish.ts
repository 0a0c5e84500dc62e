/** An annual report made public: looked at once more, then a version of its outcome, signed and told like any other. */
import type { Response } from 'express'
import { type AnnualReport, publishReport } from '../../../content/annual-report.ts'
import { proseBlocks } from '../../../content/blocks.ts'
import type { Block } from '../../../content/model.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { groupId } from '../../../federation/addresses.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { type Html, html, safe } from '../../html.ts'
import { allowed } from '../../login.ts'
import { direction, wordsFor } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import type { Show } from '../reading/find.ts'
import { byWhom } from '../writing/drafts.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { done, hostPlace, named } from './asked.ts'
import { wholeText } from './filling.ts'
import { reportSlug } from './held.ts'

/** The whole text once more, and the button that makes it public. */
export const publishForm: Show = async (context, req, res) => {
  allowed(res, 'publish_outcome')
  await showPublish(context, res, await named(context, req))
}

async function showPublish(
  context: Context,
  res: Response,
  report: AnnualReport,
  mistakes: Mistake[] = [],
) {
  const { words } = context
  const empty = report.sections
    .filter(({ markdown }) => markdown.trim() === '')
    .map(({ name }) => words(`annual.section.${name}`))
  const blocks = proseBlocks(wholeText(wordsFor(report.language), report))
  const first = report.published === undefined
  const fields: Field[] = [
    ...(first
      ? []
      : [
          {
            name: 'reason',
            label: words('step.reason'),
            hint: words('step.reason_hint'),
            kind: 'area' as const,
            rows: 3,
            required: true,
            dir: 'auto' as const,
          },
        ]),
    { name: 'rev', label: '', kind: 'hidden' },
  ]
  const title = words('annual.publish')
  const body = html`<p><a href="${hostPlace(report)}">${report.title}</a></p>
<p>${words(first ? 'annual.publish_said' : 'annual.correct_said')} ${words('step.publish.final')}</p>
${empty.length > 0 && html`<p class="note">${words('annual.left_out', { sections: words.list(empty) })}</p>`}
${form(context, { action: `${hostPlace(report)}/publish`, fields, values: { rev: String(report.rev) }, mistakes, submit: words(first ? 'annual.publish_go' : 'annual.correct_go') })}
<section class="preview" aria-label="${words('writing.preview')}"><h2>${report.title}</h2>${preview(blocks, report.language)}</section>`
  sendPage(
    res,
    hostPage(context, { title, body, here: 'reports' }),
    mistakes.length > 0 ? 400 : 200,
  )
}

const preview = (blocks: Block[], language: string): Html =>
  html`<div class="words" lang="${language}" dir="${direction(language)}">${blocks.map(
    ({ kind, html: text, depth }) =>
      kind === 'heading'
        ? safe(`<h${(depth ?? 2) + 1}>${text}</h${(depth ?? 2) + 1}>`)
        : safe(text),
  )}</div>`

/** Make it public. A report that somebody has changed since it was looked at is shown again. */
export const sendReport: Show = async (context, req, res) => {
  const person = allowed(res, 'publish_outcome')
  const { site, profile } = context
  const report = await named(context, req)
  const values = valuesIn(req)
  if (textIn(values, 'rev') !== String(report.rev)) throw new Refusal('conflict', 'annual.changed')
  const said = wordsFor(report.language)
  const { meetings } = report.figures
  const publication = {
    markdown: wholeText(said, report),
    summary: said('annual.summary', {
      name: profile ? inWords(profile.name, said) : '',
      year: String(report.year),
    }),
    meeting: meetings.length === 1 ? meetings[0]?.id : undefined,
    reason: textIn(values, 'reason'),
    slug: reportSlug(report.year),
    initiative: groupId(site),
  }
  const draft = await site.store.get('drafts', report.outcome)
  try {
    const doing = publishReport(report, publication, byWhom(site, person), draft)
    await done(context, person.id, report.id, 'published_report', doing)
  } catch (error) {
    if (!(error instanceof Refusal) || error.mistakes.length === 0) throw error
    return showPublish(context, res, report, error.mistakes)
  }
  res.redirect(303, `${hostPlace(report)}?done=published`)
}
