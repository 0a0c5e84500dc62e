/** What an aggregator is and is not, how to be listed, and its open data. */
import { groupId } from '../../../federation/addresses.ts'
import { groupName } from '../../../federation/translate/actors.ts'
import { sendPage } from '../../context.ts'
import { feedLinks } from '../../feeds.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { localized } from '../parts/entries.ts'
import { followByMail } from '../parts/follow-by-mail.ts'
import { hostOf } from '../parts/links.ts'
import { interactForm } from '../reading/answer.ts'
import { alternate, type Show } from '../reading/find.ts'

export const aboutGathering: Show = async (context, _req, res) => {
  const { site, words, profile } = context
  const title = words('layout.about')
  const handle = profile && `@${groupName(profile)}@${hostOf(site.origin)}`
  const body = html`<h1>${profile ? localized(words, profile.name) : title}</h1>
${profile && Object.keys(profile.summary).length > 0 && html`<p class="lead">${localized(words, profile.summary)}</p>`}
<h2>${words('gathering.what')}</h2>
<p>${words('gathering.what_said')}</p><p>${words('gathering.what_not')}</p><p>${words('gathering.checked')}</p>
<h2 id="listed">${words('gathering.listed')}</h2>
<p>${words('gathering.listed_said')}</p>
<p class="note code"><bdi>${site.origin}</bdi></p>
<h2 id="follow">${words('about.follow')}</h2>
<p>${words('about.follow_said')}</p>
<p class="note code"><bdi>${handle}</bdi></p>
${interactForm(context, groupId(site), words('about.follow_go'))}
${followByMail(context, groupId(site))}
<h2>${words('gathering.data')}</h2>
<p>${words('gathering.data_said')}</p>
<ul><li>${words('initiatives.title')}: <a href="/initiatives.json">JSON</a>, <a href="/initiatives.csv">CSV</a></li>
<li>${words('outcomes.title')}: <a href="/outcomes.json">JSON</a>, <a href="/outcomes.csv">CSV</a>, <a href="/outcomes/feed.atom">Atom</a>, <a href="/outcomes/feed.json">JSON Feed</a></li>
<li>${words('search.title')}: <a href="/search.json">JSON</a>, <a href="/search.csv">CSV</a></li></ul>`
  alternate(res, groupId(site))
  sendPage(res, page(context, { title, body, here: 'about', feeds: feedLinks('/', title) }))
}
