/** The drafters' answer to a contribution, as its initiative tells it: a reply of its own that says how it was dealt with. */
import { Disposition, DispositionKind } from '../../content/values.ts'
import { plainName } from '../../content/text.ts'
import type { Effect } from '../record.ts'
import { isOf } from './published.ts'
import type { Site } from '../site.ts'
import type { Post } from '../wire.ts'

/** Only the initiative in whose thread a contribution stands can say what became of it. The newest answer counts. */
export async function disposed(
  site: Site,
  { inReplyTo, disposition, reason, published, updated }: Post,
  actor: string,
): Promise<Effect | undefined> {
  const item = await site.store.get('items', inReplyTo ?? '')
  const kind = DispositionKind.safeParse(disposition)
  if (item?.type !== 'contribution' || !kind.success) return undefined
  if (!(await isOf(site.store, item, actor))) return undefined
  const at = updated ?? published ?? site.now()
  if (item.disposition && item.disposition.at >= at) return undefined
  const initiative = await site.store.get('initiatives', item.initiative)
  const by = plainName(initiative?.acronym ?? new URL(actor).host)
  const said = Disposition.parse({ kind: kind.data, reason: reason ?? '', by, at })
  return { put: { items: [{ ...item, disposition: said }] } }
}
