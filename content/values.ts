/** The small values that the nouns are made of: ids, instants, languages, states, tags. */
import * as z from 'zod'

export const Id = z.url({ protocol: /^https?$/ }).max(2000)
/** A BCP 47 language tag (RFC 5646); `und` when it is not known. */
export const Language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
/** A page on the web: nothing else is ever made a link. */
export const Url = z.url({ protocol: /^https?$/ }).max(2000)
/** An instant, always in UTC and always written alike, so that letters compare as times do: 2026-05-03T10:00:00.000Z. */
export const At = z.iso
  .datetime()
  .overwrite((at) => (Number.isNaN(Date.parse(at)) ? at : new Date(at).toISOString()))
/** An IANA name that this machine knows: Africa/Nairobi. */
export const TimeZone = z
  .string()
  .max(60)
  .refine((zone) => isTimeZone(zone), 'field.bad_zone')

/** Names only: an offset is no zone, since it does not know of summer time. */
export function isTimeZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}
/** A country: ISO 3166-1 alpha-2. */
export const Country = z.string().regex(/^[A-Z]{2}$/)
/** One text in several languages. */
export const Localized = z.record(Language, z.string().max(20_000))
export const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/)

export const InitiativeKind = z.enum(['national', 'sub_regional', 'regional', 'youth', 'global'])
export const OutcomeState = z.enum([
  'draft',
  'presented',
  'open_for_comment',
  'revised',
  'agreed',
  'published',
  'corrected',
  'withdrawn',
])
export const MessageKind = z.enum(['message', 'recommendation', 'divergent_view', 'finding'])
export const Consensus = z.enum(['consensus', 'rough_consensus', 'none_recorded'])
export const Standing = z.enum(['original', 'official', 'community', 'machine'])
export const Visibility = z.enum(['shown', 'held', 'refused', 'removed'])

/** What drafters made of a contribution, and why. */
export const DispositionKind = z.enum(['accepted', 'partly', 'rejected', 'noted'])
export const Disposition = z.object({
  kind: DispositionKind,
  reason: z.string().max(2000),
  by: z.string().max(300),
  at: At,
})

/** Terms of the vocabularies by slug (content/vocabulary), and free topics. */
export const Tags = z.object({
  /** `2025:digital-cooperation`: the year's scheme and the theme in it. */
  themes: z.array(z.string().max(100)).max(20).default([]),
  /** `C2`, `C7.elearning` … */
  actionLines: z.array(z.string().max(20)).max(18).default([]),
  /** `1` … `17` */
  sdgs: z.array(z.string().max(2)).max(17).default([]),
  /** `1` … `5` */
  gdc: z.array(z.string().max(2)).max(5).default([]),
  /** Free words of the initiative itself. */
  topics: z.array(z.string().max(100)).max(30).default([]),
})

export type Id = z.infer<typeof Id>
export type Localized = z.infer<typeof Localized>
export type InitiativeKind = z.infer<typeof InitiativeKind>
export type OutcomeState = z.infer<typeof OutcomeState>
export type MessageKind = z.infer<typeof MessageKind>
export type Consensus = z.infer<typeof Consensus>
export type Standing = z.infer<typeof Standing>
export type Visibility = z.infer<typeof Visibility>
export type Tags = z.infer<typeof Tags>
export type DispositionKind = z.infer<typeof DispositionKind>
export type Disposition = z.infer<typeof Disposition>
