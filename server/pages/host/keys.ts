/** The keys this server signs with: their history, whether what they signed holds, new ones, and the end of one in other hands. */
import type { Version } from '../../../content/model.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { Refusal } from '../../../content/refusal.ts'
import { groupId, serverId } from '../../../federation/addresses.ts'
import { fallen } from '../../../federation/fallen.ts'
import { ourGroups } from '../../../federation/former.ts'
import { revocation } from '../../../federation/rotation.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import {
  endingOf,
  keysHeld,
  notHolding,
  ownVersions,
  type PublicKey,
  signerOf,
} from '../../keyring.ts'
import { allowed } from '../../login.ts'
import { perform } from '../../second-person.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { nameOf } from './names.ts'
import { besideField, type Typed, typedIn } from './typed.ts'

const PATH = '/host/keys'
const WAITS = '/host/second?done=asked_second'

/** All of them, or with `?key=` the question whether to revoke that one. */
export const keysPage: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  const id = word(req, 'key')
  if (id) return showRevoking(context, res, { id, typed: {}, mistakes: [] })
  await showKeys(context, res, req.query.done)
}

export const changeKeys: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_initiative')
  const { site } = context
  const typed = typedIn(req)
  if (typed.do === 'rotate') {
    const step = { verb: 'rotate_keys', item: typed.owner ?? '', args: {} }
    const came = await perform(site, step, person)
    return res.redirect(303, came === 'waits' ? WAITS : `${PATH}?done=keys_replaced`)
  }
  const id = typed.key ?? ''
  const since = sinceIn(typed)
  if (typed.do !== 'look' && typed.do !== 'revoke') throw new Refusal('invalid', 'request')
  const mistakes = await besideField('since', () => revocation(site, id, since, person.id))
  if (mistakes.length > 0 || typed.do === 'look')
    return showRevoking(context, res, { id, typed, mistakes })
  const step = { verb: 'revoke_key', item: id, args: { since } }
  const came = await perform(site, step, person)
  res.redirect(303, came === 'waits' ? WAITS : `${PATH}?done=key_revoked`)
}

/** What is typed without a zone is in UTC; nothing means now, which is said again when it is confirmed. */
const sinceIn = ({ since = '' }: Typed): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(since) ? `${since}Z` : since

async function showKeys(context: Context, res: Parameters<Show>[2], done: unknown) {
  const { words, site } = context
  const [keys, versions] = await Promise.all([keysHeld(site), ownVersions(site)])
  const counts = new Map<string, number>()
  for (const each of versions) counts.set(signerOf(each), (counts.get(signerOf(each)) ?? 0) + 1)
  const entry = (key: PublicKey) => entryOf(context, key, counts.get(key.id) ?? 0)
  const shown = async (owner: string) => {
    const held = keys.filter((key) => key.owner === owner).toSorted(currentFirst)
    if (held.length === 0) return html``
    return html`<ul class="entries">${await Promise.all(held.map(entry))}</ul>
${button(context, PATH, words('keys.rotate'), { do: 'rotate', owner }, 'second')}`
  }
  const groups = ourGroups(site)
  const ours = [...groups, ...serversOf(site)]
  const others = keys.filter(({ owner }) => !ours.includes(owner))
  const title = words('keys.title')
  const body = html`<p class="lead">${words('keys.said')}</p>
<h2>${words('keys.check')}</h2>${await checkOf(context, versions)}
<h2>${words.rich('keys.of', { what: await nameOf(context, groupId(site)) })}</h2>
<p>${words('keys.rotate_said')}</p>${await Promise.all(groups.map(shown))}
<h2>${words('keys.of_server')}</h2>${await Promise.all(serversOf(site).map(shown))}
${others.length > 0 && html`<h2>${words('keys.of_people')}</h2><ul class="entries">${await Promise.all(others.map(entry))}</ul>`}`
  sendPage(res, hostPage(context, { title, body, here: 'care', done }))
}

/** The server itself, at its present address and at those it had before. */
const serversOf = ({ origin, former }: Site): string[] =>
  [origin, ...former].map((each) => serverId({ origin: each }))

const currentFirst = (a: PublicKey, b: PublicKey): number =>
  Number(Boolean(a.until)) - Number(Boolean(b.until)) || b.from.localeCompare(a.from)

/** Each version is checked when the page is asked for: what stands here is not remembered but seen. */
async function checkOf({ words, site }: Context, versions: Version[]): Promise<Html> {
  if (versions.length === 0) return html`<p>${words('keys.none_signed')}</p>`
  const wrong = await notHolding(site, versions)
  const checked = words('keys.checked', { count: versions.length })
  const how = words.rich('keys.checked_how', { address: own(groupId(site)) })
  if (wrong.length === 0) return html`<p>${checked} <b>${words('keys.all_right')}</b> ${how}</p>`
  return html`<p>${checked} ${how}</p>
<p class="note">${words('keys.wrong', { count: wrong.length })}${wrong.some((each) => isLatest(each, versions)) && html` ${words('keys.sign_again')}`}</p>${versionList(words, wrong)}`
}

/** What a later version has taken over needs no correction any more. */
const isLatest = ({ outcome, version }: Version, all: Version[]): boolean =>
  !all.some((each) => each.outcome === outcome && each.version > version)

const versionList = (words: Context['words'], versions: Version[]): Html =>
  html`<ul>${versions.map(
    ({ id, version, at, texts, language, outcome }) =>
      html`<li><a href="${new URL(id).pathname}">${own(texts[language]?.title ?? outcome)}</a> · ${words.number(version)} · ${moment(words, at)}</li>`,
  )}</ul>`

async function entryOf(context: Context, key: PublicKey, signed: number): Promise<Html> {
  const { words } = context
  const { id, kind, owner } = key
  const ours = [...ourGroups(context.site), ...serversOf(context.site)]
  return html`<li><p><b>${periodOf(words, key)}</b>${!ours.includes(owner) && html` · ${await nameOf(context, owner)}`}</p>
<p class="code"><bdi>${id}</bdi></p>
<p class="soft">${words(`keys.for_${kind}`)}${kind === 'ed25519' && html` ${words('keys.signed', { count: signed })}`}${await endOf(context, key)}</p>
<p><a href="${PATH}?key=${encodeURIComponent(id)}">${words('keys.revoke')}</a></p></li>`
}

function periodOf(words: Context['words'], { from, until }: PublicKey): Html {
  const period = { from: moment(words, from), until: until ? moment(words, until) : '' }
  return words.rich(until ? 'keys.past' : 'keys.current', period)
}

async function endOf(context: Context, key: PublicKey): Promise<Html | false> {
  const ending = key.until ? await endingOf(context.site, key) : undefined
  if (!ending) return false
  const who = await nameOf(context, ending.by)
  const facts = { who, moment: moment(context.words, ending.at) }
  return html`<br>${context.words.rich(`keys.why.${ending.verb}`, facts)}`
}

interface Revoking {
  id: string
  typed: Typed
  mistakes: Mistake[]
}

/** Two steps: since when, and what that means before it is done. */
async function showRevoking(
  context: Context,
  res: Parameters<Show>[2],
  { id, typed, mistakes }: Revoking,
): Promise<void> {
  const { words, site } = context
  const key = (await keysHeld(site)).find((each) => each.id === id)
  if (!key) throw new Refusal('missing', 'keys.unknown', { id })
  const sure = typed.do === 'look' && mistakes.length === 0
  const title = words('keys.revoke')
  const body = html`<p class="lead">${words('keys.revoke_said')}</p>
<p class="code"><bdi>${id}</bdi></p><p class="soft">${periodOf(words, key)}</p>
${sure ? await consequences(context, key, sinceIn(typed) || site.now()) : sinceForm(context, { id, typed, mistakes })}
<p><a href="${PATH}">${words('keys.back')}</a></p>`
  const status = mistakes.length > 0 ? 400 : 200
  sendPage(res, hostPage(context, { title, body, here: 'care' }), status)
}

const sinceForm = (context: Context, { id, typed, mistakes }: Revoking): Html =>
  form(context, {
    action: PATH,
    fields: [
      {
        name: 'since',
        label: context.words('keys.since'),
        hint: context.words('keys.since_hint'),
        kind: 'datetime-local',
        dir: 'ltr',
      },
      { name: 'key', label: '', kind: 'hidden' },
      { name: 'do', label: '', kind: 'hidden' },
    ],
    values: { since: typed.since ?? '', key: id, do: 'look' },
    mistakes,
    submit: context.words('keys.look'),
  })

async function consequences(context: Context, key: PublicKey, since: string): Promise<Html> {
  const { words, site } = context
  const ended = { id: key.id, until: new Date(since).toISOString() }
  const falling = await fallen(site.store, key.owner, [ended], site.now())
  const at = words.moment(since)
  return html`<h2>${words('keys.means')}</h2>
${
  falling.length > 0
    ? html`<p class="note">${words('keys.loses', { count: falling.length })} ${words('keys.sign_again')}</p>${versionList(words, falling)}`
    : html`<p>${words('keys.loses_none')}</p>`
}
<ul><li>${words('keys.means_before')}</li><li>${words('keys.means_log')}</li>
${!key.until && html`<li>${words('keys.means_new')}</li>`}<li>${words('keys.means_told')}</li></ul>
${button(context, PATH, words('keys.revoke_now', { at }), { do: 'revoke', key: key.id, since }, 'danger')}`
}
