/** Where the host writes the code of conduct: each saving is a new version. */
import { languageName } from '../../../content/countries.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { Refusal } from '../../../content/refusal.ts'
import { conductOf, writeConduct } from '../../conduct.ts'
import { type Context, sendPage } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { direction, languages } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import type { Show } from '../reading/find.ts'
import { asFields, localizedIn, textIn, valuesIn } from './values.ts'

const PATH = '/host/conduct'
const ROWS = 14
const LETTERS_MAX = 50_000

export const conductForm: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  const { version, texts } = await conductOf(context.site, profileIn(context))
  const values = { ...asFields('text', texts), version: String(version) }
  sendPage(res, shown(context, values, [], req.query.done))
}

function profileIn({ profile }: Context) {
  if (!profile) throw new Refusal('missing', 'page')
  return profile
}

/** In the languages of these pages, and those of the initiative. */
const languagesOf = (context: Context) => [
  ...new Set([...languages, ...profileIn(context).languages]),
]

function shown(context: Context, values: Values, mistakes: Mistake[], done?: unknown) {
  const { words } = context
  const fields = languagesOf(context).map((language) => ({
    name: `text.${language}`,
    label: languageName(language, words.language),
    kind: 'area' as const,
    rows: ROWS,
    lang: language,
    ...(direction(language) === 'rtl' ? { dir: 'auto' as const } : {}),
  }))
  const body = html`<p class="lead">${words('conduct.form_said')} <a href="/conduct">${words('conduct.see')}</a></p>
${form(context, {
  action: PATH,
  fields: [...fields, { name: 'version', label: '', kind: 'hidden' }],
  values,
  mistakes,
  submit: words('conduct.submit'),
})}`
  return hostPage(context, { title: words('conduct.title'), body, here: 'contributions', done })
}

export const saveConduct: Show = async (context, req, res) => {
  const person = allowed(res, 'manage_initiative')
  const values = valuesIn(req)
  const texts = localizedIn(values, 'text')
  const [main = 'en'] = languagesOf(context)
  const long = Object.entries(texts).find(([, text]) => text.length > LETTERS_MAX)
  const mistakes: Mistake[] = [
    ...(Object.keys(texts).length === 0
      ? [{ field: `text.${main}`, sentence: 'field.required' }]
      : []),
    ...(long
      ? [{ field: `text.${long[0]}`, sentence: 'field.too_big', values: { most: LETTERS_MAX } }]
      : []),
  ]
  if (mistakes.length > 0) return sendPage(res, shown(context, values, mistakes), 400)
  const read = Number(textIn(values, 'version'))
  await writeConduct(context.site, profileIn(context), { texts, read, by: person.id })
  res.redirect(303, `${PATH}?done=saved`)
}
