/** The one way in which meetings, sessions and discussions are written: looked at first, kept, published, changed, withdrawn. */
import type { Request, Response } from 'express'
import type { Doing } from '../../../content/doing.ts'
import type { Discussion, Meeting, Session } from '../../../content/model.ts'
import { act, withdraw } from '../../../content/moderation.ts'
import type { By } from '../../../content/outcomes.ts'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import type { Verb } from '../../../content/rights.ts'
import { groupId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { type Field, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { localized } from '../parts/entries.ts'
import { pathOf, slugOf } from '../parts/links.ts'
import { part, type Show } from '../reading/find.ts'
import { languagesFor, readSlug, slugField } from './common-fields.ts'
import { conflictNote } from './conflict.ts'
import { dropKept, keep, keptAt, keptId, keptNote } from './kept.ts'
import { textIn, valuesIn } from './values.ts'

export type Item = Meeting | Session | Discussion

/** What was typed, as what it stands for, and everything that is wrong with it. */
export interface ReadItem {
  input: object
  mistakes: Mistake[]
}

/** One kind of item: how its form looks, is read, and becomes what is published. */
export interface Kind<T extends Item> {
  type: T['type']
  /** The folder of its addresses, for readers and below `/host`. */
  folder: 'meetings' | 'sessions' | 'discussions'
  /** The place of the host's navigation it belongs to. */
  here: string
  verb: Verb
  idOf: (site: Site, slug: string) => string
  /** What a new form begins with. Refusal when there is nothing to begin with. */
  fresh: (context: Context, req: Request) => Promise<Values>
  fields: (context: Context, values: Values) => Promise<Field[]>
  values: (item: T) => Values
  read: (context: Context, values: Values) => Promise<ReadItem>
  write: (id: string, input: never, by: By, before?: T) => Doing
  /** As readers will see it. */
  preview: (context: Context, item: T) => Html
  /** What goes with it when it is withdrawn. */
  below?: (site: Site, item: T) => Promise<Item[]>
}

/** The form of a new item, or of the one that the address names. */
export const itemForm =
  <T extends Item>(kind: Kind<T>): Show =>
  async (context, req, res) => {
    const person = allowed(res, kind.verb)
    const before = await named(kind, context, req)
    const kept = await keptAt(context.site, person, req.path)
    const stored = before ? storedValues(kind, before) : await kind.fresh(context, req)
    const goesOn = kept !== undefined && word(req, 'kept') !== undefined
    await showForm(kind, context, req, res, {
      values: goesOn ? kept.values : stored,
      ...(before ? { before } : {}),
      ...(kept && !goesOn ? { above: keptNote(context, req.path, kept) } : {}),
    })
  }

/** What its form may ask for, by the button that was pressed; without one, it is published. */
export const sendItem =
  <T extends Item>(kind: Kind<T>): Show =>
  async (context, req, res) => {
    const person = allowed(res, kind.verb)
    const before = await named(kind, context, req)
    const asked = word(req, 'do') ?? ''
    if (asked === 'discard') {
      await dropKept(context.site, person, req.path)
      return res.redirect(303, req.path)
    }
    if (asked === 'withdraw' && before) return withdrawItem(kind, context, req, res, before)
    const values = valuesIn(req)
    await keep(context.site, person, req.path, values)
    if (asked === 'keep') return res.redirect(303, `${req.path}?kept=1&done=kept`)
    const shown = await sent(kind, context, req, res, { person, values, before, asked })
    if (shown) await showForm(kind, context, req, res, { ...shown, ...(before ? { before } : {}) })
  }

const storedValues = <T extends Item>(kind: Kind<T>, item: T): Values => ({
  ...kind.values(item),
  rev: String(item.rev),
})

/** The item of the address; nothing at `/new`. Refusal `missing`, or `gone` when it was withdrawn. */
async function named<T extends Item>(
  kind: Kind<T>,
  { site }: Context,
  req: Request,
): Promise<T | undefined> {
  const slug = part(req, 'slug')
  if (slug === '') return undefined
  const item = await site.store.get('items', kind.idOf(site, slug))
  if (item?.type !== kind.type || !item.local) throw new Refusal('missing', 'page')
  if (item.visibility !== 'shown') throw new Refusal('gone', 'removed')
  return item as T
}

interface Sent<T extends Item> {
  person: Person
  values: Values
  before: T | undefined
  asked: string
}

interface Shown<T extends Item> {
  values: Values
  before?: T
  mistakes?: Mistake[]
  above?: Html
  /** It was to be withdrawn, and the reason was missing. */
  unreasoned?: boolean
  status?: number
}

/** Publish it; or answer what the form is to show instead. */
async function sent<T extends Item>(
  kind: Kind<T>,
  context: Context,
  req: Request,
  res: Response,
  { person, values, before, asked }: Sent<T>,
): Promise<Shown<T> | undefined> {
  const { site } = context
  const { doing, id, mistakes } = await made(kind, context, { person, values, before })
  if (!doing) return { values, mistakes, status: 400 }
  if (asked === 'preview') return { values, above: previewOf(kind, context, doing) }
  if (before && textIn(values, 'rev') !== String(before.rev)) {
    return conflict(kind, context, values, before)
  }
  const verb = before ? 'changed' : 'published'
  const acts = [act(person.id, `${verb}_${kind.type}`, id, site.now())]
  const drop = { notes: [keptId(person, req.path)] }
  try {
    await record(site, { ...doing, put: { ...doing.put, acts }, drop })
  } catch (error) {
    const now = await heldMeanwhile(kind, context, id, error)
    return conflict(kind, context, values, now)
  }
  res.redirect(303, `/host/${kind.folder}/${slugOf(id)}?done=${verb}`)
  return undefined
}

/** What stands there after a conflict; any other trouble goes on. */
async function heldMeanwhile<T extends Item>(
  { type }: Kind<T>,
  { site }: Context,
  id: string,
  error: unknown,
): Promise<T> {
  const now = await site.store.get('items', id)
  if (error instanceof Refusal && error.reason === 'conflict' && now?.type === type) return now as T
  throw error
}

async function conflict<T extends Item>(
  kind: Kind<T>,
  context: Context,
  typed: Values,
  now: T,
): Promise<Shown<T>> {
  const fields = await kind.fields(context, typed)
  const above = conflictNote(context, { fields, stored: kind.values(now), typed })
  return { values: { ...typed, rev: String(now.rev) }, above, status: 409 }
}

/** What the form stands for, or all that is wrong with it, its address too. */
export async function made<T extends Item>(
  kind: Kind<T>,
  context: Context,
  { person, values, before }: Omit<Sent<T>, 'asked'>,
): Promise<{ doing?: Doing; id: string; mistakes: Mistake[] }> {
  const { site } = context
  const { input, mistakes } = await kind.read(context, values)
  const place = before
    ? { id: before.id, mistakes: [] }
    : await placeFor(kind, context, values, input)
  const by = { by: person.name, actor: groupId(site), at: site.now() }
  const wrong = [...place.mistakes, ...mistakes]
  try {
    const doing = kind.write(place.id, input as never, by, before)
    return wrong.length > 0
      ? { id: place.id, mistakes: wrong }
      : { doing, id: place.id, mistakes: [] }
  } catch (error) {
    if (!(error instanceof Refusal) || error.mistakes.length === 0) throw error
    const title = `title.${languagesFor(context, values, 'title')[0] ?? ''}`
    const ofFields = error.mistakes.map((each) => beside(each, title))
    return { id: place.id, mistakes: onePerField([...wrong, ...ofFields]) }
  }
}

const onePerField = (mistakes: Mistake[]): Mistake[] => [
  ...new Map(mistakes.toReversed().map((each) => [each.field, each])).values(),
]

/** What is wrong inside a field is said beside it: `tags.topics.3`, `people.2.name`. */
const beside = (mistake: Mistake, title: string): Mistake => ({
  ...mistake,
  field: mistake.field
    .replace(/^tags\.(\w+).*$/, '$1')
    .replace(/^(people|hubs)\..*$/, '$1')
    .replace(/^transcript\.url$/, 'transcriptUrl')
    .replace(/^title$/, title),
})

async function placeFor<T extends Item>(
  kind: Kind<T>,
  { site }: Context,
  values: Values,
  input: object,
): Promise<{ id: string; mistakes: Mistake[] }> {
  const titles = 'title' in input ? (input.title as Record<string, string>) : {}
  const title = titles[textIn(values, 'language')] ?? Object.values(titles)[0] ?? ''
  const taken = async (slug: string) =>
    (await site.store.get('items', kind.idOf(site, slug))) !== undefined
  const { slug, mistakes } = await readSlug(values, title, taken)
  return { id: kind.idOf(site, slug), mistakes }
}

function previewOf<T extends Item>(kind: Kind<T>, context: Context, { put }: Doing): Html {
  const [item] = (put?.items ?? []) as T[]
  return html`<section class="preview" aria-label="${context.words('writing.preview')}"><p class="soft">${context.words('writing.preview_said')}</p>
${item && html`<h2>${localized(context.words, item.title)}</h2>${kind.preview(context, item)}`}</section>`
}

async function showForm<T extends Item>(
  kind: Kind<T>,
  context: Context,
  req: Request,
  res: Response,
  { values, before, mistakes = [], above, unreasoned = false, status = 200 }: Shown<T>,
): Promise<void> {
  const { words } = context
  const own = await kind.fields(context, values)
  const fields = [
    ...own,
    ...(before ? [] : [slugField(context, kind.folder)]),
    { name: 'rev', label: '', kind: 'hidden' as const },
  ]
  const title = words(before ? `writing.${kind.type}.edit` : `writing.${kind.type}.new`)
  const body = html`${before && whereItIs(context, kind.folder, before)}
${above}
${form(context, {
  action: req.path,
  fields,
  values,
  mistakes,
  submit: words(before ? 'writing.publish_changes' : `writing.${kind.type}.publish`),
  buttons: [
    { name: 'do', value: 'preview', label: words('writing.preview') },
    { name: 'do', value: 'keep', label: words('writing.keep') },
  ],
})}
${before && (await withdrawal(kind, context, req.path, before, unreasoned))}`
  sendPage(res, hostPage(context, { title, body, here: kind.here, done: req.query.done }), status)
}

/** Where readers see it, and where it has arrived. */
const whereItIs = ({ words }: Context, folder: string, { id, type }: Item): Html =>
  html`<p><a href="${pathOf(id)}">${words('writing.see')}</a> · <a href="/host/receipts?item=${encodeURIComponent(id)}">${words('receipts.title')}</a>${
    type === 'meeting' &&
    html` · <a href="/host/sessions/new?meeting=${encodeURIComponent(id)}">${words('writing.session.new')}</a>`
  }${type !== 'discussion' && html` · <a href="/host/${folder}/${slugOf(id)}/cancel">${words('cancel.link')}</a>`} · <a href="/host/${folder === 'sessions' ? 'meetings' : folder}">${words('writing.back')}</a></p>`

async function withdrawal<T extends Item>(
  { type, below }: Kind<T>,
  context: Context,
  path: string,
  item: T,
  wrong: boolean,
): Promise<Html> {
  const { words, site } = context
  const count = (await below?.(site, item))?.length ?? 0
  return html`<details class="folded"${wrong && html` open`}><summary>${words(`writing.${type}.withdraw`)}</summary>
<p>${words('writing.withdraw_said')} ${count > 0 && words('writing.withdraw_below', { count })}</p>
${form(context, {
  action: `${path}?do=withdraw`,
  prefix: 'w-',
  fields: [
    {
      name: 'reason',
      label: words('moderation.reason'),
      hint: words('moderation.reason_hint'),
      kind: 'area',
      rows: 3,
      required: true,
      dir: 'auto',
    },
  ],
  values: {},
  mistakes: wrong ? [{ field: 'reason', sentence: 'field.required' }] : [],
  submit: words(`writing.${type}.withdraw`),
})}</details>`
}

async function withdrawItem<T extends Item>(
  kind: Kind<T>,
  context: Context,
  req: Request,
  res: Response,
  before: T,
): Promise<void> {
  const { site } = context
  const person = allowed(res, kind.verb)
  const reason = textIn(valuesIn(req), 'reason')
  if (reason === '') {
    const values = storedValues(kind, before)
    return showForm(kind, context, req, res, { values, before, unreasoned: true, status: 400 })
  }
  const items = [before, ...((await kind.below?.(site, before)) ?? [])]
  const doing = withdraw(items, { by: person.id, actor: groupId(site), at: site.now(), reason })
  await record(site, { ...doing, drop: { notes: [keptId(person, req.path)] } })
  const list = kind.folder === 'sessions' ? 'meetings' : kind.folder
  res.redirect(303, `/host/${list}?done=withdrawn`)
}
