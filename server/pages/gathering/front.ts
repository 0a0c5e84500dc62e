/** The front page of an aggregator: a search box, what is new, what is open, the themes of the year, initiatives by region. */
import { isOpen } from '../../../content/discussions.ts'
import type { Initiative } from '../../../content/model.ts'
import { label, regionalGroupsOf, terms } from '../../../content/vocabulary.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { discussionEntry, entries, localized, outcomeEntry } from '../parts/entries.ts'
import { initiativePlace } from '../parts/links.ts'
import { countedBy, type Show, shownItems } from '../reading/find.ts'
import { initiativesById, whose } from '../reading/origin.ts'
import { searchForm } from '../search.ts'
import { bars } from './bars.ts'
import { isPublic, listedInitiatives } from './health.ts'

const LATEST = 8
/** Among how many of the newest we look for what is open. */
const LOOKED_AT = 100
const OPEN_MAX = 8
const THEMES_MAX = 12

export const gatheringFront: Show = async (context, _req, res) => {
  const { site, words, profile } = context
  const now = site.now()
  const [known, outcomes, commented, discussions, facets] = await Promise.all([
    initiativesById(context),
    shownItems(site, 'outcome', { limit: LATEST }),
    shownItems(site, 'outcome', { where: { state: 'open_for_comment' }, limit: LOOKED_AT }),
    shownItems(site, 'discussion', { limit: LOOKED_AT }),
    countedBy(site, 'message', ['actionLine', 'theme']),
  ])
  const open = [...commented, ...discussions].filter((each) => isOpen(each, now)).slice(0, OPEN_MAX)
  const standing = new Set(open.map(({ id }) => id))
  const settled = outcomes.filter(({ id }) => !standing.has(id))
  const title = profile ? inWords(profile.name, words) : 'Tributary'
  const section = (name: string, list: Html[], all: string) =>
    list.length > 0 &&
    html`<section><h2>${words(`front.${name}`)}</h2>${entries(list)}<p><a href="${all}">${words(`front.all_${name}`)}</a></p></section>`
  const body = html`<header class="hero"><h1>${profile ? localized(words, profile.name) : title}</h1>
${profile && Object.keys(profile.summary).length > 0 && html`<p class="lead">${localized(words, profile.summary)}</p>`}</header>
${searchForm(context, undefined, { words: '', chosen: {} })}
<div class="columns"><div>
${section(
  'open',
  open.map((each) =>
    each.type === 'outcome'
      ? outcomeEntry(context, each, whose(context, each, known))
      : discussionEntry(context, each, whose(context, each, known)),
  ),
  '/discussions',
)}
${section(
  'outcomes',
  settled.map((each) => outcomeEntry(context, each, whose(context, each, known))),
  '/outcomes',
)}
${known.size <= 1 && html`<p class="note">${words('gathering.empty')}</p>`}
</div><aside>
${themes(context, facets.theme ?? [])}
${actionLines(context, facets.actionLine ?? [])}
${await byRegion(context)}
</aside></div>`
  sendPage(res, page(context, { title, body, feeds: feedLinks('/', title) }))
}

type Counted = { value: string; count: number }[]

/** The themes of the latest year that has any. */
function themes({ words }: Context, counted: Counted): Html | false {
  const years = counted.map(({ value }) => value.slice(0, 4)).sort()
  const year = years.at(-1)
  if (!year) return false
  const rows = counted.filter(({ value }) => value.startsWith(year)).slice(0, THEMES_MAX)
  return bars(words, {
    title: words('gathering.themes', { year }),
    name: 'themes',
    rows: rows.map(({ value, count }) => ({
      label: label('themes', value, words.language),
      count,
      href: `/search?theme=${encodeURIComponent(value)}`,
    })),
  })
}

function actionLines({ words }: Context, counted: Counted): Html | false {
  const rows = counted.filter(({ value }) => !value.includes('.')).slice(0, THEMES_MAX)
  return bars(words, {
    title: words('gathering.action_lines'),
    name: 'action-lines',
    rows: rows.map(({ value, count }) => ({
      label: `${value} ${label('action-lines', value, words.language)}`,
      count,
      href: `/search?action_line=${encodeURIComponent(value)}`,
    })),
  })
}

/** Every initiative under each regional group it belongs to; those without one stand last. */
async function byRegion({ site, words }: Context): Promise<Html | false> {
  const all = (await listedInitiatives(site)).filter(isPublic).map(({ initiative }) => initiative)
  if (all.length === 0) return false
  const groups = terms('regional-groups').map(({ slug }) => ({
    title: html`<a href="/initiatives?region=${slug}">${label('regional-groups', slug, words.language)}</a>`,
    members: all.filter(({ countries }) => regionalGroupsOf(countries).includes(slug)),
  }))
  const rest = {
    title: html`${words('gathering.no_region')}`,
    members: all.filter(({ countries }) => regionalGroupsOf(countries).length === 0),
  }
  const link = ({ id, name }: Initiative) =>
    html`<li><a href="${initiativePlace(id)}">${localized(words, name)}</a></li>`
  return html`<section><h2>${words('gathering.by_region')}</h2>${[...groups, rest]
    .filter(({ members }) => members.length > 0)
    .map(
      ({ title, members }) =>
        html`<h3>${title} <span class="count">${words.number(members.length)}</span></h3><ul class="plain">${members.map(link)}</ul>`,
    )}</section>`
}
