/** What people elsewhere have reported, until somebody here has dealt with it. */
import type { Act } from '../../../content/parties.ts'
import { act } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import type { Site } from '../../../federation/site.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { nameOf } from '../host/names.ts'
import { moment } from '../parts/dates.ts'
import { own } from '../parts/links.ts'

/** So many of the newest reports are looked through. */
const REPORTS_MAX = 500
/** Of one item, so many are shown; the others are counted. */
const SHOWN_MAX = 5

export interface Reported {
  /** The id of what was reported. */
  item: string
  /** Newest first. */
  reports: Act[]
}

/** Everything with a report that came after it was last settled, and that still stands here. */
export async function openReports({ store }: Site): Promise<Reported[]> {
  const acts = await store.find('acts', { where: { verb: 'reported' }, limit: REPORTS_MAX })
  const byItem = [...Map.groupBy(acts, ({ item }) => item)]
  const found = byItem.map(async ([item, reports]): Promise<Reported | undefined> => {
    const [settled] = await store.find('acts', {
      where: { verb: 'report_settled', item },
      limit: 1,
    })
    const held = await store.get('items', item)
    const open = reports.filter(({ at }) => !settled || at > settled.at)
    return held && held.visibility !== 'removed' && open.length > 0
      ? { item, reports: open }
      : undefined
  })
  return (await Promise.all(found)).filter((each) => each !== undefined)
}

/** It was looked at; what was decided about it, if anything, stands in a line of its own. */
export const settle = ({ store, now }: Site, person: Person, item: string): Promise<void> =>
  store.commit({ put: { acts: [act(person.id, 'report_settled', item, now())] } })

export async function reportLines(context: Context, { reports }: Reported): Promise<Html> {
  const { words } = context
  const lines = reports.slice(0, SHOWN_MAX).map(async ({ by, at, note }) => {
    return html`<li>${await nameOf(context, by)} · ${moment(words, at)}${note && html`<br>${own(note)}`}</li>`
  })
  const more = reports.length - SHOWN_MAX
  return html`<ul>${await Promise.all(lines)}</ul>
${more > 0 && html`<p class="soft">${words('moderation.more_reports', { count: more })}</p>`}`
}
