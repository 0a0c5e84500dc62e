/** The tally of a call: how many proposals in each category and group, and from which countries where that tells of nobody. */
import { type Call, categoryName } from '../../../content/calls.ts'
import { countryName } from '../../../content/countries.ts'
import { label } from '../../../content/vocabulary.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { bars } from '../gathering/bars.ts'
import { pathOf } from '../parts/links.ts'
import { publicOf } from './find.ts'

/** A country is named from so many people on. */
const PEOPLE_MIN = 5

/** Pictures with a table under each; the names in the tables keep the list to what they name. */
export async function tally(context: Context, call: Call): Promise<Html> {
  const { words, site } = context
  const where = publicOf(call)
  const { category = [], group = [] } = await site.store.facets('proposals', { where }, [
    'category',
    'group',
  ])
  const place = (name: string, value: string) =>
    `${pathOf(call.id)}?${name}=${encodeURIComponent(value)}#proposals`
  return html`${bars(words, {
    title: words('call.by_category'),
    name: 'category',
    rows: category.map(({ value, count }) => ({
      label: categoryName(call, value, words.language),
      count,
      href: place('category', value),
    })),
  })}
${bars(words, {
  title: words('call.by_group'),
  name: 'group',
  rows: group.map(({ value, count }) => ({
    label: label('stakeholder-groups', value, words.language),
    count,
    href: place('group', value),
  })),
})}
${await byCountry(context, call)}`
}

async function byCountry({ words, site }: Context, call: Call): Promise<Html | false> {
  const { named, others } = await countries(site, call)
  return bars(words, {
    title: words('call.by_country'),
    name: 'country',
    rows: named.map(({ value, count }) => ({ label: countryName(value, words.language), count })),
    ...(others
      ? { rest: { label: words('call.other_countries'), said: words('call.few_each') } }
      : {}),
  })
}

/** Proposals by country of residence: those alone from which enough different people proposed something. */
async function countries({ store }: Site, call: Call) {
  const where = publicOf(call)
  const { residence = [] } = await store.facets('proposals', { where }, ['residence'])
  const enough = await Promise.all(
    residence.map(async ({ value, count }) => {
      if (count < PEOPLE_MIN) return false
      const from = { where: { ...where, residence: value } }
      const { person = [] } = await store.facets('proposals', from, ['person'])
      return person.length >= PEOPLE_MIN
    }),
  )
  const named = residence.filter((_, i) => enough[i])
  return { named, others: named.length < residence.length }
}
