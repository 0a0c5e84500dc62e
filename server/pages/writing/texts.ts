/** A translation beside its original: written, marked when it has fallen behind, and taken out again. */
import type { Request, Response } from 'express'
import { languageName } from '../../../content/countries.ts'
import type { Draft, OutcomeText } from '../../../content/model.ts'
import { edit, type Written } from '../../../content/outcomes.ts'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { cut } from '../../../content/versions.ts'
import { Language, Standing } from '../../../content/values.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { button, type Field, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { writtenOf } from '../../importing.ts'
import { allowed } from '../../login.ts'
import { direction } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import { readLanguages } from '../host/places.ts'
import { own } from '../parts/links.ts'
import { textBlocks } from '../parts/messages.ts'
import { part, type Show } from '../reading/find.ts'
import { marked } from './common-fields.ts'
import { conflictNote } from './conflict.ts'
import { attempt, byWhom, draftOf, hostPathOf, save, titleOf } from './drafts.ts'
import { dropKept, keep, keptAt, keptNote } from './kept.ts'
import { preview, seen, showOutcomeForm } from './outcome.ts'
import { besideFields, outcomeValues, wordsFields } from './outcome-form.ts'
import { textMarks } from './standing.ts'
import { fingerprint, textIn, valuesIn } from './values.ts'

/** How a translation came about. */
const standings = Standing.options.filter((each) => each !== 'original')

/** From the name of a language to the page of its text. */
export const addText: Show = async (context, req, res) => {
  allowed(res, 'write_outcome')
  const draft = await draftOf(context.site, req)
  const typed = word(req, 'code') ?? ''
  const [code] = readLanguages(typed, context.words.language).codes
  if (!code) {
    const values = seen(outcomeValues(draft))
    return showOutcomeForm(context, req, res, { values, draft, code: typed, status: 400 })
  }
  res.redirect(303, code === draft.language ? hostPathOf(draft) : textPath(draft, code))
}

const textPath = (draft: Draft, language: string) => `${hostPathOf(draft)}/texts/${language}`

/** The working copy and the language of the address. Refusal `missing` for what is none, or is the original. */
async function asked(context: Context, req: Request): Promise<{ draft: Draft; language: string }> {
  const draft = await draftOf(context.site, req)
  const language = part(req, 'language')
  if (!Language.safeParse(language).success || language === draft.language)
    throw new Refusal('missing', 'page')
  if (draft.state === 'withdrawn') throw new Refusal('conflict', 'outcome.withdrawn')
  return { draft, language }
}

export const textForm: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const { draft, language } = await asked(context, req)
  const kept = await keptAt(context.site, person, req.path)
  const goesOn = kept !== undefined && word(req, 'kept') !== undefined
  showText(context, req, res, {
    draft,
    language,
    values: goesOn ? kept.values : seen(textValues(draft, language)),
    ...(kept && !goesOn ? { above: keptNote(context, req.path, kept) } : {}),
  })
}

/** The fields of one translation, and, unseen, the original it was held against. */
function textValues(draft: Draft, language: string): Values {
  const text = draft.texts[language]
  return {
    title: text?.title ?? '',
    summary: text?.summary ?? '',
    markdown: text?.markdown.trim() ?? '',
    standing: text?.standing ?? 'community',
    original: fingerprint(originalValues(draft)),
  }
}

const originalValues = ({ texts, language }: Draft): Values => {
  const { title, summary, blocks } = texts[language] as OutcomeText
  return { title, summary, blocks: blocks.map(({ markdown }) => markdown) }
}

export const sendText: Show = async (context, req, res) => {
  const person = allowed(res, 'write_outcome')
  const { draft, language } = await asked(context, req)
  const wanted = word(req, 'do') ?? ''
  if (wanted === 'discard') {
    await dropKept(context.site, person, req.path)
    return res.redirect(303, req.path)
  }
  if (wanted === 'remove') return removeText(context, req, res, { person, draft, language })
  const values = valuesIn(req)
  await keep(context.site, person, req.path, values)
  const shown = await sent(context, req, res, { person, draft, language, values, wanted })
  if (shown) showText(context, req, res, { draft, language, ...shown })
}

interface Sent {
  person: Person
  draft: Draft
  language: string
  values: Values
  wanted: string
}

interface Shown {
  draft: Draft
  language: string
  values: Values
  mistakes?: Mistake[]
  above?: Html | undefined
  status?: number
}

async function sent(
  context: Context,
  req: Request,
  res: Response,
  { person, draft, language, values, wanted }: Sent,
): Promise<(Partial<Shown> & { values: Values }) | undefined> {
  const { site } = context
  const standing = standings.find((each) => each === textIn(values, 'standing')) ?? 'community'
  const text = {
    title: textIn(values, 'title'),
    summary: textIn(values, 'summary'),
    markdown: textIn(values, 'markdown'),
    standing,
  }
  const make = (now: Draft) =>
    edit(now, withTexts(now, { [language]: text }), byWhom(site, person), language)
  const empty: Mistake[] =
    text.markdown === '' ? [{ field: 'markdown', sentence: 'field.required' }] : []
  const tried = attempt(() => make(draft))
  if (!tried.doing || empty.length > 0) {
    const mistakes = besideFields([...empty, ...tried.mistakes], language)
    return { values, mistakes, status: 400 }
  }
  const [made] = tried.doing.put?.drafts ?? []
  if (wanted === 'preview') return { values, above: made && preview(context, made, language) }
  const saved = await save(
    site,
    { person, path: req.path, id: draft.id, verb: 'translated_outcome' },
    (now) =>
      now && fingerprint(textValues(now, language)) === textIn(values, 'seen')
        ? make(now)
        : undefined,
  )
  if (!saved) return conflict(context, draft.id, language, values)
  res.redirect(303, `${hostPathOf(draft)}?done=saved`)
  return undefined
}

/** A working copy as it was written, with other texts beside or in place of those it has. */
const withTexts = (draft: Draft, texts: Written['texts']): Written => {
  const written = writtenOf(draft)
  return { ...written, texts: { ...written.texts, ...texts } }
}

async function removeText(
  { site }: Context,
  req: Request,
  res: Response,
  { person, draft, language }: { person: Person; draft: Draft; language: string },
): Promise<void> {
  const make = (now: Draft | undefined) => {
    if (!now?.texts[language]) return undefined
    const written = writtenOf(now)
    const { [language]: _gone, ...texts } = written.texts
    return edit(now, { ...written, texts }, byWhom(site, person))
  }
  await save(site, { person, path: req.path, id: draft.id, verb: 'removed_translation' }, make)
  res.redirect(303, `${hostPathOf(draft)}?done=saved`)
}

/** Somebody has changed this text or its original meanwhile. */
async function conflict(
  context: Context,
  id: string,
  language: string,
  typed: Values,
): Promise<Partial<Shown> & { values: Values }> {
  const draft = await context.site.store.get('drafts', id)
  if (!draft) throw new Refusal('missing', 'page')
  const stored = textValues(draft, language)
  const above = html`${conflictNote(context, { fields: fields(context, language), stored, typed })}${
    stored.original !== typed.original &&
    html`<p class="note">${context.words('texts.original_changed')}</p>`
  }`
  const values = { ...typed, original: stored.original, seen: fingerprint(stored) }
  return { draft, values, above, status: 409 }
}

const fields = ({ words }: Context, language: string): Field[] => [
  {
    name: 'standing',
    label: words('texts.standing'),
    kind: 'radios',
    required: true,
    options: standings.map((value) => ({ value, label: words(`standing.${value}`) })),
  },
  { name: 'title', label: words('writing.title'), required: true, ...marked(language) },
  ...wordsFields(words, language).map((field) =>
    field.name === 'markdown' ? { ...field, hint: words('texts.markdown_hint') } : field,
  ),
]

function showText(
  context: Context,
  req: Request,
  res: Response,
  { draft, language, values, mistakes = [], above, status = 200 }: Shown,
): void {
  const { words } = context
  const name = languageName(language, words.language)
  const title = words('texts.title', { language: name })
  const hidden = ['original', 'seen'].map((each) => ({
    name: each,
    label: '',
    kind: 'hidden' as const,
  }))
  const body = html`<p class="soft"><a href="${hostPathOf(draft)}">${own(titleOf(draft))}</a></p>
${draft.texts[language] && html`<p>${textMarks(context, draft, language)}</p>`}
${above}
<div class="beside wide"><section><h2>${languageName(draft.language, words.language)} <small>${words('standing.original')}</small></h2>
${original(context, draft)}</section>
<section><h2>${name}</h2>
${form(context, {
  action: req.path,
  fields: [...fields(context, language), ...hidden],
  values,
  mistakes,
  submit: words('writing.save'),
  buttons: [{ name: 'do', value: 'preview', label: words('writing.preview') }],
})}
${draft.texts[language] && button(context, `${req.path}?do=remove`, words('texts.remove'), {}, 'danger')}</section></div>`
  sendPage(res, hostPage(context, { title, body, here: 'outcomes' }), status)
}

/** What is to be translated, with the numbers that the translation keeps to. */
function original({ words, site }: Context, draft: Draft): Html {
  const text = draft.texts[draft.language]
  return html`<div lang="${draft.language}" dir="${direction(draft.language)}"><p><b>${text?.title}</b></p>
${text && text.summary !== '' && html`<p>${text.summary}</p>`}</div>
${textBlocks(cut(draft, site.now()), { words, base: '', language: draft.language })}`
}
