/** What is published without being sent to each follower: addressed to everybody, and to nobody in particular. Whoever reads our log or collections has it. */
import type { Doing } from '../content/doing.ts'
import type { NewEntry } from '../content/store.ts'

/** The same act, told to nobody at once. */
export const quietly = (doing: Doing): Doing => ({
  ...doing,
  tell: (doing.tell ?? []).map((each) => ({ ...each, quiet: true })),
})

/** In canonical form `cc`, which names the followers, would stand between actor and id. */
export const isQuiet = ({ stream, actor, id, wire }: NewEntry): boolean =>
  stream === 'public' &&
  wire.includes(`"actor":${JSON.stringify(actor)},"id":${JSON.stringify(id)},`)
