/** The directory of initiatives, with the health of each: as a page, as JSON and as CSV. */
import type { Request } from 'express'
import { countryName } from '../../../content/countries.ts'
import { shortKey } from '../../../content/short-key.ts'
import { label, regionalGroupsOf, terms } from '../../../content/vocabulary.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { sendCsv } from '../../csv.ts'
import { type Html, html } from '../../html.ts'
import { page } from '../../layout.ts'
import { localized } from '../parts/entries.ts'
import { initiativePlace } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { isPublic, type Listed, listedInitiatives, pullWord } from './health.ts'

const filters = {
  kind: ({ initiative }: Listed) => [initiative.kind as string],
  region: ({ initiative }: Listed) => regionalGroupsOf(initiative.countries),
}

type Filter = keyof typeof filters

const names = Object.keys(filters) as Filter[]

const lists: Record<Filter, string> = { kind: 'nri-kinds', region: 'regional-groups' }

/** `?kind=youth&region=african`: anything else is ignored. */
function chosen(req: Request): Partial<Record<Filter, string>> {
  const found = names.map((name) => [name, req.query[name]] as const)
  return Object.fromEntries(found.filter(([, value]) => typeof value === 'string' && value !== ''))
}

async function fitting({ site }: Context, req: Request): Promise<Listed[]> {
  const wanted = Object.entries(chosen(req)) as [Filter, string][]
  const all = (await listedInitiatives(site)).filter(isPublic)
  return all.filter((each) => wanted.every(([name, value]) => filters[name](each).includes(value)))
}

export const initiativesPage: Show = async (context, req, res) => {
  const { words } = context
  const found = await fitting(context, req)
  const title = words('initiatives.title')
  const body = html`<h1>${title}</h1>
<p>${words('initiatives.intro')}</p>
${names.map((name) => choice(context, req, name))}
<p role="status">${words('initiatives.count', { count: found.length })}</p>
${found.length > 0 ? table(context, found) : html`<p class="lead">${words('initiatives.none')}</p>`}
<p class="soft no-print">${words('list.machines')} <a href="/initiatives.json">JSON</a> · <a href="/initiatives.csv">CSV</a></p>`
  sendPage(res, page(context, { title, body, here: 'initiatives' }))
}

/** One row of links for each filter, each a plain address. */
function choice({ words }: Context, req: Request, name: Filter): Html {
  const current = chosen(req)
  const link = (text: string, value?: string) => {
    const { [name]: _, ...others } = current
    const query = String(new URLSearchParams(value ? { ...others, [name]: value } : others))
    const here = current[name] === value
    return html`<li><a href="/initiatives${query && `?${query}`}"${here && html` aria-current="true"`}>${text}</a></li>`
  }
  return html`<nav class="choices" aria-label="${words(`initiatives.by_${name}`)}"><ul>${link(words('list.all'))}
${terms(lists[name])
  .filter(({ slug, members }) => slug !== 'global' && members?.length !== 0)
  .map(({ slug }) => link(label(lists[name], slug, words.language), slug))}</ul></nav>`
}

const table = (context: Context, found: Listed[]): Html =>
  html`<div class="scroll wide"><table><thead><tr>${[
    'name',
    'kind',
    'countries',
    'standing',
    'health',
  ].map(
    (name) => html`<th scope="col">${context.words(`initiatives.${name}`)}</th>`,
  )}</tr></thead><tbody>${found.map((each) => row(context, each))}</tbody></table></div>`

function row({ words }: Context, { initiative, registry, pull }: Listed): Html {
  const { id, name, acronym, kind, countries, scope } = initiative
  const named = countries.map((code) => countryName(code, words.language))
  const where = inWords(scope, words) || words.list(named)
  return html`<tr><th scope="row"><a href="${initiativePlace(id)}">${localized(words, name)}</a> <small><bdi>${acronym}</bdi></small></th>
<td>${label('nri-kinds', kind, words.language)}</td><td><bdi>${where}</bdi></td>
<td>${words(`registry.${registry?.standing ?? 'followed'}`)}</td>
<td>${pullWord(words, pull)} <small>${pull && words('health.of', { held: pull.after, size: pull.size })}</small></td></tr>`
}

/** An initiative as open data. */
export const plainInitiative = ({ initiative, registry, pull }: Listed) => ({
  id: initiative.id,
  key: shortKey(initiative.id),
  name: initiative.name,
  acronym: initiative.acronym,
  kind: initiative.kind,
  countries: initiative.countries,
  regions: regionalGroupsOf(initiative.countries),
  scope: initiative.scope,
  languages: initiative.languages,
  website: initiative.website,
  established: initiative.established,
  standing: registry?.standing ?? 'followed',
  since: registry?.at,
  log: pull && {
    standing: pull.standing,
    size: pull.size,
    read: pull.after,
    held: pull.held,
    refused: pull.refused,
    root: pull.root,
    checkedAt: pull.checkedAt,
  },
})

export const initiativesJson: Show = async (context, req, res) => {
  const items = (await fitting(context, req)).map(plainInitiative)
  res.json({ total: items.length, items })
}

const columns = [
  'id',
  'acronym',
  'name',
  'kind',
  'countries',
  'regions',
  'languages',
  'website',
  'standing',
  'log_standing',
  'log_size',
  'log_read',
  'refused',
]

export const initiativesCsv: Show = async (context, req, res) => {
  const rows = (await fitting(context, req)).map((each) => {
    const { log, countries, regions, languages, name, ...plain } = plainInitiative(each)
    return {
      ...plain,
      name: Object.values(name)[0],
      countries: countries.join(' '),
      regions: regions.join(' '),
      languages: languages.join(' '),
      scope: undefined,
      log_standing: log?.standing,
      log_size: log?.size,
      log_read: log?.read,
      refused: log?.refused,
    }
  })
  sendCsv(res, 'initiatives', columns, rows)
}
