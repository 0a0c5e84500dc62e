/** The one reader of the vocabularies: versioned lists of terms with stable URIs, their source, and how sure it is. */
import * as z from 'zod'
import actionLines from './vocabulary/action-lines.json' with { type: 'json' }
import eurodigCategories from './vocabulary/eurodig-categories.json' with { type: 'json' }
import gdc from './vocabulary/gdc.json' with { type: 'json' }
import nriKinds from './vocabulary/nri-kinds.json' with { type: 'json' }
import outcomeTypes from './vocabulary/outcome-types.json' with { type: 'json' }
import regionalGroups from './vocabulary/regional-groups.json' with { type: 'json' }
import sdgs from './vocabulary/sdgs.json' with { type: 'json' }
import sessionFormats from './vocabulary/session-formats.json' with { type: 'json' }
import sessionTypes from './vocabulary/session-types.json' with { type: 'json' }
import stakeholderGroups from './vocabulary/stakeholder-groups.json' with { type: 'json' }
import themes from './vocabulary/themes.json' with { type: 'json' }
import topics from './vocabulary/topics.json' with { type: 'json' }

/** Confirmed at an address; general knowledge, to be checked; inferred by us; looked for and not found. */
const Mark = z.enum(['C', 'G', 'I', 'NF'])

const Term = z.strictObject({
  slug: z.string(),
  uri: z.url(),
  labels: z.record(z.string(), z.string()),
  status: Mark.optional(),
  codeStatus: Mark.optional(),
  broader: z.string().optional(),
  synonyms: z.array(z.string()).optional(),
  members: z.array(z.string().regex(/^[A-Z]{2}$/)).optional(),
  membersStatus: Mark.optional(),
  year: z.number().int().optional(),
  city: z.string().optional(),
  note: z.string().optional(),
})

const Vocabulary = z.strictObject({
  id: z.string(),
  uri: z.url(),
  title: z.string(),
  publisher: z.string(),
  edition: z.string(),
  asOf: z.iso.date(),
  source: z.strictObject({ mark: Mark, url: z.url().optional(), note: z.string() }),
  /** Which labels are the publisher's own; `ours` are translations that nobody should call official. */
  labelStatus: z.record(z.string(), z.enum(['ours', 'official'])),
  note: z.string().optional(),
  terms: z.array(Term).min(1),
})

export type Term = z.infer<typeof Term>
export type Vocabulary = z.infer<typeof Vocabulary>

const all = [
  stakeholderGroups,
  regionalGroups,
  sessionTypes,
  sessionFormats,
  outcomeTypes,
  actionLines,
  sdgs,
  gdc,
  themes,
  topics,
  nriKinds,
  eurodigCategories,
]

export const vocabularies: Vocabulary[] = all.map((each) => Vocabulary.parse(each))

const byId = new Map(vocabularies.map((each) => [each.id, each]))
const bySlug = new Map(
  vocabularies.flatMap(({ id, terms }) =>
    terms.map((each) => [`${id} ${each.slug}`, each] as const),
  ),
)

/** A whole list, with its publisher, edition and source. */
export const vocabulary = (list: string): Vocabulary | undefined => byId.get(list)

/** The terms of a list; none for a list that is not there. */
export const terms = (list: string): Term[] => byId.get(list)?.terms ?? []
export const term = (list: string, slug: string): Term | undefined => bySlug.get(`${list} ${slug}`)
export const isTerm = (list: string, slug: string): boolean => term(list, slug) !== undefined

/** A term's label in a language, else in English, else its slug. */
export function label(list: string, slug: string, language: string): string {
  const labels = term(list, slug)?.labels
  return labels?.[language] ?? labels?.en ?? slug
}

/** The regional groups that countries belong to; several, or none. */
export const regionalGroupsOf = (countries: string[]): string[] =>
  terms('regional-groups')
    .filter(({ members = [] }) => members.some((code) => countries.includes(code)))
    .map(({ slug }) => slug)

/** How each list's terms are written as a hashtag that any server shows. */
const hashtags: Record<string, (slug: string) => string> = {
  'action-lines': (slug) => `#WSIS${slug.replace('.', '')}`,
  sdgs: (slug) => `#SDG${slug}`,
  gdc: (slug) => `#GDC${slug}`,
}

export function hashtagOf(list: string, slug: string): string {
  return hashtags[list]?.(slug) ?? `#${camel(term(list, slug)?.labels.en ?? slug)}`
}

const camel = (text: string) =>
  (text.match(/[\p{L}\p{N}]+/gu) ?? [])
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
