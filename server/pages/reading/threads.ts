/** The section of a page that holds its thread: fifty contributions a page. */
import type { Request } from 'express'
import type { Contribution } from '../../../content/model.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { arrange, type Thread, threadList } from '../parts/thread.ts'

export const THREAD_PAGE_SIZE = 50

type Section = Omit<Thread, 'words'> & { contributions: Contribution[] }

export function threadSection({ words }: Context, req: Request, section: Section): Html {
  const { contributions, ...thread } = section
  const placed = arrange(contributions)
  const total = placed.length
  const start = (pageNumber(req) - 1) * THREAD_PAGE_SIZE
  const title = total > 0 ? words('message.contributions', { count: total }) : words('thread.title')
  return html`<section id="answers"><h2>${title}</h2>
${
  total > 0
    ? threadList({ words, ...thread }, placed.slice(start, start + THREAD_PAGE_SIZE))
    : html`<p class="soft">${words(thread.open ? 'thread.none_yet' : 'thread.none')}</p>`
}
${pager(words, req, { total, size: THREAD_PAGE_SIZE })}</section>`
}
