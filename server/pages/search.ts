/** Search, in both roles: words and facets over everything that is shown here, as a page, as JSON and as CSV. */
import express, { type Request, type RequestHandler, type Router } from 'express'
import type { Initiative, Item } from '../../content/model.ts'
import type { Site } from '../../federation/site.ts'
import { type Context, contextOf, sendPage } from '../context.ts'
import { toCsv } from '../csv.ts'
import { type Html, html } from '../html.ts'
import { page } from '../layout.ts'
import { pageNumber, pager } from './parts/pager.ts'
import { byKey, chosenList, facetList } from './search/facets.ts'
import { columns, rowOf } from './search/machines.ts'
import { type Asked, initiativesHere, queryOf, readAsked, surveyed } from './search/query.ts'
import { result } from './search/results.ts'

const PAGE = 20
const JSON_MAX = 1000
const CSV_ROWS_MAX = 10_000

export function searchPages(site: Site): Router {
  const router = express.Router()
  router.get('/search', searchPage(site))
  router.get('/search.json', searchJson(site))
  router.get('/search.csv', searchCsv(site))
  return router
}

const byId = (initiatives: Initiative[]) => new Map(initiatives.map((each) => [each.id, each]))

const searchPage =
  (site: Site): RequestHandler =>
  async (req, res) => {
    const context = contextOf(res)
    const asked = readAsked(req)
    const initiatives = await initiativesHere(site)
    const query = queryOf(asked, initiatives)
    const skip = (pageNumber(req) - 1) * PAGE
    const [found, { total, isMore, facets }] = await Promise.all([
      site.store.find('items', { ...query, skip, limit: PAGE }),
      surveyed(site, query, initiatives),
    ])
    const { words } = context
    const known = byKey(initiatives)
    const title = asked.words
      ? words('search.title_for', { words: asked.words })
      : words('search.title')
    const body = html`<h1>${words('search.title')}</h1>
${searchForm(context, req, asked)}
${chosenList(words, req, asked, known)}
<div class="columns search"><section aria-live="polite"><h2>${words(isMore ? 'search.found_more' : 'search.found', { count: total })}</h2>
${results(context, found, asked, initiatives)}
${pager(words, req, { total, size: PAGE })}
<p class="soft no-print">${words('search.machines')} <a href="${machine(req, 'json')}">JSON</a> · <a href="${machine(req, 'csv')}">CSV</a></p>
</section><aside aria-label="${words('search.narrow')}"><details class="narrow" open><summary>${words('search.narrow')}</summary>
${isMore && html`<p class="soft">${words('search.counted_among', { count: total })}</p>`}
${facetList(words, req, asked, facets, known)}</details></aside></div>`
    sendPage(res, page(context, { title, body, here: 'search' }))
  }

function results(context: Context, found: Item[], asked: Asked, initiatives: Initiative[]): Html {
  if (found.length === 0) return html`<p>${context.words('search.nothing')}</p>`
  const known = byId(initiatives)
  return html`<ul class="entries">${found.map((item) => html`<li>${result(context, item, asked.words, known)}</li>`)}</ul>`
}

/** The words again, with what is chosen kept beside them. */
export function searchForm({ words }: Context, _req: Request | undefined, asked: Asked): Html {
  const kept = Object.entries(asked.chosen).flatMap(([name, values]) =>
    values.map((value) => html`<input type="hidden" name="${name}" value="${value}">`),
  )
  return html`<form action="/search" role="search" class="search-form">${kept}
<label for="q">${words('search.label')}</label>
<p><input type="search" id="q" name="q" value="${asked.words}" dir="auto"> <button type="submit">${words('search.submit')}</button></p></form>`
}

const machine = (req: Request, format: string) => {
  const { search } = new URL(req.originalUrl, 'http://x')
  return `/search.${format}${search}`
}

const searchJson =
  (site: Site): RequestHandler =>
  async (req, res) => {
    const initiatives = await initiativesHere(site)
    const query = queryOf(readAsked(req), initiatives)
    const limit = Math.min(Math.max(Number(req.query.limit) || 100, 1), JSON_MAX)
    const skip = (pageNumber(req) - 1) * limit
    const [found, { total, isMore, facets }] = await Promise.all([
      site.store.find('items', { ...query, skip, limit }),
      surveyed(site, query, initiatives),
    ])
    const known = byId(initiatives)
    res.json({
      total,
      more: isMore,
      page: pageNumber(req),
      limit,
      facets,
      items: found.map((item) => rowOf(item, known)),
    })
  }

const searchCsv =
  (site: Site): RequestHandler =>
  async (req, res) => {
    const initiatives = await initiativesHere(site)
    const query = queryOf(readAsked(req), initiatives)
    const known = byId(initiatives)
    const rows = []
    for (let skip = 0; skip < CSV_ROWS_MAX; skip += JSON_MAX) {
      const found = await site.store.find('items', { ...query, skip, limit: JSON_MAX })
      rows.push(...found.map((item) => rowOf(item, known)))
      if (found.length < JSON_MAX) break
    }
    res
      .attachment('search.csv')
      .type('text/csv; charset=utf-8')
      .send(`\uFEFF${toCsv([...columns], rows)}`)
  }
