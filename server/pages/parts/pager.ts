/** Numbered pages of a long list, each a plain address. */
import type { Request } from 'express'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

/** No list is walked further than this; who needs all reads the JSON or CSV. */
const PAGES_MAX = 500

/** The page that the address asks for: 1 unless it says otherwise. */
export function pageNumber(req: Request): number {
  const asked = Number(req.query.page)
  return Number.isInteger(asked) && asked >= 1 ? Math.min(asked, PAGES_MAX) : 1
}

/** The same address on another page. */
export function pageAddress(req: Request, number: number): string {
  const url = new URL(req.originalUrl, 'http://x')
  if (number === 1) url.searchParams.delete('page')
  else url.searchParams.set('page', String(number))
  return url.pathname + url.search
}

/** Earlier and later pages; nothing when there is one page only. */
export function pager(
  words: Words,
  req: Request,
  { total, size }: { total: number; size: number },
): Html | false {
  const pages = Math.min(Math.ceil(total / size), PAGES_MAX)
  if (pages <= 1) return false
  const here = Math.min(pageNumber(req), pages)
  return html`<nav class="pager" aria-label="${words('pager.title')}">
${here > 1 && html`<a rel="prev" href="${pageAddress(req, here - 1)}">${words('pager.previous')}</a>`}
<span>${words('pager.here', { page: here, pages })}</span>
${here < pages && html`<a rel="next" href="${pageAddress(req, here + 1)}">${words('pager.next')}</a>`}
</nav>`
}
