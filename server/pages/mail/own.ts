/** One's own page: what one wrote and what became of it, and whether one is told by e-mail. */
import { Refusal } from '../../../content/refusal.ts'
import type { Contribution } from '../../../content/model.ts'
import { rewrite, takeBack } from '../../../content/own-words.ts'
import type { Person } from '../../../content/parties.ts'
import { everyName } from '../../../federation/former.ts'
import { contributionId, groupId, personId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { signedIn } from '../../login.ts'
import { addressKey } from '../../mailing/links.ts'
import type { Mailing } from '../../mailing/mailing.ts'
import { direction } from '../../words.ts'
import { wrongIn } from '../host/typed.ts'
import { moment } from '../parts/dates.ts'
import { own, pathOf, slugOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { dispositionNote } from '../parts/thread.ts'
import { part, type Show } from '../reading/find.ts'
import { sendQuestion, sendSaid, whoIn } from './link.ts'

const PAGE_SIZE = 20

export const ownPage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const person = signedIn(res)
    const { words, site } = context
    const where = { type: 'contribution', author: everyName(site, person.id) }
    const skip = (pageNumber(req) - 1) * PAGE_SIZE
    const [found, total, bounce] = await Promise.all([
      site.store.find('items', { where, skip, limit: PAGE_SIZE }),
      site.store.count('items', { where }),
      site.store.get('bounces', addressKey(mailing.secret, person.email)),
    ])
    const contributions = found.filter((item) => item.type === 'contribution')
    const title = words('own.title')
    const done = String(req.query.done ?? '')
    const body = html`<h1>${title}</h1>
${words.has(`own.done.${done}`) && html`<p class="note" role="status">${words(`own.done.${done}`)}</p>`}
${bounce && html`<p class="note">${words('own.bounced')}</p>`}
<dl class="facts"><dt>${words('people.name')}</dt><dd>${own(person.name)}</dd><dt>${words('people.email')}</dt><dd>${own(person.email)}</dd></dl>
<p><a href="${pathOf(person.id)}">${words('people.public_page')}</a> · <a href="/host/account">${words('account.title')}</a></p>
<h2>${words('own.written')}</h2>
${contributions.length > 0 ? html`<ul class="entries">${contributions.map((each) => line(context, each))}</ul>` : html`<p>${words('own.nothing')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
<h2>${words('own.settings')}</h2>${settings(context, person)}
<h2>${words('own.data')}</h2><p><a href="/me/export">${words('own.export')}</a></p><p><a href="/me/erase">${words('own.erase')}</a></p>`
    sendPage(res, page(context, { title, body }))
  }

/** Its words, whether they are shown and why not, what the drafters said, and what can be done. */
function line({ words }: Context, item: Contribution): Html {
  const { id, language, html: said, visibility, disposition, published, updated, why } = item
  const reason = why && words.has(`moderation.why.${why}`) ? words(`moderation.why.${why}`) : ''
  return html`<li><p class="soft">${moment(words, published)} · <b>${words(`own.state.${visibility}`)}</b>${
    reason !== '' && html` · ${reason}`
  }${updated && visibility !== 'removed' && html` · ${words('own.edited')}`}</p>
<div lang="${language}" dir="${direction(language)}">${safe(said)}</div>
${disposition && dispositionNote(words, disposition)}
<p class="foot acts">${visibility === 'shown' && html`<a href="${pathOf(id)}">${words('own.see')}</a> `}${
    visibility !== 'removed' && html`<a href="/me${pathOf(id)}">${words('own.change')}</a>`
  }</p></li>`
}

function settings(context: Context, person: Person): Html {
  const { words, mails } = context
  if (!mails) return html`<p>${words('own.no_mail')}</p>`
  const on = person.mails !== false
  return html`<p>${words(on ? 'own.told' : 'own.not_told')}</p>${button(context, '/me', words(on ? 'own.tell_no' : 'own.tell_yes'), { mails: on ? 'no' : 'yes' }, 'second')}`
}

export const saveSettings: Show = async ({ site }, req, res) => {
  const person = signedIn(res)
  await site.store.commit({ put: { people: [{ ...person, mails: word(req, 'mails') === 'yes' }] } })
  res.redirect(303, '/me?done=saved')
}

/** Only who wrote it. Refusal `missing` for everything else. */
async function ownIn(
  { site }: Context,
  req: Parameters<Show>[1],
  person: Person,
): Promise<Contribution> {
  const item = await site.store.get('items', contributionId(site, part(req, 'slug')))
  if (
    item?.type !== 'contribution' ||
    !everyName(site, person.id).includes(item.author) ||
    item.visibility === 'removed'
  )
    throw new Refusal('missing', 'page')
  return item
}

export const editPage: Show = async (context, req, res) => {
  showEdit(context, res, await ownIn(context, req, signedIn(res)))
}

function showEdit(
  context: Context,
  res: Parameters<Show>[2],
  { id, text, visibility, disposition }: Contribution,
  mistakes: Parameters<typeof form>[1]['mistakes'] = [],
): void {
  const { words } = context
  const action = `/me/contributions/${slugOf(id)}`
  const title = words('own.change')
  const open = ['shown', 'held'].includes(visibility) && !disposition
  const body = html`<h1>${title}</h1>
${
  open
    ? form(context, {
        action,
        fields: [
          { name: 'text', label: words('answer.text'), kind: 'area', required: true, dir: 'auto' },
        ],
        values: { text },
        mistakes,
        submit: words('own.save'),
      })
    : html`<p>${words(disposition ? 'own.dealt_with' : 'own.closed')}</p>`
}
<h2>${words('own.delete')}</h2><p>${words('own.delete_said')}</p>${button(context, action, words('own.delete'), { do: 'delete' }, 'danger')}`
  sendPage(res, page(context, { title, body }), mistakes.length > 0 ? 400 : 200)
}

export const changeOwn: Show = async (context, req, res) => {
  const { site } = context
  const item = await ownIn(context, req, signedIn(res))
  const when = { actor: groupId(site), at: site.now() }
  if (word(req, 'do') === 'delete') {
    await record(site, takeBack(item, when))
    return res.redirect(303, '/me?done=deleted')
  }
  const { language } = item
  const text = word(req, 'text') ?? ''
  const mistakes = await wrongIn(() => record(site, rewrite(item, { text, language }, when)))
  if (mistakes.length > 0) return showEdit(context, res, { ...item, text }, mistakes)
  res.redirect(303, '/me?done=saved')
}

export const quietPage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    whoIn(mailing, req, 'quiet')
    const title = context.words('own.tell_no')
    const said = context.words('own.quiet_said')
    sendQuestion(context, req, res, { title, said, action: '/me/quiet', submit: title })
  }

/** One click in a mail program (RFC 8058), without a login. */
export const quiet =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { store } = context.site
    const person = await store.get('people', personId(context.site, whoIn(mailing, req, 'quiet')))
    if (person) await store.commit({ put: { people: [{ ...person, mails: false }] } })
    sendSaid(context, res, context.words('own.tell_no'), context.words('own.not_told'))
  }
