/** What an act alters here, and what it tells the world: made by the pure functions, worded and committed by federation/record.ts. */
import type { Change } from './store.ts'

/** One thing to be said on the wire about one item. */
export interface Tell {
  verb: 'create' | 'update' | 'delete' | 'announce' | 'undo_announce'
  /** The id of what it is about. */
  item: string
  /** Who says it: an actor of this server. */
  actor: string
  at: string
  /** Not the item itself, but the Note that announces it. */
  as?: 'announcement'
  /** It stands in the log and the collections, and is not sent to each follower. */
  quiet?: boolean
}

export interface Doing {
  put?: Change['put']
  drop?: Change['drop']
  tell?: Tell[]
}
