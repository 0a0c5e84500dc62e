/** Discussions, and the contributions people make to them or to an outcome. Pure. */
import * as z from 'zod'
import { checked } from './checked.ts'
import type { Doing } from './doing.ts'
import { Contribution, Discussion, type Outcome } from './model.ts'
import { At, Id, Language, Localized, Tags } from './values.ts'
import type { By } from './outcomes.ts'
import { Refusal } from './refusal.ts'
import { markdownToHtml } from './text.ts'
import { isTerm } from './vocabulary.ts'

export const WrittenDiscussion = z
  .object({
    language: Language,
    meeting: Id.optional(),
    title: Localized.refine(
      (titles) => Object.values(titles).some((t) => t.trim()),
      'field.required',
    ),
    text: z.string().trim().min(1).max(200_000),
    opensAt: At.optional(),
    closesAt: At.optional(),
    tags: Tags,
    published: At.optional(),
  })
  .refine(({ opensAt, closesAt }) => !opensAt || !closesAt || closesAt > opensAt, {
    path: ['closesAt'],
    message: 'field.end_before_start',
  })

/** A new or changed discussion, told to the world. Refusal `invalid` names each wrong field. */
export function writeDiscussion(
  id: string,
  input: z.input<typeof WrittenDiscussion>,
  { actor, at }: By,
  before?: Discussion,
): Doing {
  const { published, ...fields } = checked(WrittenDiscussion, input)
  const item = checked(Discussion, {
    ...fields,
    id,
    type: 'discussion',
    initiative: actor,
    local: true,
    html: markdownToHtml(fields.text),
    published: before?.published ?? published ?? at,
    ...(before ? { updated: at, rev: before.rev } : {}),
  })
  return {
    put: { items: [item] },
    tell: [{ verb: before ? 'update' : 'create', item: id, actor, at }],
  }
}

/** Whether a discussion or an outcome takes contributions at this moment. */
export function isOpen(item: Discussion | Outcome, at: string): boolean {
  if (item.type === 'outcome') {
    const { state, comment } = item
    return state === 'open_for_comment' && comment !== undefined && isWithin(comment, at)
  }
  return isWithin(item, at)
}

const isWithin = (
  { opensAt, closesAt }: { opensAt?: string | undefined; closesAt?: string | undefined },
  at: string,
) => (!opensAt || opensAt <= at) && (!closesAt || at < closesAt)

export const WrittenContribution = z.object({
  text: z.string().trim().min(1).max(20_000),
  language: Language,
  stakeholderGroup: z
    .string()
    .refine((slug) => isTerm('stakeholder-groups', slug), 'field.wrong')
    .optional(),
  affiliation: z.string().max(200).optional(),
})

/** Where a contribution stands: in whose thread, under what, about which message of which version. */
export interface Under {
  about: string
  inReplyTo: string
  message?: string
  version?: number
  /** The initiative whose item it answers. */
  initiative: string
}

export interface Author {
  id: string
  name: string
  handle: string
}

/** What somebody with an account here says. Unless it is held to be read first, they tell it themselves; the initiative announces what stands on its own pages. */
export function contribute(
  id: string,
  input: z.input<typeof WrittenContribution>,
  under: Under,
  author: Author,
  { actor, at, open, held = false }: { actor: string; at: string; open: boolean; held?: boolean },
): Doing {
  if (!open) throw new Refusal('conflict', 'discussion.closed')
  const fields = checked(WrittenContribution, input)
  const item = checked(Contribution, {
    ...fields,
    ...under,
    id,
    type: 'contribution',
    local: true,
    ...(held ? { visibility: 'held', why: 'stranger' } : { visibility: 'shown' }),
    tags: {},
    author: author.id,
    authorName: author.name,
    authorHandle: author.handle,
    html: markdownToHtml(fields.text),
    published: at,
  })
  if (held) return { put: { items: [item] } }
  const announce = { verb: 'announce' as const, item: id, actor, at }
  return {
    put: { items: [item] },
    tell: [
      { verb: 'create', item: id, actor: author.id, at },
      ...(under.initiative === actor ? [announce] : []),
    ],
  }
}
