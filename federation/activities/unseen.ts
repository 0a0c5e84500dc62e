/** What was deleted before it was ever seen here: a Create that comes late, also after a restart, does not bring it to life. */
import type { Effect } from '../record.ts'
import { originOf } from '../addresses.ts'
import type { Site } from '../site.ts'

/** Servers send many Deletes of what nobody here has heard of; the last so many are remembered, and so many of one server. */
const REMEMBERED_MAX = 10_000
const OF_ONE_MAX = 1_000
/** Nobody delivers what is older. */
const KEPT_MS = 90 * 24 * 3600_000
const FORGOTTEN_AT_ONCE = 200

/** Whoever deletes something of their own: somebody else of their server has not (B5). */
const keyOf = (actor: string, id: string) => `${actor} ${id}`

/** That it is deleted, in the place of the oldest of too many; nothing when that is known. */
export async function rememberDeleted(
  site: Site,
  actor: string,
  id: string,
): Promise<Effect | undefined> {
  const key = keyOf(actor, id)
  if (await site.store.get('deletions', key)) return undefined
  const [at, peer] = [site.now(), originOf(actor)]
  const old = [
    ...(await oldest(site, {}, REMEMBERED_MAX)),
    ...(await oldest(site, { peer }, OF_ONE_MAX)),
    ...(await expired(site)),
  ]
  return {
    put: { deletions: [{ id: key, peer, at }] },
    drop: { deletions: [...new Set(old.map((each) => each.id))] },
  }
}

/** Those that make room for one more. */
async function oldest({ store }: Site, where: Record<string, string>, most: number) {
  const over = (await store.count('deletions', { where }, most + FORGOTTEN_AT_ONCE)) - most + 1
  if (over <= 0) return []
  return store.find('deletions', { where, order: 'oldest', limit: over })
}

const expired = (site: Site) =>
  site.store.find('deletions', {
    until: new Date(Date.parse(site.now()) - KEPT_MS).toISOString(),
    order: 'oldest',
    limit: FORGOTTEN_AT_ONCE,
  })

export const wasDeleted = async ({ store }: Site, actor: string, id: string): Promise<boolean> =>
  (await store.get('deletions', keyOf(actor, id))) !== undefined
