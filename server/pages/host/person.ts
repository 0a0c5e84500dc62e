/** One account, as a host looks after it: role, password, and its end. */
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { personId } from '../../../federation/addresses.ts'
import { type Context, sendPage } from '../../context.ts'
import { button, form } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed, signOut } from '../../login.ts'
import { freshPassword, setPassword } from '../../people.ts'
import { perform, refuseDetour } from '../../second-person.ts'
import { day } from '../parts/dates.ts'
import { own, pathOf, slugOf } from '../parts/links.ts'
import { part, type Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { passwordField, roleField, showPassword } from './people.ts'
import { besideField, type Typed, typedIn } from './typed.ts'

type Changing = (context: Context, person: Person, typed: Typed, by: Person) => Promise<Change>

/** What came of it: mistakes, a password to be shown once, or where to go on. */
interface Change {
  mistakes?: Mistake[]
  password?: string
  next?: string
}

/** Where what was asked for waits. */
const REMOVED = '/host/people?done=removed'
const WAITS = '/host/second?done=asked_second'

/** What the buttons of the page do, by their form's `do`. */
const changes: Record<string, Changing> = { role, password, remove }

export const personAdmin: Show = async (context, req, res) => {
  allowed(res, 'manage_people')
  const person = await personIn(context, req)
  showPerson(context, res, person, { done: req.query.done })
}

export const changePerson: Show = async (context, req, res) => {
  const by = allowed(res, 'manage_people')
  const person = await personIn(context, req)
  const typed = typedIn(req)
  const change = Object.hasOwn(changes, typed.do ?? '') ? changes[typed.do ?? ''] : undefined
  if (!change) throw new Refusal('invalid', 'request')
  const { mistakes = [], password, next } = await change(context, person, typed, by)
  if (mistakes.length > 0) return showPerson(context, res, person, { mistakes })
  if (password) return showPassword(context, res, person, password)
  if (next === REMOVED && by.id === person.id) await signOut(res)
  res.redirect(303, next ?? `/host/people/${slugOf(person.id)}?done=saved`)
}

async function personIn({ site }: Context, req: Parameters<Show>[1]): Promise<Person> {
  const person = await site.store.get('people', personId(site, part(req, 'name')))
  if (!person) throw new Refusal('missing', 'page')
  return person
}

async function role({ site }: Context, person: Person, typed: Typed, by: Person): Promise<Change> {
  const step = { verb: 'role', item: person.id, args: { role: typed.role ?? '' } }
  let came = 'done'
  const mistakes = await besideField('role', async () => (came = await perform(site, step, by)))
  return { mistakes, ...(came === 'waits' ? { next: WAITS } : {}) }
}

async function password(
  { site }: Context,
  person: Person,
  typed: Typed,
  by: Person,
): Promise<Change> {
  const made = typed.password ? undefined : freshPassword()
  const mistakes = await besideField('password', async () => {
    if (by.id !== person.id) await refuseDetour(site, person.role, 'second.own_password')
    await setPassword(site, person, made ?? typed.password ?? '', by.id)
  })
  return { mistakes, ...(made ? { password: made } : {}) }
}

async function remove(
  { site }: Context,
  person: Person,
  _typed: Typed,
  by: Person,
): Promise<Change> {
  const came = await perform(site, { verb: 'remove_person', item: person.id, args: {} }, by)
  if (came === 'waits') return { next: WAITS }
  return { next: REMOVED }
}

function showPerson(
  context: Context,
  res: Parameters<Show>[2],
  person: Person,
  { mistakes = [], done }: { mistakes?: Mistake[]; done?: unknown },
): void {
  const { words } = context
  const action = `/host/people/${slugOf(person.id)}`
  const at = (field: string) => mistakes.filter((mistake) => mistake.field === field)
  const hidden = (value: string) => ({ do: value })
  const doing = { name: 'do', label: '', kind: 'hidden' as const }
  const body = html`<dl class="facts"><dt>${words('people.email')}</dt><dd>${own(person.email)}</dd>
<dt>${words('people.role')}</dt><dd>${words(`role.${person.role}`)}</dd>
<dt>${words('people.added')}</dt><dd>${day(words, person.at)}</dd>
<dt>${words('people.public_page')}</dt><dd><a href="${pathOf(person.id)}">${own(pathOf(person.id))}</a></dd></dl>
<p><a href="/host/trail?by=${encodeURIComponent(person.id)}">${words('people.what_they_did')}</a></p>
<h2>${words('people.change_role')}</h2>
${form(context, {
  action,
  fields: [roleField(words), doing],
  values: { role: person.role, ...hidden('role') },
  mistakes: at('role'),
  submit: words('people.change_role'),
})}
<h2>${words('people.new_password')}</h2><p>${words('people.new_password_said')}</p>
${form(context, {
  action,
  fields: [passwordField(words), doing],
  values: hidden('password'),
  mistakes: at('password'),
  submit: words('people.new_password_submit'),
})}
<h2>${words('people.remove')}</h2><p>${words('people.remove_said')}</p>
${button(context, action, words('people.remove'), hidden('remove'), 'danger')}`
  const shown = hostPage(context, { title: person.name, body, here: 'people', done })
  sendPage(res, shown, mistakes.length > 0 ? 400 : 200)
}
