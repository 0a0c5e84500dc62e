/** One other server: what it is to us, how far delivery has come, what we read of it, and what a host may do about it. */
import type { Cursor, Following, Peer, Pull } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { isPaused } from '../../../federation/admission.ts'
import { groupId } from '../../../federation/addresses.ts'
import { copied } from '../../../federation/copies.ts'
import { unfollow } from '../../../federation/follow.ts'
import { acceptLog } from '../../../federation/pasts.ts'
import { setPaused, setPeerStanding, tryNow } from '../../../federation/peers.ts'
import { firstUnanswered } from '../../../federation/receipts.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { moment } from '../parts/dates.ts'
import { divergence } from '../parts/divergence.ts'
import { hostOf, own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { nameOf } from './names.ts'
import { reasonsList } from '../parts/reasons.ts'
import { typedIn } from './typed.ts'
import { refusalWords, waitWords, whyWords } from './waiting.ts'

/** Of one server, so many initiatives that we follow are shown. */
const FOLLOWED_MAX = 20

type Deed = (context: Context, peer: Peer, by: string) => Promise<unknown>

const standing =
  (to: Peer['standing']): Deed =>
  ({ site }, { id }, by) =>
    setPeerStanding(site, id, to, by)

/** What the buttons do. */
const deeds: Record<string, Deed> = {
  try: ({ site }, { id }) => tryNow(site, id),
  trust: standing('trusted'),
  block: standing('blocked'),
  neutral: standing('unknown'),
  pause: ({ site }, { id }, by) => setPaused(site, id, true, by),
  resume: ({ site }, { id }, by) => setPaused(site, id, false, by),
  unfollow: ({ site }, { id }, by) => unfollow(site, id, by),
  accept_log: ({ site }, { id }, by) => acceptLog(site, id, by),
}

export const peerPage: Show = async (context, req, res) => {
  allowed(res, 'manage_peers')
  const peer = await peerIn(context, word(req, 'id'))
  const { site, words } = context
  const [cursor, following, pulls, followers] = await Promise.all([
    site.store.get('cursors', peer.id),
    site.store.find('following', { where: { peer: peer.id }, limit: FOLLOWED_MAX }),
    site.store.find('pulls', { where: { peer: peer.id }, limit: FOLLOWED_MAX }),
    site.store.count('followers', { where: { peer: peer.id, object: groupId(site) } }),
  ])
  const body = html`${standingFacts(context, peer, { cursor, followers, pulls })}
<div class="buttons">${buttons(context, peer, following, pulls)}</div>
<h2>${words('peer.delivery')}</h2>${cursor ? await delivery(context, cursor) : html`<p>${words('peer.no_delivery')}</p>`}
${following.length > 0 && html`<h2>${words('peer.following')}</h2>${await Promise.all(following.map((each) => followed(context, each, pulls)))}`}
<p><a href="/host/trail?item=${encodeURIComponent(peer.id)}">${words('peer.trail')}</a></p>`
  const title = hostOf(peer.id)
  sendPage(res, hostPage(context, { title, body, here: 'peers', done: req.query.done }))
}

async function peerIn({ site }: Context, id: string | undefined): Promise<Peer> {
  const peer = id ? await site.store.get('peers', id) : undefined
  if (!peer) throw new Refusal('missing', 'page')
  return peer
}

export const changePeer: Show = async (context, req, res) => {
  const by = allowed(res, 'manage_peers')
  const typed = typedIn(req)
  const peer = await peerIn(context, typed.id)
  const name = typed.do ?? ''
  const deed = Object.hasOwn(deeds, name) ? deeds[name] : undefined
  if (!deed) throw new Refusal('invalid', 'request')
  await deed(context, peer, by.id)
  res.redirect(303, `/host/peers/peer?id=${encodeURIComponent(peer.id)}&done=${name}`)
}

interface Known {
  cursor: Cursor | undefined
  followers: number
  pulls: Pull[]
}

function standingFacts(context: Context, peer: Peer, { cursor, followers, pulls }: Known): Html {
  const { words } = context
  const heard = [cursor?.deliveredAt, ...pulls.map(({ checkedAt }) => checkedAt)]
    .filter((at) => at !== undefined)
    .sort()
    .at(-1)
  return html`<dl class="facts">
<dt>${words('peer.standing')}</dt><dd>${words(`peer.standing.${peer.standing}`)}. ${words(`peer.standing.${peer.standing}_means`)}</dd>
${pausedFact(context, peer)}${peer.note && html`<dt>${words('peer.note')}</dt><dd>${own(peer.note)}</dd>`}
<dt>${words('peer.followers')}</dt><dd>${followers > 0 ? words('peer.followers_here', { count: followers }) : words('peer.no_followers')}</dd>
<dt>${words('peer.signs')}</dt><dd>${words(`peer.signs.${peer.signs}`)}</dd>
${peer.software && html`<dt>${words('peer.software')}</dt><dd>${own(peer.software)}</dd>`}
<dt>${words('peer.first')}</dt><dd>${moment(words, peer.firstSeenAt)}</dd>
<dt>${words('peer.heard')}</dt><dd>${heard ? moment(words, heard) : words('peer.never')}</dd></dl>`
}

/** Since when, until when and why nothing is sent there. */
function pausedFact({ words, site }: Context, peer: Peer): Html | false {
  const { paused } = peer
  if (!paused || !isPaused(peer, site.now())) return false
  const { at, until, why } = paused
  const since = { moment: moment(words, at) }
  const said = until
    ? words.rich('peer.paused_by_program', { ...since, until: moment(words, until) })
    : words.rich('peer.paused_by_person', since)
  return html`<dt>${words('peer.paused')}</dt><dd>${said}${
    why && html` ${words('peer.paused_last', { why: refusalWords(words, why) })}`
  }</dd>`
}

function buttons(context: Context, peer: Peer, following: Following[], pulls: Pull[]): Html[] {
  const { words, site } = context
  const paused = isPaused(peer, site.now())
  const names =
    peer.standing === 'blocked'
      ? ['neutral']
      : [
          paused ? 'resume' : 'try',
          peer.standing === 'trusted' ? 'neutral' : 'trust',
          ...(paused ? [] : ['pause']),
          ...(following.length > 0 ? ['unfollow'] : []),
          ...(pulls.some(({ standing: log }) => log === 'diverged') ? ['accept_log'] : []),
          'block',
        ]
  const label = (name: string) =>
    words(name === 'neutral' ? `peer.do.neutral_${peer.standing}` : `peer.do.${name}`)
  const look = (name: string) =>
    name === 'block' ? 'danger' : name === names[0] ? undefined : 'second'
  return names.map((name) =>
    button(context, '/host/peers/peer', label(name), { id: peer.id, do: name }, look(name)),
  )
}

/** How much of our log and of its letters it has answered for, and since when it waits. */
async function delivery(context: Context, cursor: Cursor): Promise<Html> {
  const { words, site } = context
  const [log, letters, first] = await Promise.all([
    site.store.last('public'),
    site.store.last(`to:${cursor.id}`),
    firstUnanswered(site, cursor),
  ])
  return html`<dl class="facts">
${cursor.follows && html`<dt>${words('peer.log')}</dt><dd>${words('peer.delivered_of', { log: cursor.log, count: log })}</dd>`}
<dt>${words('peer.letters')}</dt><dd>${words('peer.delivered_of', { log: cursor.letters, count: letters })}</dd>
${cursor.deliveredAt && html`<dt>${words('peer.last')}</dt><dd>${moment(words, cursor.deliveredAt)}</dd>`}</dl>
<p>${
    first
      ? html`${words.rich('waiting.since', { moment: moment(words, first.at) })} ${await waitWords(context, cursor)}`
      : words('peer.all_delivered')
  }</p>`
}

/** One initiative there that we follow, and how we stand with its log. */
async function followed(
  context: Context,
  { id, state, askedAt, answeredAt, tries, retryAt }: Following,
  pulls: Pull[],
): Promise<Html> {
  const { words } = context
  const pull = pulls.find((each) => each.id === id)
  const since = moment(words, answeredAt ?? askedAt)
  return html`<h3>${await nameOf(context, id)}</h3>
<p>${words.rich(`following.${state}`, { moment: since })}${
    state === 'requested' &&
    html` ${words.rich('following.again', { count: tries, moment: moment(words, retryAt) })}`
  }</p>
${pull && (await reading(context, pull))}`
}

async function reading(context: Context, pull: Pull): Promise<Html> {
  const { words } = context
  const { after, size, held, refused, standing, checkedAt, why, retryAt, refusals } = pull
  const reasons = reasonsList(words, pull)
  return html`<dl class="facts">
<dt>${words('pull.standing')}</dt><dd>${words(`pull.${standing}`)}${why && html` ${whyWords(words, { id: pull.id, why })}`}</dd>
<dt>${words('pull.read')}</dt><dd>${words('pull.read_of', { after, count: size })}</dd>
<dt>${words('pull.held')}</dt><dd>${words.number(held)}</dd>
<dt>${words('pull.refused')}</dt><dd>${words.number(refused)}${reasons}</dd>
${after > 0 && html`<dt>${words('pull.copy')}</dt><dd>${await copyWords(context, pull)}</dd>`}
${checkedAt && html`<dt>${words('pull.checked')}</dt><dd>${moment(words, checkedAt)}</dd>`}
<dt>${words('pull.next')}</dt><dd>${moment(words, retryAt)}</dd></dl>
${divergence(words, pull)}
${
  refusals.length > 0 &&
  html`<details><summary>${words('pull.refusals')}</summary><ol>${refusals.map(
    ({ seq, id, why: reason }) =>
      html`<li value="${seq}">${refusalWords(words, reason, { id })}<br><span class="code">${own(id)}</span></li>`,
  )}</ol></details>`
}`
}

/** How far our copy of its log goes, and what stands in its way. */
async function copyWords({ words, site }: Context, pull: Pull): Promise<Html> {
  const { after, isWhole, why } = await copied(site, pull)
  if (isWhole) return html`${words('pull.copy_whole')}`
  const said = words('pull.copy_part', { after, count: pull.after })
  return html`${said}${why && html` ${whyWords(words, { id: pull.id, why })}`}`
}
