/** A call for issues, what people propose to it, and what the host makes of that. Pure. */
import * as z from 'zod'
import { checked, mistaken } from './checked.ts'
import { countryCodes } from './countries.ts'
import type { Doing } from './doing.ts'
import type { By } from './outcomes.ts'
import { Refusal } from './refusal.ts'
import { shortKey } from './short-key.ts'
import { markdownToHtml } from './text.ts'
import { At, Country, Id, Language, Localized, Slug } from './values.ts'
import { isTerm, label, terms } from './vocabulary.ts'

const CATEGORIES_MAX = 3
/** Withdrawn ones count too: nobody fills a call with what they take back. */
const EVER_MAX = 50

const Category = z.object({ slug: Slug, label: z.string().trim().min(1).max(200) })

const asked = {
  language: Language,
  title: Localized.refine(
    (titles) => Object.values(titles).some((t) => t.trim()),
    'field.required',
  ),
  text: z.string().trim().min(1).max(50_000),
  meeting: Id.optional(),
  year: z.number().int().min(1990).max(2100),
  opensAt: At,
  closesAt: At,
  /** A vocabulary whose terms are categories of this call. */
  vocabulary: z
    .string()
    .max(60)
    .refine((list) => terms(list).length > 0, 'field.wrong')
    .optional(),
  /** The host's own categories, beside those. */
  categories: z.array(Category).max(50).default([]),
  perPerson: z.number().int().min(1).max(20).default(3),
  /** Whether a proposal is shown at once, or when somebody has looked at it. */
  showing: z.enum(['at_once', 'after_look']).default('at_once'),
}

export const WrittenCall = z.object(asked).refine(({ opensAt, closesAt }) => closesAt > opensAt, {
  path: ['closesAt'],
  message: 'field.end_before_start',
})

/** What was said of a call to everybody who follows, word for word. */
const Told = z.object({
  at: At,
  language: Language,
  html: z.string().max(5000),
  /** What it says, where that is no longer what it said at first. */
  says: z.enum(['opened', 'closing', 'later', 'closed']).optional(),
  /** When its words were changed. */
  updated: At.optional(),
  /** When the call was last looked at for whether they still hold. */
  lookedAt: At.optional(),
})
export type Told = z.infer<typeof Told>

const ToldAgain = Told.extend({ telling: z.enum(['opened', 'closing']) })

export const Call = z.object({
  id: Id,
  rev: z.number().int().optional(),
  initiative: Id,
  ...asked,
  html: z.string().max(100_000),
  told: z
    .object({
      opened: Told.optional(),
      closing: Told.optional(),
      again: z.array(ToldAgain).max(20).optional(),
    })
    .optional(),
  published: At,
  updated: At.optional(),
})

export const WrittenProposal = z.object({
  language: Language,
  title: z.string().trim().min(1).max(120),
  text: z.string().trim().min(1).max(3000),
  categories: z.array(Slug).min(1).max(CATEGORIES_MAX),
  stakeholderGroup: z.string().refine((slug) => isTerm('stakeholder-groups', slug), 'field.wrong'),
  affiliation: z.string().max(200).optional(),
  /** Personal, and for the host alone: where somebody lives, and where they come from. */
  residence: Country.refine((code) => countryCodes.includes(code), 'field.wrong').optional(),
  origin: Country.refine((code) => countryCodes.includes(code), 'field.wrong').optional(),
})

export const Proposal = z.object({
  /** `<call>/proposals/<key>` */
  id: Id,
  rev: z.number().int().optional(),
  call: Id,
  /** Who proposed it: an account here, and how it is called. */
  person: Id,
  name: z.string().max(200),
  ...WrittenProposal.partial().shape,
  standing: z.enum(['held', 'shown', 'merged', 'set_aside', 'withdrawn']),
  /** The session it became part of. */
  session: Id.optional(),
  /** Why it was set aside: everybody reads it. */
  reason: z.string().max(2000).optional(),
  published: At,
  updated: At.optional(),
})

export type Call = z.infer<typeof Call>
export type Proposal = z.infer<typeof Proposal>

/** A new or changed call. Refusal `invalid` for a deadline that has passed, or a category in `used` that is gone. */
export function writeCall(
  id: string,
  input: z.input<typeof WrittenCall>,
  { actor, at }: By,
  before?: Call,
  used: string[] = [],
): Doing {
  const fields = checked(WrittenCall, input)
  if (!before && fields.closesAt <= at) mistaken('closesAt', 'field.in_the_past')
  const own = categoriesOf(fields)
  if (own.length === 0) mistaken('categories', 'field.required')
  if (used.some((slug) => !own.includes(slug))) mistaken('categories', 'call.category_used')
  const call = checked(Call, {
    ...fields,
    id,
    initiative: actor,
    html: markdownToHtml(fields.text),
    published: before?.published ?? at,
    ...(before?.told ? { told: before.told } : {}),
    ...(before ? { updated: at, rev: before.rev } : {}),
  })
  return { put: { calls: [call] } }
}

/** The slugs of all its categories. */
export const categoriesOf = ({ vocabulary, categories }: Pick<Call, 'vocabulary' | 'categories'>) =>
  [...terms(vocabulary ?? ''), ...categories].map(({ slug }) => slug)

/** What everybody may read: nothing that waits for a look, nothing that was taken back. */
export const publicStandings: Proposal['standing'][] = ['shown', 'merged', 'set_aside']

/** How a category is called in a language; its slug where nobody named it. */
export const categoryName = (
  { vocabulary = '', categories }: Pick<Call, 'vocabulary' | 'categories'>,
  slug: string,
  language: string,
): string =>
  categories.find((each) => each.slug === slug)?.label ?? label(vocabulary, slug, language)

/** Whether it takes proposals at this moment. */
export const isTaking = ({ opensAt, closesAt }: Call, at: string): boolean =>
  opensAt <= at && at < closesAt

type Input = z.input<typeof WrittenProposal>

/**
 * A new proposal. `mine` is all that this person ever proposed here: the next one's id follows from their number, so
 * that of two sent at once only one is committed. Refusal `conflict` for a closed call and beyond the limit.
 */
export function propose(
  call: Call,
  input: Input,
  { id: person, name }: { id: string; name: string },
  mine: Proposal[],
  at: string,
): Doing {
  open(call, at)
  const standing = mine.filter((each) => each.standing !== 'withdrawn').length
  if (standing >= call.perPerson || mine.length >= EVER_MAX)
    throw new Refusal('conflict', 'call.enough', { most: call.perPerson })
  const key = `${shortKey(`${call.id} ${person}`)}-${mine.length + 1}`
  const shown = call.showing === 'at_once' ? 'shown' : 'held'
  const made = { id: `${call.id}/proposals/${key}`, call: call.id, person, name, published: at }
  return put([{ ...made, ...read(call, input), standing: shown }])
}

/** New words for one's own. What was shown after a look is looked at again. */
export function amend(call: Call, proposal: Proposal, input: Input, at: string): Doing {
  open(call, at)
  undecided(proposal)
  const { id, rev, person, name, published, standing } = proposal
  const kept = { id, rev, call: call.id, person, name, published, updated: at }
  const next = call.showing === 'after_look' ? 'held' : standing
  return put([{ ...kept, ...read(call, input), standing: next }])
}

/** Taken back by whoever made it: nothing of its words or of the person's data stays, only that it was there. */
export function takeBack(call: Call, proposal: Proposal, at: string): Doing {
  open(call, at)
  undecided(proposal)
  const { id, rev, person, published } = proposal
  const left = { id, rev, call: call.id, person, name: '', published }
  return put([{ ...left, updated: at, standing: 'withdrawn' }])
}

/** Proposals become part of a session. Refusal `conflict` for what was taken back. */
export const merge = (proposals: Proposal[], session: string, at: string): Doing =>
  decided(proposals, ({ reason: _, ...each }) => ({
    ...each,
    standing: 'merged',
    session,
    updated: at,
  }))

/** Not taken up, with a reason that everybody reads. */
export function setAside(proposals: Proposal[], reason: string, at: string): Doing {
  const said = reason.trim() || mistaken('reason', 'field.required')
  return decided(proposals, ({ session: _, ...each }) => ({
    ...each,
    standing: 'set_aside',
    reason: said,
    updated: at,
  }))
}

/** Shown after a look, or taken back from a session or from being set aside. */
export const show = (proposals: Proposal[], at: string): Doing =>
  decided(proposals, ({ session: _s, reason: _r, ...each }) => ({
    ...each,
    standing: 'shown',
    updated: at,
  }))

/** Taken from the public list: the host sees it, and whoever made it. */
export const hold = (proposals: Proposal[], at: string): Doing =>
  decided(proposals, ({ session: _s, reason: _r, ...each }) => ({
    ...each,
    standing: 'held',
    updated: at,
  }))

function decided(proposals: Proposal[], next: (proposal: Proposal) => Proposal): Doing {
  if (proposals.some(({ standing }) => standing === 'withdrawn'))
    throw new Refusal('conflict', 'call.taken_back')
  return put(proposals.map(next))
}

function read(call: Call, input: Input): z.infer<typeof WrittenProposal> {
  const fields = checked(WrittenProposal, input)
  const known = categoriesOf(call)
  if (!fields.categories.every((slug) => known.includes(slug)))
    mistaken('categories', 'field.wrong')
  return fields
}

function open(call: Call, at: string): void {
  if (!isTaking(call, at)) throw new Refusal('conflict', 'call.closed')
}

function undecided({ standing }: Proposal): void {
  if (standing !== 'held' && standing !== 'shown') throw new Refusal('conflict', 'call.decided')
}

const put = (proposals: Proposal[]): Doing => ({
  put: { proposals: proposals.map((each) => checked(Proposal, each)) },
})
