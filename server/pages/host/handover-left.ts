/** What a hand-over leaves to people: what the program cannot do itself, named as things to do. */
import type { Person } from '../../../content/parties.ts'
import { backupFolder } from '../../backups.ts'
import { settingsOf } from '../../config.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { passkeysOf } from '../../passkeys.ts'
import { own, slugOf } from '../parts/links.ts'

/** With the ways in of those who leave; without them, of whoever may leave. */
export async function leftToDo(context: Context, leavers: Person[]): Promise<Html> {
  const { words, site } = context
  const { hostname } = new URL(site.origin)
  const { data, mail } = settingsOf(site)
  const host = own(hostname)
  const accounts = await Promise.all(leavers.map((person) => accountOf(context, person)))
  const rest = [
    words.rich('handover.left.machine', { folder: own(data) }),
    words.rich('handover.left.domain', { host }),
    words.rich('handover.left.dns', { host }),
    mail
      ? words.rich('handover.left.mail', { from: own(mail.from) })
      : html`${words('handover.left.no_mail')}`,
    html`${words.rich('handover.left.backup', { folder: own(backupFolder(data)) })} <a href="/host/backup">${words('backup.title')}</a>`,
    html`${words('handover.left.keys')} <a href="/host/keys">${words('keys.title')}</a>`,
  ]
  return html`<p>${words('handover.left_said')}</p>
<ul class="entries">${[...accounts, ...rest].map((each) => html`<li>☐ ${each}</li>`)}</ul>`
}

/** They keep an account, and whatever opens it. */
async function accountOf({ words, site }: Context, person: Person): Promise<Html> {
  const count = (await passkeysOf(site, person)).length
  const link = html`<a href="/host/people/${slugOf(person.id)}">${own(person.name)}</a>`
  const ways = [
    words(person.password === '' ? 'ways.no_password' : 'handover.has_password'),
    words('ways.passkeys', { count }),
  ]
  return words.rich('handover.left.account', { name: link, ways: ways.join(' ') })
}
