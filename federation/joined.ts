/** Two addresses, one initiative: who may speak in its log, and what it published before it moved. */
import type { Moved } from '../content/moves.ts'
import { Refusal } from '../content/refusal.ts'
import { originOf } from './addresses.ts'
import { findActor, findProofKey } from './discovery.ts'
import { FORMER_MAX, initiativeNow, movedFrom } from './former.ts'
import { checkProof, type Json } from './proofs.ts'
import { isRace } from './races.ts'
import type { Site } from './site.ts'
import { isSameOrigin, sameActor, sameOrigin } from './trust.ts'

const MOVES_MAX = 1000
const AT_ONCE = 200

/**
 * In a log speak those of its own host; and those of a former address of its initiative, once both ends have said
 * that it was there, and then each by their own key. Refusal `forbidden` for anybody else; `unavailable` when the
 * former address cannot be asked now.
 */
export async function speaksIn(site: Site, json: Json, actor: string, log: string): Promise<void> {
  if (isSameOrigin(actor, log)) return
  if (!(await wasAt(site, originOf(actor), log))) sameOrigin(actor, log)
  const { owner } = await checkProof(json, (id) => findProofKey(site, id), site.now())
  sameActor(actor, owner)
}

async function wasAt(site: Site, origin: string, log: string): Promise<boolean> {
  const known = await site.store.find('moves', { where: { to: log }, limit: FORMER_MAX })
  if (known.some(({ id }) => originOf(id) === origin)) return true
  const { alsoKnownAs = [] } = await findActor(site, log)
  const named = alsoKnownAs.find((id) => URL.parse(id)?.origin === origin)
  return named !== undefined && (await confirmed(site, named, log))
}

/** The former address says so, too: from now on it is known. */
async function confirmed(site: Site, former: string, to: string): Promise<boolean> {
  const asked = site.now()
  const { movedTo, fetchedAt } = await findActor(site, former, true)
  if (movedTo !== to && fetchedAt < asked)
    throw new Refusal('unavailable', 'discovery.not_again', { id: former })
  if (movedTo !== to) return false
  const change = await movedFrom(site, { id: former, to, at: site.now(), local: false })
  await site.store.commit(change)
  return true
}

/** What stands under the former name of an initiative is listed, counted and found under the one it has now. */
export async function joinMoved(site: Site): Promise<number> {
  const moves = await site.store.find('moves', { limit: MOVES_MAX })
  let joined = 0
  for (const each of moves) joined += await joinOne(site, each)
  return joined
}

async function joinOne({ store }: Site, { id: initiative }: Moved): Promise<number> {
  for (let joined = 0; ;) {
    const items = await store.find('items', { where: { initiative }, limit: AT_ONCE })
    const now = await initiativeNow(store, initiative)
    if (items.length === 0 || now === initiative) return joined
    const put = { items: items.map((item) => ({ ...item, initiative: now })) }
    try {
      await store.commit({ put })
      joined += items.length
    } catch (error) {
      if (!isRace(error)) throw error
    }
  }
}
