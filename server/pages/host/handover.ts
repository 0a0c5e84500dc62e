/** Handing the node over to next year's team: chosen on one page, looked at, and done at once or by two. */
import type { Response } from 'express'
import { Role, type Person } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { handingOver, hostsAfter, INVITED_MAX } from '../../handover.ts'
import { askedInvitation } from '../../invitations.ts'
import { allowed } from '../../login.ts'
import { richInARow } from '../../marks.ts'
import { perform, takesTwo } from '../../second-person.ts'
import { own, slugOf } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { leftToDo } from './handover-left.ts'
import { planLines, roleWords, staffOf, type Wanted, wantedIn } from './handover-plan.ts'
import { besideField, type Typed, typedIn } from './typed.ts'

const PATH = '/host/handover'
const INVITED_DAYS = 30

export const handoverPage: Show = async (context, _req, res) => {
  allowed(res, 'manage_people')
  showForm(context, res, await staffOf(context.site), { typed: {}, mistakes: [] })
}

export const handOver: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_people')
  const { site } = context
  const typed = typedIn(req)
  const staff = await staffOf(site)
  const wanted = wantedIn(typed, staff, site.now())
  const mistakes = [...wanted.mistakes, ...(await wrongWith(site, wanted, person))]
  if (mistakes.length > 0 || typed.change) return showForm(context, res, staff, { typed, mistakes })
  if (typed.do !== 'hand_over') return showSummary(context, res, { typed, wanted, staff })
  await showDone(context, res, await done(site, wanted, person), staff)
}

/** What would be refused is said before anything is made for it. */
async function wrongWith(site: Site, { changes, invited }: Wanted, person: Person) {
  if (changes.length + invited.length === 0)
    return [{ field: 'handover', sentence: 'handover.nothing' }]
  return besideField('handover', async () => {
    await hostsAfter(site, { changes, invitations: [] }, person, invited.length)
    handingOver(site, { changes, invitations: invited.map(() => 'x'.repeat(64)) })
  })
}

async function done(site: Site, { changes, invited }: Wanted, person: Person) {
  const made = []
  for (const note of invited)
    made.push(await askedInvitation(site, { role: 'host', note, days: INVITED_DAYS }, person))
  const plan = { changes, invitations: made.map(({ id }) => id) }
  const came = await perform(site, handingOver(site, plan), person)
  return { plan, came, made }
}

interface Shown {
  typed: Typed
  mistakes: Mistake[]
}

function showForm(context: Context, res: Response, staff: Person[], { typed, mistakes }: Shown) {
  const { words } = context
  const whole = mistakes.filter(({ field }) => field === 'handover')
  const title = words('handover.title')
  const body = html`${whole.map(({ sentence, values }) => html`<div class="mistakes" role="alert" tabindex="-1"><p>${words(`refusal.${sentence}`, values)}</p></div>`)}
<p class="lead">${words('handover.said')}</p>
<p><a href="${PATH}/sheet">${words('handover.sheet')}</a></p>
${form(context, {
  action: PATH,
  fields: [
    {
      name: '',
      label: words('handover.people'),
      hint: words('handover.day_hint'),
      kind: 'section',
    },
    ...staff.flatMap((person) => personFields(context, person)),
    { name: '', label: words('handover.new'), hint: words('handover.new_hint'), kind: 'section' },
    ...inviteFields(context),
  ],
  values: typed,
  mistakes: mistakes.filter(({ field }) => field !== 'handover'),
  submit: words('handover.look'),
})}`
  const status = mistakes.length > 0 ? 400 : 200
  sendPage(res, hostPage(context, { title, body, here: 'people' }), status)
}

function personFields(context: Context, person: Person): Field[] {
  const { words } = context
  const { id, name, role, ends } = person
  const sentence = ends?.waits ? 'handover.overdue' : 'handover.ends'
  const until =
    ends && words(sentence, { name, role: roleWords(context, ends.role), day: words.day(ends.at) })
  const roles = Role.options.filter((each) => each !== role || ends)
  return [
    {
      name: `role-${slugOf(id)}`,
      label: words('handover.role', { name, role: words(`role.${role}`) }),
      ...(until ? { hint: until } : {}),
      kind: 'select',
      required: true,
      options: [
        { value: 'stay', label: words('handover.stays') },
        ...roles.map((value) => ({ value, label: roleWords(context, value) })),
      ],
    },
    { name: `end-${slugOf(id)}`, label: words('handover.day', { name }), kind: 'date', dir: 'ltr' },
  ]
}

const inviteFields = ({ words }: Context): Field[] =>
  Array.from({ length: INVITED_MAX }, (_, i) => ({
    name: `invite-${i + 1}`,
    label: words('handover.invite', { number: i + 1 }),
    dir: 'auto' as const,
  }))

interface Summary {
  typed: Typed
  wanted: Wanted
  staff: Person[]
}

/** Nothing is done yet: everything that was chosen goes along in hidden fields. */
async function showSummary(context: Context, res: Response, { typed, wanted, staff }: Summary) {
  const { words, site, person } = context
  const { changes, invited } = wanted
  const plan = { changes, invitations: [] }
  const { later } = await hostsAfter(site, plan, person as Person, invited.length)
  const two = await takesTwo(site, 'manage_people')
  const changed = new Set(changes.map(({ who }) => who))
  const same = staff.filter(({ id }) => !changed.has(slugOf(id)))
  const leaves = changes.some(({ who, at }) => !at && who === slugOf(String(person?.id)))
  const kept = Object.keys(typed).filter((name) => /^(role|end|invite)-/.test(name))
  const title = words('handover.sum')
  const body = html`${await planLines(context, plan, invited)}
<dl class="facts"><dt>${words('handover.same')}</dt><dd>${nameList(words, same)}</dd>
<dt>${words('handover.hosts')}</dt><dd>${nameList(words, [...later, ...invited.map((name) => ({ name }))])}</dd></dl>
${invited.length > 0 && html`<p class="note">${words('handover.waits_for')}</p>`}
${leaves && html`<p class="note">${words('handover.you')}</p>`}
${two && html`<p class="note">${words('handover.two')}</p>`}
${form(context, {
  action: PATH,
  fields: [...kept, 'do'].map((name) => ({ name, label: '', kind: 'hidden' })),
  values: { ...typed, do: 'hand_over' },
  submit: words('handover.do'),
  buttons: [{ name: 'change', value: 'yes', label: words('handover.change') }],
})}`
  sendPage(res, hostPage(context, { title, body, here: 'people' }))
}

const nameList = (words: Context['words'], people: { name: string }[]): Html =>
  people.length > 0
    ? richInARow(
        words,
        people.map(({ name }) => own(name)),
      )
    : html`—`

/** Said at once and not on a page to go to: whoever hands over may have no such page any more. */
async function showDone(
  context: Context,
  res: Response,
  { plan, came, made }: Awaited<ReturnType<typeof done>>,
  staff: Person[],
): Promise<void> {
  const { words, site } = context
  const leaving = plan.changes.filter(({ role }) => role === 'participant').map(({ who }) => who)
  const leavers = staff.filter(({ id }) => leaving.includes(slugOf(id)))
  const waits = came === 'waits'
  const title = words(waits ? 'second.one' : 'handover.done')
  const body = html`${waits && html`<p class="note" role="status">${words('host.done.asked_second')}</p>`}
${await planLines(
  context,
  { changes: plan.changes, invitations: [] },
  made.map(({ note }) => note),
)}
${
  made.length > 0 &&
  html`<h2>${words('handover.links')}</h2><p>${words('invite.link_once')}</p>${waits && html`<p class="note">${words('invite.link_waits')}</p>`}
<ul>${made.map(({ note, token }) => html`<li>${own(note)}<p class="code" dir="ltr">${site.origin}/invite/${token}</p></li>`)}</ul>`
}
<h2>${words('handover.left')}</h2>${await leftToDo(context, leavers)}
<p><a href="${PATH}/sheet">${words('handover.sheet')}</a></p>`
  sendPage(res, hostPage(context, { title, body, here: 'people' }))
}
