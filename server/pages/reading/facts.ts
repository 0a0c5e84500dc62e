/** What stands beside an outcome: its proof, versions, languages, meeting, tags, licence, and how to cite it. */
import type { Initiative, Outcome, Version } from '../../../content/model.ts'
import { isBehind } from '../../../content/translations.ts'
import { textFor } from '../../../content/versions.ts'
import { languageName } from '../../../content/countries.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { day } from '../parts/dates.ts'
import { followBox } from '../parts/follow.ts'
import { hostOf, outcomePlace, own, placeAt } from '../parts/links.ts'
import { seal } from '../parts/seal.ts'
import { tagList } from '../parts/tags.ts'
import { citeDetails } from './cite.ts'

interface Beside {
  outcome: Outcome
  version: Version
  initiative: Initiative | undefined
  language: string
}

export function factsBeside(
  context: Context,
  { outcome, version, initiative, language }: Beside,
): Html {
  const { words } = context
  const path = outcomePlace(outcome)
  const { verification } = version
  return html`<h2 class="hidden">${words('facts.title')}</h2>
${seal(words, { verification, host: hostOf(outcome.id), href: `${path}/proof` })}
<dl class="facts">
<dt>${words('facts.version')}</dt><dd>${words.number(version.version)} · ${day(words, version.at)}<br><a href="${path}/versions">${words('facts.versions')}</a></dd>
${Object.keys(version.texts).length > 1 && html`<dt>${words('facts.languages')}</dt><dd>${languageLinks(context, version, language)}<a href="${path}/beside">${words('beside.link')}</a></dd>`}
${version.meeting !== undefined && html`<dt>${words('facts.meeting')}</dt><dd><a href="${placeAt('meetings', version.meeting, version.local)}">${words('facts.to_meeting')}</a></dd>`}
${version.session !== undefined && html`<dt>${words('facts.session')}</dt><dd><a href="${placeAt('sessions', version.session, version.local)}">${words('facts.to_session')}</a></dd>`}
${version.agreed && html`<dt>${words('facts.agreed')}</dt><dd><bdi>${version.agreed.method}</bdi></dd>`}
<dt>${words('facts.licence')}</dt><dd>${own(version.licence)}</dd>
${version.source !== undefined && html`<dt>${words('facts.source')}</dt><dd><a href="${version.source}" rel="nofollow noopener">${own(hostOf(version.source))}</a></dd>`}
<dt>${words('facts.address')}</dt><dd class="code"><bdi>${outcome.id}</bdi></dd>
<dt>${words('facts.digest')}</dt><dd class="code"><bdi>${version.digest}</bdi></dd>
</dl>
${tagList(words, version.tags)}
${citeDetails(context, { version, initiative, language })}
${followBox(context, { feeds: `${path}/`, title: textFor(version, language)?.text.title ?? '', actor: outcome.initiative, mail: outcome.local ? outcome.id : undefined })}
<p class="soft no-print">${words('list.machines')} <a href="${path}.json">JSON</a></p>
<p class="no-print"><a href="${path}/booklet?text=${language}">${words('booklet.link')}</a> · <a href="${path}.docx?text=${language}">DOCX</a></p>`
}

/** Each text with how it came about: original, official, community or machine. */
function languageLinks({ words }: Context, version: Version, language: string): Html {
  const path = placeAt('outcomes', version.outcome, version.local)
  return html`<ul class="plain">${Object.entries(version.texts).map(([each, { standing }]) => {
    const name = languageName(each, each)
    const link =
      each === language
        ? html`<b lang="${each}"><bdi>${name}</bdi></b>`
        : html`<a href="${path}?text=${each}" lang="${each}" hreflang="${each}"><bdi>${name}</bdi></a>`
    return html`<li>${link} <small>${words(`standing.${standing}`)}${isBehind(version, each) && html`, ${words('standing.behind')}`}</small></li>`
  })}</ul>`
}
