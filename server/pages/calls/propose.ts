/** Proposing to a call from its page; and the page of each proposal, where whoever made it changes it or takes it back. */
import type { Request, Response } from 'express'
import {
  amend,
  type Call,
  isTaking,
  type Proposal,
  propose,
  publicStandings,
  takeBack,
} from '../../../content/calls.ts'
import { Refusal } from '../../../content/refusal.ts'
import { may } from '../../../content/rights.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { allowed } from '../../login.ts'
import { localized } from '../parts/entries.ts'
import { pathOf } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { attempted, type Wrong, wrongFields } from './attempt.ts'
import { callOf, proposalOf, proposedBy } from './find.ts'
import type { Typed } from './own.ts'
import { proposalFields, proposalValues, readProposal } from './proposal-form.ts'
import { showCall } from './public.ts'
import { became, proposalTitle, proposalWords, sessionsOfAll, whose } from './shown.ts'

export const sendProposal: Show = async (context, req, res) => {
  const person = allowed(res, 'contribute')
  const { site } = context
  const call = await callOf(site, req)
  const values = valuesIn(req)
  const { input, mistakes } = readProposal(context, values)
  const tried = await attempted(context, async () => {
    const mine = await proposedBy(site, call, person)
    const doing = propose(call, input, person, mine, site.now())
    if (mistakes.length === 0) await site.store.commit(doing.put ? { put: doing.put } : {})
  })
  const wrong = withMistakes(tried, mistakes)
  if (wrong) return showCall(context, call, req, res, { values, wrong })
  const done = call.showing === 'at_once' ? 'proposed' : 'held'
  res.redirect(303, `${pathOf(call.id)}?done=${done}#propose`)
}

/** Countries that nobody understood are named together with all else that is wrong. */
const withMistakes = (tried: Wrong | undefined, mistakes: Wrong['mistakes']): Wrong | undefined =>
  mistakes.length > 0 && !tried?.said
    ? wrongFields([...mistakes, ...(tried?.mistakes ?? [])])
    : tried

/** What is public is for everybody, the rest for whoever made it and for the host. */
function mayRead({ person }: Context, { standing, person: by }: Proposal): boolean {
  return publicStandings.includes(standing) || person?.id === by || may(person, 'write_meeting')
}

export const proposalPage: Show = async (context, req, res) => {
  const call = await callOf(context.site, req)
  await showProposal(context, call, await readable(context, call, req), res)
}

async function readable(context: Context, call: Call, req: Request): Promise<Proposal> {
  const proposal = await proposalOf(context.site, call, req)
  if (proposal.standing === 'withdrawn') throw new Refusal('gone', 'removed')
  if (!mayRead(context, proposal)) throw new Refusal('missing', 'page')
  return proposal
}

async function showProposal(
  context: Context,
  call: Call,
  proposal: Proposal,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { words, site, person } = context
  const sessions = await sessionsOfAll(site, [proposal])
  const mine = person?.id === proposal.person
  const body = html`<p class="soft"><a href="${pathOf(call.id)}">${localized(words, call.title)}</a></p>
<h1>${proposalTitle(proposal)}</h1>
<p class="soft">${whose(words, call, proposal)}</p>
${became(words, proposal, sessions)}
${mine && html`<p class="soft">${words(`call.standing.${proposal.standing}`)}</p>`}
${proposalWords(proposal)}
${mine && (typed || isMovable(call, proposal, site.now())) && ownForm(context, call, proposal, typed)}`
  sendPage(res, page(context, { title: proposal.title ?? '', body }), typed?.wrong.status ?? 200)
}

const isMovable = (call: Call, { standing }: Proposal, at: string): boolean =>
  isTaking(call, at) && (standing === 'shown' || standing === 'held')

function ownForm(context: Context, call: Call, proposal: Proposal, typed?: Typed): Html {
  const { words } = context
  const path = pathOf(proposal.id)
  const values = typed?.values ?? proposalValues(context, proposal)
  return html`<section id="change" class="no-print"><h2>${words('call.change')}</h2>
${typed?.wrong.said}
${form(context, {
  action: path,
  fields: proposalFields(context, call),
  values: { ...values, rev: String(proposal.rev) },
  mistakes: typed?.wrong.mistakes ?? [],
  submit: words('call.save'),
})}
<h2>${words('call.withdraw')}</h2><p>${words('call.withdraw_said')}</p>
${button(context, `${path}?do=withdraw`, words('call.withdraw'), {}, 'danger')}</section>`
}

export const sendOwnProposal: Show = async (context, req, res) => {
  const person = allowed(res, 'contribute')
  const { site } = context
  const call = await callOf(site, req)
  const proposal = await readable(context, call, req)
  if (proposal.person !== person.id) throw new Refusal('forbidden', 'call.not_yours')
  const gone = word(req, 'do') === 'withdraw'
  const values = gone ? proposalValues(context, proposal) : valuesIn(req)
  const { input, mistakes } = readProposal(context, values)
  const tried = await attempted(context, async () => {
    if (textIn(values, 'rev') !== String(proposal.rev))
      throw new Refusal('conflict', 'call.at_once')
    const doing = gone
      ? takeBack(call, proposal, site.now())
      : amend(call, proposal, input, site.now())
    if (gone || mistakes.length === 0) await site.store.commit(doing.put ? { put: doing.put } : {})
  })
  const wrong = gone ? tried : withMistakes(tried, mistakes)
  if (wrong) return showProposal(context, call, proposal, res, { values, wrong })
  res.redirect(303, `${pathOf(call.id)}?done=${gone ? 'withdrawn' : 'changed'}#propose`)
}
