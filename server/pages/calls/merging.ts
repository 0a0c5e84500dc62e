/** Several proposals become a new session: the form of a session, begun with their words. */
import type { Request, Response } from 'express'
import { type Call, merge, type Proposal } from '../../../content/calls.ts'
import { act } from '../../../content/moderation.ts'
import { record } from '../../../federation/record.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { pathOf, slugOf } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { slugField } from '../writing/common-fields.ts'
import { made } from '../writing/items.ts'
import { sessionKind } from '../writing/session-form.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { attempted, type Wrong, wrongFields } from './attempt.ts'
import { chosenOf } from './decide.ts'
import { callOf } from './find.ts'
import { proposalTitle } from './shown.ts'

const keysIn = (text: string): string[] => [...new Set(text.split(' '))].filter(Boolean)

export const mergeForm: Show = async (context, req, res) => {
  allowed(res, 'write_meeting')
  const call = await callOf(context.site, req)
  const chosen = await chosenOf(context, call, keysIn(word(req, 'proposals') ?? ''))
  const fresh = await sessionKind.fresh(context, req)
  await showForm(context, req, res, { chosen, values: { ...fresh, ...begun(call, chosen) } })
}

/** The first one's title, and the words of all. */
function begun(call: Call, chosen: Proposal[]): Values {
  const [first] = chosen
  const language = first?.language ?? call.language
  return {
    [`title.${language}`]: first?.title ?? '',
    language,
    text: chosen.map(({ title, text }) => `**${title}**\n\n${text}`).join('\n\n'),
    proposals: chosen.map(({ id }) => slugOf(id)).join(' '),
  }
}

interface Shown {
  chosen: Proposal[]
  values: Values
  wrong?: Wrong
}

async function showForm(
  context: Context,
  req: Request,
  res: Response,
  { chosen, values, wrong }: Shown,
): Promise<void> {
  const { words } = context
  const title = words('call.new_session')
  const body = html`<p>${words('call.new_session_said', { count: chosen.length })}</p>
<ul class="plain">${chosen.map((each) => html`<li><a href="${pathOf(each.id)}">${proposalTitle(each)}</a></li>`)}</ul>
${wrong?.said}
${form(context, {
  action: req.path,
  fields: [
    ...(await sessionKind.fields(context, values)),
    slugField(context, 'sessions'),
    { name: 'proposals', label: '', kind: 'hidden' },
  ],
  values,
  mistakes: wrong?.mistakes ?? [],
  submit: words('call.publish_session'),
})}`
  sendPage(res, hostPage(context, { title, body, here: 'calls' }), wrong?.status ?? 200)
}

export const sendMerge: Show = async (context, req, res) => {
  const person = allowed(res, 'write_meeting')
  const { site } = context
  const call = await callOf(site, req)
  const values = valuesIn(req)
  const chosen = await chosenOf(context, call, keysIn(textIn(values, 'proposals')))
  const { doing, id, mistakes } = await made(sessionKind, context, {
    ...{ person, values, before: undefined },
  })
  if (!doing) return showForm(context, req, res, { chosen, values, wrong: wrongFields(mistakes) })
  const at = site.now()
  const wrong = await attempted(context, async () => {
    const { put } = merge(chosen, id, at)
    const acts = [
      act(person.id, 'published_session', id, at),
      act(person.id, 'call_merge', call.id, at),
    ]
    await record(site, { ...doing, put: { ...doing.put, ...put, acts } })
  })
  if (wrong) return showForm(context, req, res, { chosen, values, wrong })
  res.redirect(303, `/host/sessions/${slugOf(id)}?done=published`)
}
