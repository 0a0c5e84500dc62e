/** Working copies: found by their address, saved so that nothing of anybody is lost, and what waits at each. */
import type { Request } from 'express'
import type { Doing } from '../../../content/doing.ts'
import type { Contribution, Draft } from '../../../content/model.ts'
import { act } from '../../../content/moderation.ts'
import type { By } from '../../../content/outcomes.ts'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { groupId, outcomeId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import type { Site } from '../../../federation/site.ts'
import type { Words } from '../../words.ts'
import { part } from '../reading/find.ts'
import { keptId } from './kept.ts'

const CONTRIBUTIONS_MAX = 1000
const TRIES_MAX = 5

/** The working copy that the address names. Refusal `missing` when there is none. */
export async function draftOf(site: Site, req: Request): Promise<Draft> {
  const draft = await site.store.get('drafts', outcomeId(site, part(req, 'slug')))
  if (!draft) throw new Refusal('missing', 'page')
  return draft
}

export const hostPathOf = ({ slug }: Pick<Draft, 'slug'>): string => `/host/outcomes/${slug}`

export const titleOf = ({ texts, language }: Pick<Draft, 'texts' | 'language'>): string =>
  texts[language]?.title ?? ''

export const byWhom = (site: Site, person: Person): By => ({
  by: person.name,
  actor: groupId(site),
  at: site.now(),
})

/** What a change came to: done, or why not. */
export type Attempt = { doing: Doing; mistakes: [] } | { doing?: undefined; mistakes: Mistake[] }

/** Try a change without committing it. What is wrong is said beside its field, a wrong text as a whole beside the text. */
export function attempt(make: () => Doing): Attempt {
  try {
    return { doing: make(), mistakes: [] }
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'invalid') throw error
    const { mistakes, sentence, values } = error
    return { mistakes: mistakes.length > 0 ? mistakes : [{ field: 'markdown', sentence, values }] }
  }
}

interface Saving {
  person: Person
  /** The path of the form that was sent: what was kept of it is dropped. */
  path: string
  /** The draft's id, for the trail, and what was done. */
  id: string
  verb: string
}

/**
 * Make a change of the newest working copy and commit it. When somebody else has committed in between, it is
 * made anew; `make` answers nothing when it no longer fits.
 */
export async function save(
  site: Site,
  { person, path, id, verb }: Saving,
  make: (draft: Draft | undefined) => Doing | undefined,
): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    const doing = make(await site.store.get('drafts', id))
    if (!doing) return false
    const acts = [act(person.id, verb, id, site.now())]
    const drop = { notes: [keptId(person, path)] }
    try {
      await record(site, { ...doing, put: { ...doing.put, acts }, drop })
      return true
    } catch (error) {
      const changed = error instanceof Refusal && error.reason === 'conflict'
      if (!changed || tries >= TRIES_MAX) throw error
    }
  }
}

export interface Waiting {
  /** Held, for a moderator to read. */
  held: number
  /** Shown, without an answer of the drafters. */
  unanswered: number
  shown: number
}

/** Contributions to an outcome that are shown, oldest first; the drafters' own answers are not among them. */
export async function shownTo({ store }: Site, about: string): Promise<Contribution[]> {
  const where = { type: 'contribution', about, visibility: 'shown' }
  const found = await store.find('items', { where, order: 'oldest', limit: CONTRIBUTIONS_MAX })
  return found.filter((item) => item.type === 'contribution').filter(({ disposes }) => !disposes)
}

export async function waitingAt(site: Site, about: string): Promise<Waiting> {
  const where = { type: 'contribution', about, visibility: 'held' }
  const [held, shown] = await Promise.all([
    site.store.count('items', { where }),
    shownTo(site, about),
  ])
  const unanswered = shown.filter(({ disposition }) => !disposition).length
  return { held, unanswered, shown: shown.length }
}

/** What waits, in words; nothing when nothing does. */
export const waitingWords = (words: Words, { held, unanswered }: Waiting): string[] => [
  ...(held > 0 ? [words('writing.held', { count: held })] : []),
  ...(unanswered > 0 ? [words('writing.unanswered', { count: unanswered })] : []),
]
