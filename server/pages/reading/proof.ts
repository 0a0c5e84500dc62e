/** The proof of an outcome: what was signed, by which key, where it stands in the log, and how to check it without us. */
import type { Outcome, Version } from '../../../content/model.ts'
import { bundleAt, originOf, proofAt } from '../../../federation/addresses.ts'
import { verifierKeys } from '../../../federation/log.ts'
import { siteAt } from '../../../federation/former.ts'
import { headOver } from '../../../federation/mirrors.ts'
import { witnesses } from '../../../federation/seen.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import type { Words } from '../../words.ts'
import { checkSteps } from '../parts/check.ts'
import { moment } from '../parts/dates.ts'
import { divergence } from '../parts/divergence.ts'
import { localized } from '../parts/entries.ts'
import { hostOf, outcomePlace, own as isolated, versionPlace } from '../parts/links.ts'
import { seal } from '../parts/seal.ts'
import { originNote } from './origin.ts'
import { outcomeOf, type Show, versionOf } from './find.ts'

export const proofPage: Show = async (context, req, res) => {
  const { site, words } = context
  const outcome = await outcomeOf(site, req)
  const version = await versionOf(site, outcome)
  const path = outcomePlace(outcome)
  const title = words('proof.title')
  const body = html`<p class="soft"><a href="${path}">${localized(words, outcome.title)}</a></p>
<h1>${title}</h1>
${seal(words, { verification: version.verification, host: hostOf(outcome.id), href: '#check' })}
<p>${words('proof.intro')}</p>
${await originNote(context, outcome)}
${await facts(context, version)}
${await logFacts(context, outcome, version)}
${outcome.local && (await seenBy(context, version))}
${!outcome.local && (await heldHere(context, outcome, version))}
<h2 id="check">${words('check.title')}</h2>
${checkSteps(words, version.id)}
<p>${words('check.compare')}</p>`
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

/** The log that the version is an entry of: ours, or the one it was read from. */
async function logFacts(
  { site, words }: Context,
  outcome: Outcome,
  version: Version,
): Promise<Html | false> {
  const pull = outcome.local ? undefined : await site.store.get('pulls', outcome.initiative)
  const log = outcome.local ? await site.store.head() : pull
  if (!log) return false
  return html`<h2>${words('proof.log')}</h2>
<p>${words('proof.log_said')}</p>
<dl class="facts"><dt>${words('proof.log_size')}</dt><dd>${words.number(log.size)}</dd>
<dt>${words('proof.log_root')}</dt><dd class="code"><bdi>${log.root}</bdi></dd>
${pull && html`<dt>${words('proof.log_standing')}</dt><dd>${words(`pull.${pull.standing}`)}</dd>`}</dl>
${pull && divergence(words, pull)}
${(outcome.local ? version.activity !== undefined : pull?.checkpoints !== undefined) && place(words, version, { origin: originOf(outcome.initiative), key: await ownKey(site, outcome) }, pull?.checkpoints?.at(-1)?.note)}`
}

/** Which servers have signed that they saw this version in our log. */
async function seenBy({ site, words }: Context, { activity }: Version): Promise<Html | false> {
  const entry = activity === undefined ? undefined : await site.store.entry(activity)
  if (!entry) return false
  const said = siteAt(site, originOf(entry.actor))
  const seen = (await witnesses(said)).filter(({ size }) => size >= entry.seq)
  return html`<h2>${words('seen.title')}</h2>
<p>${words(seen.length > 0 ? 'seen.said' : 'seen.none')}</p>
${seen.length > 0 && html`<ul>${seen.map(({ id, size, at, key }) => html`<li>${words.rich('seen.by', { host: isolated(hostOf(id)), moment: moment(words, at), size })}<br><span class="code"><bdi>${key}</bdi></span></li>`)}</ul>`}`
}

/** That it can be proven from our own copy of the log, also when its origin is gone. */
async function heldHere(
  { site, words }: Context,
  outcome: Outcome,
  version: Version,
): Promise<Html | false> {
  const head = await headOver(site, version)
  if (!head) return false
  const host = isolated(hostOf(outcome.id))
  const place = { seq: version.seq ?? 0, size: head.size }
  const cosigned = await site.store.get('cosigned', hostOf(outcome.id))
  const isSigned = cosigned?.root === head.root
  return html`<h2>${words('held.title')}</h2>
<p>${words.rich('held.said', { host, moment: moment(words, head.at) })} ${words('held.place', place)}
${isSigned && words.rich('held.signed', { moment: moment(words, cosigned.at) })}</p>
<ul><li><a href="${proofAt(site.origin, version.id)}">${words('held.inclusion')}</a></li>
<li><a href="${bundleAt(site.origin, version.id)}">${words('held.bundle')}</a></li></ul>
<pre dir="ltr">tributary verify ${bundleAt(site.origin, version.id)}</pre>`
}

/** The key that others check our checkpoints with. */
async function ownKey(site: Site, { id, local }: Outcome): Promise<string | undefined> {
  return local ? (await verifierKeys(siteAt(site, originOf(id))))[0]?.key : undefined
}

/** Where its own server proves that it stands in the log, and how that is checked. */
function place(
  words: Words,
  { id }: Version,
  { origin, key }: { origin: string; key: string | undefined },
  note?: string,
): Html {
  const proof = proofAt(origin, id)
  const bundle = bundleAt(origin, id)
  return html`<ul><li><a href="${proof}">${words('proof.inclusion')}</a></li>
<li><a href="${origin}/checkpoint">${words('proof.checkpoint')}</a></li>
<li><a href="${bundle}">${words('proof.bundle')}</a></li></ul>
${key !== undefined && html`<dl class="facts"><dt>${words('proof.verifier')}</dt><dd class="code"><bdi>${key}</bdi></dd></dl>`}
${note !== undefined && html`<details><summary>${words('proof.kept')}</summary><pre dir="ltr">${note}</pre></details>`}
<p>${words('proof.verify')}</p><pre dir="ltr">tributary verify ${bundle}</pre>`
}

async function facts({ site, words }: Context, version: Version): Promise<Html> {
  const method = methodOf(version)
  const own = method ? await site.store.get('keys', method) : undefined
  const key = own?.multibase ?? version.verification.key
  return html`<dl class="facts">
<dt>${words('facts.version')}</dt><dd>${words.number(version.version)} · ${moment(words, version.at)}</dd>
<dt>${words('facts.digest')}</dt><dd class="code"><bdi>${version.digest}</bdi></dd>
${version.previous !== undefined && html`<dt>${words('facts.previous')}</dt><dd class="code"><bdi>${version.previous}</bdi></dd>`}
<dt>${words('proof.suite')}</dt><dd>${isolated('eddsa-jcs-2022')}</dd>
${method && html`<dt>${words('proof.method')}</dt><dd class="code"><bdi>${method}</bdi></dd>`}
${key !== undefined && html`<dt>${words('proof.key')}</dt><dd class="code"><bdi>${key}</bdi>${own?.until !== undefined && html`<br>${words('proof.key_until')} ${moment(words, own.until)}`}</dd>`}
${version.seq !== undefined && html`<dt>${words('proof.position')}</dt><dd>${words.number(version.seq)}</dd>`}
<dt>${words('proof.object')}</dt><dd class="code"><a href="${version.id}"><bdi>${version.id}</bdi></a><br><a href="${versionPlace(version)}/object">${words('proof.bytes')}</a></dd>
</dl>`
}

/** The verification method that the signed object names. */
function methodOf({ verification, wire }: Version): string | undefined {
  const object =
    wire === '' ? {} : (JSON.parse(wire) as { proof?: { verificationMethod?: string } })
  return verification.method ?? object.proof?.verificationMethod
}
