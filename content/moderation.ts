/** Who is heard at once, who waits, who is not heard; and the record of what was decided. Pure. */
import { createHash } from 'node:crypto'
import type { Doing, Tell } from './doing.ts'
import type { Hearing } from './hearing.ts'
import type { Contribution, Discussion, Meeting, Session } from './model.ts'
import type { Disposition, Visibility } from './values.ts'
import type { Act, Peer } from './parties.ts'
import { tellings } from './programme.ts'
import { Refusal } from './refusal.ts'
import { markdownToHtml } from './text.ts'

export interface Judged {
  visibility: Visibility
  /** A key below `moderation.why.` */
  why?: string
}

/** A first word from somebody nobody here has vouched for waits for a person to read it. */
export function judge(about: {
  peer?: Pick<Peer, 'standing'> | undefined
  /** Something by this author has been approved before. */
  knownAuthor: boolean
  /** What it answers takes contributions now. */
  open: boolean
  /** Who is heard at all, and whether a list names this author or their server. */
  mode?: Hearing['mode']
  listed?: boolean
}): Judged {
  const { mode = 'strangers', listed = false } = about
  if (about.peer?.standing === 'blocked') return { visibility: 'refused', why: 'blocked' }
  if (mode === 'listed' && !listed) return { visibility: 'refused', why: 'not_listed' }
  if (!about.open) return { visibility: 'held', why: 'closed' }
  if (listed) return { visibility: 'shown' }
  if (mode === 'unlisted') return { visibility: 'held', why: 'unlisted' }
  if (about.knownAuthor || about.peer?.standing === 'trusted') return { visibility: 'shown' }
  return { visibility: 'held', why: 'stranger' }
}

/** `sha-256:<hex>` of a text: what stays on the record when the text goes. */
export const textDigest = (text: string) =>
  `sha-256:${createHash('sha256').update(text).digest('hex')}`

/** What may follow what: a removed text does not come back (SECURITY-CLASSES H). */
const decisions: Record<Visibility, Visibility[]> = {
  held: ['shown', 'refused'],
  shown: ['removed'],
  refused: ['shown'],
  removed: [],
}

export interface Decision {
  by: string
  /** The initiative's actor, which announces. */
  actor: string
  at: string
  reason?: string
}

/**
 * Show, refuse or remove. Showing announces it to followers; removing takes that back and keeps the digest;
 * what was written here is deleted everywhere, in its author's name.
 */
export function decide(
  contribution: Contribution,
  visibility: 'shown' | 'refused' | 'removed',
  { by, actor, at, reason }: Decision,
): Doing {
  const from = contribution.visibility
  if (!decisions[from].includes(visibility)) {
    throw new Refusal('conflict', 'moderation.step', { from, to: visibility })
  }
  const { why: _why, ...kept } = contribution
  const gone = visibility === 'removed' ? { text: '', html: '' } : {}
  const decided = { ...kept, ...gone, visibility, ...(reason ? { why: 'decided' } : {}) }
  const note = decisionNote(reason, visibility === 'shown' ? undefined : contribution.text)
  const { id: item, local, author } = contribution
  const tell: Tell[] = [
    // What waited here has not been told by its author either.
    ...(local && visibility === 'shown'
      ? [{ verb: 'create' as const, item, actor: author, at }]
      : []),
    ...(visibility === 'shown' ? [{ verb: 'announce' as const, item, actor, at }] : []),
    ...(from === 'shown' ? [{ verb: 'undo_announce' as const, item, actor, at }] : []),
    ...(local && visibility === 'removed'
      ? [{ verb: 'delete' as const, item, actor: author, at }]
      : []),
  ]
  return {
    put: { items: [decided], acts: [act(by, visibility, item, at, note)] },
    ...(tell.length > 0 ? { tell } : {}),
  }
}

/** Take back what the host published beside outcomes: the words go, the address and the record stay. */
export function withdraw(
  items: (Meeting | Session | Discussion)[],
  { by, actor, at, reason = '' }: Decision,
): Doing {
  const gone = { text: '', html: '', visibility: 'removed' as const, updated: at }
  return {
    put: {
      items: items.map((item) => ({ ...item, ...gone })),
      acts: items.map(({ id, text }) => act(by, 'withdrew', id, at, decisionNote(reason, text))),
    },
    tell: items.flatMap((item) => tellings('delete', item, actor, at)),
  }
}

/** What an act that hides something keeps of it: why, and the digest of the words. */
const decisionNote = (reason: string | undefined, text: string | undefined) =>
  [reason?.slice(0, REASON_LETTERS_MAX), text === undefined ? '' : textDigest(text)]
    .filter(Boolean)
    .join(' · ')

const REASON_LETTERS_MAX = 1900

/** The same, read back. */
export function readDecision({ note = '' }: Pick<Act, 'note'>): {
  reason: string
  digest?: string
} {
  const [whole = '', digest] = /(?: · )?(sha-256:[0-9a-f]{64})$/.exec(note) ?? []
  const reason = note.slice(0, note.length - whole.length)
  return { reason, ...(digest ? { digest } : {}) }
}

/** Those who answer for an outcome: the initiative, in whose name it is told. */
export interface Drafters {
  /** The initiative's actor, its name and handle. */
  actor: string
  name: string
  handle: string
  language: string
  /** The answer in words, for those who only read those: Markdown. */
  words: string
  /** The id of the Note that tells it, and the one that told the answer before this one. */
  id: string
  before?: Contribution
  /** The person, for the trail. */
  person: string
}

/**
 * The drafters' answer to a contribution. A new answer replaces the one before it; the record keeps both. It
 * is told as a reply by the initiative itself, since nobody may change what somebody else has said.
 */
export function dispose(
  contribution: Contribution,
  disposition: Disposition,
  { actor, name, handle, language, words, id, before, person }: Drafters,
): Doing {
  const { at, kind, reason } = disposition
  const { about, message, version, initiative } = contribution
  const answer: Contribution = {
    ...{ id, type: 'contribution', local: true, visibility: 'shown', initiative, about, language },
    ...(before ? { rev: before.rev, updated: at } : {}),
    ...(message ? { message } : {}),
    ...(version ? { version } : {}),
    ...{ inReplyTo: contribution.id, author: actor, authorName: name, authorHandle: handle },
    ...{ text: words, html: markdownToHtml(words), disposes: disposition },
    tags: { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] },
    published: before?.published ?? at,
  }
  return {
    put: {
      items: [{ ...contribution, disposition }, answer],
      acts: [act(person, `disposed_${kind}`, contribution.id, at, reason)],
    },
    tell: [{ verb: before ? 'update' : 'create', item: id, actor, at }],
  }
}

/** One line of the trail of who did what. */
export function act(by: string, verb: string, item: string, at: string, note = ''): Act {
  return { id: `${at} ${verb} ${item}`, by, verb, item, at, ...(note ? { note } : {}) }
}
