/** One outcome as its writers see it: where it stands, what can follow, its languages, and its form. */
import type { Request, Response } from 'express'
import type { Draft } from '../../../content/model.ts'
import { edit, write } from '../../../content/outcomes.ts'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { cut } from '../../../content/versions.ts'
import { groupId, outcomeId } from '../../../federation/addresses.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { reportOf } from '../annual/held.ts'
import { own } from '../parts/links.ts'
import { textBlocks } from '../parts/messages.ts'
import { part, type Show } from '../reading/find.ts'
import { readSlug, slugField } from './common-fields.ts'
import { conflictNote } from './conflict.ts'
import { attempt, byWhom, draftOf, hostPathOf, save, titleOf } from './drafts.ts'
import { dropKept, keep, keptAt, keptNote } from './kept.ts'
import {
  besideFields,
  bracesNote,
  freshValues,
  outcomeFields,
  outcomeValues,
  readOutcome,
} from './outcome-form.ts'
import { standing } from './standing.ts'
import { fingerprint, textIn, valuesIn } from './values.ts'

export const outcomeForm: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const draft = await named(context, req)
  if (draft && (await isReport(context, draft)))
    return res.redirect(303, `/host/reports/${draft.year}`)
  const kept = await keptAt(context.site, person, req.path)
  const goesOn = kept !== undefined && word(req, 'kept') !== undefined
  const stored = draft ? seen(outcomeValues(draft)) : freshValues(context)
  await showOutcomeForm(context, req, res, {
    values: goesOn ? kept.values : stored,
    draft,
    ...(kept && !goesOn ? { above: keptNote(context, req.path, kept) } : {}),
  })
}

/** An annual report is written section by section, on a page of its own. */
const isReport = async ({ site }: Context, { id, year }: Draft): Promise<boolean> =>
  (await reportOf(site, String(year)))?.outcome === id

/** With the fingerprint of what the form shows at first: whether somebody has changed that since. */
export const seen = (values: Values): Values => ({ ...values, seen: fingerprint(values) })

const named = async ({ site }: Context, req: Request): Promise<Draft | undefined> =>
  part(req, 'slug') === '' ? undefined : draftOf(site, req)

export const sendOutcome: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const draft = await named(context, req)
  if (draft && (await isReport(context, draft)))
    return res.redirect(303, `/host/reports/${draft.year}`)
  const asked = word(req, 'do') ?? ''
  if (asked === 'discard') {
    await dropKept(context.site, person, req.path)
    return res.redirect(303, req.path)
  }
  const values = valuesIn(req)
  await keep(context.site, person, req.path, values)
  const shown = await sent(context, req, res, { person, values, draft, asked })
  if (shown) await showOutcomeForm(context, req, res, { draft, ...shown, answering: true })
}

interface Sent {
  person: Person
  values: Values
  draft: Draft | undefined
  asked: string
}

interface Shown {
  values: Values
  draft?: Draft | undefined
  mistakes?: Mistake[]
  above?: Html | undefined
  /** What was typed as a language to add, and is none. */
  code?: string
  /** The form was sent: what is said about it comes first, and where the outcome stands is left out. */
  answering?: boolean
  status?: number
}

/** Save the working copy; or answer what the form is to show instead. */
async function sent(
  context: Context,
  req: Request,
  res: Response,
  { person, values, draft, asked }: Sent,
): Promise<Shown | undefined> {
  const { site } = context
  const { input, mistakes } = await readOutcome(context, values)
  const place = draft ?? (await placeFor(site, values))
  const by = byWhom(site, person)
  const wanted = (now: Draft | undefined) =>
    now
      ? edit(now, input(now), by)
      : write(input(), { id: place.id, slug: place.slug, initiative: groupId(site) }, by)
  const tried = attempt(() => wanted(draft))
  const language = textIn(values, 'language')
  const taken = draft ? takenLanguage(draft, language) : []
  const wrong = [...placeMistakes(place), ...taken, ...mistakes, ...tried.mistakes]
  if (!tried.doing || wrong.length > 0)
    return { values, mistakes: besideFields(wrong, language), status: 400 }
  const [made] = tried.doing.put?.drafts ?? []
  if (asked === 'preview') return { values, above: made && preview(context, made) }
  const saved = await save(
    site,
    { person, path: req.path, id: place.id, verb: 'wrote_outcome' },
    (now) => (isUnchanged(draft, now, values) ? wanted(now) : undefined),
  )
  if (!saved) return conflict(context, place.id, values)
  res.redirect(303, `${hostPathOf(place)}?done=saved`)
  return undefined
}

/** A new address must still be free; what is edited must still be what the form was filled with. */
const isUnchanged = (draft: Draft | undefined, now: Draft | undefined, values: Values): boolean =>
  draft
    ? now !== undefined && fingerprint(outcomeValues(now)) === textIn(values, 'seen')
    : now === undefined

interface Place {
  id: string
  slug: string
  mistakes?: Mistake[]
}

const placeMistakes = (place: Place | Draft): Mistake[] =>
  'mistakes' in place ? (place.mistakes ?? []) : []

async function placeFor(site: Context['site'], values: Values): Promise<Place> {
  const taken = async (slug: string) => {
    const id = outcomeId(site, slug)
    const found = await Promise.all([site.store.get('drafts', id), site.store.get('items', id)])
    return found.some((each) => each !== undefined)
  }
  const { slug, mistakes } = await readSlug(values, textIn(values, 'title'), taken)
  return { id: outcomeId(site, slug), slug, mistakes }
}

/** The original cannot take the place of a translation. */
const takenLanguage = (draft: Draft, language: string): Mistake[] =>
  language !== draft.language && draft.texts[language]
    ? [{ field: 'language', sentence: 'writing.language_taken' }]
    : []

async function conflict(context: Context, id: string, typed: Values): Promise<Shown> {
  const now = await context.site.store.get('drafts', id)
  if (!now) throw new Refusal('missing', 'page')
  const stored = outcomeValues(now)
  const fields = await outcomeFields(context, typed)
  const above = conflictNote(context, { fields, stored, typed })
  const values = { ...typed, seen: fingerprint(stored) }
  return { values, draft: now, above, status: 409 }
}

/** The messages exactly as readers will see them, and nothing saved. */
export function preview(context: Context, draft: Draft, language = draft.language): Html {
  const { words, site } = context
  const version = cut(draft, site.now())
  return html`<section class="preview" aria-label="${words('writing.preview')}"><p class="soft">${words('writing.preview_said')}</p>
<h2>${own(draft.texts[language]?.title ?? '')}</h2>
${textBlocks(version, { words, base: `/outcomes/${draft.slug}`, language })}</section>`
}

export async function showOutcomeForm(
  context: Context,
  req: Request,
  res: Response,
  { values, draft, mistakes = [], above, code, answering = false, status = 200 }: Shown,
): Promise<void> {
  const { words } = context
  const title = draft ? titleOf(draft) : words('writing.outcome.new')
  const written =
    draft?.state === 'withdrawn'
      ? html``
      : await wholeForm(context, draft ? hostPathOf(draft) : req.path, { values, draft, mistakes })
  const where =
    draft &&
    (answering
      ? html`<p><a href="${hostPathOf(draft)}">${words('writing.where_it_stands')}</a></p>`
      : await standing(context, draft, code))
  const body = html`${above}
${where}
${written}`
  const shown = hostPage(context, { title, body, here: 'outcomes', done: req.query.done })
  sendPage(res, shown, status)
}

async function wholeForm(
  context: Context,
  path: string,
  { values, draft, mistakes = [] }: Shown,
): Promise<Html> {
  const { words } = context
  const fields = [
    ...(await outcomeFields(context, values)).map((field) =>
      field.name === 'markdown' ? { ...field, after: bracesNote(words) } : field,
    ),
    ...(draft ? [] : [slugField(context, 'outcomes')]),
    { name: 'seen', label: '', kind: 'hidden' as const },
  ]
  return html`${draft && html`<h2>${words('writing.working_copy')}</h2><p class="soft">${words('writing.working_copy_said')}</p>`}
${form(context, {
  action: path,
  fields,
  values,
  mistakes,
  submit: words('writing.save'),
  buttons: [{ name: 'do', value: 'preview', label: words('writing.preview') }],
})}`
}
