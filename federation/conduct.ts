/** How others behave: what is plainly wrong is counted, who goes on is slowed, and a server that still goes on is paused. */
import * as z from 'zod'
import { act } from '../content/moderation.ts'
import type { Note, Peer } from '../content/parties.ts'
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

interface Book {
  names: Map<string, Conduct>
  /** Whether anything was noted since it was last written down; when that was; and who stood in it. */
  changed: boolean
  writtenMs: number
  written: Set<string>
  rev?: number | undefined
}

const books = new WeakMap<Site, Book>()

function bookOf(site: Site): Book {
  const fresh = { names: new Map(), changed: false, writtenMs: 0, written: new Set<string>() }
  const book = books.get(site) ?? fresh
  books.set(site, book)
  return book
}

function recordOf(site: Site, name: string): Conduct | undefined {
  const held = bookOf(site).names.get(name)
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
  const { names } = book
  names.delete(name)
  if (names.size >= NAMES_MAX) names.delete(names.keys().next().value ?? '')
  names.set(name, { mistakes, lastMs: Date.parse(site.now()) })
  book.changed = true
  if (mistakes === FREE) crossed(site)
  return mistakes
}

/** Somebody is slowed from now on: that is written down soon, however the server ends. */
function crossed(site: Site): void {
  site.count('conduct', 'slowed')
  if (Date.parse(site.now()) - bookOf(site).writtenMs >= KEEP_EVERY_MS) site.wake('conduct')
}

/** What was is forgotten: it went well once more, or a person says so. */
export function forgive(site: Site, name: string): void {
  const book = bookOf(site)
  if (book.names.delete(name)) book.changed = true
}

const NOTE = 'conduct of others'
/** Written down no more often than this, whatever is sent. */
const KEEP_EVERY_MS = 5_000
/** Who has made fewer mistakes, stands behind so many others, or has a longer name is known until the server ends. */
const KEPT_FROM = 5
const KEPT_MAX = 500
const NAME_LETTERS_MAX = 300

const Kept = z.array(z.tuple([z.string(), z.number().int().positive(), z.number()]))

/** Write down who made mistakes, where that has changed: one document, of a bounded size. */
export const keepConduct = (site: Site): Promise<void> => again(() => kept(site))

async function kept(site: Site): Promise<void> {
  const book = bookOf(site)
  const held = await site.store.get('notes', NOTE)
  if (held?.rev !== book.rev) takenFrom(site, held)
  if (!book.changed) return
  const worst = worstOf(site)
  const value = JSON.stringify(worst)
  book.changed = false
  book.writtenMs = Date.parse(site.now())
  book.written = new Set(worst.map(([name]) => name))
  if (value === (held?.value ?? '[]')) return
  try {
    await site.store.commit({ put: { notes: [{ ...held, id: NOTE, value }] } })
  } catch (error) {
    book.changed = true
    throw error
  }
  book.rev = (await site.store.get('notes', NOTE))?.rev
}

const worstOf = (site: Site) =>
  [...bookOf(site).names]
    .filter(([name, { mistakes }]) => mistakes >= KEPT_FROM && name.length <= NAME_LETTERS_MAX)
    .filter(([name]) => recordOf(site, name))
    .sort(([, a], [, b]) => b.mistakes - a.mistakes)
    .slice(0, KEPT_MAX)
    .map(([name, { mistakes, lastMs }]) => [name, mistakes, lastMs] as const)

/**
 * Take in what another process has written: what it knows of names we do not, and that it has forgiven names we
 * wrote down. After a start that is all there is.
 */
function takenFrom(site: Site, held: Note | undefined): void {
  const book = bookOf(site)
  const kept = Kept.parse(JSON.parse(held?.value ?? '[]'))
  const there = new Set(kept.map(([name]) => name))
  for (const name of book.written) if (!there.has(name)) book.names.delete(name)
  for (const [name, mistakes, lastMs] of kept)
    if (!book.names.has(name) && !book.written.has(name)) book.names.set(name, { mistakes, lastMs })
  book.rev = held?.rev
}

/** What was written down before the server ended is known again. */
export const recallConduct = async (site: Site): Promise<void> =>
  takenFrom(site, await site.store.get('notes', NOTE))

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

/** A person forgives: whichever process they speak to, and for good. */
export async function pardon(site: Site, name: string): Promise<void> {
  await recallConduct(site)
  forgive(site, name)
  await keepConduct(site)
}
