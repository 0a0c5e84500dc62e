/** Where a host cancels a meeting or a session with a reason, or says that it takes place after all. */
import { act } from '../../../content/moderation.ts'
import { cancel, reinstate } from '../../../content/programme.ts'
import { Refusal } from '../../../content/refusal.ts'
import { groupId, meetingId, sessionId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import { type Context, sendPage } from '../../context.ts'
import type { Request, Response } from 'express'
import { button, form } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { localized } from '../parts/entries.ts'
import { part, type Show } from '../reading/find.ts'
import { textIn, valuesIn } from './values.ts'

const isSession = (req: Request) => req.path.startsWith('/host/sessions/')

async function named({ site }: Context, req: Request) {
  const idOf = isSession(req) ? sessionId : meetingId
  const item = await site.store.get('items', idOf(site, part(req, 'slug')))
  if ((item?.type !== 'meeting' && item?.type !== 'session') || !item.local)
    throw new Refusal('missing', 'page')
  if (item.visibility !== 'shown') throw new Refusal('gone', 'removed')
  return item
}

export const cancelForm: Show = async (context, req, res) => {
  allowed(res, 'write_meeting')
  await show(context, req, res)
}

export const sendCancel: Show = async (context, req, res) => {
  const person = allowed(res, 'write_meeting')
  const { site } = context
  const item = await named(context, req)
  const reason = textIn(valuesIn(req), 'reason')
  if (!item.cancelled && reason === '') return show(context, req, res, true)
  const by = { by: person.name, actor: groupId(site), at: site.now() }
  const doing = item.cancelled ? reinstate(item, by) : cancel(item, reason, by)
  const verb = item.cancelled ? 'reinstated' : 'cancelled'
  const acts = [act(person.id, `${verb}_${item.type}`, item.id, by.at, reason)]
  await record(site, { ...doing, put: { ...doing.put, acts } })
  res.redirect(303, `${req.path.replace(/\/cancel$/, '')}?done=${verb}`)
}

async function show(context: Context, req: Request, res: Response, wrong = false): Promise<void> {
  const { words } = context
  const item = await named(context, req)
  const title = words(item.cancelled ? 'cancel.undo' : 'cancel.title')
  const reason = {
    name: 'reason',
    label: words('moderation.reason'),
    hint: words('cancel.hint'),
    kind: 'area' as const,
    rows: 3,
    required: true,
    dir: 'auto' as const,
  }
  const body = html`<p class="lead">${localized(words, item.title)}</p>
${
  item.cancelled
    ? html`<p>${words('calendar.cancelled', { reason: item.cancelled.reason })}</p>${button(context, req.path, title)}`
    : form(context, {
        action: req.path,
        fields: [reason],
        values: {},
        mistakes: wrong ? [{ field: 'reason', sentence: 'field.required' }] : [],
        submit: title,
      })
}`
  sendPage(res, hostPage(context, { title, body, here: 'meetings' }), wrong ? 400 : 200)
}
