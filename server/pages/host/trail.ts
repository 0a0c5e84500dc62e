/** Who did what here, newest first: the record a host can show, by person, verb, item and day, as a page and as CSV. */
import type { Request } from 'express'
import type { Act } from '../../../content/parties.ts'
import type { Query } from '../../../content/store.ts'
import { everyName, isOurs } from '../../../federation/former.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { sendCsv } from '../../csv.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { entries } from '../parts/entries.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { nameOf, plainName } from './names.ts'
import { refusalWords } from './waiting.ts'

const PAGE_SIZE = 50
const CSV_ROWS_MAX = 10_000
const CSV_STEP = 1000
const PEOPLE_MAX = 200
const columns = ['at', 'by', 'by_name', 'second', 'verb', 'sentence', 'item', 'note']

/** What the address asks for: `?by=`, `?verb=`, `?item=`, and days `?since=` and `?until=` in UTC. */
function asked(site: Site, req: Request) {
  const chosen = Object.fromEntries(
    ['by', 'verb', 'item'].flatMap((name) => {
      const value = word(req, name)
      return value ? [[name, value]] : []
    }),
  )
  const [since, until] = [dayIn(req, 'since'), dayIn(req, 'until')]
  const { item } = chosen
  const query: Query = {
    where: { ...chosen, ...(item && isOurs(site, item) ? { item: everyName(site, item) } : {}) },
    ...(since ? { since: `${since}T00:00:00.000Z` } : {}),
    ...(until ? { until: `${until}T23:59:59.999Z` } : {}),
  }
  return { query, chosen, since, until }
}

const dayIn = (req: Request, name: string): string | undefined => {
  const value = word(req, name) ?? ''
  return /^\d{4}-\d\d-\d\d$/.test(value) && Number.isFinite(Date.parse(value)) ? value : undefined
}

export const trailPage: Show = async (context, req, res) => {
  allowed(res, 'see_host_pages')
  const { words, site } = context
  const { query, chosen } = asked(context.site, req)
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [acts, total] = await Promise.all([
    site.store.find('acts', { ...query, skip, limit: PAGE_SIZE }),
    site.store.count('acts', query),
  ])
  const lines = await Promise.all(acts.map((act) => line(context, act)))
  const { search } = new URL(req.originalUrl, 'http://x')
  const only = chosen.item
  const title = words('host.nav.trail')
  const body = html`<p class="lead">${words('trail.said')}</p>
${only && html`<p>${words.rich('trail.only', { what: await nameOf(context, only) })} <a href="/host/trail">${words('trail.all')}</a></p>`}
${await filters(context, req)}
${lines.length > 0 ? entries(lines) : html`<p>${words('trail.nothing')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}
<p><a href="/host/trail.csv${search}">${words('trail.csv')}</a></p>`
  sendPage(res, hostPage(context, { title, body, here: 'trail' }))
}

/** The same as a table, without pages. */
export const trailCsv: Show = async (context, req, res) => {
  allowed(res, 'see_host_pages')
  const { store } = context.site
  const { query } = asked(context.site, req)
  const acts: Act[] = []
  while (acts.length < CSV_ROWS_MAX) {
    const found = await store.find('acts', { ...query, skip: acts.length, limit: CSV_STEP })
    acts.push(...found)
    if (found.length < CSV_STEP) break
  }
  const names = new Map<string, string>()
  for (const { by } of acts) if (!names.has(by)) names.set(by, await plainName(context, by))
  const rows = acts.map(({ at, by, verb, item, note, second }) => ({
    ...{ at, by, by_name: names.get(by), second, verb, item, note },
    sentence: verbWords(context, verb),
  }))
  sendCsv(res, 'trail', columns, rows)
}

async function filters(context: Context, req: Request): Promise<Html> {
  const { words, site } = context
  const { chosen, since = '', until = '' } = asked(context.site, req)
  const [people, { verb: verbs = [] }] = await Promise.all([
    site.store.find('people', { order: 'oldest', limit: PEOPLE_MAX }),
    site.store.facets('acts', {}, ['verb']),
  ])
  const machines = ['setup', 'import', 'terminal', 'program']
  const who = [
    ...people.map(({ id, name }) => ({ value: id, label: name })),
    ...machines.map((value) => ({ value, label: words(`host.by.${value}`) })),
  ]
  const what = verbs.map(({ value }) => ({ value, label: verbWords(context, value) }))
  const sorted = what.toSorted((a, b) => a.label.localeCompare(b.label, words.language))
  return html`<form action="/host/trail">
${select(words('trail.by'), 'by', known(who, chosen.by), chosen.by, words('trail.any'))}
${select(words('trail.verb'), 'verb', known(sorted, chosen.verb), chosen.verb, words('trail.any'))}
${date(words('trail.since'), 'since', since)}${date(words('trail.until'), 'until', until)}
${chosen.item && html`<input type="hidden" name="item" value="${chosen.item}">`}
<p class="buttons"><button type="submit" class="second">${words('trail.filter')}</button></p></form>`
}

type Choice = { value: string; label: string }

/** Somebody who has gone is still on the trail. */
const known = (choices: Choice[], value: string | undefined): Choice[] =>
  !value || choices.some((each) => each.value === value)
    ? choices
    : [...choices, { value, label: value }]

const select = (
  label: string,
  name: string,
  choices: Choice[],
  chosen: string | undefined,
  any: string,
): Html =>
  html`<div class="field"><label for="t-${name}">${label}</label><select id="t-${name}" name="${name}"><option value="">${any}</option>${choices.map(
    (each) =>
      html`<option value="${each.value}"${each.value === chosen && html` selected`}>${each.label}</option>`,
  )}</select></div>`

const date = (label: string, name: string, value: string): Html =>
  html`<div class="field"><label for="t-${name}">${label}</label><input type="date" id="t-${name}" name="${name}" value="${value}"></div>`

async function line(context: Context, { by, verb, item, at, note, second }: Act): Promise<Html> {
  const { words } = context
  const [who, what] = await Promise.all([nameOf(context, by), nameOf(context, item)])
  const other = second && words.rich('trail.with', { who: await nameOf(context, second) })
  return html`<p><b>${verbWords(context, verb)}</b> · ${what}</p>
<p class="soft">${who}${other && html` · ${other}`} · ${moment(words, at)}${note && html`<br>${noteWords(context, note)}`}</p>`
}

/** What the program notes is the sentence of a refusal, or the verb of a step. */
const noteWords = ({ words }: Context, note: string): Html => {
  if (words.has(`refusal.${note}`)) return html`${refusalWords(words, note)}`
  return words.has(`act.${note}`) ? html`${words(`act.${note}`)}` : own(note)
}

/** A verb that has no words yet shows itself. */
const verbWords = ({ words }: Context, verb: string): string =>
  words.has(`act.${verb}`) ? words(`act.${verb}`) : verb.replaceAll('_', ' ')
