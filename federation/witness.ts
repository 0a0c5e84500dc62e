/** We as a witness: of each log that we follow, the largest head that we saw is signed, and never two that disagree. */
import type { Cosigned, Pull } from '../content/parties.ts'
import { logName, serverId } from './addresses.ts'
import { cosignature } from './checkpoints.ts'
import { rootHeld } from './mirrors.ts'
import { isRace } from './races.ts'
import type { Site } from './site.ts'

/** A head that stays the same is signed anew this late, to say that it still is the largest. */
const AGAIN_MS = 6 * 3600_000
const NOTE_LETTERS_MAX = 19_000

/**
 * Sign the head of a log that was read to its end and found to be what its owner signed (C2SP tlog-cosignature),
 * when our copy of the log still begins with the last head we signed. Otherwise nothing is ever signed of it again,
 * whatever a person accepts: else two pasts would have our name under them.
 */
export async function cosign(site: Site, pull: Pull): Promise<void> {
  const head = pull.checkpoints?.findLast(({ size }) => size === pull.after)
  if (!head || head.size === 0 || pull.standing !== 'consistent') return
  const id = new URL(pull.id).host
  const held = await site.store.get('cosigned', id)
  const at = site.now()
  if (held?.root === head.root && Date.parse(at) - Date.parse(held.at) < AGAIN_MS) return
  const goesOn = !held || (await rootHeld(site, pull.id, held.size)) === held.root
  const isLarger = !held || held.size < head.size || held.root === head.root
  if (!goesOn || !isLarger || head.note.length > NOTE_LETTERS_MAX) return
  const key = await site.key(serverId(site), 'ed25519')
  const note = head.note + cosignature(head.note, logName(site), key.private, at)
  const next: Cosigned = { ...held, id, size: head.size, root: head.root, note, at }
  await site.store.commit({ put: { cosigned: [next] } }).catch((conflict: unknown) => {
    if (!isRace(conflict)) throw conflict
  })
}
