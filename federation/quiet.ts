/** What is published without being sent to each follower: addressed to everybody, and to nobody in particular. Whoever reads our log or collections has it. */
import type { Doing } from '../content/doing.ts'

/** The same act, told to nobody at once. */
export const quietly = (doing: Doing): Doing => ({
  ...doing,
  tell: (doing.tell ?? []).map((each) => ({ ...each, quiet: true })),
})
