/** The section of a page that holds its thread: fifty contributions a page. */
import type { Request } from 'express'
import type { Contribution } from '../../../content/model.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { contributionsTo } from './find.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { placeAt } from '../parts/links.ts'
import { arrange, contributionKey, type Thread, threadList } from '../parts/thread.ts'

export const THREAD_PAGE_SIZE = 50

type Section = Omit<Thread, 'words'> & { contributions: Contribution[] }

export function threadSection({ words, site }: Context, req: Request, section: Section): Html {
  const { contributions, ...thread } = section
  const placed = arrange(contributions)
  const total = placed.length
  const start = (pageNumber(req) - 1) * THREAD_PAGE_SIZE
  const title = total > 0 ? words('message.contributions', { count: total }) : words('thread.title')
  return html`<section id="answers"><h2>${title}</h2>
${
  total > 0
    ? threadList(
        { words, reports: site.policy.publishes, ...thread },
        placed.slice(start, start + THREAD_PAGE_SIZE),
      )
    : html`<p class="soft">${words(thread.open ? 'thread.none_yet' : 'thread.none')}</p>`
}
${pager(words, req, { total, size: THREAD_PAGE_SIZE })}</section>`
}

type Standing = Pick<Contribution, 'id' | 'about' | 'local'>

/** Where a contribution stands in its thread: the page of it, and the place there. */
export async function threadPlace(site: Site, contribution: Standing): Promise<string> {
  const { id, about } = contribution
  const root = await site.store.get('items', about)
  const folder = root?.type === 'outcome' ? 'outcomes' : 'discussions'
  const placed = arrange(await contributionsTo(site, { about }))
  const index = placed.findIndex((each) => each.contribution.id === id)
  const page = Math.floor(Math.max(index, 0) / THREAD_PAGE_SIZE) + 1
  const query = page > 1 ? `?page=${page}` : ''
  return `${placeAt(folder, about, root?.local ?? true)}${query}#c-${contributionKey(contribution)}`
}
