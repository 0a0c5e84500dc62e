/** Every public version of an outcome: the list, each exactly as it was, and what changed between two. */
import type { Request } from 'express'
import { compareBlocks, type Compared } from '../../../content/compare.ts'
import type { Contribution, Outcome, Version } from '../../../content/model.ts'
import { causesOf, keyOf } from '../../../content/trail.ts'
import { textFor } from '../../../content/versions.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction } from '../../words.ts'
import { day, moment } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { outcomePlace, versionPlace } from '../parts/links.ts'
import { stateWord } from '../parts/stages.ts'
import { causedBy } from './cited.ts'
import { comparedWords } from './diff.ts'
import {
  alternate,
  contributionsTo,
  initiativeOf,
  outcomeOf,
  part,
  type Show,
  versionOf,
  versionsOf,
} from './find.ts'
import { chosenText, readVersion } from './outcome.ts'
import { withdrawnPage } from './withdrawn.ts'

export const versionsPage: Show = async (context, req, res) => {
  const { site, words } = context
  const outcome = await outcomeOf(site, req)
  const versions = await versionsOf(site, outcome)
  const title = words('versions.title')
  const body = html`<p class="soft"><a href="${outcomePlace(outcome)}">${localized(words, outcome.title)}</a></p>
<h1>${title}</h1>
<p>${words('versions.intro')}</p>
<ol class="entries" reversed>${versions.map((version) => versionEntry(context, outcome, version))}</ol>`
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

function versionEntry({ words }: Context, outcome: Outcome, version: Version): Html {
  const { version: number, at, state, digest, reason } = version
  const name = words('versions.number', { number })
  const readable = outcome.state !== 'withdrawn'
  return html`<li><h2>${readable ? html`<a href="${versionPlace(version)}">${name}</a>` : name}</h2>
<p>${stateWord(words, state)} · ${moment(words, at)}${
    readable &&
    number > 1 &&
    html` · <a href="${versionPlace(version)}/changes">${words('versions.changes')}</a>`
  }</p>
${reason !== undefined && html`<p><bdi>${reason}</bdi></p>`}
<p class="soft code"><bdi>${digest}</bdi></p></li>`
}

/** The version that the address names; Refusal `missing` when it is not a number of one. */
async function asked(context: Context, req: Request) {
  const outcome = await outcomeOf(context.site, req)
  const number = /^[1-9]\d{0,5}$/.test(part(req, 'number')) ? Number(part(req, 'number')) : 0
  return { outcome, version: await versionOf(context.site, outcome, number) }
}

/** An old version exactly as it was, with a banner that says so. */
export const versionPage: Show = async (context, req, res) => {
  const { outcome, version } = await asked(context, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  alternate(res, version.id)
  const banner = oldBanner(context, outcome, version)
  const initiative = await initiativeOf(context, outcome.initiative)
  const whose = initiative ? { initiative } : {}
  const shown = readVersion(context, req, { outcome, version, contributions: [], banner, ...whose })
  sendPage(res, page(context, shown))
}

function oldBanner({ words }: Context, outcome: Outcome, version: Version): Html {
  const { version: number, at } = version
  const path = outcomePlace(outcome)
  const latest = number === outcome.version
  return html`<p class="note">${words.rich(latest ? 'versions.this_latest' : 'versions.this_old', {
    number,
    day: day(words, at),
  })} <a href="${path}">${words('versions.to_latest')}</a>${
    number > 1 &&
    html` · <a href="${path}/versions/${number}/changes">${words('versions.changes')}</a>`
  }</p>`
}

/** What changed since the version before, as a readable text. */
export const changesPage: Show = async (context, req, res) => {
  const { site, words } = context
  const { outcome, version } = await asked(context, req)
  if (outcome.state === 'withdrawn') return withdrawnPage(context, outcome, res)
  const before = await versionOf(site, outcome, version.version - 1)
  const language = chosenText(context, req, version)
  const older = before.texts[language]?.blocks ?? []
  const compared = compareBlocks(older, textFor(version, language)?.text.blocks ?? [])
  const contributions = await contributionsTo(site, { about: outcome.id })
  const taken = causesOf(contributions, await versionsOf(site, outcome)).get(version.version) ?? []
  const changed = compared.filter(({ kind }) => kind !== 'same').length
  const title = words('changes.title', { from: before.version, to: version.version })
  const body = html`<p class="soft"><a href="${outcomePlace(outcome)}">${localized(words, outcome.title)}</a></p>
<h1>${title}</h1>
<p>${words('changes.count', { count: changed })} ${stateWord(words, before.state)} → ${stateWord(words, version.state)}</p>
<div class="words" lang="${language}" dir="${direction(language)}">${compared.map((each) => comparedBlock(context, version, each, taken))}</div>
${wholeCauses(context, taken)}
<p><a href="${versionPlace(version)}">${words('versions.number', { number: version.version })}</a> · <a href="${outcomePlace(outcome)}/versions">${words('facts.versions')}</a></p>`
  sendPage(res, page(context, { title, body, here: 'outcomes' }))
}

/** Contributions on the whole text, not on one message of it. */
function wholeCauses({ words }: Context, taken: Contribution[]): Html | false {
  const whole = taken.filter(({ message }) => message === undefined)
  return whole.length > 0 && html`<p>${words('causes.whole')} ${causedBy(words, whole)}</p>`
}

function comparedBlock(
  { words }: Context,
  version: Version,
  compared: Compared,
  taken: Contribution[],
): Html {
  const { block, kind } = compared
  const text = comparedWords(words, [compared])
  if (block.kind === 'heading') return html`<h2>${text}</h2>`
  const statement = version.statements.find(({ key }) => key === block.message)
  const number = statement ? words.number(statement.number) : kind === 'removed' ? '–' : ''
  const by = kind === 'same' ? [] : taken.filter((each) => keyOf(each) === (block.message ?? ''))
  const because =
    by.length > 0 &&
    html`<p class="foot" lang="${words.language}" dir="${words.dir}">${words('causes.because')} ${causedBy(words, by)}</p>`
  return html`<div class="message"><span class="number">${number}</span><p class="statement">${text}</p>${because}</div>`
}
