/** What was never published has been named to nobody outside: when this server moves, it goes by the new address at once. */
import type { Change } from '../content/store.ts'
import { originOf } from './addresses.ts'
import type { Site } from './site.ts'

const AT_ONCE = 500
/** Working copies; the rest keeps the id that it has, and works as before. */
const DRAFTS_MAX = 20_000
/** So many are asked for by name together. */
const NAMED_MAX = 100
const REPORTS_MAX = 200

/** Working copies without a public version, with what points to them, under the actor that this server will have. */
export async function renamed(site: Site, to: string): Promise<Pick<Change, 'put' | 'drop'>> {
  const { store } = site
  const drafts = (await workingCopies(site)).filter(({ version }) => version === 0)
  const nameOf = (id: string) => originOf(to) + new URL(id).pathname
  const names = new Map(drafts.map(({ id }) => [id, nameOf(id)]))
  const [origins, redirects] = [
    await leading(site, 'origins', names),
    await leading(site, 'redirects', names),
  ]
  const held = await store.find('annualReports', { limit: REPORTS_MAX })
  const reports = held.filter(({ outcome, published }) => names.has(outcome) && !published)
  return {
    put: {
      drafts: drafts.map(({ rev: _rev, ...draft }) => ({
        ...draft,
        id: nameOf(draft.id),
        initiative: to,
      })),
      annualReports: reports.map(({ rev: _rev, ...report }) => ({
        ...report,
        id: nameOf(report.id),
        outcome: nameOf(report.outcome),
      })),
      origins,
      redirects,
    },
    drop: { drafts: [...names.keys()], annualReports: reports.map(({ id }) => id) },
  }
}

async function workingCopies({ store }: Site) {
  const found = []
  for (let skip = 0; skip < DRAFTS_MAX; skip += AT_ONCE) {
    const page = await store.find('drafts', { order: 'oldest', skip, limit: AT_ONCE })
    found.push(...page)
    if (page.length < AT_ONCE) break
  }
  return found
}

/** What names one of these, naming it as it is called from now on. */
async function leading<T extends 'origins' | 'redirects'>(
  { store }: Site,
  table: T,
  names: Map<string, string>,
) {
  const found = []
  const ids = [...names.keys()]
  for (let at = 0; at < ids.length; at += NAMED_MAX) {
    const item = ids.slice(at, at + NAMED_MAX)
    for (let skip = 0; ; skip += AT_ONCE) {
      const page = await store.find(table, {
        where: { item },
        order: 'oldest',
        skip,
        limit: AT_ONCE,
      })
      found.push(...page.map((each) => ({ ...each, item: names.get(each.item) ?? each.item })))
      if (page.length < AT_ONCE) break
    }
  }
  return found
}
