/** Move (FEP-7628): somebody has a new address, and both ends say so. */
import { Refusal } from '../../content/refusal.ts'
import { findActor } from '../discovery.ts'
import { fetchDocument } from '../documents.ts'
import { followLetter } from '../follow.ts'
import type { Handler } from '../receive.ts'
import { sameActor } from '../trust.ts'
import { readRef } from '../wire.ts'

/** An initiative we follow is followed at its new address, once that names the old one as its own. */
export const move: Handler = async (site, { actor, object }, json) => {
  sameActor(readRef(object), actor)
  const target = readRef(json.target)
  const following = await site.store.get('following', actor)
  if (!following || (await site.store.get('following', target))) return undefined
  const document = await fetchDocument(site, target)
  const names = [document.alsoKnownAs ?? []].flat()
  if (!names.includes(actor)) throw new Refusal('forbidden', 'move.not_confirmed', { target })
  return followLetter(site, await findActor(site, target, true))
}
