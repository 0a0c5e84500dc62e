/** /authorize_interaction?uri=…: what lives elsewhere, opened here by somebody with an account, to be answered or followed. */
import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { contribute } from '../../../content/discussions.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { may } from '../../../content/rights.ts'
import { nameNow } from '../../../federation/former.ts'
import { contributionId, groupId } from '../../../federation/addresses.ts'
import { type Opened, openElsewhere } from '../../../federation/elsewhere.ts'
import { follow } from '../../../federation/follow.ts'
import { notTooOften } from '../../../federation/rates.ts'
import { record } from '../../../federation/record.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html, safe } from '../../html.ts'
import { page } from '../../layout.ts'
import { signedIn } from '../../login.ts'
import { direction } from '../../words.ts'
import { wrongIn } from '../host/typed.ts'
import { hostOf, own, pathOf, slugOf } from '../parts/links.ts'
import { contributionFields, type Typed } from './answer.ts'
import { typedFields } from './contribute.ts'
import type { Show } from './find.ts'

const PATH = '/authorize_interaction'
/** Each time somebody else's server is asked. */
const slowly = notTooOften({ burst: 30, perSecond: 0.1 }, 'elsewhere.slow_down')

export const elsewherePage: Show = async (context, req, res) => {
  const person = signedIn(res)
  const uri = word(req, 'uri') ?? ''
  const { origin } = context.site
  if (uri === origin || uri.startsWith(`${origin}/`)) return res.redirect(303, pathOf(uri))
  slowly(context.site, person.id)
  sendPage(res, page(context, show(context, await openElsewhere(context.site, uri))))
}

export const actElsewhere: Show = async (context, req, res) => {
  const person = signedIn(res)
  const { site } = context
  slowly(site, person.id)
  const opened = await openElsewhere(site, word(req, 'uri') ?? '')
  if (word(req, 'do') === 'follow') {
    if (!may(person, 'manage_peers')) throw new Refusal('forbidden', 'login.forbidden')
    await follow(site, opened.actor.id, person.id)
    return res.redirect(303, '/host/peers?done=followed')
  }
  const id = contributionId(site, randomUUID())
  const mistakes = await wrongIn(() => answer(context, req, person, { id, opened }))
  if (mistakes.length === 0) return res.redirect(303, pathOf(id))
  const typed = { values: { ...typedFields(req) }, mistakes }
  sendPage(res, page(context, show(context, opened, typed)), 400)
}

/** Said here in the person's own name, and sent to whom it answers; whether it is shown there is decided there. */
async function answer(
  { site }: Context,
  req: Request,
  person: Person,
  { id, opened }: { id: string; opened: Opened },
): Promise<void> {
  const { said } = opened
  if (!said || !may(person, 'contribute')) throw new Refusal('forbidden', 'login.forbidden')
  const author = {
    id: nameNow(site, person.id),
    name: person.name,
    handle: `${slugOf(person.id)}@${hostOf(site.origin)}`,
  }
  const by = { actor: groupId(site), at: site.now(), open: true }
  const doing = contribute(id, typedFields(req), said.under, author, by)
  await record(site, doing)
}

function show(context: Context, opened: Opened, typed?: Typed) {
  const { words, person } = context
  const { said, actor, id } = opened
  const title = words(said ? 'elsewhere.title' : 'elsewhere.actor')
  const body = html`<h1>${title}</h1>
<p>${words.rich('elsewhere.said', { host: html`<a href="${id}" rel="nofollow noopener">${own(hostOf(id))}</a>` })}</p>
<p><b>${own(actor.name)}</b> <small>${own(`@${actor.handle}`)}</small></p>
${said && quoted(said)}
${
  said
    ? may(person, 'contribute') && answerForm(context, id, said.language, typed)
    : followForm(context, opened)
}`
  return { title, body }
}

const quoted = ({ name, html: text, language }: NonNullable<Opened['said']>): Html =>
  html`<blockquote lang="${language}" dir="${direction(language)}">${name !== '' && html`<p><b>${name}</b></p>`}${safe(text)}</blockquote>`

function answerForm(context: Context, uri: string, language: string, typed?: Typed): Html {
  const { words, profile } = context
  const spoken = profile?.languages.includes(language) ? language : words.language
  return html`<h2>${words('elsewhere.answer')}</h2><p>${words('elsewhere.answer_said')}</p>
${form(context, {
  action: PATH,
  fields: [
    ...contributionFields(context).filter(({ kind }) => kind !== 'hidden'),
    { name: 'uri', label: '', kind: 'hidden' },
  ],
  values: { language: spoken, ...typed?.values, uri },
  mistakes: typed?.mistakes ?? [],
  submit: words('answer.submit'),
})}`
}

/** An initiative is followed by the initiative here, not by one person: only whoever looks after its peers may. */
function followForm(context: Context, { actor }: Opened): Html {
  const { words, person } = context
  const able = may(person, 'manage_peers') && actor.type === 'Group'
  if (!able) return html`<p>${words('elsewhere.no_follow')}</p>`
  const values = { uri: actor.id, do: 'follow' }
  return html`<p>${words('elsewhere.follow_said')}</p>
${button(context, PATH, words('elsewhere.follow'), values)}`
}
