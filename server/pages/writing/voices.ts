/** A contribution as moderators and drafters see it: who says it, where, when, and its words. */
import type { Contribution } from '../../../content/model.ts'
import { label } from '../../../content/vocabulary.ts'
import type { Context } from '../../context.ts'
import { type Html, html, safe } from '../../html.ts'
import { direction } from '../../words.ts'
import { nameOf } from '../host/names.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'

/** Who says it, as they call themselves, and when. */
export function voice({ words }: Context, contribution: Contribution): Html {
  const { authorName, authorHandle, stakeholderGroup, affiliation, published, brought } =
    contribution
  const handle = brought ? words('brought.mark') : own(`@${authorHandle}`)
  const claims = [
    stakeholderGroup && label('stakeholder-groups', stakeholderGroup, words.language),
    affiliation,
  ].filter(Boolean)
  return html`<p><b>${own(authorName)}</b> <small>${handle}</small>${claims.map(
    (claim) => html` · ${own(claim ?? '')}`,
  )} · ${moment(words, published)}</p>`
}

export const said = ({ language, html: text }: Contribution): Html =>
  html`<div lang="${language}" dir="${direction(language)}">${safe(text)}</div>`

/** The page it stands on, and the message of it. */
export async function whereSaid(context: Context, contribution: Contribution): Promise<Html> {
  const { words, site } = context
  const { about, message } = contribution
  const found = message ? await site.store.get('items', message) : undefined
  const number = found?.type === 'message' ? found.number : undefined
  return html`<p class="soft">${await nameOf(context, about)}${
    number !== undefined && html` · ${words('thread.on_message', { number })}`
  }</p>`
}
