/** What the program asks of a database, and all it may ask. Adapters: store/sqlite.ts (and store/mongo.ts, later). */
import type { AnnualReport } from './annual-report.ts'
import type { Call, Proposal } from './calls.ts'
import type { Challenge, Invitation, KnownLogin, Passkey } from './accounts.ts'
import type { ImportJob, Proposed } from './imports.ts'
import type { Bounce, Mail, Subscriber } from './mailing.ts'
import type { Draft, Initiative, Item, Version } from './model.ts'
import type { Moved } from './moves.ts'
import type { Origin, Redirect } from './origins.ts'
import type {
  Act,
  Actor,
  Cosigned,
  Copy,
  Cursor,
  Deletion,
  Follower,
  Following,
  JournalEntry,
  Key,
  Note,
  Peer,
  Person,
  Pull,
  Receipt,
  RegistryEntry,
  Tile,
  Witness,
} from './parties.ts'
import type { Pending } from './second-person.ts'

export interface Tables {
  items: Item
  drafts: Draft
  versions: Version
  initiatives: Initiative
  people: Person
  logins: KnownLogin
  passkeys: Passkey
  challenges: Challenge
  invitations: Invitation
  pendings: Pending
  keys: Key
  actors: Actor
  followers: Follower
  following: Following
  peers: Peer
  cursors: Cursor
  pulls: Pull
  tiles: Tile
  copies: Copy
  cosigned: Cosigned
  witnesses: Witness
  journal: JournalEntry
  deletions: Deletion
  receipts: Receipt
  registry: RegistryEntry
  moves: Moved
  acts: Act
  annualReports: AnnualReport
  notes: Note
  calls: Call
  proposals: Proposal
  mails: Mail
  subscribers: Subscriber
  bounces: Bounce
  imports: ImportJob
  proposed: Proposed
  origins: Origin
  redirects: Redirect
}

export type Table = keyof Tables

/** The public log everybody may read; `to:<origin>` are the letters for one peer alone. */
export type Stream = 'public' | `to:${string}`

/** One line of an append-only log: the exact JSON that was said. */
export interface Entry {
  stream: Stream
  /** 1, 2, 3 … without gaps, in each stream. */
  seq: number
  /** The activity's id; unique in all streams. */
  id: string
  actor: string
  /** Create, Update, Delete, Announce, Accept … */
  verb: string
  /** The item it is about. */
  item: string
  at: string
  /** JSON text in its canonical form (RFC 8785), signed. */
  wire: string
  /** It is for whoever reads the log or the collections, and is sent to nobody. */
  quiet?: boolean
}

export type NewEntry = Omit<Entry, 'seq'>

/**
 * Everything one act alters. It is committed whole or not at all, and on disk before commit() returns.
 * A document's `rev` must be the one that was read (none for a new one), else Refusal `conflict`.
 */
export interface Change {
  put?: { [T in Table]?: Tables[T][] }
  drop?: { [T in Table]?: string[] }
  log?: NewEntry[]
}

/** Where a page of results ended: the next begins after it. */
export interface Place {
  at: string
  id: string
}

export interface Query {
  /** Each field must have this value, or one of these values. */
  where?: Record<string, string | string[]>
  /** Words a person typed: all must stand in the document (as `searchable` sees them); "in quotes" a phrase. Without a word it finds nothing. */
  text?: string
  /** Inclusive, compared to the document's `at`. */
  since?: string
  until?: string
  /** `best` needs `text`, and chooses among the 2,500 that came last. Default: newest. */
  order?: 'newest' | 'oldest' | 'best'
  after?: Place
  /** For numbered pages; with `best` the only way to go on. */
  skip?: number
  /** Default 20, at most 1000. */
  limit?: number
}

export type Facets = Record<string, { value: string; count: number }[]>

/** Size of the public log, and its Merkle root (RFC 6962, section 2.1) in lower-case hex. */
export interface Head {
  size: number
  root: string
}

export interface Store {
  get<T extends Table>(table: T, id: string): Promise<Tables[T] | undefined>
  find<T extends Table>(table: T, query: Query): Promise<Tables[T][]>
  /** Of all that the query finds, whatever page of it `after`, `skip` and `limit` name; counted no further than `most`. */
  count(table: Table, query: Query, most?: number): Promise<number>
  /**
   * For each field: its values among all documents of the query, most frequent first, at most 100. With `most`:
   * among at least so many of the newest, where counting all would take long. A field of `beside` is counted among
   * what the query would find if it asked for these values of that field: what else there is to choose.
   */
  facets(
    table: Table,
    query: Query,
    fields: string[],
    most?: number,
    beside?: Query['where'],
  ): Promise<Facets>
  /** Entries after a position, in order. */
  log(stream: Stream, after: number, limit: number): Promise<Entry[]>
  /** The entry with this activity id, in whatever stream. */
  entry(id: string): Promise<Entry | undefined>
  /** The last position of a stream; 0 when it is empty. */
  last(stream: Stream): Promise<number>
  /** Of the public log as it was at `size` entries; as it is, when not given. Refusal `missing` for a size it never had. */
  head(size?: number): Promise<Head>
  /** Hashes of the public log's tree: perfect subtrees of this height (0: the entries), from number `from` on, at most 256. Fewer where the log ends. */
  hashes(level: number, from: number, count: number): Promise<Buffer[]>
  commit(change: Change): Promise<void>
  /** A number that changes when another process has written here. */
  generation(): Promise<number>
  /**
   * A copy of everything in one file, made while running, on disk when it returns, readable for this user
   * alone. Refusal `conflict` when the file is there, `unavailable` when it cannot be written.
   */
  backup(file: string): Promise<void>
  close(): Promise<void>
}
