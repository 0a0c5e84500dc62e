/** An outcome's original as a form: its text, what it is, where it belongs, and what it is about. */
import { writeOutcomeText } from '../../../content/blocks.ts'
import type { Draft, Session } from '../../../content/model.ts'
import type { Written } from '../../../content/outcomes.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { isTerm } from '../../../content/vocabulary.ts'
import { type Context, inWords } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { writtenTexts } from '../../importing.ts'
import type { Words } from '../../words.ts'
import {
  languageOptions,
  languagesFor,
  marked,
  meetingField,
  meetingsHere,
  notAmong,
} from './common-fields.ts'
import { listed } from './session-form.ts'
import { readTags, tagFields, taggedValues } from './tag-fields.ts'
import { given, numberGiven, textIn } from './values.ts'
import { aside } from '../../marks.ts'

const SESSIONS_MAX = 300
const TEXT_ROWS = 22
const SUMMARY_ROWS = 3

export async function outcomeFields(context: Context, typed: Values): Promise<Field[]> {
  const { words } = context
  const language = textIn(typed, 'language')
  return [
    {
      name: 'language',
      label: words('writing.original'),
      kind: 'select',
      required: true,
      options: languageOptions(words, languagesFor(context, typed)),
    },
    { name: 'title', label: words('writing.title'), required: true, ...marked(language || 'und') },
    ...wordsFields(words, language || 'und'),
    listed(words, 'outcomeType', 'outcome-types', true),
    { name: 'year', label: words('writing.year'), kind: 'number', required: true, dir: 'ltr' },
    meetingField(context, await meetingsHere(context)),
    sessionField(words, await sessionsHere(context)),
    ...tagFields(words),
    ...noteFields(words, language || 'und'),
  ]
}

/** Summary and text, with how the text becomes messages always in sight. */
export const wordsFields = (words: Words, language: string): Field[] => [
  {
    name: 'summary',
    label: words('writing.summary'),
    hint: words('writing.summary_hint'),
    kind: 'area',
    rows: SUMMARY_ROWS,
    ...marked(language),
  },
  {
    name: 'markdown',
    label: words('writing.markdown'),
    hint: words('writing.messages_hint'),
    kind: 'area',
    rows: TEXT_ROWS,
    required: true,
    ...marked(language),
  },
]

/** What may stand in braces, with an example. */
export const bracesNote = (words: Words) =>
  html`<div class="note braces"><p>${words('writing.braces')}</p>
<pre dir="ltr">1. ${words('writing.braces_example')} {.recommendation .rough_consensus C2 sdg:9}</pre>
<dl class="facts"><dt class="code" dir="ltr">.message .recommendation .divergent_view .finding</dt><dd>${words('writing.braces_kind')}</dd>
<dt class="code" dir="ltr">.consensus .rough_consensus .none_recorded</dt><dd>${words('writing.braces_consensus')}</dd>
<dt class="code" dir="ltr">C2 sdg:9 gdc:1 topic:"…"</dt><dd>${words('writing.braces_tags')}</dd>
<dt class="code" dir="ltr">#m-3f9a1c02</dt><dd>${words('writing.braces_key')}</dd></dl></div>`

async function sessionsHere({ site }: Context): Promise<Session[]> {
  const where = { type: 'session', local: 'true', visibility: 'shown' }
  const found = await site.store.find('items', { where, limit: SESSIONS_MAX })
  return found.filter((item) => item.type === 'session')
}

const sessionField = (words: Words, sessions: Session[]): Field => ({
  name: 'session',
  label: words('facts.session'),
  kind: 'select',
  options: [
    { value: '', label: words('writing.no_session') },
    ...sessions.map(({ id, title, startsAt, timeZone }) => ({
      value: id,
      label: aside(words, inWords(title, words), words.day(startsAt, timeZone)),
    })),
  ],
})

const noteFields = (words: Words, language: string): Field[] => [
  {
    name: 'methodNote',
    label: words('writing.methodNote'),
    hint: words('writing.methodNote_hint'),
    kind: 'area',
    rows: SUMMARY_ROWS,
    ...marked(language),
  },
  {
    name: 'disclaimer',
    label: words('outcome.disclaimer'),
    kind: 'area',
    rows: SUMMARY_ROWS,
    ...marked(language),
  },
  { name: 'licence', label: words('facts.licence'), required: true, dir: 'auto' },
  { name: 'source', label: words('facts.source'), kind: 'url', dir: 'ltr' },
]

/** A new outcome begins as the initiative's outcomes usually are. */
export const freshValues = ({ profile, words, site }: Context): Values => ({
  language: profile?.languages[0] ?? words.language,
  outcomeType: 'messages',
  year: site.now().slice(0, 4),
  licence: profile?.licence ?? 'CC BY 4.0',
})

/** A working copy as its form shows it: messages with their keys, so that they stay. */
export function outcomeValues(draft: Draft): Values {
  const { language, texts, statements, tags } = draft
  const original = texts[language]
  return {
    language,
    title: original?.title ?? '',
    summary: original?.summary ?? '',
    markdown: writeOutcomeText(original?.blocks ?? [], statements).trim(),
    outcomeType: draft.outcomeType,
    year: String(draft.year),
    meeting: draft.meeting ?? '',
    session: draft.session ?? '',
    methodNote: draft.methodNote,
    disclaimer: draft.disclaimer,
    licence: draft.licence,
    source: draft.source ?? '',
    ...taggedValues(tags),
  }
}

/** What was typed, as what a host writes; and what is wrong that the schema does not see. */
export async function readOutcome(
  context: Context,
  typed: Values,
): Promise<{ input: (draft?: Draft) => Written; mistakes: Mistake[] }> {
  const [meetings, sessions] = await Promise.all([meetingsHere(context), sessionsHere(context)])
  const { tags, mistakes } = readTags(typed)
  const session = sessions.find(({ id }) => id === textIn(typed, 'session'))
  const meeting = textIn(typed, 'meeting') || session?.meeting || ''
  const language = textIn(typed, 'language')
  const original = {
    title: textIn(typed, 'title'),
    summary: textIn(typed, 'summary'),
    markdown: textIn(typed, 'markdown'),
    standing: 'original' as const,
  }
  const fields = {
    language,
    outcomeType: textIn(typed, 'outcomeType'),
    ...(meeting ? { meeting } : {}),
    ...(session ? { session: session.id } : {}),
    ...numberGiven(typed, 'year', 'year'),
    tags,
    methodNote: textIn(typed, 'methodNote'),
    disclaimer: textIn(typed, 'disclaimer'),
    licence: textIn(typed, 'licence'),
    ...given(typed, 'source'),
  } as Omit<Written, 'texts'>
  const among = (name: string, items: { id: string }[]) =>
    notAmong(
      typed,
      name,
      items.map(({ id }) => id),
    )
  return {
    input: (draft) => ({ ...fields, texts: { ...translationsOf(draft), [language]: original } }),
    mistakes: [
      ...(original.markdown === '' ? [{ field: 'markdown', sentence: 'field.required' }] : []),
      ...mistakes,
      ...among('meeting', meetings),
      ...among('session', sessions),
      ...(session && session.meeting !== meeting
        ? [{ field: 'session', sentence: 'writing.session_elsewhere' }]
        : []),
      ...(isTerm('outcome-types', textIn(typed, 'outcomeType'))
        ? []
        : [{ field: 'outcomeType', sentence: 'field.wrong' }]),
    ],
  }
}

/** The other texts of a working copy, as they stand. */
function translationsOf(draft: Draft | undefined): Written['texts'] {
  if (!draft) return {}
  const { [draft.language]: _original, ...others } = writtenTexts(draft)
  return others
}

/** What is wrong with the original, beside the fields of this form. */
export const besideFields = (mistakes: Mistake[], language: string): Mistake[] => {
  const own = `texts.${language}.`
  const found = mistakes.map((each) => ({
    ...each,
    field: (each.field.startsWith(own) ? each.field.slice(own.length) : each.field).replace(
      /^tags\.(\w+).*$/,
      '$1',
    ),
  }))
  return [...new Map(found.toReversed().map((each) => [each.field, each])).values()]
}
