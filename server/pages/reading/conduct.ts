/** /conduct: how people treat each other on these pages, with its version and date. */
import { Refusal } from '../../../content/refusal.ts'
import { markdownToHtml } from '../../../content/text.ts'
import { conductOf } from '../../conduct.ts'
import { languageIn, sendPage, word } from '../../context.ts'
import { html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { direction } from '../../words.ts'
import { day } from '../parts/dates.ts'
import { hostOf, own } from '../parts/links.ts'
import type { Show } from './find.ts'

/** `?version=2`: as it was. */
export const conductPage: Show = async (context, req, res) => {
  const { words, site, profile } = context
  if (!profile) throw new Refusal('missing', 'page')
  const asked = word(req, 'version')
  const number = asked === undefined ? undefined : Number(asked)
  if (number !== undefined && !(Number.isInteger(number) && number > 0))
    throw new Refusal('missing', 'page')
  const { version, at, texts } = await conductOf(site, profile, number)
  const language = languageIn(texts, words)
  const title = words('conduct.title')
  const body = html`<h1>${title}</h1>
<p class="soft">${words('versions.number', { number: version })} · ${day(words, at)}${
    version > 1 && html` · <a href="/conduct?version=${version - 1}">${words('facts.previous')}</a>`
  }</p>
<div class="words" lang="${language}" dir="${direction(language)}">${safe(markdownToHtml(texts[language] ?? ''))}</div>
<h2>${words('conduct.report')}</h2><p>${words('conduct.report_said')} <a href="/moderation">${words('moderation.record')}</a></p>
${profile.codeOfConduct !== undefined && html`<p>${words('conduct.also')} <a href="${profile.codeOfConduct}" rel="noopener">${own(hostOf(profile.codeOfConduct))}</a></p>`}`
  sendPage(res, page(context, { title, body, here: 'about' }))
}
