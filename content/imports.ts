/** An import that a host looks at before anything is written: the job, and a row for each post it proposes. Pure. */
import * as z from 'zod'
import type { LeftOutPost, Proposal } from './import/proposals.ts'
import { Refusal } from './refusal.ts'
import { At, Id, Language, Tags } from './values.ts'

/** Posts of one import. */
export const ROWS_MAX = 20_000

const Why = z.object({
  /** A sentence below `refusal.` in the catalogs. */
  sentence: z.string().max(200),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** Who brings in what from where, and how far it is. */
export const ImportJob = z.object({
  id: z.string().max(60),
  rev: z.number().int().optional(),
  by: Id,
  at: At,
  from: z.enum(['file', 'address']),
  /** The name of the file as it was sent, or the address. */
  name: z.string().max(2000),
  state: z.enum(['reading', 'failed', 'ready', 'writing']),
  /** Rows read so far. */
  read: z.number().int(),
  /** Outcomes wait for a host instead of being published. */
  drafts: z.boolean(),
  /** Discussions take answers. */
  open: z.boolean(),
  /** Those that were made for its posts. */
  meetings: z.array(Id).max(200).optional(),
  /** The host leaves all comments out. */
  withoutComments: z.boolean().optional(),
  /** More than a few are written, so that no follower is sent each of them. */
  many: z.boolean().optional(),
  /** How many that were not sent to each follower have been told of in a post. */
  told: z.number().int().optional(),
  why: Why.optional(),
})

export const kinds = ['outcome', 'discussion', 'leave_out'] as const
export type Kind = (typeof kinds)[number]

const Comment = z.object({
  id: z.string().max(60),
  author: z.string().max(200),
  html: z.string().max(20_000),
  published: At.optional(),
  parent: z.string().max(60).optional(),
})

/** What one post would be, and what has become of it. */
export const Proposed = z.object({
  /** `<job>/000012`: in the order in which they were read. */
  id: z.string().max(80),
  rev: z.number().int().optional(),
  job: z.string().max(60),
  number: z.number().int(),
  at: At,
  kind: z.enum(kinds),
  state: z.enum(['waiting', 'written', 'known', 'refused', 'unreadable']),
  title: z.string().max(2000),
  text: z.string().max(500_000),
  language: Language,
  sure: z.number().min(0).max(1),
  published: At.optional(),
  year: z.number().int().optional(),
  /** The slug of the meeting it comes under, or `year` for that of its year. */
  meeting: z.string().max(200).optional(),
  tags: Tags,
  address: z.string().max(2000),
  oldPaths: z.array(z.string().max(2000)),
  categories: z.array(z.string()),
  comments: z.array(Comment).optional(),
  /** The host leaves them out. */
  withoutComments: z.boolean().optional(),
  why: Why.optional(),
  /** What it has become here. */
  item: Id.optional(),
  /** It was here already: so many comments have been added to it. */
  added: z.number().int().optional(),
  /** It was published without being sent to each follower. */
  quiet: z.boolean().optional(),
})

export type ImportJob = z.infer<typeof ImportJob>
export type Proposed = z.infer<typeof Proposed>

export const rowId = (job: string, number: number): string =>
  `${job}/${String(number).padStart(6, '0')}`

/** The row of a post as it was read; where nothing says the year of the meeting, it is this year, for the host to see. */
export function rowOf(job: ImportJob, number: number, read: Proposal | LeftOutPost): Proposed {
  const common = { id: rowId(job.id, number), job: job.id, number, at: job.at }
  if (!('why' in read)) {
    const { year = Number(job.at.slice(0, 4)) } = read
    return { ...common, ...read, year, state: 'waiting' }
  }
  const { title, why } = read
  return {
    ...common,
    kind: 'leave_out',
    state: 'unreadable',
    title: title.slice(0, 300),
    text: '',
    language: 'und',
    sure: 0,
    tags: { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] },
    address: '',
    oldPaths: [],
    categories: [],
    why: { sentence: why, values: {} },
  }
}

/** A row that has become something: its words stand there, and need not be kept a second time. */
export const ended = (
  row: Proposed,
  state: 'written' | 'known',
  item: string,
  added = 0,
): Proposed => {
  const { comments: _comments, ...kept } = row
  return { ...kept, text: '', state, item, ...(added > 0 ? { added } : {}) }
}

/** Whether it waits to be written. */
export const isChosen = ({ state, kind }: Proposed): boolean =>
  state === 'waiting' && kind !== 'leave_out'

/** How many comments come in with a row. */
export const commentsOf = ({ kind, comments = [], withoutComments }: Proposed): number =>
  kind === 'discussion' && !withoutComments ? comments.length : 0

/** A row as it is to be brought in. */
export const proposalIn = ({ kind, ...row }: Proposed, withComments = true): Proposal => ({
  ...row,
  comments: withComments && !row.withoutComments ? row.comments : [],
  kind: kind === 'outcome' ? 'outcome' : 'discussion',
})

/** Refusal `conflict` unless rows may be altered now. */
export function refuseUnlessReady({ state }: ImportJob): void {
  if (state !== 'ready') throw new Refusal('conflict', 'coming.not_now')
}

/** A row that was refused is tried again when it was altered; what is written stays. */
export function altered(row: Proposed, changes: Partial<Proposed>): Proposed {
  if (row.state !== 'waiting' && row.state !== 'refused')
    throw new Refusal('conflict', 'coming.done_already')
  const { why: _why, ...kept } = row
  return { ...kept, ...changes, state: 'waiting' }
}
