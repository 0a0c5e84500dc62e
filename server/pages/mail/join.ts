/** A light account: an address, a name, and a link by e-mail instead of a password. */
import * as z from 'zod'
import { checked } from '../../../content/checked.ts'
import type { Mail } from '../../../content/mailing.ts'
import { act } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal, type Mistake } from '../../../content/refusal.ts'
import { Language } from '../../../content/values.ts'
import { languageName } from '../../../content/countries.ts'
import { isRace } from '../../../federation/races.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { signIn } from '../../login.ts'
import { askForLetter, type Mailing } from '../../mailing/mailing.ts'
import { freshPassword, personFrom } from '../../people.ts'
import { languages } from '../../words.ts'
import { localPath } from '../host/login.ts'
import { wrongIn } from '../host/typed.ts'
import { own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { letterIn, sendQuestion, sendSaid } from './link.ts'

const Joining = z.object({
  email: z.email().max(300),
  name: z.string().trim().min(1).max(200),
  language: Language.refine((each) => languages.includes(each), 'field.wrong'),
  agree: z.literal('yes', 'join.agree'),
})

export const joinPage: Show = async (context, req, res) => {
  if (context.person) return res.redirect(303, localPath(word(req, 'next')) ?? '/me')
  showJoin(context, res, { next: localPath(word(req, 'next')), language: context.words.language })
}

function showJoin(
  context: Context,
  res: Parameters<Show>[2],
  values: Values,
  mistakes: Mistake[] = [],
) {
  const { words, mails } = context
  const title = words('join.title')
  const text = (name: string, kind: 'email' | 'text', autocomplete: string) => ({
    name,
    kind,
    label: words(`people.${name}`),
    required: true,
    autocomplete,
    dir: name === 'email' ? ('ltr' as const) : ('auto' as const),
  })
  const inside = mails
    ? form(context, {
        action: '/join',
        fields: [
          text('email', 'email', 'email'),
          { ...text('name', 'text', 'name'), hint: words('join.name_hint') },
          {
            name: 'language',
            label: words('account.language'),
            kind: 'select',
            required: true,
            options: languages.map((value) => ({ value, label: languageName(value, value) })),
          },
          {
            name: 'agree',
            label: words('join.rules'),
            kind: 'checkboxes',
            required: true,
            options: [{ value: 'yes', label: words('join.agree') }],
            after: html`<p><a href="/conduct">${words('join.read')}</a></p>`,
          },
          { name: 'next', label: '', kind: 'hidden' },
        ],
        values,
        mistakes,
        submit: words('join.submit'),
      })
    : html`<p>${words('join.none')}</p>`
  const body = html`<h1>${title}</h1><p class="lead">${words('join.said')}</p>${inside}`
  sendPage(res, page(context, { title, body }), mistakes.length > 0 ? 400 : 200)
}

/** The same answer whether the address has an account or not: its owner alone reads which. */
export const join =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const typed = { ...emailIn(req), name: word(req, 'name'), language: word(req, 'language') }
    const next = localPath(word(req, 'next')) ?? ''
    const mistakes = await wrongIn(async () => {
      const {
        email: to,
        name,
        language,
      } = checked(Joining, { ...typed, agree: word(req, 'agree') })
      const known = await personAt(context, to)
      if (known) return askToSignIn(mailing, known, next)
      await askForLetter(mailing, { kind: 'join', to, language, values: { name, next } })
    })
    if (mistakes.length > 0) return showJoin(context, res, { ...typed, next }, mistakes)
    sendSaid(context, res, context.words('join.title'), context.words('join.look'))
  }

const emailIn = (req: Parameters<Show>[1]) => ({
  email: (word(req, 'email') ?? '').trim().toLowerCase(),
})

async function personAt({ site }: Context, email: string): Promise<Person | undefined> {
  const [person] = await site.store.find('people', { where: { email }, limit: 1 })
  return person
}

/** Only participants come in by a link: whoever can publish is asked for more than a mailbox. */
async function askToSignIn(mailing: Mailing, person: Person, next: string): Promise<void> {
  if (person.role !== 'participant') return
  const { email: to, language, id: about } = person
  await askForLetter(mailing, { kind: 'sign_in', to, language, about, values: { next } })
}

export const linkPage: Show = async (context, req, res) => {
  const { words } = context
  const title = words('join.link')
  showLink(context, res, title, { next: localPath(word(req, 'next')) })
}

function showLink(context: Context, res: Parameters<Show>[2], title: string, values: Values): void {
  const { words, mails } = context
  const email = {
    name: 'email',
    label: words('people.email'),
    kind: 'email' as const,
    required: true,
  }
  const body = html`<h1>${title}</h1>${
    mails
      ? html`<p class="lead">${words('join.link_said')}</p>${form(context, {
          action: '/login/link',
          fields: [
            { ...email, autocomplete: 'username', dir: 'ltr' },
            { name: 'next', label: '', kind: 'hidden' },
          ],
          values,
          submit: title,
        })}`
      : html`<p>${words('join.none')}</p>`
  }`
  sendPage(res, page(context, { title, body }))
}

export const askForLink =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    if (!mailing.post) throw new Refusal('unavailable', 'mail.none')
    const person = await personAt(context, emailIn(req).email)
    sendSaid(context, res, context.words('join.link'), context.words('join.look'))
    if (!person) return
    // After the answer, whose time would tell who has an account.
    await askToSignIn(mailing, person, localPath(word(req, 'next')) ?? '').catch((error: unknown) =>
      context.site.log.error('a letter', { why: String(error) }),
    )
  }

/** Opened by a person or by a program that looks at every link: it only says whose button this is. */
export const useLinkPage =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const { words } = context
    const { to } = await letterIn(mailing, req, ['join', 'sign_in'])
    const title = words('layout.login')
    const said = words.rich('join.as', { email: own(to) })
    sendQuestion(context, req, res, { title, said, action: '/sign-in', submit: title })
  }

/** In whatever browser: a fresh login each time, and the link is used up before anybody is let in. */
export const useLink =
  (mailing: Mailing): Show =>
  async (context, req, res) => {
    const mail = await letterIn(mailing, req, ['join', 'sign_in'])
    const person = await admitted(context, mail)
    await signIn(res, person, mailing.secret)
    res.redirect(303, localPath(mail.values.next) ?? '/me')
  }

async function admitted(context: Context, mail: Mail): Promise<Person> {
  const { site } = context
  const { store } = site
  const used: Mail = { ...mail, state: 'sent', usedAt: site.now() }
  const known =
    mail.kind === 'join' ? await personAt(context, mail.to) : await store.get('people', mail.about)
  if (mail.kind === 'sign_in' && !known) throw new Refusal('gone', 'mail.link')
  if (known && known.role !== 'participant') throw new Refusal('gone', 'mail.link')
  const fresh = known ? undefined : await joined(context, mail)
  const acts = fresh ? [act(fresh.id, 'joined', fresh.id, site.now())] : []
  try {
    await store.commit({ put: { mails: [used], acts, ...(fresh ? { people: [fresh] } : {}) } })
  } catch (error) {
    if (!isRace(error)) throw error
    return again(context, mail)
  }
  return known ?? fresh ?? Promise.reject(new Refusal('gone', 'mail.link'))
}

/** Somebody else has used it, or the letter was quicker than our note that it was sent. */
async function again(context: Context, { id }: Mail): Promise<Person> {
  const mail = await context.site.store.get('mails', id)
  if (!mail || mail.usedAt) throw new Refusal('gone', 'mail.link')
  return admitted(context, mail)
}

async function joined({ site }: Context, { to: email, language, values }: Mail): Promise<Person> {
  const person = await personFrom(site, {
    name: values.name ?? '',
    email,
    language,
    role: 'participant',
    password: freshPassword(),
  })
  return { ...person, joinedAt: site.now() }
}
