/** One contribution on a page of its own, with its trail: what it answers, what came of it, and what speaks of it. */
import type { Contribution, Outcome, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { compareBlocks } from '../../../content/compare.ts'
import { isTakenIn, keyOf, messageIn, takenInBy } from '../../../content/trail.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction } from '../../words.ts'
import { hostOf, outcomePlace, own, placeAt, versionPlace } from '../parts/links.ts'
import { threadList } from '../parts/thread.ts'
import { localized } from '../parts/entries.ts'
import { citedSection } from './cited.ts'
import { comparedWords } from './diff.ts'
import { alternate, itemOf, type Show, versionsOf } from './find.ts'
import { threadPlace } from './threads.ts'

/** The last thing it is about that is here. */
interface Trail {
  contribution: Contribution
  outcome: Outcome
  versions: Version[]
}

export const contributionPage: Show = async (context, req, res) => {
  const { site, words } = context
  const contribution = await itemOf(site, 'contribution', req)
  const { authorName, disposes, about } = contribution
  const root = await site.store.get('items', about)
  if (root && root.visibility !== 'shown') throw new Refusal('gone', 'removed')
  if (disposes && root) return res.redirect(302, await threadPlace(site, contribution))
  const title = words('trail.of', { name: authorName })
  const placed = [{ contribution, depth: 0 }]
  const outcome = root?.type === 'outcome' ? root : undefined
  const trail = outcome && { contribution, outcome, versions: await versionsOf(site, outcome) }
  const body = html`<h1>${title}</h1>
${await standsWhere(context, contribution)}
${trail && answered(context, trail)}
${threadList({ words, path: '', open: false, apart: true, reports: site.policy.publishes }, placed)}
${trail && cameOf(context, trail)}
${await citedSection(context, [contribution.id])}`
  if (contribution.local) alternate(res, contribution.id)
  sendPage(res, page(context, { title, body }))
}

/** The page it stands on: here, or at its origin. */
async function standsWhere({ site, words }: Context, contribution: Contribution): Promise<Html> {
  const { about } = contribution
  const root = await site.store.get('items', about)
  if (root?.type !== 'outcome' && root?.type !== 'discussion') {
    return html`<p class="soft">${words('trail.sent')} <a href="${about}" rel="nofollow noopener">${own(hostOf(about))}</a></p>`
  }
  const folder = root.type === 'outcome' ? 'outcomes' : 'discussions'
  return html`<p class="soft"><a href="${placeAt(folder, about, root.local)}">${localized(words, root.title)}</a> · <a href="${await threadPlace(site, contribution)}">${words('trail.in_thread')}</a></p>`
}

/** The message as it read when it was answered. */
function answered(context: Context, { contribution, outcome, versions }: Trail): Html | false {
  const { words } = context
  const number = contribution.version
  const version = versions.find((each) => each.version === number)
  const key = keyOf(contribution)
  if (!version || outcome.state === 'withdrawn') return false
  const link = html`<a href="${versionPlace(version)}">${words('versions.number', { number: version.version })}</a>`
  const then = key === undefined ? undefined : messageIn(version, key, contribution.language)
  if (!then) return html`<h2>${words('trail.answers')}</h2><p>${link}</p>`
  return html`<h2>${words('trail.answers')}</h2>
<p>${words('message.number', { number: then.number })} · ${link}</p>
<blockquote lang="${then.language}" dir="${direction(then.language)}">${safe(then.block.html)}</blockquote>`
}

/** The drafters' answer stands beside the words; here is the version that took them in, and what reads there now. */
function cameOf(context: Context, trail: Trail): Html | false {
  const { words } = context
  const { contribution, outcome, versions } = trail
  if (outcome.state === 'withdrawn') return html`<p>${words('trail.withdrawn')}</p>`
  const key = keyOf(contribution)
  const taken = takenInBy(contribution, versions)
  return html`<section><h2>${words('trail.came')}</h2>
${!contribution.disposition && html`<p>${words('trail.waiting')}</p>`}
${isTakenIn(contribution) && (taken ? difference(context, trail, taken) : html`<p>${words('trail.not_yet')}</p>`)}
${key !== undefined && asItStands(context, outcome, versions[0], key)}</section>`
}

function difference(context: Context, { contribution, versions }: Trail, taken: Version): Html {
  const { words } = context
  const number = taken.version
  const link = html`<a href="${versionPlace(taken)}/changes">${words('versions.number', { number })}</a>`
  const key = keyOf(contribution)
  const read = versions.find(({ version }) => version === contribution.version)
  const [before, after] = [read, taken].map(
    (version) => key !== undefined && messageIn(version, key, taken.language)?.block,
  )
  const marked = html` lang="${taken.language}" dir="${direction(taken.language)}"`
  return html`<p>${words.rich('trail.taken', { version: link, day: words.day(taken.at) })}</p>
${before && after && html`<blockquote${marked}><p>${comparedWords(words, compareBlocks([before], [after]))}</p></blockquote>`}`
}

function asItStands(
  { words }: Context,
  outcome: Outcome,
  latest: Version | undefined,
  key: string,
): Html {
  const now = messageIn(latest, key, words.language)
  if (!now) return html`<p>${words('message.gone')}</p>`
  const { number, block, language } = now
  return html`<h3>${words('trail.now')}</h3>
<p><a href="${outcomePlace(outcome)}/messages/${key}">${words('message.number', { number })}</a></p>
<blockquote lang="${language}" dir="${direction(language)}">${safe(block.html)}</blockquote>`
}
