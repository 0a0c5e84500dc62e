/** What waits for a second person, and whether one is wanted at all. */
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { may } from '../../../content/rights.ts'
import { REASON_LETTERS_MAX, type Pending, WAITS_DAYS } from '../../../content/second-person.ts'
import { groupId } from '../../../federation/addresses.ts'
import { type Context, sendPage } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { confirm, decline, isWanted, pendingOf, perform, waitingFor } from '../../second-person.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import { part, type Show } from '../reading/find.ts'
import { planIn } from '../../handover.ts'
import { hostPage } from './frame.ts'
import { sendArrived } from './moving.ts'
import { planLines } from './handover-plan.ts'
import { nameOf } from './names.ts'
import { typedIn, wrongIn } from './typed.ts'

const DECIDED_SHOWN = 50

/** `Publish version 1 of X`, with what it is about as a link. */
export async function stepWords(context: Context, { verb, item, args }: Pending): Promise<Html> {
  const { words } = context
  const role = args.role && words.has(`role.${args.role}`) ? words(`role.${args.role}`) : ''
  const day = args.at ? words.day(args.at) : ''
  const what =
    verb === 'open_invitation' ? await noteOf(context, item) : await nameOf(context, item)
  return words.rich(`second.step.${verb}`, { version: '', ...args, role, day, what })
}

/** Whom an invitation is for: its step says the rest. */
async function noteOf({ site }: Context, id: string): Promise<Html> {
  const invitation = await site.store.get('invitations', id)
  return own(invitation?.note || '—')
}

/** What waits for this person, as lines of the front page. */
export async function secondEntries(context: Context, person: Person): Promise<Html[]> {
  const waiting = await waitingFor(context.site, person)
  return Promise.all(waiting.map((pending) => entryOf(context, pending)))
}

async function entryOf(context: Context, pending: Pending): Promise<Html> {
  const { words } = context
  const [step, who] = [await stepWords(context, pending), await nameOf(context, pending.by)]
  const until = moment(words, pending.until)
  return html`<li><p>${step}</p><p class="soft">${words.rich('second.asked_by', { who, until })}</p>
<p><a href="/host/second/${pending.id}">${words('second.look')}</a></p></li>`
}

export const secondsPage: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_people')
  await showSeconds(context, res, person, { done: req.query.done })
}

/** Switching it on or off. Off is a step that takes two itself. */
export const changeSecond: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_people')
  const { do: asked } = typedIn(req)
  if (asked !== 'on' && asked !== 'off') throw new Refusal('invalid', 'request')
  const step = { verb: `second_person_${asked}`, item: groupId(context.site), args: {} }
  const came = await perform(context.site, step, person)
  const done = came === 'waits' ? 'asked_second' : `second_${asked}`
  res.redirect(303, `/host/second?done=${done}`)
}

async function showSeconds(
  context: Context,
  res: Parameters<Show>[2],
  person: Person,
  { done }: { done: unknown },
): Promise<void> {
  const { words, site } = context
  const states = ['confirmed', 'declined', 'taken_back', 'expired', 'overtaken']
  const [wanted, waiting, decided] = await Promise.all([
    isWanted(site),
    secondEntries(context, person),
    site.store.find('pendings', { where: { state: states }, limit: DECIDED_SHOWN }),
  ])
  const over = await Promise.all(decided.map((pending) => overEntry(context, pending)))
  const title = words('second.title')
  const [say, value] = wanted
    ? (['second.turn_off', 'off'] as const)
    : (['second.turn_on', 'on'] as const)
  const body = html`<p class="lead">${words('second.said', { count: WAITS_DAYS })}</p>
<p>${words(wanted ? 'second.is_on' : 'second.is_off')}</p>
${button(context, '/host/second', words(say), { do: value }, 'second')}
<h2>${words('second.waiting')}</h2>
${waiting.length > 0 ? html`<ul class="entries">${waiting}</ul>` : html`<p>${words('second.none')}</p>`}
${over.length > 0 && html`<h2>${words('second.over')}</h2><ul class="entries">${over}</ul>`}`
  sendPage(res, hostPage(context, { title, body, here: 'people', done }))
}

async function overEntry(context: Context, pending: Pending): Promise<Html> {
  const { words } = context
  const { decidedBy = '', decidedAt = pending.until, state, by, reason } = pending
  const [step, asker, decider] = await Promise.all([
    stepWords(context, pending),
    nameOf(context, by),
    nameOf(context, decidedBy),
  ])
  const facts = { asker, decider, moment: moment(words, decidedAt) }
  return html`<li><p>${step}</p><p class="soft">${words.rich(`second.state.${state}`, facts)}${reason && html`<br>${own(reason)}`}</p></li>`
}

export const secondPage: Show = async (context, req, res) => {
  const person = allowed(res, 'see_host_pages')
  const pending = await pendingOf(context.site, part(req, 'id'), person)
  await showSecond(context, res, pending, { person, mistakes: [] })
}

export const decideSecond: Show = async (context, req, res) => {
  const person = allowed(res, 'see_host_pages')
  const { site } = context
  const { do: asked, reason = '' } = typedIn(req)
  const pending = await pendingOf(site, part(req, 'id'), person)
  const back = may(person, 'manage_people') ? '/host/second' : '/host'
  if (asked === 'confirm') {
    await confirm(site, pending.id, person)
    if (sendArrived(context, req, res)) return
    return res.redirect(303, `${back}?done=second_confirmed`)
  }
  if (asked !== 'decline') throw new Refusal('invalid', 'request')
  const mistakes = await wrongIn(() => decline(site, pending.id, person, reason))
  if (mistakes.length > 0) return showSecond(context, res, pending, { person, mistakes })
  res.redirect(303, `${back}?done=second_declined`)
}

async function showSecond(
  context: Context,
  res: Parameters<Show>[2],
  pending: Pending,
  { person, mistakes }: { person: Person; mistakes: Mistake[] },
): Promise<void> {
  const { words, site } = context
  const isOpen = pending.state === 'waiting' && pending.until > site.now()
  const who = await nameOf(context, pending.by)
  const asked = words.rich('second.asked_by', { who, until: moment(words, pending.until) })
  const { reason, since } = pending.args
  const body = html`<p class="lead">${await stepWords(context, pending)}</p>
<p class="soft">${asked}</p>
${reason && html`<dl class="facts"><dt>${words('step.reason')}</dt><dd>${own(reason)}</dd></dl>`}
${since && html`<dl class="facts"><dt>${words('keys.since')}</dt><dd>${moment(words, since)}</dd></dl>`}
${pending.verb === 'hand_over' && (await planLines(context, planIn(pending)))}
${isOpen ? choices(context, pending, person, mistakes) : html`<p class="note">${words('refusal.second.over')}</p>`}`
  const title = words('second.one')
  const status = mistakes.length > 0 ? 400 : 200
  sendPage(res, hostPage(context, { title, body, here: 'people' }), status)
}

/** Confirm or decline; whoever asked can only take it back. */
function choices(context: Context, { id, by }: Pending, person: Person, mistakes: Mistake[]): Html {
  const { words } = context
  const action = `/host/second/${id}`
  if (by === person.id)
    return html`<p class="note">${words('second.yours')}</p>
${button(context, action, words('second.take_back'), { do: 'decline' }, 'second')}`
  const hint = words('second.reason_hint', { most: REASON_LETTERS_MAX })
  return html`${button(context, action, words('second.confirm'), { do: 'confirm' })}
<h2>${words('second.decline')}</h2>
${form(context, {
  action,
  fields: [
    {
      name: 'reason',
      label: words('step.reason'),
      hint,
      kind: 'area',
      rows: 3,
      required: true,
      dir: 'auto',
    },
    { name: 'do', label: '', kind: 'hidden' },
  ],
  values: { do: 'decline' },
  mistakes,
  submit: words('second.decline'),
})}`
}
