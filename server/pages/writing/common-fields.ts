/** Fields that several forms of writers share. */
import { languageName } from '../../../content/countries.ts'
import { slugOf } from '../../../content/import/slugs.ts'
import type { Meeting } from '../../../content/model.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { Slug } from '../../../content/values.ts'
import { instantOf } from '../../../content/zones.ts'
import { type Context, inWords } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { direction, type Words } from '../../words.ts'
import { moment } from '../parts/dates.ts'
import { localizedIn, textIn } from './values.ts'
import { aside } from '../../marks.ts'

const MEETINGS_MAX = 200
const SUFFIX_MAX = 200

/** Words of the addresses of these pages themselves. */
const reserved = new Set(['new', 'feed'])

/** The languages a text may be written in: the initiative's own, the writer's, and those that have text already. */
export function languagesFor({ words, profile }: Context, values: Values, ...names: string[]) {
  const filled = names.flatMap((name) => Object.keys(localizedIn(values, name)))
  const chosen = textIn(values, 'language')
  const own = profile?.languages ?? []
  const all = [...(own.length > 0 ? own : [words.language]), ...filled, ...(chosen ? [chosen] : [])]
  return [...new Set(all)]
}

export const languageOptions = (words: Words, languages: string[]) =>
  languages.map((value) => ({ value, label: languageName(value, words.language) }))

export const marked = (language: string): Pick<Field, 'lang' | 'dir'> => ({
  lang: language,
  dir: direction(language) === 'ltr' ? 'ltr' : 'auto',
})

/** One field for each language; the first must be filled. */
export const localizedFields = (
  { words }: Context,
  name: string,
  languages: string[],
  required: boolean,
): Field[] =>
  languages.map((language, i) => ({
    name: `${name}.${language}`,
    label: words(`writing.${name}_in`, { language: languageName(language, words.language) }),
    ...(required && i === 0 ? { required } : {}),
    ...marked(language),
  }))

/** A time on a clock of a zone, with the same moment in UTC below it when it is one. */
export function timeField(
  words: Words,
  values: Values,
  { name, timeZone, hint }: { name: string; timeZone: string; hint?: string },
  required = false,
): Field {
  const at = instantOf(textIn(values, name), timeZone)
  return {
    name,
    label: words(`writing.${name}`),
    kind: 'datetime-local',
    dir: 'ltr',
    ...(hint ? { hint } : {}),
    ...(required ? { required } : {}),
    ...(at && timeZone !== 'UTC'
      ? { after: html`<p class="hint">= ${moment(words, at)}</p>` }
      : {}),
  }
}

export const slugField = ({ words, site }: Context, folder: string): Field => ({
  name: 'slug',
  label: words('writing.slug'),
  hint: words('writing.slug_hint', { start: `${site.origin}/${folder}/` }),
  dir: 'ltr',
  autocomplete: 'off',
})

export interface ReadSlug {
  slug: string
  mistakes: Mistake[]
}

/** The last part of a new address: as it was typed, or made from the title and set apart from those in use. */
export async function readSlug(
  values: Values,
  title: string,
  isTaken: (slug: string) => Promise<boolean>,
): Promise<ReadSlug> {
  const typed = textIn(values, 'slug')
  const wrong = (sentence: string) => ({ slug: typed, mistakes: [{ field: 'slug', sentence }] })
  if (typed !== '') {
    if (!Slug.safeParse(typed).success || reserved.has(typed)) return wrong('field.bad_slug')
    return (await isTaken(typed)) ? wrong('field.slug_taken') : { slug: typed, mistakes: [] }
  }
  const made = slugOf(title)
  for (let number = reserved.has(made) ? 2 : 1; number < SUFFIX_MAX; number += 1) {
    const slug = number === 1 ? made : `${made}-${number}`
    if (!(await isTaken(slug))) return { slug, mistakes: [] }
  }
  return wrong('field.slug_taken')
}

/** The meetings that something may belong to, newest first. */
export async function meetingsHere({ site }: Pick<Context, 'site'>): Promise<Meeting[]> {
  const where = { type: 'meeting', local: 'true', visibility: 'shown' }
  const found = await site.store.find('items', { where, limit: MEETINGS_MAX })
  return found.filter((item) => item.type === 'meeting')
}

export const meetingField = ({ words }: Context, meetings: Meeting[], required = false): Field => ({
  name: 'meeting',
  label: words('facts.meeting'),
  kind: 'select',
  ...(required ? { required } : {}),
  options: [
    { value: '', label: words('writing.no_meeting') },
    ...meetings.map(({ id, title, year }) => ({
      value: id,
      label: aside(words, inWords(title, words), String(year)),
    })),
  ],
})

/** A choice that is not among those that were offered. */
export const notAmong = (values: Values, name: string, allowed: string[]): Mistake[] =>
  [...allowed, ''].includes(textIn(values, name)) ? [] : [{ field: name, sentence: 'field.wrong' }]
