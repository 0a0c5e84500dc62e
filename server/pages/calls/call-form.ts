/** A call as a form: its text, its dates in UTC, its categories, and how many proposals each person may make. */
import { type Call, categoriesOf } from '../../../content/calls.ts'
import { slugOf } from '../../../content/import/slugs.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { vocabulary } from '../../../content/vocabulary.ts'
import { localTime } from '../../../content/zones.ts'
import type { Context } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import {
  languagesFor,
  localizedFields,
  meetingField,
  meetingsHere,
  notAmong,
  timeField,
} from '../writing/common-fields.ts'
import { textFields } from '../writing/meeting-form.ts'
import { asFields, given, localizedIn, numberGiven, textIn, timeIn } from '../writing/values.ts'

const CATEGORIES_ROWS = 5
const CATEGORIES = 'eurodig-categories'
const showings: Call['showing'][] = ['at_once', 'after_look']

export const freshCall = ({ profile, words, site }: Context): Values => ({
  language: profile?.languages[0] ?? words.language,
  year: site.now().slice(0, 4),
  vocabulary: CATEGORIES,
  perPerson: '3',
  showing: 'at_once',
})

export async function callFields(context: Context, typed: Values): Promise<Field[]> {
  const { words } = context
  const languages = languagesFor(context, typed, 'title')
  const time = { timeZone: 'UTC', hint: words('writing.zone_hint', { zone: 'UTC' }) }
  return [
    ...localizedFields(context, 'title', languages, true),
    ...textFields(context, typed, languages, true),
    { name: 'year', label: words('writing.year'), kind: 'number', required: true, dir: 'ltr' },
    timeField(words, typed, { name: 'opensAt', ...time }, true),
    timeField(words, typed, { name: 'closesAt', ...time }, true),
    meetingField(context, await meetingsHere(context)),
    {
      ...{ name: 'vocabulary', label: words('call.field.vocabulary'), kind: 'select' },
      options: [
        { value: '', label: words('call.field.no_vocabulary') },
        { value: CATEGORIES, label: vocabulary(CATEGORIES)?.title ?? CATEGORIES },
      ],
    },
    {
      ...{ name: 'categories', label: words('call.field.own_categories') },
      ...{ hint: words('call.field.own_categories_hint'), kind: 'area', rows: CATEGORIES_ROWS },
      dir: 'auto',
    },
    {
      ...{ name: 'perPerson', label: words('call.field.per_person'), kind: 'number' },
      ...{ required: true, dir: 'ltr' },
    },
    {
      ...{ name: 'showing', label: words('call.field.showing'), kind: 'radios', required: true },
      options: showings.map((value) => ({ value, label: words(`call.showing.${value}`) })),
    },
    { name: 'rev', label: '', kind: 'hidden' },
  ]
}

export const callValues = (call: Call): Values => ({
  ...asFields('title', call.title),
  text: call.text,
  language: call.language,
  year: String(call.year),
  opensAt: localTime(call.opensAt, 'UTC'),
  closesAt: localTime(call.closesAt, 'UTC'),
  meeting: call.meeting ?? '',
  vocabulary: call.vocabulary ?? '',
  categories: call.categories.map(({ label }) => label).join('\n'),
  perPerson: String(call.perPerson),
  showing: call.showing,
  rev: String(call.rev),
})

/** What was typed. A category that keeps its name keeps its place in the proposals. */
export async function readCall(context: Context, values: Values, before?: Call) {
  const [opens, closes] = [
    timeIn(values, 'opensAt', 'UTC', true),
    timeIn(values, 'closesAt', 'UTC', true),
  ]
  const meetings = (await meetingsHere(context)).map(({ id }) => id)
  const input = {
    language: textIn(values, 'language'),
    title: localizedIn(values, 'title'),
    text: textIn(values, 'text'),
    ...given(values, 'meeting'),
    ...numberGiven(values, 'year', 'year'),
    opensAt: opens.at,
    closesAt: closes.at,
    ...given(values, 'vocabulary'),
    categories: namedIn(
      textIn(values, 'categories'),
      given(values, 'vocabulary').vocabulary,
      before,
    ),
    ...numberGiven(values, 'perPerson', 'perPerson'),
    showing: textIn(values, 'showing'),
  }
  const elsewhere: Mistake[] = notAmong(values, 'meeting', meetings)
  return { input, mistakes: [...opens.mistakes, ...closes.mistakes, ...elsewhere] }
}

/** One category a line, each with a short name that no other has. */
function namedIn(text: string, list: string | undefined, before: Call | undefined) {
  const labels = [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)
  const known = new Map(before?.categories.map(({ label, slug }) => [label, slug]))
  const taken = new Set([
    ...categoriesOf({ ...(list ? { vocabulary: list } : {}), categories: [] }),
    ...known.values(),
  ])
  return labels.map((label) => {
    const slug = known.get(label) ?? freeSlug(slugOf(label), taken)
    taken.add(slug)
    return { slug, label }
  })
}

function freeSlug(wanted: string, taken: Set<string>): string {
  let number = 1
  const named = () => (number === 1 ? wanted : `${wanted}-${number}`)
  while (taken.has(named())) number += 1
  return named()
}
