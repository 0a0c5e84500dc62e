/** Annual reports as everybody reads them: the list, each as a page, as a Word file, and as JSON. */
import type { Request } from 'express'
import type { AnnualReport } from '../../../content/annual-report.ts'
import type { Outcome, Version } from '../../../content/model.ts'
import { ANNUAL_REPORT } from '../../../content/outcomes.ts'
import { Refusal } from '../../../content/refusal.ts'
import { textFor } from '../../../content/versions.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction, wordsFor } from '../../words.ts'
import { moment } from '../parts/dates.ts'
import { entries, outcomeEntry } from '../parts/entries.ts'
import { hostOf, outcomePlace, pathOf } from '../parts/links.ts'
import { textBlocks } from '../parts/messages.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { seal } from '../parts/seal.ts'
import { sendDocx } from '../documents/booklets.ts'
import { languageAsked } from '../documents/chapters.ts'
import { heading, plain, textParts } from '../documents/paper.ts'
import { alternate, countShown, part, type Show, shownItems, versionOf } from '../reading/find.ts'
import { initiativesById, whose } from '../reading/origin.ts'
import { withdrawnPage } from '../reading/withdrawn.ts'
import { reportOf } from './held.ts'

const PAGE_SIZE = 20

/** All annual reports that are here, the newest first: on an aggregator those of every initiative. */
export const annualsPage: Show = async (context, req, res) => {
  const { site, words } = context
  const where = { outcomeType: ANNUAL_REPORT }
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [reports, total] = await Promise.all([
    shownItems(site, 'outcome', { where, skip, limit: PAGE_SIZE }),
    countShown(site, 'outcome', where),
  ])
  const known = site.policy.gathers ? await initiativesById(context) : new Map()
  const list = reports.map((each) => {
    const href = each.local ? `/reports/${each.year}` : outcomePlace(each)
    return outcomeEntry(context, each, { level: 2, href, ...whose(context, each, known) })
  })
  const title = words('annual.title')
  const body = html`<h1>${title}</h1>
${list.length > 0 ? entries(list) : html`<p class="lead">${words('annual.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

interface Read {
  report: AnnualReport
  published: NonNullable<AnnualReport['published']>
  outcome: Outcome
  version: Version
}

/** A published report with its latest version. Refusal `missing` before it was published. */
async function published({ site }: Context, req: Request): Promise<Read> {
  const report = await reportOf(site, part(req, 'year'))
  const outcome = report?.published && (await site.store.get('items', report.outcome))
  if (!report?.published || outcome?.type !== 'outcome') throw new Refusal('missing', 'page')
  const version = await versionOf(site, outcome)
  return { report, published: report.published, outcome, version }
}

export const annualPage: Show = async (context, req, res) => {
  const { words } = context
  const { report, published: said, outcome, version } = await published(context, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const found = textFor(version, languageAsked(context, req))
  const language = found?.language ?? version.language
  const path = pathOf(report.id)
  const title = found?.text.title ?? ''
  const marked = html` lang="${language}" dir="${direction(language)}"`
  const body = html`<p class="soft no-print"><a href="/reports">${words('annual.title')}</a> · <a href="${path}.docx?text=${language}">DOCX</a> · <a href="${path}.json">JSON</a> · <a href="${outcomePlace(outcome)}">${words('annual.record')}</a></p>
<h1${marked}>${title}</h1>
${found && found.text.summary !== '' && html`<p class="lead"${marked}>${found.text.summary}</p>`}
<p class="soft">${words('cite.version', { version: version.version, day: words.day(version.at) })} · ${words.rich('annual.counted', { moment: moment(words, said.countedAt) })}</p>
${textBlocks(version, { words, base: outcomePlace(outcome), language })}
${seal(words, { verification: version.verification, host: hostOf(outcome.id), href: `${outcomePlace(outcome)}/proof` })}
<p class="soft code"><bdi>${version.digest}</bdi></p>`
  alternate(res, outcome.id)
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

export const annualDocx: Show = async (context, req, res) => {
  const { words, profile } = context
  const { outcome, version } = await published(context, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const found = textFor(version, languageAsked(context, req))
  if (!found) return
  const { language, text } = found
  const author = profile ? inWords(profile.name, words) : hostOf(outcome.id)
  const said = words('cite.version', { version: version.version, day: words.day(version.at) })
  const chapter = { outcome, version, language, text, contributions: [] }
  await sendDocx(res, `annual-report-${version.year}`, {
    title: text.title,
    author,
    language,
    parts: [
      plain(author, words.language, 'soft'),
      { kind: 'title', language, runs: [{ text: text.title }] },
      ...(text.summary === '' ? [] : [plain(text.summary, language, 'lead')]),
      ...textParts(words, chapter, 1),
      heading(words('booklet.record'), words.language, 1),
      plain(`${said} · ${version.outcome} · ${version.digest}`, words.language, 'soft'),
    ],
    footer: `${said} · ${version.digest}`,
  })
}

/** The shape is described in docs/annual-report.md. */
export const annualJson: Show = async (context, req, res) => {
  const { profile } = context
  const { report, published: said, outcome, version } = await published(context, req)
  if (outcome.state === 'withdrawn') throw new Refusal('gone', 'removed')
  const words = wordsFor(report.language)
  res.json({
    id: report.id,
    type: 'AnnualReport',
    year: report.year,
    language: report.language,
    title: version.texts[version.language]?.title,
    initiative: profile && {
      id: profile.id,
      name: profile.name,
      acronym: profile.acronym,
      kind: profile.kind,
      countries: profile.countries,
      website: profile.website,
    },
    outcome: outcome.id,
    version: version.version,
    versionId: version.id,
    digest: version.digest,
    state: version.state,
    published: outcome.published,
    updated: version.at,
    countedAt: said.countedAt,
    figures: said.figures,
    sections: said.sections
      .filter(({ markdown }) => markdown !== '')
      .map(({ name, markdown, filled, countedAt }) => ({
        name,
        heading: words(`annual.section.${name}`),
        markdown,
        edited: markdown !== filled,
        ...(filled === '' ? {} : { countedAt }),
      })),
    languages: Object.fromEntries(
      Object.entries(version.texts).map(([each, { standing }]) => [each, standing]),
    ),
  })
}
