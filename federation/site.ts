/** What a running server knows of itself. Passed first to whatever needs it. */
import type { KeyObject } from 'node:crypto'
import type { Store } from '../content/store.ts'
import type { GuardedFetch } from './fetch.ts'

/** A key that can sign: for a local actor, by kind. */
export interface SigningKey {
  id: string
  kind: 'rsa' | 'ed25519'
  private: KeyObject
}

/** What this server does beyond what every server does. Set by server/roles.ts. */
export interface Policy {
  /** Hold and re-serve what other initiatives publish. */
  gathers: boolean
  /** Take applications of nodes to be listed. */
  lists: boolean
  /** Publish content of its own, and take contributions to it. */
  publishes: boolean
}

/** Work that waits in the store; `site.wake` tells the job to look at once. */
export type Job =
  | 'deliver'
  | 'apply'
  | 'sync'
  | 'follow'
  | 'witness'
  | 'copies'
  | 'people'
  | 'conduct'
  | 'calls'
  | 'mail'
  | 'import'
  | 'moves'

export type Fields = Record<string, unknown>

/** Lines for the operator: what happened, and the particulars. What is called like a secret is struck out. */
export interface Log {
  error: (message: string, fields?: Fields) => void
  info: (message: string, fields?: Fields) => void
  debug: (message: string, fields?: Fields) => void
}

export type Counted = 'inbox' | 'applied' | 'deliveries' | 'pulled' | 'conduct'

export interface Site {
  /** `https://igf.example`, without a slash at the end. It changes when the server moves. */
  origin: string
  /** Where it was before: it still answers there for what was said there. */
  former: string[]
  /** Our present initiative, where this is how things are at a former address. */
  movedTo?: string
  store: Store
  policy: Policy
  /** The current signing key of a local actor; made on first use of a new actor by keys.ts. */
  key: (actor: string, kind: SigningKey['kind']) => Promise<SigningKey>
  /** The time, as an ISO string in UTC. */
  now: () => string
  /** The one way out. Every request is signed by the server's own actor unless it says otherwise. */
  fetch: GuardedFetch
  wake: (job: Job) => void
  log: Log
  /** One more of something that an operator may want to watch, by what came of it: one word of ours, never a peer's name. */
  count: (what: Counted, result: string, by?: number) => void
}
