/** A bundle: one entry of a log with all that it takes to check it without asking anybody. */
import type { HeldEntry } from './mirrors.ts'
import type { Json } from './proofs.ts'

export const BUNDLE_TYPE = 'tributary:Bundle'

/** The entry as it was signed (its object, for an outcome version, carries a proof of its own), its place in the log, whose it is, and who saw it. */
export const bundleOf = ({ entry, actor, inclusion, witnesses }: HeldEntry): Json => ({
  type: BUNDLE_TYPE,
  entry,
  actor,
  inclusion,
  ...(witnesses.length > 0 ? { witnesses } : {}),
})
