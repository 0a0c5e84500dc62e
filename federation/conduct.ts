/** How others behave: what is plainly wrong is counted, who goes on is slowed, and a server that still goes on is paused. */
import { act } from '../content/moderation.ts'
import type { Peer } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { again } from './races.ts'
import type { Site } from './site.ts'

/** So many mistakes are nobody's fault. */
export const FREE = 20
/** With so many, a server is paused. */
export const PAUSED_AT = 40
/** Whoever makes none for so long begins anew. */
const FORGOTTEN_MS = 3600_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 10 * 60_000
const PAUSE_MS = 24 * 3600_000
const NAMES_MAX = 10_000

interface Conduct {
  mistakes: number
  lastMs: number
}

/**
 * What nobody sends who means well. What only lacks something, or comes in another order, is none of it; nor
 * is the farewell of an account whose key is gone.
 */
const WRONG =
  /^signature\.(?!unknown_key)|^(origin|proof)\.|^version\.reused$|^wire\.(json|json_ld|context|deep)$/

const isWrong = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.reason !== 'unavailable' && WRONG.test(error.sentence)

/**
 * Two kinds of names are kept apart. What is proven counts against the server it came from. What is not proven
 * counts against the address it came from together with the server it names: else anybody could have somebody
 * else slowed or paused by signing badly in their name.
 */
export const claimedBy = (address: string, origin: string): string => `${address} ${origin}`

const books = new WeakMap<Site, Map<string, Conduct>>()

function bookOf(site: Site): Map<string, Conduct> {
  const book = books.get(site) ?? new Map<string, Conduct>()
  books.set(site, book)
  return book
}

function recordOf(site: Site, name: string): Conduct | undefined {
  const held = bookOf(site).get(name)
  return held && Date.parse(site.now()) - held.lastMs < FORGOTTEN_MS ? held : undefined
}

/** How long somebody has to wait before anything more is looked at; longer with each mistake. */
export function waitOf(site: Site, name: string): number {
  const held = recordOf(site, name)
  if (!held || held.mistakes < FREE) return 0
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (held.mistakes - FREE), LONGEST_WAIT_MS)
  return Math.max(0, held.lastMs + wait - Date.parse(site.now()))
}

/** Count what went wrong, when it is of that kind. Answers how many there are now; 0 when it is not. */
export function noteMistake(site: Site, name: string, error: unknown): number {
  if (!isWrong(error)) return 0
  const mistakes = (recordOf(site, name)?.mistakes ?? 0) + 1
  const book = bookOf(site)
  book.delete(name)
  if (book.size >= NAMES_MAX) book.delete(book.keys().next().value ?? '')
  book.set(name, { mistakes, lastMs: Date.parse(site.now()) })
  if (mistakes === FREE) site.count('conduct', 'slowed')
  return mistakes
}

/** What was is forgotten: it went well once more, or a person says so. */
export const forgive = (site: Site, name: string): void => void bookOf(site).delete(name)

/** Count what a server is proven to have sent; with too many it is paused, and the host sees why. */
export async function blame(site: Site, origin: string, error: unknown): Promise<void> {
  const mistakes = noteMistake(site, origin, error)
  if (mistakes < PAUSED_AT || !(error instanceof Refusal)) return
  forgive(site, origin)
  site.count('conduct', 'paused')
  site.log.info('a server was paused', { peer: origin, why: error.sentence, mistakes })
  await again(() => pauseFor(site, origin, error.sentence))
}

async function pauseFor(site: Site, origin: string, why: string): Promise<void> {
  const peer = await site.store.get('peers', origin)
  const at = site.now()
  const made = { id: origin, standing: 'unknown', inbox: `${origin}/inbox` } as const
  const until = new Date(Date.parse(at) + PAUSE_MS).toISOString()
  const next: Peer = {
    ...(peer ?? { ...made, signs: 'cavage', firstSeenAt: at }),
    paused: { at, until, why },
  }
  const acts = [act('program', 'peer_paused', origin, at, why)]
  await site.store.commit({ put: { peers: [next], acts } })
}
