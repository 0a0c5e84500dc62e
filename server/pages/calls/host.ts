/** Where a host makes calls for issues, changes them, and opens and closes them. */
import type { Request, Response } from 'express'
import { type Call, isTaking, writeCall } from '../../../content/calls.ts'
import type { Doing } from '../../../content/doing.ts'
import { act } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { callId, groupId } from '../../../federation/addresses.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { entries, localized } from '../parts/entries.ts'
import { pathOf, slugOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { timeLeft } from '../parts/stages.ts'
import { part, type Show } from '../reading/find.ts'
import { readSlug, slugField } from '../writing/common-fields.ts'
import { conflictNote } from '../writing/conflict.ts'
import { textIn, valuesIn } from '../writing/values.ts'
import { attempted, type Wrong, wrongFields } from './attempt.ts'
import { callFields, callValues, freshCall, readCall } from './call-form.ts'
import { callOf } from './find.ts'

const PAGE_SIZE = 20

export const hostCallPlace = ({ id }: Pick<Call, 'id'>): string => `/host/calls/${slugOf(id)}`

export const hostCalls: Show = async (context, req, res) => {
  allowed(res, 'write_meeting')
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [calls, total] = await Promise.all([
    site.store.find('calls', { skip, limit: PAGE_SIZE }),
    site.store.count('calls', {}),
  ])
  const lines = await Promise.all(calls.map((call) => callLine(context, call)))
  const title = words('host.nav.calls')
  const body = html`<p><a class="button" href="/host/calls/new">${words('call.new')}</a></p>
${total > 0 ? entries(lines) : html`<p class="lead">${words('call.none_yet')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, hostPage(context, { title, body, here: 'calls', done: req.query.done }))
}

async function callLine({ words, site }: Context, call: Call): Promise<Html> {
  const standing = ['held', 'shown', 'merged', 'set_aside']
  const count = await site.store.count('proposals', { where: { call: call.id, standing } })
  return html`<h2><a href="${hostCallPlace(call)}">${localized(words, call.title)}</a></h2>
<p class="soft">${timeLeft(words, call, site.now())} · ${words('call.proposals', { count })}</p>`
}

/** The form of a new call, or of the one that the address names. */
export const callForm: Show = async (context, req, res) => {
  allowed(res, 'write_meeting')
  const before = await named(context, req)
  const values = before ? callValues(before) : freshCall(context)
  await showForm(context, req, res, { values, before })
}

const named = async ({ site }: Context, req: Request): Promise<Call | undefined> =>
  part(req, 'slug') === '' ? undefined : callOf(site, req)

interface Shown {
  values: Values
  before: Call | undefined
  wrong?: Wrong
}

async function showForm(
  context: Context,
  req: Request,
  res: Response,
  { values, before, wrong }: Shown,
): Promise<void> {
  const { words } = context
  const fields = await callFields(context, values)
  const title = words(before ? 'call.edit' : 'call.new')
  const body = html`${before && html`<p><a href="${hostCallPlace(before)}">${localized(words, before.title)}</a></p>`}
${wrong?.said}
${form(context, {
  action: req.path,
  fields: before ? fields : [...fields, slugField(context, 'calls')],
  values: before ? { ...values, rev: String(before.rev) } : values,
  mistakes: wrong?.mistakes ?? [],
  submit: words(before ? 'call.save' : 'call.publish'),
})}`
  sendPage(res, hostPage(context, { title, body, here: 'calls' }), wrong?.status ?? 200)
}

export const sendCall: Show = async (context, req, res) => {
  const person = allowed(res, 'write_meeting')
  const before = await named(context, req)
  const values = valuesIn(req)
  const { doing, id, wrong } = await made(context, person, values, before)
  if (!doing) return showForm(context, req, res, { values, before, ...(wrong ? { wrong } : {}) })
  if (before && textIn(values, 'rev') !== String(before.rev))
    return showForm(context, req, res, {
      values,
      before,
      wrong: await overtaken(context, values, before),
    })
  const done = before ? 'call_changed' : 'call_published'
  const refused = await attempted(context, () => commit(context, person, id, done, doing))
  if (refused) return showForm(context, req, res, { values, before, wrong: refused })
  res.redirect(303, `/host/calls/${slugOf(id)}?done=${done}`)
}

/** Somebody else has saved it while the form was open. */
async function overtaken(context: Context, typed: Values, now: Call): Promise<Wrong> {
  const fields = await callFields(context, typed)
  const said = conflictNote(context, { fields, stored: callValues(now), typed })
  return { mistakes: [], said, status: 409 }
}

/** What the form stands for, or all that is wrong with it. */
async function made(context: Context, person: Person, values: Values, before?: Call) {
  const { site } = context
  const { input, mistakes } = await readCall(context, values, before)
  const title = input.title[input.language] ?? Object.values(input.title)[0] ?? ''
  const taken = async (slug: string) =>
    (await site.store.get('calls', callId(site, slug))) !== undefined
  const place = before ? { slug: '', mistakes: [] } : await readSlug(values, title, taken)
  const id = before?.id ?? callId(site, place.slug)
  const by = { by: person.name, actor: groupId(site), at: site.now() }
  const used = before ? await usedIn(context, before) : []
  let doing: Doing | undefined
  const tried = await attempted(context, async () => {
    doing = writeCall(id, input as never, by, before, used)
  })
  const all = [...place.mistakes, ...mistakes, ...(tried?.mistakes ?? [])]
  if (all.length === 0) return { doing, id }
  const titleField = `title.${input.language}`
  const beside = all.map((each) => (each.field === 'title' ? { ...each, field: titleField } : each))
  return { id, wrong: wrongFields(beside) }
}

/** The categories in which proposals stand. */
async function usedIn({ site }: Context, call: Call): Promise<string[]> {
  const { category = [] } = await site.store.facets('proposals', { where: { call: call.id } }, [
    'category',
  ])
  return category.map(({ value }) => value)
}

/** Commit it, with who did what; what is open now is told at once. */
export async function commit(
  { site }: Context,
  person: Person,
  id: string,
  verb: string,
  { put }: Doing,
): Promise<void> {
  await site.store.commit({ put: { ...put, acts: [act(person.id, verb, id, site.now())] } })
  site.wake('calls')
}

/** Open it now, or close it now: the date that is to come is this moment. */
export async function openOrClose(
  context: Context,
  req: Request,
  res: Response,
  call: Call,
): Promise<void> {
  const person = allowed(res, 'write_meeting')
  const { site } = context
  const at = site.now()
  const closing = word(req, 'do') === 'close'
  if (closing !== isTaking(call, at)) throw new Refusal('conflict', 'call.closed_already')
  const { title, text, language, year, closesAt, categories, perPerson, showing } = call
  const fields = {
    ...{ title, text, language, year, categories, perPerson, showing },
    ...(call.meeting ? { meeting: call.meeting } : {}),
    ...(call.vocabulary ? { vocabulary: call.vocabulary } : {}),
    ...(closing ? { opensAt: call.opensAt, closesAt: at } : { opensAt: at, closesAt }),
  }
  const by = { by: person.name, actor: groupId(site), at }
  const doing = writeCall(call.id, fields, by, call)
  const verb = closing ? 'call_closed' : 'call_opened'
  await commit(context, person, call.id, verb, doing)
  res.redirect(303, `${hostCallPlace(call)}?done=${verb}`)
}

/** Where readers see it, and what can be done with it. */
export const callLinks = ({ words }: Context, call: Call): Html =>
  html`<p><a href="${pathOf(call.id)}">${words('writing.see')}</a> · <a href="${hostCallPlace(call)}/edit">${words('call.edit')}</a></p>`
