/** The facets beside the results: every choice is a plain link. */
import type { Request } from 'express'
import { countryName, languageName } from '../../../content/countries.ts'
import type { Initiative } from '../../../content/model.ts'
import { shortKey } from '../../../content/short-key.ts'
import type { Facets } from '../../../content/store.ts'
import { label } from '../../../content/vocabulary.ts'
import { inWords } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { type Asked, facetNames } from './query.ts'

const SHOWN_MAX = 8

/** Initiatives by the short key that stands for them in addresses. */
type Known = Map<string, Initiative>
type Naming = (value: string, words: Words, known: Known) => string

export const byKey = (initiatives: Initiative[]): Known =>
  new Map(initiatives.map((each) => [shortKey(each.id), each]))

/** How a facet's values are called. */
const naming: Record<string, Naming> = {
  type: (value, words) => words(`search.type.${value}`),
  kind: (value, words) => words(`message.kind.${value}`),
  consensus: (value, words) => words(`message.consensus.${value}`),
  state: (value, words) => words(`state.${value}`),
  theme: (value, { language }) => `${label('themes', value, language)} (${value.slice(0, 4)})`,
  action_line: (value, { language }) => `${value} ${label('action-lines', value, language)}`,
  sdg: (value, { language }) => `${value} ${label('sdgs', value, language)}`,
  gdc: (value, { language }) => `${value} ${label('gdc', value, language)}`,
  nri: (value, { language }) => label('nri-kinds', value, language),
  region: (value, { language }) => label('regional-groups', value, language),
  country: (value, { language }) => safely(() => countryName(value, language), value),
  language: (value, { language }) => safely(() => languageName(value, language), value),
  initiative: (value, words, known) => {
    const found = known.get(value)
    return found ? inWords(found.name, words) : value
  },
}

/** An address may hold any word; Intl throws for what is no code. */
function safely(name: () => string, fallback: string): string {
  try {
    return name()
  } catch {
    return fallback
  }
}

const nameOf = (facet: string, value: string, words: Words, known: Known): string =>
  naming[facet]?.(value, words, known) ?? value

/** The same search with one value of one facet added or taken away, on its first page. */
function toggled(req: Request, name: string, value: string): string {
  const url = new URL(req.originalUrl, 'http://x')
  const before = url.searchParams.getAll(name)
  url.searchParams.delete(name)
  url.searchParams.delete('page')
  const after = before.includes(value)
    ? before.filter((each) => each !== value)
    : [...before, value]
  for (const each of after) url.searchParams.append(name, each)
  return `${url.pathname}${url.search}`
}

/** What is chosen, each with a link that takes it away. */
export function chosenList(
  words: Words,
  req: Request,
  { chosen }: Asked,
  known: Known,
): Html | false {
  const all = Object.entries(chosen).flatMap(([name, values]) =>
    values.map((value) => ({ name, value })),
  )
  if (all.length === 0) return false
  return html`<ul class="chosen" aria-label="${words('search.chosen')}">${all.map(
    ({ name, value }) =>
      html`<li><a href="${toggled(req, name, value)}" aria-label="${words('search.remove', {
        name: nameOf(name, value, words, known),
      })}"><bdi>${nameOf(name, value, words, known)}</bdi> ×</a></li>`,
  )}</ul>`
}

/** All facets that have something to choose. */
export function facetList(
  words: Words,
  req: Request,
  asked: Asked,
  facets: Facets,
  known: Known,
): Html {
  const parts = facetNames.flatMap((name) => {
    const values = (facets[name] ?? []).filter(({ value }) => !asked.chosen[name]?.includes(value))
    if (
      values.length === 0 ||
      (values.length === 1 && !asked.chosen[name] && name === 'initiative')
    )
      return []
    return [facet(words, req, name, values, known)]
  })
  return html`<div class="facets">${parts}</div>`
}

function facet(
  words: Words,
  req: Request,
  name: string,
  values: Facets[string],
  known: Known,
): Html {
  const item = ({ value, count }: { value: string; count: number }) =>
    html`<li><a href="${toggled(req, name, value)}" rel="nofollow"><bdi>${nameOf(name, value, words, known)}</bdi></a> <span class="count">${words.number(count)}</span></li>`
  const rest = values.slice(SHOWN_MAX)
  return html`<section><h3>${words(`search.facet.${name}`)}</h3><ul>${values.slice(0, SHOWN_MAX).map(item)}</ul>${
    rest.length > 0 &&
    html`<details><summary>${words('search.more', { count: rest.length })}</summary><ul>${rest.slice(0, 60).map(item)}</ul></details>`
  }</section>`
}
