/** The nouns of what is said. Every item a server holds is one of these; nothing here does anything. */
import * as z from 'zod'
import { Participation } from './participation.ts'
import {
  Id,
  Language,
  At,
  Country,
  Localized,
  InitiativeKind,
  OutcomeState,
  MessageKind,
  Consensus,
  Disposition,
  Standing,
  Visibility,
  Tags,
  TimeZone,
  Slug,
  Url,
} from './values.ts'
import { ExternalRef, happening, Hubs, SessionPerson, Transcript } from './programme.ts'

/** Common to all that can be shown, found and answered. `text` is its source (Markdown, or plain text of
 * what came as HTML), `html` the safe HTML that pages print as it is. */
const shown = {
  id: Id,
  /** Set by the store: which writing was read. Writing over a newer one is refused. */
  rev: z.number().int().optional(),
  /** The initiative (its actor id) it belongs to. */
  initiative: Id,
  /** True when this server is its origin. */
  local: z.boolean(),
  visibility: Visibility.default('shown'),
  /** The language of the original. */
  language: Language,
  tags: Tags,
  published: At,
  updated: At.optional(),
}

export const Initiative = z.object({
  /** Its actor id. */
  id: Id,
  rev: z.number().int().optional(),
  local: z.boolean(),
  name: Localized,
  acronym: z.string().min(1).max(40),
  kind: InitiativeKind,
  countries: z.array(Country).max(250).default([]),
  /** A free name of the region where a list of countries does not say it. */
  scope: Localized.default({}),
  languages: z.array(Language).min(1).max(30),
  summary: Localized.default({}),
  website: Url.optional(),
  /** `#rrggbb`, as the host chose it; pages correct it for contrast. */
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .default('#0b6e6e'),
  established: z.number().int().min(1990).max(2100).optional(),
  codeOfConduct: Url.optional(),
  licence: z.string().max(200).default('CC BY 4.0'),
  published: At,
  updated: At.optional(),
})

export const Meeting = z.object({
  ...shown,
  type: z.literal('meeting'),
  year: z.number().int().min(1990).max(2100),
  ordinal: z.number().int().positive().optional(),
  title: Localized,
  theme: Localized.default({}),
  startsAt: At,
  endsAt: At,
  timeZone: TimeZone,
  mode: z.enum(['onsite', 'online', 'hybrid']),
  place: z.string().max(300).optional(),
  onlineUrl: Url.optional(),
  participation: Participation.default({}),
  hubs: Hubs.optional(),
  ...happening,
  text: z.string().max(200_000).default(''),
  html: z.string().max(400_000).default(''),
})

export const Session = z.object({
  ...shown,
  type: z.literal('session'),
  meeting: Id,
  title: Localized,
  /** A slug of the vocabulary session-types. */
  sessionType: z.string().max(60),
  format: z.string().max(60).optional(),
  startsAt: At,
  endsAt: At,
  timeZone: TimeZone,
  room: z.string().max(200).optional(),
  onlineUrl: Url.optional(),
  externalRef: ExternalRef.optional(),
  people: z.array(SessionPerson).max(100).default([]),
  recordingUrl: Url.optional(),
  transcript: Transcript.optional(),
  /** A transcript of which nothing but its address is known. */
  transcriptUrl: Url.optional(),
  ...happening,
  text: z.string().max(200_000).default(''),
  html: z.string().max(400_000).default(''),
})

export const Discussion = z.object({
  ...shown,
  type: z.literal('discussion'),
  meeting: Id.optional(),
  title: Localized,
  text: z.string().max(200_000),
  html: z.string().max(400_000),
  opensAt: At.optional(),
  closesAt: At.optional(),
})

/** Where a comment was brought in from, when that has an address. */
export const Brought = z.object({ from: Url.optional() })

/** What a participant says in a discussion, on an outcome or on one message of it. */
export const Contribution = z.object({
  ...shown,
  type: z.literal('contribution'),
  /** The discussion or outcome whose thread it stands in. */
  about: Id,
  /** What it answers directly: `about`, a message, or another contribution. */
  inReplyTo: Id,
  /** The message it is about, if it is about one, and the outcome version it read. */
  message: Id.optional(),
  version: z.number().int().positive().optional(),
  /** Its author's actor id, and how they are called, as last seen. */
  author: Id,
  authorName: z.string().max(200),
  /** `ana@social.example` */
  authorHandle: z.string().max(400),
  /** A page for people, where its origin has one. */
  url: Id.optional(),
  text: z.string().max(50_000),
  html: z.string().max(100_000),
  /** Claimed by the author, never verified. */
  stakeholderGroup: z.string().max(40).optional(),
  affiliation: z.string().max(200).optional(),
  /** What it quotes (FEP-044f, FEP-e232). */
  quotes: z.array(Id).max(5).optional(),
  disposition: Disposition.optional(),
  /** A comment of an older site, and the post it was made to there: the initiative says it for its author, who has signed nothing. */
  brought: Brought.optional(),
  /** It is itself the drafters' answer to what it answers: shown beside that, not as a voice of its own. */
  disposes: Disposition.optional(),
  /** Why it is held, refused or removed: a key below `moderation.why.` in the catalogs. */
  why: z.string().max(100).optional(),
})

/** One block of an outcome's text in one language; a message block names the message it is. */
export const Block = z.object({
  kind: z.enum(['heading', 'prose', 'message']),
  markdown: z.string().max(50_000),
  html: z.string().max(100_000),
  /** The stable part of the message's id: `m-3f9a1c02`. */
  message: z.string().max(60).optional(),
  depth: z.number().int().min(2).max(6).optional(),
  /** Of a message in a translation: the digest of the original's words it was made from. */
  of: z.string().max(100).optional(),
})

/** An outcome's text in one language. */
export const OutcomeText = z.object({
  title: z.string().min(1).max(300),
  summary: z.string().max(5000).default(''),
  standing: Standing,
  markdown: z.string().max(500_000),
  blocks: z.array(Block).max(2000),
  /** Of a translation: the digest of the original's words it was made from. */
  of: z.string().max(100).optional(),
})

export const Relation = z.object({ kind: z.enum(['supersedes', 'relates_to']), target: Id })

/** One numbered statement inside an outcome version. Its words are the blocks that name its key. */
export const Statement = z.object({
  /** Stable within the outcome: `m-3f9a1c02`. */
  key: z.string().regex(/^m-[a-z0-9-]{1,50}$/),
  number: z.number().int().positive(),
  kind: MessageKind,
  consensus: Consensus,
  tags: Tags,
  relations: z.array(Relation).max(50).default([]),
})

export const CommentPeriod = z.object({ opensAt: At, closesAt: At })
export const Agreement = z.object({
  /** How it was agreed, in the host's words. */
  method: z.string().max(1000),
  by: z.string().max(300),
  at: At,
})

/** One step of an outcome's life. */
export const Step = z.object({
  state: OutcomeState,
  at: At,
  by: z.string().max(300),
  note: z.string().max(2000).optional(),
  version: z.number().int().positive().optional(),
})

/** What an outcome says, whole: what a version freezes and a signature covers. */
const body = {
  initiative: Id,
  meeting: Id.optional(),
  session: Id.optional(),
  /** A slug of the vocabulary outcome-types: messages, synthesis, communique, report, declaration … */
  outcomeType: z.string().max(60).default('messages'),
  language: Language,
  /** By language; the original is `texts[language]`. */
  texts: z.record(Language, OutcomeText),
  statements: z.array(Statement).max(2000),
  tags: Tags,
  year: z.number().int().min(1990).max(2100),
  methodNote: z.string().max(5000).default(''),
  disclaimer: z.string().max(5000).default(''),
  licence: z.string().max(200).default('CC BY 4.0'),
  /** Where it was published before it came here. */
  source: Url.optional(),
  comment: CommentPeriod.optional(),
  agreed: Agreement.optional(),
  /** Why it was corrected or withdrawn. */
  reason: z.string().max(2000).optional(),
  state: OutcomeState,
  steps: z.array(Step).max(500).default([]),
}

/** The host's working copy of an outcome. It never leaves the node. */
export const Draft = z.object({
  /** The outcome's id. */
  id: Id,
  rev: z.number().int().optional(),
  ...body,
  slug: Slug,
  /** The last version that was made public; 0 before the first. */
  version: z.number().int().nonnegative(),
  published: At,
  updated: At,
})

/** How far a version's origin has been checked. `failed` says why in `why`. */
export const Verification = z.object({
  result: z.enum(['verified', 'own', 'unsigned', 'failed']),
  /** The verification method that was used, and the public key (Multikey) it stood for. */
  method: z.string().max(2000).optional(),
  key: z.string().max(200).optional(),
  at: At,
  why: z.string().max(300).optional(),
})

/** One public version of an outcome. Never changed, never dropped. */
export const Version = z.object({
  /** `<outcome>/versions/<n>` at the origin. */
  id: Id,
  rev: z.number().int().optional(),
  outcome: Id,
  version: z.number().int().positive(),
  local: z.boolean(),
  ...body,
  published: At,
  /** When this version was made. */
  at: At,
  /** `sha-256:<hex>` over the JCS form of the signed object without its proof. */
  digest: z.string().max(100),
  previous: z.string().max(100).optional(),
  /** The signed object exactly as it was made or received: JSON text. */
  wire: z.string(),
  verification: Verification,
  /** Where it stands in its origin's log. */
  seq: z.number().int().optional(),
  /** What stands around it in that entry: JSON text (federation/mirrors.ts). */
  envelope: z.string().max(10_000).optional(),
  /** The entry of our own log that told of it. */
  activity: Id.optional(),
})

/** The public face of an outcome: its latest version, to be listed and found. */
export const Outcome = z.object({
  ...shown,
  type: z.literal('outcome'),
  meeting: Id.optional(),
  session: Id.optional(),
  outcomeType: z.string().max(60),
  title: Localized,
  summary: Localized.default({}),
  languages: z.array(Language).max(60),
  state: OutcomeState,
  version: z.number().int().positive(),
  year: z.number().int(),
  comment: CommentPeriod.optional(),
  /** How many numbered messages it has. */
  messages: z.number().int().nonnegative(),
  verified: z.boolean(),
  /** All its words in all its languages, for the index. */
  text: z.string(),
})

/** The public face of one message, to be found, quoted and answered on its own. */
export const Message = z.object({
  ...shown,
  type: z.literal('message'),
  outcome: Id,
  outcomeTitle: Localized,
  key: z.string().max(60),
  number: z.number().int().positive(),
  kind: MessageKind,
  consensus: Consensus,
  relations: z.array(Relation).default([]),
  state: OutcomeState,
  version: z.number().int().positive(),
  year: z.number().int(),
  /** By language. */
  texts: z.record(Language, z.object({ markdown: z.string(), html: z.string() })),
  verified: z.boolean(),
})

export const Item = z.discriminatedUnion('type', [
  Meeting,
  Session,
  Discussion,
  Contribution,
  Outcome,
  Message,
])

export type Initiative = z.infer<typeof Initiative>
export type Meeting = z.infer<typeof Meeting>
export type Session = z.infer<typeof Session>
export type Discussion = z.infer<typeof Discussion>
export type Contribution = z.infer<typeof Contribution>
export type Block = z.infer<typeof Block>
export type OutcomeText = z.infer<typeof OutcomeText>
export type Statement = z.infer<typeof Statement>
export type Step = z.infer<typeof Step>
export type Draft = z.infer<typeof Draft>
export type Verification = z.infer<typeof Verification>
export type Version = z.infer<typeof Version>
export type Outcome = z.infer<typeof Outcome>
export type Message = z.infer<typeof Message>
export type Item = z.infer<typeof Item>
