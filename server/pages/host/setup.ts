/** The first run in the browser: what this server is called, and who looks after it. */
import type { RequestHandler } from 'express'
import { checked } from '../../../content/checked.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { languageName } from '../../../content/countries.ts'
import { type Context, contextOf, sendPage } from '../../context.ts'
import { type Field, form } from '../../forms.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { signIn } from '../../login.ts'
import { NewPerson } from '../../people.ts'
import { isSetupCode, setUp } from '../../setup.ts'
import type { Show } from '../reading/find.ts'
import { countAttempt } from './login.ts'
import { ownFields } from './own-fields.ts'
import { profileFields, readProfile } from './profile.ts'
import { wrongIn, type Typed, typedIn } from './typed.ts'

/** What a host may change. */
const ACCENT = '#0b6e6e'

/** Whoever opens a server without a name is led to where it gets one; programs are told that nothing is here yet. */
export const setupFirst: RequestHandler = (req, res, next) => {
  const { profile } = contextOf(res)
  if (profile || req.path === '/setup') return next()
  const page = !/\.(json|csv|atom|xml)$/.test(req.path) && req.accepts(['html', 'json']) === 'html'
  if (req.method === 'GET' && page) return res.redirect(303, '/setup')
  next()
}

export const setupPage: Show = async (context, _req, res) => {
  refuseIfDone(context)
  const { language } = context.words
  const typed = { languages: languageName(language, language), accent: ACCENT }
  showSetup(context, res, typed, [])
}

/** Once it has a name, there is no such page. */
function refuseIfDone({ profile }: Context): void {
  if (profile) throw new Refusal('missing', 'page')
}

/** Everything that is wrong is said at once, the code's own mistake too. */
export const setup =
  (secret: string): Show =>
  async (context, req, res) => {
    refuseIfDone(context)
    const { site, words } = context
    const typed = typedIn(req)
    if (typed.do === 'languages') return showSetup(context, res, typed, [])
    const right = await isSetupCode(site, typed.code ?? '')
    if (!right) countAttempt(res)
    const { founding, mistakes } = await readProfile(context, typed)
    const first: NewPerson = {
      name: typed.personName ?? '',
      email: typed.email?.trim() ?? '',
      password: typed.password ?? '',
      role: 'host',
      language: words.language,
    }
    const all = [
      ...(right ? [] : [{ field: 'code', sentence: 'setup.code' }]),
      ...mistakes,
      ...(await wrongIn(() => checked(NewPerson, first))).map(ofPerson),
    ]
    if (all.length > 0) return showSetup(context, res, typed, all)
    await signIn(res, await setUp(site, founding, first), secret)
    res.redirect(303, '/host')
  }

/** The name of the person stands in the same form as that of the initiative. */
const ofPerson = (mistake: Mistake): Mistake =>
  mistake.field === 'name' ? { ...mistake, field: 'personName' } : mistake

function showSetup(
  context: Context,
  res: Parameters<Show>[2],
  typed: Typed,
  mistakes: Mistake[],
): void {
  const { words, site } = context
  const title = words('setup.title')
  const role = site.policy.gathers ? 'setup.lead_aggregator' : 'setup.lead_node'
  const body = html`<h1>${title}</h1><p class="lead">${words(role)}</p>
${form(context, {
  action: '/setup',
  fields: fields(context, typed),
  values: typed,
  mistakes,
  submit: words('setup.submit'),
})}`
  sendPage(res, page(context, { title, body }), mistakes.length > 0 ? 400 : 200)
}

function fields(context: Context, typed: Typed): Field[] {
  const { words } = context
  return [
    {
      name: 'code',
      label: words('setup.code'),
      hint: words('setup.code_hint'),
      required: true,
      autocomplete: 'off',
      dir: 'ltr',
    },
    { kind: 'section', name: 'initiative', label: words('setup.initiative') },
    ...profileFields(context, typed, false),
    {
      kind: 'section',
      name: 'account',
      label: words('setup.account'),
      hint: words('setup.account_hint'),
    },
    ...ownFields(words, { name: 'personName' }),
  ]
}
