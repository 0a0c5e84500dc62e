/** Join: an initiative asks an aggregator to be listed. A person there decides. */
import type { RegistryEntry } from '../../content/parties.ts'
import { ourGroups } from '../former.ts'
import { findActor } from '../discovery.ts'
import { fetchDocument } from '../documents.ts'
import { asPeer } from '../peers.ts'
import type { Handler } from '../receive.ts'
import { actorToInitiative } from '../translate/actors.ts'
import { readRef } from '../wire.ts'

export const join: Handler = async (site, { id, actor: by, object }) => {
  if (!site.policy.lists || !ourGroups(site).includes(readRef(object))) return undefined
  const held = await site.store.get('registry', by)
  if (held && held.standing !== 'declined' && held.standing !== 'delisted') return undefined
  const actor = await findActor(site, by)
  const initiative = actorToInitiative(await fetchDocument(site, by), site.now())
  const known = await site.store.get('initiatives', by)
  const entry: RegistryEntry = {
    ...(held ?? {}),
    id: by,
    standing: 'applied',
    at: site.now(),
    note: '',
    application: id,
  }
  return {
    put: {
      ...(await asPeer(site, actor, false)),
      registry: [entry],
      ...(initiative
        ? { initiatives: [{ ...initiative, ...(known?.rev ? { rev: known.rev } : {}) }] }
        : {}),
    },
  }
}
