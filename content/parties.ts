/** The nouns of who takes part: people with an account, actors on the wire, peers, and what the server keeps of them. */
import * as z from 'zod'
import { At, Id, Language } from './values.ts'

const rev = z.number().int().optional()

export const Role = z.enum(['host', 'editor', 'rapporteur', 'moderator', 'participant'])

/** Somebody with an account here. */
export const Person = z.object({
  /** Their actor id: `<origin>/people/<name>`. */
  id: Id,
  rev,
  name: z.string().min(1).max(200),
  email: z.email().max(300),
  role: Role,
  language: Language,
  /** scrypt, in PHC format; empty for somebody who signs in by passkey alone. */
  password: z.string().max(500),
  /** Raised to end every login of this person. */
  epoch: z.number().int().default(1),
  /** When their role ends, and what they are afterwards: server/endings.ts sees to it. `waits`: since when nobody else was there to be host. */
  ends: z.object({ at: At, role: Role, waits: At.optional() }).optional(),
  /** They made the account themselves, and accepted the code of conduct then: their first words wait where the host wants it. */
  joinedAt: At.optional(),
  /** Whether they are told of answers by e-mail; yes unless it says no. */
  mails: z.boolean().optional(),
  /** What they last claimed to speak for: filled in when they write again. */
  stakeholderGroup: z.string().max(40).optional(),
  affiliation: z.string().max(200).optional(),
  at: At,
})

/** A key pair of a local actor. The private half never leaves the store. */
export const Key = z.object({
  /** The key id as it stands on the wire: `<actor>#main-key`, `<actor>#ed25519-key`. */
  id: Id,
  rev,
  owner: Id,
  kind: z.enum(['rsa', 'ed25519']),
  publicPem: z.string(),
  /** Ed25519 only: the public key as Multikey (`z6Mk…`). */
  multibase: z.string().optional(),
  privatePem: z.string(),
  from: At,
  /** When it was replaced or revoked; old keys stay published. */
  until: At.optional(),
})

export const ActorKey = z.object({
  id: Id,
  kind: z.enum(['rsa', 'ed25519']),
  publicPem: z.string(),
  multibase: z.string().optional(),
  from: At.optional(),
  until: At.optional(),
})

/** Somebody on another server, as last fetched. */
export const Actor = z.object({
  id: Id,
  rev,
  type: z.enum(['Person', 'Group', 'Organization', 'Application', 'Service']),
  name: z.string().max(300),
  /** `ana@social.example`, confirmed by WebFinger where it could be. */
  handle: z.string().max(400),
  url: Id.optional(),
  inbox: Id,
  sharedInbox: Id.optional(),
  outbox: Id.optional(),
  followers: Id.optional(),
  keys: z.array(ActorKey).max(20),
  movedTo: Id.optional(),
  /** What it was called before, as it says itself. */
  alsoKnownAs: z.array(Id).max(20).optional(),
  gone: z.boolean().default(false),
  fetchedAt: At,
})

/** One actor that follows an actor of ours. */
export const Follower = z.object({
  /** `<follower> <followed>` */
  id: z.string(),
  rev,
  actor: Id,
  object: Id,
  /** The Follow activity that asked. */
  activity: Id,
  peer: Id,
  inbox: Id,
  at: At,
})

/** One actor that we follow. */
export const Following = z.object({
  /** The followed actor's id. */
  id: Id,
  rev,
  /** Our Follow activity. */
  activity: Id,
  state: z.enum(['requested', 'accepted', 'rejected']),
  peer: Id,
  askedAt: At,
  answeredAt: At.optional(),
  tries: z.number().int().default(1),
  /** When an unanswered Follow is asked again. */
  retryAt: At,
})

/** What people decide about another server, and what we know of it. */
export const Peer = z.object({
  /** Its origin. */
  id: Id,
  rev,
  standing: z.enum(['unknown', 'trusted', 'blocked']),
  /** Where deliveries go: the shared inbox, or the inbox of the one actor known there. */
  inbox: Id,
  /** The signature scheme it has been seen to send or accept. */
  signs: z.enum(['cavage', 'rfc9421']).default('cavage'),
  software: z.string().max(200).optional(),
  /**
   * For now nothing is sent there. With an end: the program wants it so, and nothing is taken from there either;
   * `why` is the sentence of the last of many refusals.
   */
  paused: z
    .object({ at: At, until: At.optional(), why: z.string().max(300).optional() })
    .optional(),
  /** What a person or a list says about why it is blocked. */
  note: z.string().max(500).optional(),
  firstSeenAt: At,
})

/** How far delivery to one peer has come. Written by the delivery job only. */
export const Cursor = z.object({
  /** The peer's origin. */
  id: Id,
  rev,
  /** The last entry of the public log it has answered for. */
  log: z.number().int(),
  /** The last entry of its own letters (stream `to:<origin>`) it has answered for. */
  letters: z.number().int(),
  /** Whether the public log is delivered to it: true while it has a follower there. */
  follows: z.boolean(),
  /** waiting: there is something it has not answered for. idle: all delivered. ended: its actor is gone. */
  state: z.enum(['idle', 'waiting', 'ended']),
  failures: z.number().int().default(0),
  retryAt: At,
  why: z.string().max(300).optional(),
  deliveredAt: At.optional(),
})

/** A head of another's log; `note` is its signed form (C2SP tlog-checkpoint). */
const LogHead = z.object({
  size: z.number().int(),
  root: z.string().max(64),
  note: z.string().max(20_000).optional(),
})

/** Our copy of a log that was read before copies were kept: completed by reading it once more from its start. */
export const Copy = z.object({
  /** The followed actor's id. */
  id: Id,
  rev,
  /** The last position read, and what was read so far, as in a pull. */
  after: z.number().int(),
  frontier: z.array(z.string().max(64)).max(64).default([]),
  /** Since when there is nothing left to do. */
  wholeAt: At.optional(),
  failures: z.number().int().default(0),
  retryAt: At,
  why: z.string().max(300).optional(),
})

/** How far we have read the log of an initiative that we follow, and what became of what we read. */
export const Pull = z.object({
  /** The followed actor's id. */
  id: Id,
  rev,
  peer: Id,
  outbox: Id,
  /** The last position read. */
  after: z.number().int(),
  /** Size and root of its log, as it last told us. */
  size: z.number().int().default(0),
  root: z.string().max(100).default(''),
  /** What was read of it so far: the hashes from which its root follows (content/merkle.ts). */
  frontier: z.array(z.string().max(64)).max(64).default([]),
  held: z.number().int().default(0),
  refused: z.number().int().default(0),
  /** How many were refused for each reason, since they are counted. */
  reasons: z.record(z.string().max(100), z.number().int()).optional(),
  /** The last refusals: position, activity id and reason. */
  refusals: z
    .array(z.object({ seq: z.number().int(), id: z.string(), why: z.string() }))
    .max(50)
    .default([]),
  /** `consistent` when our copy of the log has the root it told us. */
  standing: z.enum(['new', 'consistent', 'behind', 'diverged', 'unreachable']).default('new'),
  checkedAt: At.optional(),
  /** Signed heads that our copy agrees with, oldest first. */
  checkpoints: z
    .array(LogHead.extend({ note: z.string().max(20_000), at: At }))
    .max(20)
    .optional(),
  /** That its log is not the one we read: the head we held, and the one it showed instead. */
  divergence: z
    .object({
      at: At,
      ours: LogHead,
      theirs: LogHead,
      /** Up to here its log is known to be the same, and so many of its entries after that are not taken in. */
      since: z.number().int(),
      quarantined: z.number().int(),
      acceptedAt: At.optional(),
      acceptedBy: z.string().max(2000).optional(),
    })
    .optional(),
  failures: z.number().int().default(0),
  retryAt: At,
  why: z.string().max(300).optional(),
})

/** Hashes of the log of an initiative that we follow, as we read it (C2SP tlog-tiles): at most 256 of one level. */
export const Tile = z.object({
  /** `<followed actor> <level>/<number>` */
  id: z.string(),
  rev,
  /** 32 bytes each, one after the other, in base64. */
  hashes: z.string().max(11_000),
})

/** The largest head of another's log that we have signed as its witness. Kept for good: no other past of it is ever signed. */
export const Cosigned = z.object({
  /** The name of the log. */
  id: z.string(),
  rev,
  size: z.number().int(),
  root: z.string().max(64),
  /** The checkpoint with our cosignature (C2SP tlog-cosignature). */
  note: z.string().max(20_000),
  at: At,
})

/** A server that reads our log and may sign that it saw its head. */
export const Witness = z.object({
  /** Its origin. */
  id: Id,
  rev,
  /** When it is asked next; how often it had nothing new. */
  retryAt: At,
  failures: z.number().int().default(0),
  /** The largest head of ours that it signed, by the name our log had; the line by which it did, and the public key (Multikey). */
  seen: z
    .object({
      log: z.string().max(300),
      size: z.number().int(),
      root: z.string().max(64),
      line: z.string().max(1000),
      key: z.string().max(200),
      at: At,
    })
    .optional(),
})

/** Something of another's that was deleted before it was ever seen here. */
export const Deletion = z.object({
  /** `<actor> <what they deleted>` */
  id: z.string(),
  rev,
  /** The origin of both. */
  peer: Id,
  at: At,
})

/** An activity we answered 202 to, and what became of it. */
export const JournalEntry = z.object({
  /** `<actor> <activity id>`: nobody can reserve another's id. */
  id: z.string(),
  rev,
  actor: Id,
  activity: Id,
  /** The raw body. */
  body: z.string(),
  at: At,
  state: z.enum(['waiting', 'done', 'ignored', 'refused']),
  why: z.string().max(500).optional(),
  tries: z.number().int().default(0),
  retryAt: At,
  /** Where it stands in the log of its initiative, when it was read there and had to wait. */
  seq: z.number().int().optional(),
})

/** That one peer has answered for one entry of ours. */
export const Receipt = z.object({
  /** `<peer origin> <stream> <seq>` */
  id: z.string(),
  rev,
  peer: Id,
  stream: z.string(),
  seq: z.number().int(),
  item: z.string(),
  activity: Id,
  status: z.number().int(),
  tries: z.number().int(),
  at: At,
})

/** What an aggregator says about an initiative. Never pushed into a node. */
export const RegistryEntry = z.object({
  /** The initiative's actor id. */
  id: Id,
  rev,
  standing: z.enum(['applied', 'listed', 'dormant', 'delisted', 'declined']),
  at: At,
  by: z.string().max(300).optional(),
  note: z.string().max(2000).default(''),
  /** The application (Join activity) a node sent. */
  application: Id.optional(),
})

/** Who did what here: the trail that a host can show. */
export const Act = z.object({
  id: z.string(),
  rev,
  by: z.string().max(2000),
  verb: z.string().max(60),
  item: z.string().max(2000),
  at: At,
  note: z.string().max(2000).optional(),
  /** The other of two, where it took two: who confirmed it, or whose request it was. */
  second: z.string().max(2000).optional(),
})

/** One value a server keeps for itself: the login secret, the setup code's digest, the version of its data. */
export const Note = z.object({ id: z.string(), rev, value: z.string() })

export type Role = z.infer<typeof Role>
export type Person = z.infer<typeof Person>
export type Key = z.infer<typeof Key>
export type ActorKey = z.infer<typeof ActorKey>
export type Actor = z.infer<typeof Actor>
export type Follower = z.infer<typeof Follower>
export type Following = z.infer<typeof Following>
export type Peer = z.infer<typeof Peer>
export type Cursor = z.infer<typeof Cursor>
export type Pull = z.infer<typeof Pull>
export type Tile = z.infer<typeof Tile>
export type Copy = z.infer<typeof Copy>
export type Cosigned = z.infer<typeof Cosigned>
export type Witness = z.infer<typeof Witness>
export type Deletion = z.infer<typeof Deletion>
export type JournalEntry = z.infer<typeof JournalEntry>
export type Receipt = z.infer<typeof Receipt>
export type RegistryEntry = z.infer<typeof RegistryEntry>
export type Act = z.infer<typeof Act>
export type Note = z.infer<typeof Note>
