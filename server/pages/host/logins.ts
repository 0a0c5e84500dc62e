/** Where somebody is signed in, on their account page: each browser, and a button that ends one. */
import type { Person } from '../../../content/parties.ts'
import { act } from '../../../content/moderation.ts'
import { Refusal } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { button } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { loginsOf } from '../../login.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import { richAside } from '../../marks.ts'

export async function loginList(context: Context, person: Person): Promise<Html> {
  const { words, site, login: here } = context
  const logins = await loginsOf(site, person)
  return html`<h2>${words('account.logins')}</h2><ul class="entries">${logins.map(
    ({ id, at, until, browser }) => {
      const times = { at: moment(words, at), until: moment(words, until) }
      const named = browser ? own(browser) : words('account.login_unknown')
      return html`<li><p>${id === here ? richAside(words, named, words('account.login_here')) : named}</p>
<p class="soft">${words.rich('account.login_facts', times)}</p>
${id !== here && button(context, '/host/account', words('account.end_one'), { do: 'end_one', login: id }, 'second')}</li>`
    },
  )}</ul>`
}

/** End one login of one's own. Refusal `missing` for any other. */
export async function endLogin(site: Site, person: Person, id: string): Promise<void> {
  const login = await site.store.get('logins', id)
  if (login?.person !== person.id) throw new Refusal('missing', 'page')
  const acts = [act(person.id, 'ended_login', person.id, site.now())]
  await site.store.commit({ put: { acts }, drop: { logins: [id] } })
}
