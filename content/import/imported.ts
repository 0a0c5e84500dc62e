/** What an import reads, before a node makes it its own. */
import * as z from 'zod'
import { CommentPeriod } from '../model.ts'
import { Participation } from '../participation.ts'
import { Hubs, SessionPerson } from '../programme.ts'
import { At, Language, Localized, OutcomeState, Standing, Tags, TimeZone, Url } from '../values.ts'
import type { Mistake } from '../refusal.ts'
import type { PostComment } from './posts.ts'

const titled = {
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/),
  language: Language,
  tags: Tags,
  published: At.optional(),
}
const times = { startsAt: At, endsAt: At, timeZone: TimeZone.default('UTC') }
const words = { title: Localized, text: z.string().max(200_000).default('') }

export const ImportedOutcome = z.object({
  ...titled,
  type: z.literal('outcome'),
  title: z.string().trim().min(1).max(300),
  summary: z.string().max(5000).default(''),
  markdown: z.string().trim().min(1).max(500_000),
  outcomeType: z.string().max(60).default('messages'),
  year: z.number().int().min(1990).max(2100),
  meeting: z.string().max(100).optional(),
  session: z.string().max(100).optional(),
  methodNote: z.string().max(5000).default(''),
  disclaimer: z.string().max(5000).default(''),
  licence: z.string().max(200).default('CC BY 4.0'),
  source: Url.optional(),
  state: OutcomeState.extract(['draft', 'open_for_comment', 'published']).default('published'),
  comment: CommentPeriod.extend({ opensAt: At.optional() }).optional(),
  /** Whose it is, where a file holds those of several. */
  initiative: z.string().max(300).optional(),
})

export const ImportedTranslation = z.object({
  type: z.literal('translation'),
  of: z.string().max(100),
  language: Language,
  standing: Standing.exclude(['original']).default('community'),
  title: z.string().trim().min(1).max(300),
  summary: z.string().max(5000).default(''),
  markdown: z.string().trim().min(1).max(500_000),
})

export const ImportedMeeting = z.object({
  ...titled,
  ...times,
  ...words,
  type: z.literal('meeting'),
  year: z.number().int().min(1990).max(2100),
  ordinal: z.number().int().positive().optional(),
  theme: Localized.default({}),
  mode: z.enum(['onsite', 'online', 'hybrid']).default('onsite'),
  place: z.string().max(300).optional(),
  onlineUrl: Url.optional(),
  hubs: Hubs.optional(),
  participation: Participation.default({}),
})

export const ImportedSession = z.object({
  ...titled,
  ...times,
  ...words,
  type: z.literal('session'),
  meeting: z.string().max(100),
  sessionType: z.string().max(60).default('workshop'),
  format: z.string().max(60).optional(),
  room: z.string().max(200).optional(),
  people: z.array(SessionPerson).max(100).default([]),
})

export const ImportedDiscussion = z.object({
  ...titled,
  ...words,
  type: z.literal('discussion'),
  meeting: z.string().max(100).optional(),
  opensAt: At.optional(),
  closesAt: At.optional(),
})

export const Imported = z.discriminatedUnion('type', [
  ImportedOutcome,
  ImportedTranslation,
  ImportedMeeting,
  ImportedSession,
  ImportedDiscussion,
])

export type Imported = z.infer<typeof Imported>
export type ImportedOutcome = z.infer<typeof ImportedOutcome>

/** One file or line: what it holds, or what is wrong with it. */
export interface ReadItem {
  /** The file's name, or the number of the line. */
  place: string
  item?: Imported
  mistakes?: Mistake[]
  /** The post it was read from. */
  post?: Source
}

/** How a post is called at its source, and every path and query under which it was found there. */
export interface Source {
  address: string
  oldPaths: string[]
  /** What was said to it there: comes in with a discussion. */
  comments?: PostComment[]
  /** Of its meeting, as far as that is known. */
  year?: number
}
