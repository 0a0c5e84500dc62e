/** Who has another address now: what an initiative was called before, and what it is called since. Pure. */
import * as z from 'zod'
import type { Change } from './store.ts'
import { At, Id } from './values.ts'

/** One former address. It always leads to the present one, never to another former one: so nobody is led in a circle. */
export const Moved = z.object({
  /** The actor id it had. */
  id: Id,
  rev: z.number().int().optional(),
  /** The actor id it has now. */
  to: Id,
  at: At,
  /** True when it is this server that has moved. */
  local: z.boolean(),
  /** How many followed it there when it moved; of our own moves alone. */
  followers: z.number().int().nonnegative().optional(),
})

export type Moved = z.infer<typeof Moved>

/**
 * The move from one address to another, after those before it: `known` are the former addresses that lead to
 * `from` or stand for `to`. Whoever moves back has its old address again.
 */
export function moved(known: Moved[], move: Omit<Moved, 'rev'>): Pick<Change, 'put' | 'drop'> {
  const { id: from, to } = move
  const before = known.find(({ id }) => id === from)
  const others = known.filter(({ id }) => id !== from && id !== to)
  const moves = [...others.map((each) => ({ ...each, to })), { ...before, ...move }]
  return {
    put: { moves },
    drop: { moves: known.filter(({ id }) => id === to).map(({ id }) => id) },
  }
}
