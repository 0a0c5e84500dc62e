/** The host's front page: what waits for a person, each with its count and its place; and the next step. */
import type { Outcome } from '../../../content/model.ts'
import { may, type Verb } from '../../../content/rights.ts'
import { groupId } from '../../../federation/addresses.ts'
import { failingCursors } from '../../../federation/receipts.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { localized } from '../parts/entries.ts'
import { slugOf } from '../parts/links.ts'
import { timeLeft } from '../parts/stages.ts'
import { waitingCalls } from '../calls/waiting.ts'
import type { Show } from '../reading/find.ts'
import { backupLine } from './backup.ts'
import { openReports } from '../writing/reports.ts'
import { hostPage } from './frame.ts'
import { overdue } from './handover-plan.ts'
import { secondEntries } from './second.ts'

const OPEN_MAX = 200
/** A comment period is looked at this long before it ends. */
const SOON_MS = 7 * 24 * 3600_000

/** One thing that may wait, for whom, and where it is dealt with. Its sentence is `waits.<name>`. */
interface Waiting {
  name: string
  verb: Verb
  href: string
  count: (site: Site) => Promise<number>
}

/** Held in this node's own threads: in those of others, others decide. */
const heldHere = (site: Site) => ({
  type: 'contribution',
  visibility: 'held',
  initiative: groupId(site),
})

const waitings: Waiting[] = [
  {
    name: 'held',
    verb: 'moderate',
    href: '/host/contributions',
    count: (site) => site.store.count('items', { where: heldHere(site) }),
  },
  {
    name: 'reported',
    verb: 'moderate',
    href: '/host/contributions?view=reported',
    count: async (site) => (await openReports(site)).length,
  },
  {
    name: 'applied',
    verb: 'manage_registry',
    href: '/host/registry',
    count: ({ store }) => store.count('registry', { where: { standing: 'applied' } }),
  },
  {
    name: 'failing',
    verb: 'manage_peers',
    href: '/host/peers#failing',
    count: async (site) => (await failingCursors(site)).length,
  },
  {
    name: 'unread',
    verb: 'manage_peers',
    href: '/host/peers#failing',
    count: ({ store }) =>
      store.count('pulls', { where: { standing: ['diverged', 'unreachable'] } }),
  },
]

export const hostFront: Show = async (context, req, res) => {
  const person = allowed(res, 'see_host_pages')
  const { words, site } = context
  const own = waitings.filter(({ verb }) => may(person, verb))
  const counts = await Promise.all(own.map(({ count }) => count(site)))
  const waits = own.flatMap(({ name, href }, i) =>
    counts[i]
      ? [html`<li><a href="${href}">${words(`waits.${name}`, { count: counts[i] })}</a></li>`]
      : [],
  )
  const periods = may(person, 'write_outcome') ? await endingPeriods(site) : []
  const endings = periods.map((outcome) => ending(context, outcome))
  const seconds = await secondEntries(context, person)
  const calls = may(person, 'write_meeting') ? await waitingCalls(context) : []
  const roles = may(person, 'manage_people') ? await overdue(context) : []
  const all = [...seconds, ...roles, ...waits, ...endings, ...calls]
  const title = words('host.nav.front')
  const body = html`${await nextStep(context)}
<h2>${words('waits.title')}</h2>
${all.length > 0 ? html`<ul class="entries">${all}</ul>` : html`<p>${words('waits.nothing')}</p>`}
${may(person, 'write_outcome') && (await drafts(context))}
${may(person, 'manage_initiative') && (await backupLine(context))}`
  sendPage(res, hostPage(context, { title, body, here: 'front', done: req.query.done }))
}

/** Outcomes whose comment period ends soon, or has ended and nothing followed. The first to end comes first. */
async function endingPeriods({ store, now }: Site): Promise<Outcome[]> {
  const where = { type: 'outcome', local: 'true', state: 'open_for_comment' }
  const found = await store.find('items', { where, limit: OPEN_MAX })
  const until = new Date(Date.parse(now()) + SOON_MS).toISOString()
  return found
    .filter((item) => item.type === 'outcome')
    .filter(({ comment }) => comment !== undefined && comment.closesAt <= until)
    .sort((a, b) => closing(a).localeCompare(closing(b)))
}

const closing = ({ comment }: Outcome): string => comment?.closesAt ?? ''

function ending({ words, site }: Context, outcome: Outcome): Html {
  const over = closing(outcome) <= site.now()
  return html`<li><a href="/host/outcomes/${slugOf(outcome.id)}">${localized(words, outcome.title)}</a>
<p class="soft">${outcome.comment && timeLeft(words, outcome.comment, site.now())}${over && html` · ${words('waits.no_step')}`}</p></li>`
}

/** How many working copies stand at each stage. */
async function drafts({ words, site }: Context): Promise<Html | false> {
  const { state = [] } = await site.store.facets('drafts', {}, ['state'])
  if (state.length === 0) return false
  return html`<h2>${words('drafts.title')}</h2><dl class="facts">${state.map(
    ({ value, count }) =>
      html`<dt>${words(`state.${value}`)}</dt><dd><a href="/host/outcomes?state=${value}">${words('drafts.count', { count })}</a></dd>`,
  )}</dl>`
}

/** What an empty server needs first. */
async function nextStep({ words, site, person }: Context): Promise<Html | false> {
  const { publishes, lists } = site.policy
  if (publishes && may(person, 'write_meeting')) {
    const [items, written] = await Promise.all([
      site.store.count('items', { where: { local: 'true' } }),
      site.store.count('drafts', {}),
    ])
    if (items + written > 0) return false
    return html`<section class="note"><h2>${words('next.write')}</h2><p>${words('next.write_said')}</p>
<p class="buttons"><a class="button" href="/host/meetings">${words('next.meeting')}</a> <a class="button second" href="/host/discussions">${words('next.discussion')}</a> <a class="button second" href="/host/import">${words('next.import')}</a></p></section>`
  }
  if (!lists || !may(person, 'manage_registry')) return false
  if ((await site.store.count('registry', {})) > 0) return false
  return html`<section class="note"><h2>${words('next.list')}</h2><p>${words('next.list_said')}</p>
<p class="buttons"><a class="button" href="/host/registry">${words('next.list_go')}</a></p></section>`
}
