/** The part of a call's page that is somebody's own: what they proposed, how many they have left, and the form. */
import type { Request } from 'express'
import { type Call, isTaking, type Proposal } from '../../../content/calls.ts'
import type { Person } from '../../../content/parties.ts'
import { may } from '../../../content/rights.ts'
import { type Context, word } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { pathOf } from '../parts/links.ts'
import type { Wrong } from './attempt.ts'
import { proposedBy } from './find.ts'
import { proposalFields } from './proposal-form.ts'
import { proposalTitle } from './shown.ts'

/** A form that came back. */
export interface Typed {
  values: Values
  wrong: Wrong
}

export async function yourPart(
  context: Context,
  call: Call,
  req: Request,
  typed?: Typed,
): Promise<Html> {
  const { words, person, site } = context
  const inside = may(person, 'contribute')
    ? await signedInPart(context, call, person as Person, typed)
    : isTaking(call, site.now()) && signInPart(context, call)
  const done = word(req, 'done')
  const said = done !== undefined && words.has(`call.done.${done}`)
  return html`<section id="propose" class="no-print"><h2>${words('call.propose')}</h2>
${said && html`<p class="note" role="status">${words(`call.done.${done}`)}</p>`}
${!isTaking(call, site.now()) && html`<p>${words('call.not_open')}</p>`}
${inside}</section>`
}

const signInPart = ({ words }: Context, call: Call): Html =>
  html`<p>${words('call.sign_in_said')}</p>
<p><a class="button second" href="/login?next=${encodeURIComponent(`${pathOf(call.id)}#propose`)}">${words('call.sign_in')}</a></p>`

async function signedInPart(
  context: Context,
  call: Call,
  person: Person,
  typed?: Typed,
): Promise<Html> {
  const { words, site } = context
  const all = await proposedBy(site, call, person)
  const mine = all.filter(({ standing }) => standing !== 'withdrawn')
  const used = words('call.used', { used: mine.length, count: call.perPerson })
  const left = isTaking(call, site.now()) && mine.length < call.perPerson
  return html`<p><b>${used}</b></p>
${mine.length > 0 && html`<ul class="plain">${mine.map((each) => ownLine(context, each))}</ul>`}
${typed?.wrong.said}
${
  (left || typed) &&
  form(context, {
    action: pathOf(call.id),
    fields: proposalFields(context, call),
    values: { language: words.language, ...typed?.values },
    mistakes: typed?.wrong.mistakes ?? [],
    submit: words('call.send'),
  })
}`
}

const ownLine = ({ words }: Context, proposal: Proposal): Html =>
  html`<li><a href="${pathOf(proposal.id)}">${proposalTitle(proposal)}</a> <small>${words(`call.standing.${proposal.standing}`)}</small></li>`
