/** Where moderators read what is held, deal with reports, and take back what was shown. */
import type { Request, Response } from 'express'
import type { Contribution } from '../../../content/model.ts'
import { decide } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { may } from '../../../content/rights.ts'
import { groupId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { shortKey } from '../../../content/short-key.ts'
import { hostPage } from '../host/frame.ts'
import { nameOf } from '../host/names.ts'
import { entries } from '../parts/entries.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'
import { forward } from './forward.ts'
import { openReports, type Reported, reportLines, settle } from './reports.ts'
import { textIn, valuesIn } from './values.ts'
import { said, voice, whereSaid } from './voices.ts'

const PAGE_SIZE = 20
const PATH = '/host/contributions'

/** What can be looked at, in the order of a moderator's day. */
const views = ['held', 'reported', 'shown', 'refused'] as const
type View = (typeof views)[number]

/** A decision that lacked its reason. */
interface Typed {
  id: string
  decision: string
}

export const moderationPage: Show = async (context, req, res) => {
  allowed(res, 'moderate')
  await showModeration(context, req, res)
}

/** What stands in this node's own threads, but for its own answers. */
const whereOf = (site: Site, visibility: string) => ({
  type: 'contribution',
  visibility,
  initiative: groupId(site),
})

async function showModeration(
  context: Context,
  req: Request,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { words, site } = context
  const view = views.find((each) => each === word(req, 'view')) ?? 'held'
  const reported = await openReports(site)
  const list = view === 'reported' ? undefined : await listOf(context, req, view, typed)
  const inside = list ?? (await reportedList(context, reported, typed))
  const title = words('host.nav.contributions')
  const body = html`${await tabs(context, view, reported.length)}
${inside}
<p class="soft"><a href="/moderation">${words('moderation.record')}</a> · <a href="/host/contributions/rules">${words('hearing.title')}</a>${
    may(context.person, 'manage_initiative') &&
    html` · <a href="/host/conduct">${words('conduct.title')}</a>`
  }</p>`
  const shown = hostPage(context, { title, body, here: 'contributions', done: req.query.done })
  sendPage(res, shown, typed ? 400 : 200)
}

async function tabs({ words, site }: Context, view: View, reported: number): Promise<Html> {
  const held = await site.store.count('items', { where: whereOf(site, 'held') })
  const counts: Partial<Record<View, number>> = { held, reported }
  return html`<nav class="tabs" aria-label="${words('moderation.views')}"><ul>${views.map(
    (each) =>
      html`<li><a href="${PATH}?view=${each}"${each === view && html` aria-current="page"`}>${words(`moderation.view.${each}`)}${
        counts[each] !== undefined && html` (${words.number(counts[each])})`
      }</a></li>`,
  )}</ul></nav>`
}

async function listOf(
  context: Context,
  req: Request,
  view: Exclude<View, 'reported'>,
  typed: Typed | undefined,
): Promise<Html> {
  const { words, site } = context
  const where = whereOf(site, view)
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const order = view === 'held' ? ('oldest' as const) : ('newest' as const)
  const [found, total] = await Promise.all([
    site.store.find('items', { where, order, skip, limit: PAGE_SIZE }),
    site.store.count('items', { where }),
  ])
  const contributions = found
    .filter((item) => item.type === 'contribution')
    .filter(({ disposes }) => !disposes)
  const cards = await Promise.all(contributions.map((each) => card(context, each, view, typed)))
  return html`${cards.length > 0 ? entries(cards) : html`<p class="lead">${words(`moderation.none.${view}`)}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
}

async function reportedList(
  context: Context,
  reported: Reported[],
  typed: Typed | undefined,
): Promise<Html> {
  const { words, site } = context
  const cards = reported.slice(0, PAGE_SIZE).map(async (each) => {
    const item = await site.store.get('items', each.item)
    const about =
      item?.type === 'contribution'
        ? await card(context, item, 'reported', typed)
        : html`<p>${await nameOf(context, each.item)}</p>`
    return html`${about}<h2>${words('moderation.reports', { count: each.reports.length })}</h2>${await reportLines(context, each)}
${button(context, PATH, words('moderation.settle'), { do: 'settle', id: each.item, view: 'reported' })}`
  })
  const all = await Promise.all(cards)
  return all.length > 0
    ? entries(all)
    : html`<p class="lead">${words('moderation.none.reported')}</p>`
}

/** One contribution with what can be decided about it. */
async function card(
  context: Context,
  contribution: Contribution,
  view: View,
  typed: Typed | undefined,
): Promise<Html> {
  const { words } = context
  const { id, visibility, why } = contribution
  const known = why !== undefined && words.has(`moderation.why.${why}`)
  return html`${voice(context, contribution)}
${await whereSaid(context, contribution)}
${known && visibility !== 'shown' && html`<p class="note">${words(`moderation.why.${why}`)}</p>`}
${said(contribution)}
<div class="decide">${visibility !== 'shown' && button(context, PATH, words('moderation.show'), { do: 'shown', id, view })}
${visibility === 'held' && reasoned(context, id, view, 'refused', typed)}
${visibility === 'shown' && reasoned(context, id, view, 'removed', typed)}
${view === 'reported' && !contribution.local && reasoned(context, id, view, 'forwarded', typed)}</div>`
}

/** A decision that is not taken without saying why. */
function reasoned(
  context: Context,
  id: string,
  view: View,
  decision: 'refused' | 'removed' | 'forwarded',
  typed: Typed | undefined,
): Html {
  const { words } = context
  const wrong = typed?.id === id && typed.decision === decision
  const hidden = ['do', 'id', 'view'].map((name) => ({ name, label: '', kind: 'hidden' as const }))
  return html`<details class="folded"${wrong && html` open`}><summary>${words(`moderation.${decision}`)}</summary>${form(
    context,
    {
      action: PATH,
      prefix: `${shortKey(id)}-`,
      fields: [
        {
          name: 'reason',
          label: words('moderation.reason'),
          hint: words(decision === 'forwarded' ? 'forward.hint' : 'moderation.reason_hint'),
          kind: 'area',
          rows: 2,
          required: true,
          dir: 'auto',
        },
        ...hidden,
      ],
      values: { do: decision, id, view },
      mistakes: wrong ? [{ field: 'reason', sentence: 'field.required' }] : [],
      submit: words(`moderation.${decision}`),
    },
  )}</details>`
}

const decisions = ['shown', 'refused', 'removed'] as const

export const moderate: Show = async (context, req, res) => {
  const person = allowed(res, 'moderate')
  const { site } = context
  const values = valuesIn(req)
  const [id, reason] = [textIn(values, 'id'), textIn(values, 'reason')]
  const asked = word(req, 'do') ?? ''
  const decision = decisions.find((each) => each === asked)
  const needsReason = asked === 'forwarded' || (decision && decision !== 'shown')
  if (needsReason && reason === '')
    return showModeration(context, req, res, { id, decision: asked })
  if (asked === 'settle') await settle(site, person, id)
  else if (asked === 'forwarded') await forward(site, person, id, reason)
  else if (!decision) throw new Refusal('invalid', 'request')
  else await decided(site, person, { id, decision, reason })
  const view = views.find((each) => each === textIn(values, 'view')) ?? 'held'
  res.redirect(303, `${PATH}?view=${view}&done=contribution_${asked}`)
}

interface Decided {
  id: string
  decision: (typeof decisions)[number]
  reason: string
}

/** Only about what stands in this node's own threads. */
async function decided(site: Site, person: Person, { id, decision, reason }: Decided) {
  const item = await site.store.get('items', id)
  const actor = groupId(site)
  if (item?.type !== 'contribution' || item.initiative !== actor || item.disposes)
    throw new Refusal('missing', 'page')
  const by = { by: person.id, actor, at: site.now(), ...(reason ? { reason } : {}) }
  await record(site, decide(item, decision, by))
}
