/** What was proposed to a call, for its host: with the countries, and what is to become of it. */
import type { Request, Response } from 'express'
import {
  type Call,
  hold,
  isTaking,
  merge,
  type Proposal,
  setAside,
  show,
} from '../../../content/calls.ts'
import { countryName } from '../../../content/countries.ts'
import type { Doing } from '../../../content/doing.ts'
import { mistaken } from '../../../content/checked.ts'
import { proposalId } from '../../../federation/addresses.ts'
import { type Context, inWords, sendPage, word } from '../../context.ts'
import { button, type Field, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { entries, localized } from '../parts/entries.ts'
import { slugOf } from '../parts/links.ts'
import { pageAddress, pageNumber, pager } from '../parts/pager.ts'
import { timeLeft } from '../parts/stages.ts'
import { type Show, shownItems } from '../reading/find.ts'
import { listIn, textIn, valuesIn } from '../writing/values.ts'
import { attempted, type Wrong } from './attempt.ts'
import { callOf } from './find.ts'
import { callLinks, commit, hostCallPlace, openOrClose } from './host.ts'
import { proposalEntry, sessionsOfAll } from './shown.ts'
import { pair } from '../../marks.ts'

const PAGE_SIZE = 20
const CHOSEN_MAX = 100
const SESSIONS_MAX = 200
const standings = ['held', 'shown', 'merged', 'set_aside'] as const

interface Decided {
  session: string
  reason: string
  at: string
}

/** Each decision, and what it makes of the proposals. */
const decisions: Record<string, (proposals: Proposal[], by: Decided) => Doing> = {
  show: (proposals, { at }) => show(proposals, at),
  hold: (proposals, { at }) => hold(proposals, at),
  set_aside: (proposals, { reason, at }) => setAside(proposals, reason, at),
  merge: (proposals, { session, at }) => merge(proposals, session, at),
}

export const hostCall: Show = async (context, req, res) => {
  allowed(res, 'write_meeting')
  await showCall(context, await callOf(context.site, req), req, res)
}

interface Typed {
  values: Values
  wrong: Wrong
}

async function showCall(
  context: Context,
  call: Call,
  req: Request,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { site, words } = context
  const standing = standings.find((each) => each === req.query.standing)
  const where = { call: call.id, standing: standing ? [standing] : [...standings] }
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [found, total] = await Promise.all([
    site.store.find('proposals', { where, order: 'oldest', skip, limit: PAGE_SIZE }),
    site.store.count('proposals', { where }),
  ])
  const sessions = await sessionsOfAll(site, found)
  const title = words('call.one')
  const body = html`<p class="lead">${localized(words, call.title)}</p>
${callLinks(context, call)}
<p class="note">${timeLeft(words, call, site.now())}</p>
${switches(context, call)}
${await byStanding(context, call)}
<h2>${words('call.proposals', { count: total })}</h2>
${found.length > 0 ? entries(found.map((each) => html`${proposalEntry(context, call, each, sessions)}${forHost(context, each)}`)) : html`<p>${words('call.no_proposals')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
${found.length > 0 && (await decisionForm(context, call, req, found, typed))}`
  const { status = 200 } = typed?.wrong ?? {}
  sendPage(res, hostPage(context, { title, body, here: 'calls', done: req.query.done }), status)
}

/** Open it now, while it is to open; close it now, while it is open. */
function switches(context: Context, call: Call): Html | false {
  const at = context.site.now()
  const say = (what: 'open' | 'close') =>
    button(
      context,
      `${hostCallPlace(call)}?do=${what}`,
      context.words(`call.${what}`),
      {},
      'second',
    )
  if (isTaking(call, at)) return say('close')
  return call.opensAt > at && say('open')
}

/** How many stand where, each a link to those alone. */
async function byStanding({ words, site }: Context, call: Call): Promise<Html | false> {
  const { standing = [] } = await site.store.facets('proposals', { where: { call: call.id } }, [
    'standing',
  ])
  if (standing.length === 0) return false
  return html`<dl class="facts">${standing.map(({ value, count }) =>
    value === 'withdrawn'
      ? html`<dt>${words('call.standing.withdrawn')}</dt><dd>${words.number(count)}</dd>`
      : html`<dt>${words(`call.standing.${value}`)}</dt><dd><a href="${hostCallPlace(call)}?standing=${value}">${words.number(count)}</a></dd>`,
  )}</dl>`
}

/** What the host alone reads. */
function forHost({ words }: Context, { standing, residence, origin }: Proposal): Html {
  const name = (code: string | undefined) => (code ? countryName(code, words.language) : '—')
  return html`<p class="soft">${words(`call.standing.${standing}`)} · ${pair(words, words('call.field.residence'), name(residence))} · ${pair(words, words('call.field.origin'), name(origin))}</p>`
}

async function decisionForm(
  context: Context,
  call: Call,
  req: Request,
  found: Proposal[],
  typed?: Typed,
): Promise<Html> {
  const { words } = context
  return html`<section id="decide"><h2>${words('call.decide')}</h2>${typed?.wrong.said}${form(
    context,
    {
      action: pageAddress(req, pageNumber(req)).replace(/[?&]done=[^&]*/, ''),
      fields: await decisionFields(context, call, found),
      values: typed?.values ?? {},
      mistakes: typed?.wrong.mistakes ?? [],
      submit: words('call.decide_now'),
    },
  )}</section>`
}

async function decisionFields(
  { words, site }: Context,
  call: Call,
  found: Proposal[],
): Promise<Field[]> {
  const where = call.meeting ? { meeting: call.meeting } : {}
  const sessions = await shownItems(site, 'session', { where, limit: SESSIONS_MAX })
  return [
    {
      ...{ name: 'proposals', label: words('call.field.proposals'), kind: 'checkboxes' },
      required: true,
      options: found.map(({ id, title = '', name }) => ({
        value: slugOf(id),
        label: words('call.title_by', { title, name }),
      })),
    },
    {
      ...{ name: 'decision', label: words('call.field.decision'), kind: 'radios', required: true },
      options: ['show', 'hold', 'set_aside', 'merge', 'merge_new'].map((value) => ({
        value,
        label: words(`call.decision.${value}`),
      })),
    },
    {
      ...{
        name: 'reason',
        label: words('call.field.reason'),
        hint: words('call.field.reason_hint'),
      },
      ...{ kind: 'area', rows: 3, dir: 'auto' },
    },
    {
      ...{ name: 'session', label: words('call.field.session'), kind: 'select' },
      hint: words('call.field.session_hint'),
      options: [
        { value: '', label: '—' },
        ...sessions.map(({ id, title }) => ({ value: id, label: inWords(title, words) })),
      ],
    },
  ]
}

export const sendDecision: Show = async (context, req, res) => {
  const person = allowed(res, 'write_meeting')
  const { site } = context
  const call = await callOf(site, req)
  if (word(req, 'do') !== undefined) return openOrClose(context, req, res, call)
  const values = valuesIn(req)
  const name = textIn(values, 'decision')
  let next = `${hostCallPlace(call)}?done=decided`
  const wrong = await attempted(context, async () => {
    const chosen = await chosenOf(context, call, listIn(values, 'proposals'))
    if (name === 'merge_new') return void (next = sessionPlace(call, chosen))
    const decide = decisions[name] ?? mistaken('decision', 'field.required')
    const session = name === 'merge' ? await sessionHere(context, values) : ''
    const doing = decide(chosen, { session, reason: textIn(values, 'reason'), at: site.now() })
    await commit(context, person, call.id, `call_${name}`, doing)
  })
  if (wrong) return showCall(context, call, req, res, { values, wrong })
  res.redirect(303, next)
}

/** Where several are made into a new session. */
function sessionPlace(call: Call, chosen: Proposal[]): string {
  const query = new URLSearchParams({ proposals: chosen.map(({ id }) => slugOf(id)).join(' ') })
  if (call.meeting) query.set('meeting', call.meeting)
  return `${hostCallPlace(call)}/session?${query}`
}

async function sessionHere({ site }: Context, values: Values): Promise<string> {
  const id = textIn(values, 'session')
  const item = id === '' ? undefined : await site.store.get('items', id)
  if (item?.type !== 'session' || !item.local || item.visibility !== 'shown')
    return mistaken('session', 'field.required')
  return id
}

/** The proposals that were ticked. Refusal `invalid` when there is none. */
export async function chosenOf({ site }: Context, call: Call, keys: string[]): Promise<Proposal[]> {
  const found = await Promise.all(
    keys.slice(0, CHOSEN_MAX).map((key) => site.store.get('proposals', proposalId(call.id, key))),
  )
  const chosen = found.filter((each) => each !== undefined)
  if (chosen.length === 0) mistaken('proposals', 'field.required')
  return chosen
}
