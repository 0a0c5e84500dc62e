/** One initiative on the aggregator: what it is, what it publishes, and the report that nothing of it is missing. */
import type { Request, RequestHandler } from 'express'
import { isOpen } from '../../../content/discussions.ts'
import type { Initiative } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { shortKey } from '../../../content/short-key.ts'
import { type Context, contextOf, inWords, sendPage, word } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { richPair } from '../../marks.ts'
import {
  discussionEntry,
  entries,
  localized,
  meetingEntry,
  outcomeEntry,
} from '../parts/entries.ts'
import { followBox } from '../parts/follow.ts'
import { hostOf, initiativePlace, own } from '../parts/links.ts'
import { initiativeFacts } from '../reading/about.ts'
import { countShown, part, type Show, shownItems } from '../reading/find.ts'
import { placeOf } from '../search/results.ts'
import { healthFacts, isPublic, type Listed, listedInitiative } from './health.ts'
import { plainInitiative } from './initiatives.ts'

const LATEST = 10

/** Pages and feeds of an initiative under the key of an address that it had lead to those under its present one. */
export const underFormerKey: RequestHandler = async (req, res, next) => {
  const key = part(req, 'key').replace(/\.json$/, '')
  const { store } = contextOf(res).site
  const [moved] = await store.find('moves', { where: { key }, limit: 1 })
  if (moved) res.redirect(301, req.originalUrl.replace(key, shortKey(moved.to)))
  else next()
}

async function asked({ site }: Context, req: Request): Promise<Listed> {
  const where = { key: part(req, 'key') }
  const [initiative] = await site.store.find('initiatives', { where, limit: 1 })
  const listed = initiative && (await listedInitiative(site, initiative))
  if (!listed || !isPublic(listed)) throw new Refusal('missing', 'page')
  return listed
}

export const initiativePage: Show = async (context, req, res) => {
  const { words } = context
  const listed = await asked(context, req)
  const { initiative, registry, pull } = listed
  const title = inWords(initiative.name, words)
  const body = html`<h1>${localized(words, initiative.name)}</h1>
${Object.keys(initiative.summary).length > 0 && html`<p class="lead">${localized(words, initiative.summary)}</p>`}
<p><a class="button" href="${new URL(initiative.id).origin}/">${words.rich('initiative.visit', { host: own(hostOf(initiative.id)) })}</a></p>
<div class="columns"><div>${await published(context, initiative)}</div><aside>
${initiativeFacts(context, initiative)}
<h2>${words('registry.title')}</h2><p>${registry && registry.note !== '' ? richPair(words, words(`registry.${registry.standing}`), own(registry.note)) : words(`registry.${registry?.standing ?? 'followed'}`)}</p>
<h2>${words('health.report')}</h2>${pull && healthFacts(words, pull)}
</aside></div>
${followBox(context, { feeds: `${initiativePlace(initiative.id)}/`, title, actor: initiative.id, whole: true, mail: initiative.id })}
<p class="soft no-print">${words('list.machines')} <a href="${initiativePlace(initiative.id)}.json">JSON</a></p>`
  const feeds = feedLinks(`${initiativePlace(initiative.id)}/`, title)
  sendPage(res, page(context, { title, body, here: 'initiatives', feeds }))
}

async function published(context: Context, { id }: Initiative): Promise<Html> {
  const { site, words } = context
  const where = { initiative: id }
  const [outcomes, total, meetings, discussions] = await Promise.all([
    shownItems(site, 'outcome', { where, limit: LATEST }),
    countShown(site, 'outcome', where),
    shownItems(site, 'meeting', { where, limit: LATEST }),
    shownItems(site, 'discussion', { where, limit: LATEST }),
  ])
  const open = discussions.filter((each) => isOpen(each, site.now()))
  const section = (title: string, list: Html[]) =>
    list.length > 0 && html`<section><h2>${title}</h2>${entries(list)}</section>`
  return html`${section(
    words('outcomes.title'),
    outcomes.map((each) => outcomeEntry(context, each)),
  )}
${total > LATEST && html`<p><a href="/search?type=outcome&amp;initiative=${shortKey(id)}">${words('initiative.all_outcomes', { count: total })}</a></p>`}
${section(
  words('front.open'),
  open.map((each) => discussionEntry(context, each)),
)}
${section(
  words('meetings.title'),
  meetings.map((each) => meetingEntry(context, each)),
)}`
}

export const initiativeJson: Show = async (context, req, res) =>
  void res.json(plainInitiative(await asked(context, req)))

/** `/at?id=<address at its origin>`: to the page here of whatever lives there. */
export const byAddress: Show = async ({ site }, req, res) => {
  const id = word(req, 'id') ?? ''
  const item = await site.store.get('items', id)
  const initiative = item ? undefined : await site.store.get('initiatives', id)
  if (item?.visibility === 'shown') return res.redirect(303, placeOf(item))
  if (!initiative) throw new Refusal('missing', 'page')
  res.redirect(303, initiativePlace(initiative.id))
}
