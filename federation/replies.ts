/** A contribution of ours goes to whom it answers, too: the initiative whose page it is for, and the author before it. */
import type { Tell } from '../content/doing.ts'
import type { Contribution, Item } from '../content/model.ts'
import type { Change } from '../content/store.ts'
import { originOf } from './addresses.ts'
import { isOurs } from './former.ts'
import { asPeer } from './peers.ts'
import type { Site } from './site.ts'

export interface Recipients {
  actors: string[]
  put: NonNullable<Change['put']>
}

/** Who is told beside our followers: actors elsewhere that we have met. No network is touched. */
export async function recipientsOf(site: Site, tell: Tell, items: Item[]): Promise<Recipients> {
  const item = items.find(({ id }) => id === tell.item)
  const ours = item?.type === 'contribution' && item.author === tell.actor ? item : undefined
  const put: Recipients['put'] = {}
  if (!ours) return { actors: [], put }
  const actors: string[] = []
  for (const id of await answered(site, ours)) {
    const actor = await site.store.get('actors', id)
    if (!actor) continue
    actors.push(id)
    const { peers = [], cursors = [] } = await asPeer(site, actor, false)
    const known = new Set(put.peers?.map((peer) => peer.id))
    if (known.has(originOf(id))) continue
    put.peers = [...(put.peers ?? []), ...peers]
    put.cursors = [...(put.cursors ?? []), ...cursors]
  }
  return { actors, put }
}

async function answered(site: Site, { initiative, inReplyTo }: Contribution): Promise<string[]> {
  const parent = await site.store.get('items', inReplyTo)
  const author = parent?.type === 'contribution' ? [parent.author] : []
  return [...new Set([initiative, ...author])].filter((id) => !isOurs(site, id))
}
