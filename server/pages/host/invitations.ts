/** Inviting by link: a new one, shown once; those that are open; and their end. */
import type { Invitation } from '../../../content/accounts.ts'
import { type Person, Role } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { mayGive } from '../../../content/rights.ts'
import { type Context, sendPage } from '../../context.ts'
import { button, type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { invite, withdrawInvitation } from '../../invitations.ts'
import { allowed } from '../../login.ts'
import { moment } from '../parts/dates.ts'
import { entries } from '../parts/entries.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { nameOf } from './names.ts'
import { besideField, type Typed, typedIn } from './typed.ts'
import { pair } from '../../marks.ts'

const SHOWN_MAX = 200
const FRESH = { role: 'editor', days: '14' }

export const invitationsPage: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_people')
  await showInvitations(context, res, person, { typed: FRESH, done: req.query.done })
}

export const changeInvitations: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_people')
  const { site } = context
  const typed = typedIn(req)
  if (typed.do === 'withdraw') {
    await withdrawInvitation(site, typed.invitation ?? '', person)
    return res.redirect(303, '/host/invitations?done=invitation_withdrawn')
  }
  if (typed.do !== 'invite') throw new Refusal('invalid', 'request')
  let made: Awaited<ReturnType<typeof invite>> | undefined
  const { role, note = '', days } = typed
  const input = { role: role as Role, note, days: days ?? '' }
  const mistakes = await besideField('role', async () => (made = await invite(site, input, person)))
  if (!made) return showInvitations(context, res, person, { typed, mistakes })
  showLink(context, res, `${site.origin}/invite/${made.token}`, made.came === 'waits')
}

/** The one page that ever shows it. */
function showLink(context: Context, res: Parameters<Show>[2], link: string, waits: boolean): void {
  const { words } = context
  const title = words('invite.link')
  const body = html`<p>${words('invite.link_once')}</p>
${waits && html`<p class="note">${words('invite.link_waits')}</p>`}
<p class="code" dir="ltr">${link}</p>
<p><a href="/host/invitations">${words('invite.all')}</a></p>`
  sendPage(res, hostPage(context, { title, body, here: 'people' }))
}

interface Shown {
  typed: Typed
  mistakes?: Mistake[]
  done?: unknown
}

async function showInvitations(
  context: Context,
  res: Parameters<Show>[2],
  person: Person,
  { typed, mistakes = [], done }: Shown,
): Promise<void> {
  const { words, site } = context
  const query = { where: { state: ['open', 'asked'] }, limit: SHOWN_MAX }
  const found = await site.store.find('invitations', query)
  const open = found.filter(({ until }) => until > site.now())
  const lines = await Promise.all(open.map((each) => entryOf(context, each)))
  const title = words('invite.title')
  const body = html`<p class="lead">${words('invite.said')}</p>
${form(context, {
  action: '/host/invitations',
  fields: fields(context, person),
  values: { ...typed, do: 'invite' },
  mistakes,
  submit: words('invite.make'),
})}
<h2>${words('invite.open')}</h2>
${lines.length > 0 ? entries(lines) : html`<p>${words('invite.none')}</p>`}`
  const shown = hostPage(context, { title, body, here: 'people', done })
  sendPage(res, shown, mistakes.length > 0 ? 400 : 200)
}

async function entryOf(context: Context, invitation: Invitation): Promise<Html> {
  const { words } = context
  const { id, by, until, state } = invitation
  const who = await nameOf(context, by)
  return html`<p>${await nameOf(context, id)}</p>
<p class="soft">${words.rich('invite.facts', { who, until: moment(words, until) })}${state === 'asked' && html`<br>${words('refusal.invite.asked')}`}</p>
${button(context, '/host/invitations', words('invite.withdraw'), { do: 'withdraw', invitation: id }, 'second')}`
}

/** Only roles that this person may give are offered; the same is asked again when it is sent. */
const fields = ({ words }: Context, person: Person): Field[] => [
  {
    name: 'role',
    label: words('people.role'),
    kind: 'radios',
    required: true,
    options: Role.options
      .filter((role) => mayGive(person, role))
      .map((value) => ({
        value,
        label: pair(words, words(`role.${value}`), words(`role.${value}_may`)),
      })),
  },
  { name: 'note', label: words('invite.note'), hint: words('invite.note_hint'), dir: 'auto' },
  { name: 'days', label: words('invite.days'), kind: 'number', required: true, dir: 'ltr' },
  { name: 'do', label: '', kind: 'hidden' },
]
