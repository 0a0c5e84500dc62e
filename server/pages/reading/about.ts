/** About the initiative: what it is, where, in which languages, and how to follow it. */
import type { Initiative } from '../../../content/model.ts'
import { countryName, languageName } from '../../../content/countries.ts'
import { label } from '../../../content/vocabulary.ts'
import { groupId } from '../../../federation/addresses.ts'
import { groupName } from '../../../federation/translate/actors.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { localized } from '../parts/entries.ts'
import { followBox } from '../parts/follow.ts'
import { hostOf, own } from '../parts/links.ts'
import { alternate, type Show } from './find.ts'
import { aside } from '../../marks.ts'

export const aboutPage: Show = async (context, _req, res) => {
  const { site, words, profile } = context
  const title = words('layout.about')
  const body = html`<h1>${profile ? localized(words, profile.name) : title}</h1>
${profile && Object.keys(profile.summary).length > 0 && html`<p class="lead">${localized(words, profile.summary)}</p>`}
${profile && initiativeFacts(context, profile)}
<h2>${words('about.follow')}</h2>
<p>${words('about.follow_said')}</p>
<p class="note code"><bdi>${profile && `@${groupName(profile)}@${hostOf(site.origin)}`}</bdi></p>
${followBox(context, { feeds: '/', title, calendar: '/calendar.ics', whole: true, mail: groupId(context.site) })}
<p><a href="/outcomes/feed.atom">${aside(words, words('outcomes.title'), 'Atom')}</a> · <a href="/themes">${words('themes.title')}</a> · <a href="/reports">${words('annual.title')}</a></p>
<h2>${words('about.machines')}</h2>
<p>${words('about.machines_said')}</p>
<ul><li><a href="/outcomes.json">/outcomes.json</a>, <a href="/outcomes.csv">/outcomes.csv</a></li>
<li><span class="code"><bdi>${groupId(site)}</bdi></span></li></ul>`
  alternate(res, groupId(site))
  sendPage(res, page(context, { title, body, here: 'about', feeds: feedLinks('/', title) }))
}

/** What an initiative says about itself. */
export function initiativeFacts({ words }: Context, profile: Initiative): Html {
  const { kind, countries, languages, website, codeOfConduct, established, licence } = profile
  const scope = inWords(profile.scope, words)
  const named = countries.map((code) => countryName(code, words.language))
  const spoken = languages.map((code) => languageName(code, words.language))
  const link = (url: string) => html`<a href="${url}" rel="noopener">${own(hostOf(url))}</a>`
  return html`<dl class="facts">
<dt>${words('about.acronym')}</dt><dd>${own(profile.acronym)}</dd>
<dt>${words('about.kind')}</dt><dd>${label('nri-kinds', kind, words.language)}</dd>
${scope !== '' && html`<dt>${words('about.scope')}</dt><dd>${localized(words, profile.scope)}</dd>`}
${named.length > 0 && html`<dt>${words('about.countries_title')}</dt><dd>${words.list(named)}</dd>`}
<dt>${words('facts.languages')}</dt><dd>${words.list(spoken)}</dd>
${established !== undefined && html`<dt>${words('about.established')}</dt><dd>${String(established)}</dd>`}
${website !== undefined && html`<dt>${words('about.website')}</dt><dd>${link(website)}</dd>`}
${codeOfConduct !== undefined && html`<dt>${words('about.conduct')}</dt><dd>${link(codeOfConduct)}</dd>`}
<dt>${words('facts.licence')}</dt><dd>${own(licence)}</dd>
</dl>`
}
