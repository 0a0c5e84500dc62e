/** Move (FEP-7628): somebody has a new address, and both ends say so. */
import { act } from '../../content/moderation.ts'
import { Refusal } from '../../content/refusal.ts'
import { isKeptOut } from '../admission.ts'
import { originOf } from '../addresses.ts'
import { findActor } from '../discovery.ts'
import { fetchDocument } from '../documents.ts'
import { followLetter } from '../follow.ts'
import { initiativeNow, isOurs, movedFrom } from '../former.ts'
import type { Handler } from '../receive.ts'
import type { Effect } from '../record.ts'
import type { Site } from '../site.ts'
import { sameActor } from '../trust.ts'
import { readRef } from '../wire.ts'

/** Who goes on moving makes everybody read their log again: so often within so long is enough for anybody. */
const MOVES_MAX = 5
const WITHIN_MS = 30 * 24 * 3600_000

/**
 * An initiative we follow is followed at its new address, once that names the old one as its own; its log is read
 * there from the start. What it published before is its own under the new name, and so is what the old address still
 * says of it; a new Move from there is not taken, since it is not followed any more. Somebody who only follows us
 * follows us anew from where they have gone, or not.
 */
export const move: Handler = async (site, { actor, object }, json) => {
  sameActor(readRef(object), actor)
  const target = readRef(json.target)
  const following = await site.store.get('following', actor)
  if (!following || target === actor || isOurs(site, target)) return undefined
  if (await isKeptOut(site, originOf(target))) throw new Refusal('forbidden', 'inbox.blocked')
  await notTooOften(site, actor)
  return (await vouches(site, target, actor)) ? gone(site, actor, target) : undefined
}

/**
 * Refusal `forbidden` unless the new address names the old one. It is not, when it says that it has itself moved to
 * where it is said to come from: that Move is of a past that was taken back, and stands in a log that is read anew.
 */
async function vouches(site: Site, target: string, actor: string): Promise<boolean> {
  const { alsoKnownAs, movedTo } = await fetchDocument(site, target)
  if (movedTo === actor) return false
  if (![alsoKnownAs ?? []].flat().includes(actor))
    throw new Refusal('forbidden', 'move.not_confirmed', { target })
  return true
}

async function notTooOften({ store, now }: Site, actor: string): Promise<void> {
  const since = new Date(Date.parse(now()) - WITHIN_MS).toISOString()
  const where = { by: await sameOnes({ store }, actor), verb: 'moved' }
  if ((await store.count('acts', { where, since }, MOVES_MAX)) >= MOVES_MAX)
    throw new Refusal('forbidden', 'move.too_often', { count: MOVES_MAX })
}

/** All names that somebody has had here. */
async function sameOnes({ store }: Pick<Site, 'store'>, actor: string): Promise<string[]> {
  const to = await initiativeNow(store, actor)
  const others = await store.find('moves', { where: { to }, limit: MOVES_MAX * MOVES_MAX })
  return [...new Set([actor, to, ...others.map(({ id }) => id)])]
}

async function gone(site: Site, actor: string, target: string): Promise<Effect> {
  const at = site.now()
  await findActor(site, actor, true).catch(() => undefined)
  const [listing, known, followed] = await Promise.all([
    site.store.get('registry', actor),
    site.store.get('registry', target),
    site.store.get('following', target),
  ])
  const effect = followed ? {} : await followLetter(site, await findActor(site, target, true))
  const moves = await movedFrom(site, { id: actor, to: target, at, local: false })
  const registry = listing && !known ? [{ ...listing, rev: undefined, id: target }] : []
  return {
    ...effect,
    put: { ...effect.put, ...moves.put, registry, acts: [act(actor, 'moved', target, at)] },
    drop: {
      ...moves.drop,
      ...{ following: [actor], pulls: [actor], initiatives: [actor], registry: [actor] },
    },
  }
}
