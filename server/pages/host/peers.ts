/** The other servers: whom we follow, who follows us, how far delivery has come; and the ways to begin. */
import type { Cursor, Peer } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { isPaused } from '../../../federation/admission.ts'
import { type Application, applications, applyTo, follow } from '../../../federation/follow.ts'
import { setPeerStanding } from '../../../federation/peers.ts'
import { failingCursors } from '../../../federation/receipts.ts'
import { type Context, sendPage } from '../../context.ts'
import { form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { entries } from '../parts/entries.ts'
import { day } from '../parts/dates.ts'
import { hostOf, own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { heldWords } from '../parts/reasons.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { admissionSection } from './admission.ts'
import { nameOf } from './names.ts'
import { besideField, type Typed, typedIn } from './typed.ts'
import { waitWords } from './waiting.ts'

const PAGE_SIZE = 25
const FAILING_MAX = 25
/** Of one server, so many logs are summed up beside it; its own page has the rest. */
const PULLS_SHOWN = 3

export const peersPage: Show = async (context, req, res) => {
  allowed(res, 'manage_peers')
  await showPeers(context, req, res, {})
}

type Beginning = (context: Context, address: string, by: string) => Promise<unknown>

/** What each form of the page begins; its field has the same name. */
const beginnings: Record<string, Beginning> = {
  follow: ({ site }, address, by) => follow(site, address, by),
  apply: ({ site }, address, by) => applyTo(site, address, by),
  block: ({ site }, address, by) => setPeerStanding(site, originIn(address), 'blocked', by),
}

/** The origin of an address, with or without its scheme. */
function originIn(address: string): string {
  const text = address.trim()
  const url = URL.parse(text.includes('://') ? text : `https://${text}`)
  if (url && /^https?:$/.test(url.protocol) && url.host) return url.origin
  throw new Refusal('invalid', 'discovery.address', { address: text.slice(0, 200) })
}

export const beginWithPeer: Show = async (context, req, res) => {
  const by = allowed(res, 'manage_peers')
  const typed = typedIn(req)
  const name = typed.do ?? ''
  const begin = Object.hasOwn(beginnings, name) ? beginnings[name] : undefined
  if (!begin || (name === 'apply' && !context.site.policy.publishes))
    throw new Refusal('invalid', 'request')
  const address = typed[name]?.trim() ?? ''
  const mistakes = address
    ? await besideField(name, () => begin(context, address, by.id))
    : [{ field: name, sentence: 'field.required' }]
  if (mistakes.length > 0) return showPeers(context, req, res, { typed, mistakes })
  res.redirect(303, `/host/peers?done=${name}`)
}

interface Shown {
  typed?: Typed
  mistakes?: Mistake[]
}

async function showPeers(
  context: Context,
  req: Parameters<Show>[1],
  res: Parameters<Show>[2],
  { typed = {}, mistakes = [] }: Shown,
): Promise<void> {
  const { words, site } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [peers, total, failing] = await Promise.all([
    site.store.find('peers', { skip, limit: PAGE_SIZE }),
    site.store.count('peers', {}),
    failingCursors(site),
  ])
  const lines = await Promise.all(peers.map((peer) => entryOf(context, peer)))
  const title = words('host.nav.peers')
  const beginning = { typed, mistakes }
  const body = html`<p class="lead">${words('peers.said')}</p>
${await failingList(context, failing)}
<h2>${words('peers.all')}</h2>
${lines.length > 0 ? entries(lines) : html`<p>${words('peers.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
${beginForm(context, 'follow', beginning)}
${site.policy.publishes && html`${beginForm(context, 'apply', beginning)}${await applied(context)}`}
${beginForm(context, 'block', beginning)}
${await admissionSection(context)}`
  const shown = hostPage(context, { title, body, here: 'peers', done: req.query.done })
  sendPage(res, shown, mistakes.length > 0 ? 400 : 200)
}

/** Those that wait, longest first, with the reason. */
async function failingList(context: Context, failing: Cursor[]): Promise<Html> {
  const { words, site } = context
  const pulls = await site.store.find('pulls', {
    where: { standing: ['diverged', 'unreachable'] },
    limit: FAILING_MAX,
  })
  const lines = await Promise.all(
    failing
      .slice(0, FAILING_MAX)
      .map(
        async (cursor) =>
          html`<h3>${peerLink(cursor.id)}</h3><p class="soft">${await waitWords(context, cursor)}</p>`,
      ),
  )
  const unread = pulls.map(
    ({ peer, standing }) =>
      html`<h3>${peerLink(peer)}</h3><p class="soft">${words(`pull.${standing}`)}</p>`,
  )
  if (lines.length + unread.length === 0) return html``
  return html`<h2 id="failing">${words('peers.failing')}</h2>${entries([...lines, ...unread])}`
}

export const peerLink = (id: string): Html =>
  html`<a href="/host/peers/peer?id=${encodeURIComponent(id)}">${own(hostOf(id))}</a>`

async function entryOf(context: Context, peer: Peer): Promise<Html> {
  const { words, site } = context
  const [cursor, followers, following, last, pulls] = await Promise.all([
    site.store.get('cursors', peer.id),
    site.store.count('followers', { where: { peer: peer.id } }),
    site.store.count('following', { where: { peer: peer.id } }),
    site.store.last('public'),
    site.store.find('pulls', { where: { peer: peer.id }, limit: PULLS_SHOWN }),
  ])
  const facts = [
    isPaused(peer, site.now()) && words('peers.paused'),
    peer.standing !== 'unknown' && words(`peer.standing.${peer.standing}`),
    followers > 0 && words('peers.follows_us'),
    following > 0 && words('peers.followed'),
    cursor?.follows && words('peer.delivered_of', { log: cursor.log, count: last }),
    ...pulls.map((pull) => heldWords(words, pull)),
  ].filter((fact) => fact !== false && fact !== undefined)
  return html`<h3>${peerLink(peer.id)}</h3>
<p class="soft">${facts.length > 0 ? facts.join(' · ') : words('peers.met')}</p>`
}

/** A form with one address. */
function beginForm(context: Context, name: string, { typed, mistakes }: Required<Shown>): Html {
  const { words } = context
  return html`<h2 id="${name}">${words(`peers.${name}`)}</h2>${form(context, {
    action: '/host/peers',
    fields: [
      {
        name,
        label: words('peers.address'),
        hint: words(`peers.${name}_hint`),
        required: true,
        autocomplete: 'off',
        dir: 'ltr',
      },
      { name: 'do', label: '', kind: 'hidden' },
    ],
    values: { [name]: typed[name], do: name },
    mistakes: mistakes.filter(({ field }) => field === name),
    submit: words(`peers.${name}_submit`),
  })}`
}

/** To whom we applied, and what came of it. */
async function applied(context: Context): Promise<Html | false> {
  const found = await applications(context.site)
  if (found.length === 0) return false
  return entries(await Promise.all(found.map((each) => applicationLine(context, each))))
}

async function applicationLine(context: Context, application: Application): Promise<Html> {
  const { words } = context
  const { aggregator, standing, askedAt, answeredAt } = application
  return html`<h3>${await nameOf(context, aggregator)}</h3>
<p class="soft">${words.rich('peers.applied_on', { day: day(words, askedAt) })} · ${
    answeredAt
      ? words.rich(`peers.application_${standing}`, { day: day(words, answeredAt) })
      : words('peers.application_waits')
  }</p>`
}
