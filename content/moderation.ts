/** Who is heard at once, who waits, who is not heard; and the record of what was decided. Pure. */
import { createHash } from 'node:crypto'
import type { Doing } from './doing.ts'
import type { Contribution, Disposition } from './model.ts'
import type { Visibility } from './values.ts'
import type { Act, Peer } from './parties.ts'
import { Refusal } from './refusal.ts'

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
}): Judged {
  if (about.peer?.standing === 'blocked') return { visibility: 'refused', why: 'blocked' }
  if (!about.open) return { visibility: 'held', why: 'closed' }
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

/** Show, refuse or remove. Showing announces it to followers; removing takes that back and keeps the digest. */
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
  const note = [reason, visibility === 'removed' ? textDigest(contribution.text) : '']
    .filter(Boolean)
    .join(' · ')
  const verb = visibility === 'shown' ? ('announce' as const) : ('undo_announce' as const)
  const told = visibility === 'shown' || from === 'shown'
  return {
    put: { items: [decided], acts: [act(by, visibility, contribution.id, at, note)] },
    ...(told ? { tell: [{ verb, item: contribution.id, actor, at }] } : {}),
  }
}

/** The drafters' answer to a contribution. A new answer replaces the one before it; the record keeps both. */
export function dispose(contribution: Contribution, disposition: Disposition): Doing {
  const { by, at, kind, reason } = disposition
  return {
    put: {
      items: [{ ...contribution, disposition }],
      acts: [act(by, `disposed_${kind}`, contribution.id, at, reason)],
    },
  }
}

/** One line of the trail of who did what. */
export function act(by: string, verb: string, item: string, at: string, note = ''): Act {
  return { id: `${at} ${verb} ${item}`, by, verb, item, at, ...(note ? { note } : {}) }
}
