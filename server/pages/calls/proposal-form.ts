/** A proposal as a form. */
import { type Call, categoriesOf, categoryName, type Proposal } from '../../../content/calls.ts'
import { countryName } from '../../../content/countries.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { terms } from '../../../content/vocabulary.ts'
import type { Context } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { readCountries } from '../host/places.ts'
import { languageOptions } from '../writing/common-fields.ts'
import { given, listIn, textIn } from '../writing/values.ts'

const TEXT_ROWS = 8

export function proposalFields({ words, profile }: Context, call: Call): Field[] {
  const { language } = words
  const languages = [...new Set([language, call.language, ...(profile?.languages ?? [])])]
  const groups = terms('stakeholder-groups').map(({ slug, labels }) => ({
    value: slug,
    label: labels[language] ?? labels.en ?? slug,
  }))
  const text = { required: true, dir: 'auto' as const }
  return [
    { name: 'title', label: words('call.field.title'), ...text },
    {
      ...{ name: 'text', label: words('call.field.text'), hint: words('call.field.text_hint') },
      ...{ kind: 'area', rows: TEXT_ROWS, ...text },
    },
    {
      ...{ name: 'categories', label: words('call.field.categories') },
      ...{ hint: words('call.field.categories_hint'), kind: 'checkboxes', required: true },
      options: categoriesOf(call).map((slug) => ({
        value: slug,
        label: categoryName(call, slug, language),
      })),
    },
    {
      ...{
        name: 'stakeholderGroup',
        label: words('answer.group'),
        hint: words('answer.group_hint'),
      },
      ...{ kind: 'select', required: true },
      options: [{ value: '', label: '—' }, ...groups],
    },
    { name: 'affiliation', label: words('answer.affiliation'), dir: 'auto' },
    country(words('call.field.residence'), 'residence', words('call.field.residence_hint')),
    country(words('call.field.origin'), 'origin', words('call.field.origin_hint')),
    {
      ...{ name: 'language', label: words('call.field.language'), kind: 'select', required: true },
      options: languageOptions(words, languages),
    },
    { name: 'rev', label: '', kind: 'hidden' },
  ]
}

const country = (label: string, name: string, hint: string): Field => ({
  ...{ name, label, hint, dir: 'auto' as const },
})

/** As it stands, to be changed. */
export function proposalValues({ words }: Context, proposal: Proposal): Values {
  const { title, text, categories, stakeholderGroup, affiliation, language } = proposal
  const name = (code: string | undefined) => (code ? countryName(code, words.language) : '')
  return {
    ...{ title, text, categories, stakeholderGroup, affiliation, language },
    residence: name(proposal.residence),
    origin: name(proposal.origin),
    rev: String(proposal.rev),
  }
}

/** What was typed, as the pure part takes it, and the countries that nobody understood. */
export function readProposal({ words }: Context, values: Values) {
  const residence = countryIn(values, 'residence', words.language)
  const origin = countryIn(values, 'origin', words.language)
  const input = {
    language: textIn(values, 'language'),
    title: textIn(values, 'title'),
    text: textIn(values, 'text'),
    categories: listIn(values, 'categories'),
    stakeholderGroup: textIn(values, 'stakeholderGroup'),
    ...given(values, 'affiliation'),
    ...(residence.code ? { residence: residence.code } : {}),
    ...(origin.code ? { origin: origin.code } : {}),
  }
  return { input, mistakes: [...residence.mistakes, ...origin.mistakes] }
}

function countryIn(values: Values, name: string, language: string) {
  const { codes, unknown } = readCountries(textIn(values, name), language)
  const mistakes: Mistake[] =
    codes.length > 1 || unknown.length > 0 ? [{ field: name, sentence: 'call.one_country' }] : []
  return { code: codes[0], mistakes }
}
