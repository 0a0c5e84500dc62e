/** Who is heard: whether strangers wait, and the list of accounts and servers that do not. */
import { HearingMode, readListed } from '../../../content/hearing.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { hearingOf, setHearing } from '../../../federation/hearing.ts'
import { type Context, sendPage } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import type { Show } from '../reading/find.ts'
import { textIn, valuesIn } from './values.ts'

const PATH = '/host/contributions/rules'
const ROWS = 8

export const hearingPage: Show = async (context, req, res) => {
  allowed(res, 'moderate')
  const { mode, listed } = await hearingOf(context.site)
  const values = { mode, listed: listed.join('\n') }
  sendPage(res, shown(context, values, [], req.query.done))
}

function shown(context: Context, values: Values, mistakes: Mistake[], done?: unknown) {
  const { words } = context
  const options = HearingMode.options.map((value) => ({ value, label: words(`hearing.${value}`) }))
  const body = html`<p class="lead">${words('hearing.said')}</p>
${form(context, {
  action: PATH,
  fields: [
    { name: 'mode', label: words('hearing.mode'), kind: 'radios', required: true, options },
    {
      name: 'listed',
      label: words('hearing.listed_title'),
      hint: words('hearing.listed_hint'),
      kind: 'area',
      rows: ROWS,
      dir: 'ltr',
    },
  ],
  values,
  mistakes,
  submit: words('hearing.submit'),
})}`
  return hostPage(context, { title: words('hearing.title'), body, here: 'contributions', done })
}

export const saveHearing: Show = async (context, req, res) => {
  const person = allowed(res, 'moderate')
  const values = valuesIn(req)
  const mode = HearingMode.safeParse(textIn(values, 'mode')).data
  const { listed, wrong } = readListed(textIn(values, 'listed'))
  const mistakes: Mistake[] = [
    ...(mode ? [] : [{ field: 'mode', sentence: 'field.required' }]),
    ...wrong
      .slice(0, 1)
      .map((line) => ({ field: 'listed', sentence: 'hearing.line', values: { line } })),
  ]
  if (!mode || mistakes.length > 0) return sendPage(res, shown(context, values, mistakes), 400)
  await setHearing(context.site, { mode, listed }, person.id)
  res.redirect(303, `${PATH}?done=saved`)
}
