/** The rapporteur's way: the messages of one session, a box for each, saved into the working copy that the outcome's form edits. */
import type { Request, Response } from 'express'
import type { Draft, Session } from '../../../content/model.ts'
import { edit, write } from '../../../content/outcomes.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { Consensus, MessageKind } from '../../../content/values.ts'
import { groupId, outcomeId, sessionId } from '../../../federation/addresses.ts'
import { type Context, inWords, sendPage, word } from '../../context.ts'
import { type Field, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import type { Words } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import { localized } from '../parts/entries.ts'
import { pathOf, slugOf } from '../parts/links.ts'
import { part, type Show } from '../reading/find.ts'
import { attempt, byWhom, hostPathOf, save } from '../writing/drafts.ts'
import { keep, keptAt, keptNote } from '../writing/kept.ts'
import { freshValues, outcomeValues, readOutcome } from '../writing/outcome-form.ts'
import { preview } from '../writing/outcome.ts'
import { fingerprint, textIn, valuesIn } from '../writing/values.ts'
import { ADVISED, BOXES, boxesFor, boxValues, filled, textOf } from './boxes.ts'

const ROWS = 3
const SLUG_LETTERS_MAX = 100

interface Room {
  session: Session
  /** The id of its outcome, and the outcome once there is one. */
  id: string
  draft: Draft | undefined
}

/** Refusal `missing` without a session, `conflict` when its outcome's address is taken by something else. */
async function roomOf({ site }: Context, req: Request): Promise<Room> {
  const session = await site.store.get('items', sessionId(site, part(req, 'slug')))
  if (session?.type !== 'session' || session.visibility !== 'shown')
    throw new Refusal('missing', 'page')
  const id = outcomeId(site, `messages-${slugOf(session.id)}`.slice(0, SLUG_LETTERS_MAX))
  const draft = await site.store.get('drafts', id)
  if (draft && draft.session !== session.id) throw new Refusal('conflict', 'room.taken')
  return { session, id, draft }
}

export const roomForm: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const room = await roomOf(context, req)
  const kept = await keptAt(context.site, person, req.path)
  const goesOn = kept !== undefined && word(req, 'kept') !== undefined
  const above = kept && !goesOn ? keptNote(context, req.path, kept) : undefined
  showRoom(context, req, res, room, { values: goesOn ? kept.values : stored(room), above })
}

const stored = ({ draft }: Room): Values =>
  draft ? { ...boxValues(draft), seen: seenOf(draft) } : {}

const seenOf = (draft: Draft): string => fingerprint(outcomeValues(draft))

export const sendRoom: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const { site } = context
  const room = await roomOf(context, req)
  const values = valuesIn(req)
  await keep(site, person, req.path, values)
  const { input, mistakes } = await readOutcome(context, whole(context, room, values))
  const by = byWhom(site, person)
  const place = { id: room.id, slug: slugOf(room.id), initiative: groupId(site) }
  const wanted = (now?: Draft) => (now ? edit(now, input(now), by) : write(input(), place, by))
  const tried = attempt(() => wanted(room.draft))
  const wrong = [...nothing(values), ...mistakes, ...tried.mistakes]
  if (wrong.length > 0)
    return showRoom(context, req, res, room, { values, mistakes: beside(wrong), status: 400 })
  const saving = { person, path: req.path, id: room.id, verb: 'wrote_outcome' }
  const unchanged = (now?: Draft) => (now ? seenOf(now) : '') === textIn(values, 'seen')
  if (await save(site, saving, (now) => (unchanged(now) ? wanted(now) : undefined)))
    return res.redirect(303, `${req.path}?done=saved`)
  await conflict(context, req, res, values)
}

/** All that the outcome's form would send, with the text of the boxes. */
function whole(context: Context, { session, draft }: Room, typed: Values): Values {
  const markdown = textOf(typed, draft).trim()
  if (draft) return { ...outcomeValues(draft), markdown }
  const fresh = freshValues(context)
  const title = inWords(session.title, context.words)
  return {
    ...fresh,
    title: context.words('room.outcome_title', { session: title }).slice(0, 300),
    session: session.id,
    meeting: session.meeting,
    markdown,
  }
}

/** Without any message, what stands around them would be read as one. */
const nothing = (values: Values): Mistake[] =>
  filled(values) === 0 ? [{ field: 'text-1', sentence: 'field.required' }] : []

/** Whatever is wrong is said beside the first box; nothing typed is lost. */
const beside = (mistakes: Mistake[]): Mistake[] =>
  mistakes.slice(0, 1).map((each) => ({ ...each, field: 'text-1' }))

/** Somebody else has saved: what stands there is shown, and what was typed stays in the boxes. */
async function conflict(context: Context, req: Request, res: Response, typed: Values) {
  const room = await roomOf(context, req)
  const { words } = context
  const above = html`<div class="mistakes" role="alert" tabindex="-1"><h2>${words('conflict.title')}</h2><p>${words('room.conflict')}</p></div>
${room.draft && preview(context, room.draft)}`
  const values = { ...typed, seen: room.draft ? seenOf(room.draft) : '' }
  showRoom(context, req, res, room, { values, above, status: 409 })
}

interface Shown {
  values: Values
  mistakes?: Mistake[]
  above?: Html | undefined
  status?: number
}

function showRoom(
  context: Context,
  req: Request,
  res: Response,
  { session, draft }: Room,
  { values, mistakes = [], above, status = 200 }: Shown,
): void {
  const { words } = context
  const count = filled(values)
  const body = html`<p><a href="${pathOf(session.id)}">${localized(words, session.title)}</a></p>
${above}${draft && links(words, draft)}
<div class="note"><p>${words('room.advice')}</p></div>
<p><b>${words('room.count', { count })}</b> ${words('room.advised', { advised: ADVISED, most: BOXES })}</p>
${count > BOXES && html`<p class="note" role="status">${words('room.many', { most: BOXES })}</p>`}
${form(context, {
  action: req.path,
  fields: [...boxes(words, boxesFor(count)), { name: 'seen', label: '', kind: 'hidden' }],
  values: { ...starting(boxesFor(count)), ...values },
  mistakes,
  submit: words('room.save'),
})}`
  const title = words('room.title')
  sendPage(res, hostPage(context, { title, body, here: 'outcomes', done: req.query.done }), status)
}

const links = (words: Words, draft: Draft): Html =>
  html`<p><a href="${hostPathOf(draft)}/slide">${words('slide.title')}</a> · <a href="${hostPathOf(draft)}">${words('room.whole')}</a></p>`

/** What is not said is not claimed: no consensus, until somebody records one. */
const starting = (boxes: number): Values =>
  Object.fromEntries(
    Array.from({ length: boxes }, (_, i) => [
      [`kind-${i + 1}`, 'message'],
      [`consensus-${i + 1}`, 'none_recorded'],
    ]).flat(),
  )

function boxes(words: Words, count: number): Field[] {
  const save = html`<p class="buttons"><button type="submit" class="second">${words('room.save')}</button></p>`
  const among = (name: string, part: string, label: string, values: string[]): Field => ({
    name,
    label,
    kind: 'select',
    required: true,
    options: values.map((value) => ({ value, label: words(`message.${part}.${value}`) })),
  })
  return Array.from({ length: count }, (_, i) => i + 1).flatMap((number): Field[] => [
    {
      name: `text-${number}`,
      label: words('message.number', { number }),
      kind: 'area',
      rows: ROWS,
      dir: 'auto',
    },
    among(`kind-${number}`, 'kind', words('room.kind', { number }), MessageKind.options),
    {
      ...among(
        `consensus-${number}`,
        'consensus',
        words('room.consensus', { number }),
        Consensus.options,
      ),
      after: save,
    },
  ])
}
