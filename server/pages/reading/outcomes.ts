/** The outcomes of this initiative as a list: by year and state, page by page, for machines as JSON and CSV. */
import type { Request } from 'express'
import type { Outcome } from '../../../content/model.ts'
import type { Site } from '../../../federation/site.ts'
import { sendCsv } from '../../csv.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { feedLinks } from '../../feeds.ts'
import { entries, outcomeEntry } from '../parts/entries.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { initiativesById, whose } from './origin.ts'
import { countedBy, countShown, type Show, shownItems } from './find.ts'

const PAGE_SIZE = 20
const ROWS_MAX = 1000

/** `?year=2026&state=published`; anything else is ignored. */
function filter(req: Request): Record<string, string> {
  const { year, state } = req.query
  return {
    ...(typeof year === 'string' && /^\d{4}$/.test(year) ? { year } : {}),
    ...(typeof state === 'string' && /^[a-z_]{1,30}$/.test(state) ? { state } : {}),
  }
}

export const outcomesPage: Show = async (context, req, res) => {
  const { site, words } = context
  const where = filter(req)
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [outcomes, total, facets] = await Promise.all([
    shownItems(site, 'outcome', { where, skip, limit: PAGE_SIZE }),
    countShown(site, 'outcome', where),
    countedBy(site, 'outcome', ['year', 'state']),
  ])
  const title = words('outcomes.title')
  const known = site.policy.gathers ? await initiativesById(context) : new Map()
  const list = outcomes.map((each) =>
    outcomeEntry(context, each, { level: 2, ...whose(context, each, known) }),
  )
  const body = html`<h1>${title}</h1>
${choice(context, where, 'year', facets.year ?? [])}
${choice(context, where, 'state', facets.state ?? [])}
${list.length > 0 ? entries(list) : html`<p class="lead">${words('outcomes.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
<p class="soft no-print">${words('list.machines')} <a href="/outcomes.json">JSON</a> · <a href="/outcomes.csv">CSV</a> · <a href="/outcomes/feed.atom">Atom</a> · <a href="/outcomes/feed.rss">RSS</a> · <a href="/outcomes/feed.json">JSON Feed</a></p>`
  const feeds = feedLinks('/outcomes/', title)
  sendPage(res, page(context, { title, body, here: 'outcomes', feeds }))
}

/** One row of links: everything, or one value; nothing when there is no choice. */
function choice(
  { words }: Context,
  where: Record<string, string>,
  field: 'year' | 'state',
  values: { value: string }[],
): Html | false {
  if (values.length < 2) return false
  const address = (value?: string) => {
    const { [field]: _, ...others } = where
    const query = String(new URLSearchParams(value ? { ...others, [field]: value } : others))
    return query === '' ? '/outcomes' : `/outcomes?${query}`
  }
  const link = (text: string, value?: string) =>
    html`<li><a href="${address(value)}"${where[field] === value && html` aria-current="true"`}>${text}</a></li>`
  const sorted =
    field === 'year'
      ? values
          .map(({ value }) => value)
          .sort()
          .reverse()
      : values.map((v) => v.value)
  return html`<nav class="choices" aria-label="${words(`outcomes.by_${field}`)}"><ul>${link(words('list.all'))}
${sorted.map((value) => link(field === 'year' ? value : words(`state.${value}`), value))}</ul></nav>`
}

const found = (site: Site, req: Request): Promise<Outcome[]> =>
  shownItems(site, 'outcome', { where: filter(req), limit: ROWS_MAX })

const plain = (outcome: Outcome) => ({
  id: outcome.id,
  initiative: outcome.initiative,
  title: outcome.title,
  summary: outcome.summary,
  type: outcome.outcomeType,
  state: outcome.state,
  version: outcome.version,
  year: outcome.year,
  languages: outcome.languages,
  messages: outcome.messages,
  published: outcome.published,
  updated: outcome.updated,
  comment: outcome.comment,
  tags: outcome.tags,
})

export const outcomesJson: Show = async ({ site }, req, res) => {
  const items = (await found(site, req)).map(plain)
  res.json({ total: await countShown(site, 'outcome', filter(req)), items })
}

const columns = [
  'id',
  'initiative',
  'verified',
  'title',
  'language',
  'type',
  'state',
  'version',
  'year',
  'messages',
  'published',
]

export const outcomesCsv: Show = async ({ site }, req, res) => {
  const rows = (await found(site, req)).map((outcome) => ({
    id: outcome.id,
    initiative: outcome.initiative,
    verified: outcome.verified,
    title: outcome.title[outcome.language] ?? Object.values(outcome.title)[0] ?? '',
    language: outcome.language,
    type: outcome.outcomeType,
    state: outcome.state,
    version: outcome.version,
    year: outcome.year,
    messages: outcome.messages,
    published: outcome.published,
  }))
  sendCsv(res, 'outcomes', columns, rows)
}
