/** Themes: every term of the vocabularies that something here is tagged with, and for each what is said on it. */
import type { Request } from 'express'
import { Refusal } from '../../../content/refusal.ts'
import { isTerm, label, term, vocabulary } from '../../../content/vocabulary.ts'
import { type Context, sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { discussionEntry, entries, meetingEntry, messageEntry } from '../parts/entries.ts'
import { followBox } from '../parts/follow.ts'
import { own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { themePlace } from '../parts/tags.ts'
import { countedBy, countShown, part, type Show, shownItems } from './find.ts'
import { initiativesById, whose } from './origin.ts'
import { richAside } from '../../marks.ts'

const PAGE_SIZE = 20
const BESIDE_MAX = 10
const TOPIC_LETTERS_MAX = 200

/** The lists that things are tagged with, and the index's name of each; topics are anybody's words. */
const lists: Record<string, string> = {
  themes: 'theme',
  'action-lines': 'actionLine',
  sdgs: 'sdg',
  gdc: 'gdc',
  topics: 'topic',
}

export interface Theme {
  list: string
  slug: string
  /** In the reader's language. */
  name: string
  path: string
  where: Record<string, string>
}

/** The theme that the address names; Refusal `missing` for one that is in no list. */
export function themeOf({ words }: Context, req: Request): Theme {
  const [list, slug] = [part(req, 'list'), part(req, 'slug')]
  const field = Object.hasOwn(lists, list) ? lists[list] : undefined
  const known = list === 'topics' ? slug.length <= TOPIC_LETTERS_MAX : isTerm(list, slug)
  if (!field || !known) throw new Refusal('missing', 'page')
  const name = label(list, slug, words.language)
  return { list, slug, name, path: themePlace(list, slug), where: { [field]: slug } }
}

export const themePage: Show = async (context, req, res) => {
  const { site, words } = context
  const theme = themeOf(context, req)
  const { name, where, path } = theme
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const beside = { where, limit: BESIDE_MAX }
  const [messages, total, discussions, meetings] = await Promise.all([
    shownItems(site, 'message', { where, skip, limit: PAGE_SIZE }),
    countShown(site, 'message', where),
    shownItems(site, 'discussion', beside),
    shownItems(site, 'meeting', beside),
  ])
  const known = site.policy.gathers ? await initiativesById(context) : new Map()
  const section = (title: string, list: Html[]) =>
    list.length > 0 && html`<section><h2>${title}</h2>${entries(list)}</section>`
  const found = messages.map((each) => messageEntry(context, each, whose(context, each, known)))
  const body = html`<p class="soft"><a href="/themes">${words('themes.title')}</a></p>
<h1><bdi>${name}</bdi></h1>
${termFacts(context, theme)}
${followBox(context, { feeds: `${path}/`, title: name, mail: `theme:${theme.list}/${theme.slug}` })}
<section><h2>${words('outcome.messages', { count: total })}</h2>
${found.length > 0 ? entries(found) : html`<p>${words('themes.no_messages')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}</section>
${section(
  words('discussions.title'),
  discussions.map((each) => discussionEntry(context, each, whose(context, each, known))),
)}
${section(
  words('meetings.title'),
  meetings.map((each) => meetingEntry(context, each, whose(context, each, known))),
)}`
  sendPage(res, page(context, { title: name, body, feeds: feedLinks(`${path}/`, name) }))
}

/** Which list the term is of, and its permanent address there. */
function termFacts({ words }: Context, { list, slug }: Theme): Html {
  const { title, publisher } = vocabulary(list) ?? {}
  const uri = term(list, slug)?.uri
  return html`<p class="soft">${words(`themes.list.${list}`)}${
    title !== undefined && html` · <bdi lang="en">${title}, ${publisher}</bdi>`
  }${uri !== undefined && html`<br><span class="code">${own(uri)}</span>`}</p>`
}

export const themesPage: Show = async (context, _req, res) => {
  const { site, words } = context
  const counts = await countedBy(site, 'message', Object.values(lists))
  const title = words('themes.title')
  const sections = Object.entries(lists).map(([list, field]) => {
    const found = counts[field] ?? []
    return (
      found.length > 0 &&
      html`<section><h2>${words(`themes.list.${list}`)}</h2><ul class="plain">${found.map(
        ({ value, count }) =>
          html`<li>${richAside(words, html`<a href="${themePlace(list, value)}"><bdi>${label(list, value, words.language)}</bdi></a>`, words.number(count))}</li>`,
      )}</ul></section>`
    )
  })
  const body = html`<h1>${title}</h1><p class="lead">${words('themes.said')}</p>
${sections.some(Boolean) ? sections : html`<p>${words('themes.none')}</p>`}`
  sendPage(res, page(context, { title, body }))
}
