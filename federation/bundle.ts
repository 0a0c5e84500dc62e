/** A bundle: one entry of a log with all that it takes to check it without asking anybody. */
import type { Key } from '../content/parties.ts'
import type { Entry } from '../content/store.ts'
import { profileOf } from './former.ts'
import type { Inclusion } from './log.ts'
import type { Json } from './proofs.ts'
import type { Site } from './site.ts'
import { groupToActor } from './translate/actors.ts'

export const BUNDLE_TYPE = 'tributary:Bundle'

/** The entry as it was signed (its object, for an outcome version, carries a proof of its own), its place in the log, and whose it is. */
export async function bundleOf(
  site: Site,
  { wire }: Entry,
  inclusion: Inclusion,
  keys: Omit<Key, 'privatePem'>[],
): Promise<Json> {
  const initiative = await profileOf(site)
  const actor = initiative ? groupToActor(site, initiative, keys) : undefined
  return { type: BUNDLE_TYPE, entry: JSON.parse(wire) as Json, actor, inclusion }
}
