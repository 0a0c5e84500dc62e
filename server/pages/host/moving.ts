/** Moving to another domain: the steps before it, what it will come to, and how many have come along. */
import type { Request, Response } from 'express'
import type { Mistake } from '../../../content/refusal.ts'
import { Refusal } from '../../../content/refusal.ts'
import { formerAsked } from '../../../federation/former.ts'
import {
  type Left,
  type MovePlan,
  movesSoFar,
  planMove,
  sayAgain,
} from '../../../federation/moving.ts'
import { type Context, sendPage } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { perform } from '../../second-person.ts'
import { moment } from '../parts/dates.ts'
import { hostOf, own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { besideField, typedIn } from './typed.ts'

const PATH = '/host/moving'

export const movingPage: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  await show(context, res, { done: req.query.done })
}

export const changeMoving: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_initiative')
  const { site } = context
  const { do: asked = '', to = '' } = typedIn(req)
  if (asked === 'again') {
    await sayAgain(site, person.id)
    return res.redirect(303, `${PATH}?done=moved_again`)
  }
  if (asked !== 'look' && asked !== 'move') throw new Refusal('invalid', 'request')
  let plan: MovePlan | undefined
  const mistakes = await besideField('to', async () => {
    plan = await planMove(site, to)
    if (asked === 'move') await move(context, req, res, plan)
  })
  if (!res.headersSent) await show(context, res, { to, plan, mistakes })
}

async function move(context: Context, req: Request, res: Response, { to }: MovePlan) {
  const person = allowed(res, 'manage_initiative')
  const step = { verb: 'move_server', item: context.site.origin, args: { to } }
  const came = await perform(context.site, step, person)
  if (came === 'waits') res.redirect(303, `${PATH}?done=asked_second`)
  else if (!sendArrived(context, req, res)) res.redirect(303, `${PATH}?done=moved`)
}

/**
 * Where the request came by a name that is a former one by now, the page that leads to the present one: browsers
 * do not follow a form there, and whoever is signed in is so under the former name alone.
 */
export function sendArrived(context: Context, req: Request, res: Response): boolean {
  const { words, site } = context
  if (!formerAsked(site, req.headers.host)) return false
  const body = html`<p class="lead">${words('moving.arrived', { host: hostOf(site.origin) })}</p>
<p><a class="button" href="${site.origin}${PATH}">${words('moving.go_on')}</a></p>`
  sendPage(res, hostPage(context, { title: words('care.moving'), body, here: 'care' }))
  return true
}

interface Shown {
  to?: string
  plan?: MovePlan | undefined
  mistakes?: Mistake[]
  done?: unknown
}

async function show(
  context: Context,
  res: Response,
  { to = '', plan, mistakes = [], done }: Shown,
): Promise<void> {
  const { words, site } = context
  const { left, here } = await movesSoFar(site)
  const steps = ['dns', 'proxy', 'look'].map(
    (name) =>
      html`<li>${words(`moving.step_${name}`, { host: hostOf(site.origin), origin: site.origin })}</li>`,
  )
  const body = html`<p class="lead">${words('moving.said')}</p>
${left.length > 0 && stateOf(context, left, here)}
<h2>${words('moving.before')}</h2><ol>${steps}</ol>
${plan ? planned(context, plan) : askFor(context, to, mistakes)}`
  const shown = hostPage(context, { title: words('care.moving'), body, here: 'care', done })
  sendPage(res, shown, mistakes.length > 0 ? 400 : 200)
}

const askFor = (context: Context, to: string, mistakes: Mistake[]): Html =>
  form(context, {
    action: PATH,
    fields: [
      {
        name: 'to',
        label: context.words('moving.to'),
        hint: context.words('moving.to_hint'),
        kind: 'url',
        required: true,
        dir: 'ltr',
      },
      { name: 'do', label: '', kind: 'hidden' },
    ],
    values: { to, do: 'look' },
    mistakes,
    submit: context.words('moving.look'),
  })

/** What will happen, in figures, and the one button that does it. */
function planned(context: Context, plan: MovePlan): Html {
  const { words } = context
  const { from, to } = plan
  const counts = (['items', 'followers', 'following'] as const).map(
    (name) => html`<li>${words(`moving.plan_${name}`, { count: plan[name] })}</li>`,
  )
  return html`<h2>${words.rich('moving.plan', { from: own(hostOf(from)), to: own(hostOf(to)) })}</h2>
<ul>${counts}
<li>${words('moving.plan_pages')}</li>
<li>${words('moving.plan_sign_in')}</li>
${plan.withoutPassword > 0 && html`<li><b>${words('moving.plan_passkeys', { count: plan.withoutPassword })}</b></li>`}</ul>
${button(context, PATH, words('moving.move', { host: hostOf(to) }), { do: 'move', to }, 'danger')}
<p><a href="${PATH}">${words('moving.not_now')}</a></p>`
}

function stateOf(context: Context, left: Left[], here: number): Html {
  const { words } = context
  const facts = left.map(
    (
      each,
    ) => html`<dl class="facts"><dt>${words('moving.from')}</dt><dd>${own(hostOf(each.from))}</dd>
<dt>${words('moving.now')}</dt><dd>${own(hostOf(each.to))}</dd>
<dt>${words('moving.since')}</dt><dd>${moment(words, each.since)}</dd>
<dt>${words('moving.along')}</dt><dd>${words('moving.along_of', {
      came: Math.max(0, each.before - each.left),
      before: each.before,
    })}</dd></dl>`,
  )
  const waiting = left.some((each) => each.left > 0)
  return html`<h2>${words('moving.state')}</h2>${facts}
<p>${words('moving.here', { count: here })}</p>
${
  waiting
    ? html`<p>${words('moving.keep')}</p>${button(context, PATH, words('moving.again'), { do: 'again' }, 'second')}`
    : html`<p>${words('moving.all_along')}</p>`
}`
}
