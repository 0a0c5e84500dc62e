/** The facts of the initiative as a form: at setup, and whenever the host changes them. */
import { languageName } from '../../../content/countries.ts'
import type { Initiative } from '../../../content/model.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { terms } from '../../../content/vocabulary.ts'
import type { Context } from '../../context.ts'
import type { Field } from '../../forms.ts'
import { html } from '../../html.ts'
import { Founding, type WrittenFounding } from '../../setup.ts'
import { checked } from '../../../content/checked.ts'
import { direction } from '../../words.ts'
import {
  countriesByName,
  isLanguageTag,
  type ReadNames,
  readCountries,
  readLanguages,
  writtenCountries,
  writtenLanguages,
} from './places.ts'
import { wrongIn, type Typed } from './typed.ts'

/** Texts are asked for in so many languages. */
const LANGUAGES_MAX = 30
const SUMMARY_ROWS = 4

/** What each text is called in the form: `name.fr`. */
const texts = ['name', 'scope', 'summary'] as const
type TextName = (typeof texts)[number]

export interface ReadProfile {
  founding: WrittenFounding
  mistakes: Mistake[]
}

/** What was typed, as the facts it stands for, and everything that is wrong with it. */
export async function readProfile(context: Context, typed: Typed): Promise<ReadProfile> {
  const { words, site } = context
  const languages = readLanguages(typed.languages ?? '', words.language)
  const gathers = site.policy.gathers
  const countries = readCountries(gathers ? '' : (typed.countries ?? ''), words.language)
  const kind = gathers ? 'global' : (typed.kind as WrittenFounding['kind'])
  const founding: WrittenFounding = {
    name: localized(typed, 'name'),
    scope: localized(typed, 'scope'),
    summary: localized(typed, 'summary'),
    acronym: typed.acronym ?? '',
    kind,
    countries: countries.codes,
    languages: languages.codes,
    accent: typed.accent?.toLowerCase(),
    ...given('website', typed.website),
    ...given('codeOfConduct', typed.codeOfConduct),
    ...given('licence', typed.licence),
    ...(typed.established?.trim() ? { established: Number(typed.established) } : {}),
  }
  const main = languages.codes[0] ?? shownLanguages(context, typed)[0] ?? words.language
  const missing = [
    ...(!founding.name[main] ? [{ field: `name.${main}`, sentence: 'field.required' }] : []),
    ...(kind === 'national' && countries.codes.length === 0 && countries.unknown.length === 0
      ? [{ field: 'countries', sentence: 'field.required' }]
      : []),
    ...(!gathers && (kind as string) === 'global'
      ? [{ field: 'kind', sentence: 'field.wrong' }]
      : []),
  ]
  const wrong = await wrongIn(() => checked(Founding, founding))
  const unknown = [
    ...notUnderstood('languages', languages),
    ...notUnderstood('countries', countries),
  ]
  const own = wrong.filter(
    ({ field }) => field !== 'name' && !unknown.some((u) => u.field === field),
  )
  return { founding, mistakes: [...unknown, ...missing, ...own] }
}

const given = <Name extends string>(name: Name, text: string | undefined) =>
  (text?.trim() ? { [name]: text.trim() } : {}) as { [N in Name]?: string }

/** The texts that are not empty, by language. */
function localized(typed: Typed, name: TextName): Record<string, string> {
  const found = Object.entries(typed).flatMap(([field, text]) => {
    const language = field.startsWith(`${name}.`) ? field.slice(name.length + 1) : undefined
    return language && isLanguageTag(language) && text.trim()
      ? [[language, text.trim()] as const]
      : []
  })
  return Object.fromEntries(found.slice(0, LANGUAGES_MAX))
}

const notUnderstood = (field: string, { unknown }: ReadNames): Mistake[] =>
  unknown.map(({ text, near }) => ({
    field,
    sentence: near.length > 0 ? 'places.unknown_near' : 'places.unknown',
    values: { text, near: near.map(({ code, name }) => `${name} (${code})`).join(', ') },
  }))

/** For which languages there are fields: those of the initiative, and those that have a text already. */
function shownLanguages({ words }: Context, typed: Typed): string[] {
  const { codes } = readLanguages(typed.languages ?? '', words.language)
  const filled = texts.flatMap((name) => Object.keys(localized(typed, name)))
  const all = [...new Set([...codes, ...filled])].slice(0, LANGUAGES_MAX)
  return all.length > 0 ? all : [words.language]
}

/** The languages and, below them, one field for each of them; then the rest. `more`: what need not be said at setup. */
export function profileFields(context: Context, typed: Typed, more: boolean): Field[] {
  const { words, site } = context
  const languages = shownLanguages(context, typed)
  return [
    {
      name: 'languages',
      label: words('profile.languages'),
      hint: words('profile.languages_hint'),
      required: true,
      dir: 'auto',
      after: moreLanguages(context),
    },
    ...languages.map((language, i) => textField(context, 'name', language, i === 0)),
    {
      name: 'acronym',
      label: words('about.acronym'),
      hint: words('profile.acronym_hint', { host: new URL(site.origin).host }),
      required: true,
      dir: 'auto',
    },
    ...(site.policy.gathers ? [] : placeFields(context)),
    ...(more ? languages.map((language) => textField(context, 'scope', language, false)) : []),
    ...languages.map((language) => textField(context, 'summary', language, false)),
    {
      name: 'accent',
      label: words('profile.accent'),
      hint: words('profile.accent_hint'),
      kind: 'color',
      required: true,
    },
    ...(more ? furtherFields(context) : []),
  ]
}

/** The Enter key presses the first button of a form: the hidden one, which sends it as the last does. */
const moreLanguages = ({ words }: Context) =>
  html`<p class="buttons"><button type="submit" hidden></button>
<button type="submit" class="second" name="do" value="languages">${words('setup.languages')}</button></p>`

function textField({ words }: Context, name: TextName, language: string, required: boolean): Field {
  return {
    name: `${name}.${language}`,
    label: words(`profile.${name}`, { language: languageName(language, words.language) }),
    ...(name === 'scope' ? { hint: words('profile.scope_hint') } : {}),
    ...(name === 'summary' ? { kind: 'area' as const, rows: SUMMARY_ROWS } : {}),
    ...(required ? { required } : {}),
    lang: language,
    ...(direction(language) === 'ltr' ? { dir: 'ltr' as const } : { dir: 'auto' as const }),
  }
}

function placeFields({ words }: Context): Field[] {
  const list = countriesByName(words.language).map(({ code, name }) => `${name} ${code}`)
  return [
    {
      name: 'kind',
      label: words('about.kind'),
      kind: 'radios',
      required: true,
      options: terms('nri-kinds')
        .filter(({ slug }) => slug !== 'global')
        .map(({ slug, labels }) => ({
          value: slug,
          label: labels[words.language] ?? labels.en ?? slug,
        })),
    },
    {
      name: 'countries',
      label: words('about.countries_title'),
      hint: words('profile.countries_hint'),
      kind: 'area',
      rows: 3,
      dir: 'auto',
      after: html`<details><summary>${words('profile.countries_list')}</summary><p class="soft">${list.join(' · ')}</p></details>`,
    },
  ]
}

const furtherFields = ({ words }: Context): Field[] => [
  { name: 'established', label: words('about.established'), kind: 'number', dir: 'ltr' },
  { name: 'website', label: words('about.website'), kind: 'url', dir: 'ltr' },
  {
    name: 'codeOfConduct',
    label: words('about.conduct'),
    hint: words('profile.conduct_hint'),
    kind: 'url',
    dir: 'ltr',
  },
  {
    name: 'licence',
    label: words('facts.licence'),
    hint: words('profile.licence_hint'),
    dir: 'auto',
  },
]

/** The facts as the form shows them. */
export function writtenProfile({ words }: Context, profile: Initiative): Typed {
  const { languages, countries, acronym, kind, accent, licence } = profile
  const { website = '', codeOfConduct = '', established = '' } = profile
  const localizedFields = texts.flatMap((name) =>
    Object.entries(profile[name]).map(([language, text]) => [`${name}.${language}`, text]),
  )
  return {
    ...Object.fromEntries(localizedFields),
    languages: writtenLanguages(languages, words.language),
    countries: writtenCountries(countries, words.language),
    acronym,
    kind,
    accent,
    licence,
    website,
    codeOfConduct,
    established: String(established),
  }
}
