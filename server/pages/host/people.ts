/** Everybody with an account here: who they are, what they may, and a new one. */
import { checked } from '../../../content/checked.ts'
import { type Person, Role } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { mayGive } from '../../../content/rights.ts'
import { type Context, sendPage } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { addPerson, freshPassword, NewPerson } from '../../people.ts'
import { refuseDetour } from '../../second-person.ts'
import type { Words } from '../../words.ts'
import { entries } from '../parts/entries.ts'
import { day } from '../parts/dates.ts'
import { own, slugOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { besideField, type Typed, typedIn, wrongIn } from './typed.ts'

const PAGE_SIZE = 50

export const peoplePage: Show = async (context, req, res) => {
  allowed(res, 'manage_people')
  await showPeople(context, req, res, { typed: { role: 'editor' }, mistakes: [] })
}

/** A new account. The answer to the form shows a password that the program made; nothing shows it again. */
export const addToPeople: Show = async (context, req, res) => {
  const by = allowed(res, 'manage_people')
  const typed = typedIn(req)
  const made = typed.password ? undefined : freshPassword()
  const input: NewPerson = {
    name: typed.name ?? '',
    email: typed.email?.trim() ?? '',
    role: typed.role as Person['role'],
    language: context.words.language,
    password: made ?? typed.password ?? '',
  }
  const mistakes = await wrongIn(() => checked(NewPerson, input))
  let person: Person | undefined
  const wrong =
    mistakes.length > 0
      ? mistakes
      : await besideField('role', async () => {
          if (!mayGive(by, input.role)) throw new Refusal('forbidden', 'people.more_than_own')
          await refuseDetour(context.site, input.role, 'second.invite_instead')
          person = await addPerson(context.site, input, by.id)
        })
  if (!person) return showPeople(context, req, res, { typed, mistakes: wrong })
  if (!made) return res.redirect(303, '/host/people?done=added')
  showPassword(context, res, person, made)
}

/** The one page that ever shows it. */
export function showPassword(
  context: Context,
  res: Parameters<Show>[2],
  { name, email, id }: Person,
  password: string,
): void {
  const { words } = context
  const title = words('people.new_password')
  const body = html`<p>${words('people.shown_once')}</p>
<dl class="facts"><dt>${words('people.name')}</dt><dd>${own(name)}</dd>
<dt>${words('people.email')}</dt><dd>${own(email)}</dd>
<dt>${words('people.password')}</dt><dd class="code">${own(password)}</dd></dl>
<p><a href="/host/people/${slugOf(id)}">${words('people.to_person')}</a></p>`
  sendPage(res, hostPage(context, { title, body, here: 'people' }))
}

async function showPeople(
  context: Context,
  req: Parameters<Show>[1],
  res: Parameters<Show>[2],
  { typed, mistakes }: { typed: Typed; mistakes: Mistake[] },
): Promise<void> {
  const { words, site } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [people, total] = await Promise.all([
    site.store.find('people', { order: 'oldest', skip, limit: PAGE_SIZE }),
    site.store.count('people', {}),
  ])
  const title = words('host.nav.people')
  const body = html`${peopleLinks(words)}${entries(people.map((person) => entryOf(words, person)))}
${pager(words, req, { total, size: PAGE_SIZE })}
<h2 id="add">${words('people.add')}</h2>
${form(context, {
  action: '/host/people',
  fields: fields(words),
  values: typed,
  mistakes,
  submit: words('people.add_submit'),
})}`
  const shown = hostPage(context, { title, body, here: 'people', done: req.query.done })
  sendPage(res, shown, mistakes.length > 0 ? 400 : 200)
}

/** What else there is to do about people. */
const peopleLinks = (words: Words): Html =>
  html`<ul class="plain">${['invitations', 'second', 'handover'].map(
    (name) => html`<li><a href="/host/${name}">${words(`people.to_${name}`)}</a></li>`,
  )}</ul>`

const entryOf = (words: Words, { id, name, email, role, at }: Person): Html =>
  html`<h2><a href="/host/people/${slugOf(id)}">${own(name)}</a></h2>
<p class="soft">${words(`role.${role}`)} · ${own(email)} · ${words.rich('people.since', { day: day(words, at) })}</p>`

export const roleField = (words: Words): Field => ({
  name: 'role',
  label: words('people.role'),
  kind: 'radios',
  required: true,
  options: Role.options.map((value) => ({
    value,
    label: `${words(`role.${value}`)}: ${words(`role.${value}_may`)}`,
  })),
})

export const passwordField = (words: Words): Field => ({
  name: 'password',
  label: words('people.first_password'),
  hint: words('people.first_password_hint'),
  kind: 'password',
  autocomplete: 'new-password',
  dir: 'ltr',
})

const fields = (words: Words): Field[] => [
  {
    name: 'name',
    label: words('people.name'),
    required: true,
    autocomplete: 'off',
    dir: 'auto',
  },
  {
    name: 'email',
    label: words('people.email'),
    kind: 'email',
    required: true,
    autocomplete: 'off',
    dir: 'ltr',
  },
  roleField(words),
  passwordField(words),
]
