/** Move (FEP-7628): somebody has a new address, and both ends say so. */
import { act } from '../../content/moderation.ts'
import { Refusal } from '../../content/refusal.ts'
import { findActor } from '../discovery.ts'
import { fetchDocument } from '../documents.ts'
import { followLetter } from '../follow.ts'
import type { Handler } from '../receive.ts'
import { sameActor } from '../trust.ts'
import { readRef } from '../wire.ts'

/**
 * An initiative we follow is followed at its new address, once that names the old one as its own. What came
 * from the old address stays; nothing new is taken from there, so that nobody moves twice.
 */
export const move: Handler = async (site, { actor, object }, json) => {
  sameActor(readRef(object), actor)
  const target = readRef(json.target)
  const following = await site.store.get('following', actor)
  if (!following || (await site.store.get('following', target))) return undefined
  const document = await fetchDocument(site, target)
  const names = [document.alsoKnownAs ?? []].flat()
  if (!names.includes(actor)) throw new Refusal('forbidden', 'move.not_confirmed', { target })
  const effect = await followLetter(site, await findActor(site, target, true))
  const moved = act(actor, 'moved', target, site.now())
  return {
    ...effect,
    put: { ...effect.put, acts: [moved] },
    drop: { following: [actor], pulls: [actor] },
  }
}
