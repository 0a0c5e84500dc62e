/** A withdrawn outcome: its text is gone from the page, the record stays. */
import type { Response } from 'express'
import type { Outcome } from '../../../content/model.ts'
import { type Context, sendPage } from '../../context.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { day } from '../parts/dates.ts'
import { localized } from '../parts/entries.ts'
import { outcomePlace } from '../parts/links.ts'
import { stageLine, stateWord } from '../parts/stages.ts'
import { versionOf } from './find.ts'

/** 410, with title, reason, date and the digest of the last version that stood. */
export async function withdrawnPage(
  context: Context,
  outcome: Outcome,
  res: Response,
): Promise<void> {
  const { words, site } = context
  const version = await versionOf(site, outcome)
  const body = html`<p class="soft">${stateWord(words, 'withdrawn')}</p>
<h1>${localized(words, outcome.title)}</h1>
<p class="lead">${words.rich('withdrawn.said', { day: day(words, version.at) })}</p>
${version.reason !== undefined && html`<blockquote><p><bdi>${version.reason}</bdi></p></blockquote>`}
${stageLine(words, version)}
<dl class="facts">
<dt>${words('facts.version')}</dt><dd>${words.number(version.version)}</dd>
<dt>${words('facts.digest')}</dt><dd class="code"><bdi>${version.digest}</bdi></dd>
${version.previous !== undefined && html`<dt>${words('facts.previous')}</dt><dd class="code"><bdi>${version.previous}</bdi></dd>`}
<dt>${words('facts.address')}</dt><dd class="code"><bdi>${outcome.id}</bdi></dd>
</dl>
<p><a href="${outcomePlace(outcome)}/versions">${words('facts.versions')}</a></p>`
  sendPage(res, page(context, { title: words('withdrawn.title'), body, here: 'outcomes' }), 410)
}
