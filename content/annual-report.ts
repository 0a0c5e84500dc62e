/** The annual report of an initiative: counted from what its node holds, written by its host, published as an outcome. Pure. */
import * as z from 'zod'
import type { Call } from './calls.ts'
import { checked, mistaken } from './checked.ts'
import type { Doing } from './doing.ts'
import type {
  Contribution,
  Discussion,
  Draft,
  Meeting,
  Message,
  Outcome,
  Session,
} from './model.ts'
import {
  ANNUAL_REPORT,
  type By,
  edit,
  publishImported,
  take,
  write,
  type Written,
} from './outcomes.ts'
import { toldParticipation } from './participation.ts'
import { transcriptOf } from './programme.ts'
import { Refusal } from './refusal.ts'
import { At, DispositionKind, Id, Language, Localized } from './values.ts'

/**
 * The sections in their order, by the parts that the toolkit for initiatives names: an introduction, the
 * preparatory process (A), the event and its outcomes (B). `typed` ones are the host's own words.
 */
export const sections = {
  introduction: { part: 'introduction', typed: false },
  team: { part: 'preparation', typed: true },
  consultation: { part: 'preparation', typed: false },
  funding: { part: 'preparation', typed: true },
  programme: { part: 'event', typed: false },
  participation: { part: 'event', typed: false },
  contributions: { part: 'event', typed: false },
  messages: { part: 'event', typed: false },
  languages: { part: 'event', typed: false },
  records: { part: 'event', typed: false },
  evaluation: { part: 'event', typed: true },
  next: { part: 'event', typed: true },
  contact: { part: 'event', typed: true },
} as const

export type SectionName = keyof typeof sections
export const sectionNames = Object.keys(sections) as SectionName[]

const Told = z.union([z.number().int(), z.enum(['<5', 'withheld'])])
const ToldCounts = z.record(z.string(), Told)
const Count = z.number().int().nonnegative()

/** What was counted, as it may be told to everybody. */
export const Figures = z.object({
  meetings: z.array(
    z.object({
      id: Id,
      title: Localized,
      theme: Localized,
      ordinal: z.number().int().optional(),
      startsAt: At,
      endsAt: At,
      timeZone: z.string(),
      mode: z.enum(['onsite', 'online', 'hybrid']),
      place: z.string().optional(),
      hubs: z.array(z.string()).optional(),
      participation: z.object({
        total: Told.optional(),
        newcomers: Told.optional(),
        youth: Told.optional(),
        modes: ToldCounts,
        groups: ToldCounts,
        genders: ToldCounts,
        countries: ToldCounts,
      }),
    }),
  ),
  sessions: z.object({
    total: Count,
    byType: z.record(z.string(), Count),
    recorded: Count,
    transcribed: Count,
  }),
  discussions: Count,
  /** Calls for issues, and what became of the proposals; what was withdrawn is not counted. */
  calls: z
    .array(
      z.object({
        id: Id,
        title: Localized,
        opensAt: At,
        closesAt: At,
        proposals: Count,
        merged: Count,
        setAside: Count,
      }),
    )
    .optional(),
  contributions: z.object({
    total: Count,
    onMessages: Count,
    dispositions: z.record(z.string(), Count),
    unanswered: Count,
  }),
  outcomes: Count,
  messages: z.object({ total: Count, byKind: z.record(z.string(), Count) }),
  languages: z.array(Language),
})

export const Section = z.object({
  name: z.enum(sectionNames as [SectionName, ...SectionName[]]),
  markdown: z.string().max(60_000),
  /** What the node filled in, to be told from what somebody wrote. */
  filled: z.string().max(60_000),
  /** When that was counted. */
  countedAt: At,
})

export const AnnualReport = z.object({
  /** `<origin>/reports/<year>` */
  id: Id,
  rev: z.number().int().optional(),
  /** The outcome it is published as. */
  outcome: Id,
  year: z.number().int().min(1990).max(2100),
  language: Language,
  title: z.string().trim().min(1).max(300),
  sections: z.array(Section).max(40),
  figures: Figures,
  countedAt: At,
  /** What was published last: its version, and the sections and figures as they were then. */
  published: z
    .object({
      version: z.number().int().positive(),
      at: At,
      sections: z.array(Section),
      figures: Figures,
      countedAt: At,
    })
    .optional(),
  updated: At,
})

export type Figures = z.infer<typeof Figures>
export type Section = z.infer<typeof Section>
export type AnnualReport = z.infer<typeof AnnualReport>

/** All of a year that a report is made from. */
export interface Held {
  meetings: Meeting[]
  sessions: Session[]
  discussions: Discussion[]
  outcomes: Outcome[]
  messages: Message[]
  contributions: Contribution[]
  /** Each call with how many of its proposals stand where. */
  calls?: { call: Call; standings: Record<string, number> }[]
}

const tally = (names: string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, each]) => [name, each.length]),
  )

/** Count it. What is too small to be told is not in it. */
export function counted({
  meetings,
  sessions,
  discussions,
  outcomes,
  messages,
  contributions,
  calls = [],
}: Held): Figures {
  const answers = contributions.flatMap(({ disposition }) => disposition?.kind ?? [])
  return checked(Figures, {
    meetings: meetings.map(({ participation, ...meeting }) => ({
      ...meeting,
      participation: toldParticipation(participation),
    })),
    sessions: {
      total: sessions.length,
      byType: tally(sessions.map(({ sessionType }) => sessionType)),
      recorded: sessions.filter(({ recordingUrl }) => recordingUrl).length,
      transcribed: sessions.filter(transcriptOf).length,
    },
    discussions: discussions.length,
    ...(calls.length > 0 ? { calls: calls.map(callFigures) } : {}),
    contributions: {
      total: contributions.length,
      onMessages: contributions.filter(({ message }) => message).length,
      dispositions: { ...none, ...tally(answers) },
      unanswered: contributions.length - answers.length,
    },
    outcomes: outcomes.length,
    messages: { total: messages.length, byKind: tally(messages.map(({ kind }) => kind)) },
    languages: [...new Set(outcomes.flatMap(({ languages }) => languages))].sort(),
  })
}

function callFigures({ call, standings }: NonNullable<Held['calls']>[number]) {
  const { id, title, opensAt, closesAt } = call
  const { held = 0, shown = 0, merged = 0, set_aside: setAside = 0 } = standings
  return {
    id,
    title,
    opensAt,
    closesAt,
    proposals: held + shown + merged + setAside,
    merged,
    setAside,
  }
}

const none = Object.fromEntries(DispositionKind.options.map((kind) => [kind, 0]))

export type Filled = Record<SectionName, string>

interface Begun {
  id: string
  outcome: string
  year: number
  language: string
  title: string
  figures: Figures
  filled: Filled
}

/** A new report with every section as it was counted. */
export function beginReport({ filled, ...begun }: Begun, at: string): Doing {
  const all = sectionNames.map((name) => ({
    name,
    markdown: filled[name],
    filled: filled[name],
    countedAt: at,
  }))
  return put({ ...begun, sections: all, countedAt: at, updated: at })
}

const put = (report: z.input<typeof AnnualReport>): Doing => ({
  put: { annualReports: [checked(AnnualReport, report)] },
})

/** The host's words for some sections. What is not among them stays. */
export function writeReport(
  report: AnnualReport,
  { title, texts }: { title: string; texts: Partial<Filled> },
  at: string,
): Doing {
  const written = report.sections.map((each) => ({
    ...each,
    markdown: texts[each.name] ?? each.markdown,
  }))
  return put({ ...report, title, sections: written, updated: at })
}

/** The sections that counting anew would alter. A typed one that the node knows nothing for stays as it is. */
export const changedBy = ({ sections: held }: AnnualReport, filled: Filled): Section[] =>
  held.filter(({ name, markdown }) => filled[name] !== '' && filled[name] !== markdown)

/** Put what was counted anew in the place of these sections; the others stay. */
export function refill(
  report: AnnualReport,
  { filled, figures, replace }: { filled: Filled; figures: Figures; replace: string[] },
  at: string,
): Doing {
  const renewed = report.sections.map((each) => {
    if (each.markdown === filled[each.name])
      return { ...each, filled: filled[each.name], countedAt: at }
    if (!replace.includes(each.name)) return each
    return { ...each, markdown: filled[each.name], filled: filled[each.name], countedAt: at }
  })
  return put({ ...report, sections: renewed, figures, countedAt: at, updated: at })
}

/** Whether somebody has written in a section since it was filled in. */
export const isEdited = ({ markdown, filled }: Section): boolean => markdown !== filled

/** What publishing takes: the whole text as one, a summary, and why an earlier version is corrected. */
export interface Publication {
  markdown: string
  summary: string
  meeting?: string | undefined
  reason?: string | undefined
  slug: string
  initiative: string
}

/**
 * The report as a version of its outcome, signed and told like any other: the first at once as published, a later
 * one as a correction with a reason. `draft` is the outcome as it stands. Refusal `conflict` when it was withdrawn.
 */
export function publishReport(
  report: AnnualReport,
  publication: Publication,
  by: By,
  draft?: Draft,
): Doing {
  const { markdown, summary, meeting, reason = '', slug, initiative } = publication
  if (markdown.trim() === '') return mistaken('form', 'annual.empty')
  const others = draft ? otherTexts(draft) : {}
  const written: Written = {
    language: report.language,
    texts: { ...others, [report.language]: { title: report.title, summary, markdown } },
    outcomeType: ANNUAL_REPORT,
    year: report.year,
    tags: {},
    ...(meeting ? { meeting } : {}),
  }
  if (draft && draft.language !== report.language) throw new Refusal('conflict', 'annual.language')
  const identity = { id: report.outcome, slug, initiative }
  const [next] = (draft ? edit(draft, written, by) : write(written, identity, by)).put?.drafts ?? []
  if (!next) throw new Refusal('conflict', 'store.changed', { id: report.outcome })
  const doing =
    draft && draft.version > 0
      ? take(next, 'correct', { reason }, by)
      : publishImported(next, by.at, by)
  const version = (draft?.version ?? 0) + 1
  const { sections: said, figures, countedAt } = report
  const published = { version, at: by.at, sections: said, figures, countedAt }
  return { ...doing, put: { ...doing.put, ...put({ ...report, published, updated: by.at }).put } }
}

/** The translations, as they were written. */
const otherTexts = ({ texts, language }: Draft): Written['texts'] =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([each]) => each !== language)
      .map(([each, { blocks: _blocks, of: _of, ...text }]) => [each, text]),
  )
