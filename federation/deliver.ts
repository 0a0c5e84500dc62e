/** Delivery is reading our own log from where each peer left off. There is no other queue. */
import type { Cursor, Peer, Receipt } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Entry, Stream } from '../content/store.ts'
import { originOf } from './addresses.ts'
import { isPaused } from './admission.ts'
import { type Gone, goneAt, inboxesFor } from './addressees.ts'
import { CLOSING } from './fetch.ts'
import { again } from './races.ts'
import type { Scheme } from './signatures.ts'
import type { Site } from './site.ts'
import { type Turns, turns } from './turns.ts'

const PEERS_MAX = 1000
/** How many entries one peer gets before its cursor is written. */
const BATCH = 50
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 6 * 3600_000

/** A peer that hangs for a second makes room for another; so many may hang at the same time. */
const LIMITS = { atOnce: 64, slowMs: 1_000, openMax: 1_000 }

const deliveries = new WeakMap<Site, Turns>()

function turnsOf(site: Site): Turns {
  const found = deliveries.get(site) ?? turns(LIMITS)
  deliveries.set(site, found)
  return found
}

/**
 * Deliver to every peer whose turn it is and to whom nobody is delivering now. Answers how many entries were
 * answered for. May be called while it runs: a peer that hangs does not hold up the others.
 */
export async function deliverDue(site: Site): Promise<number> {
  const end = await site.store.last('public')
  const waiting = await cursorsIn(site, 'waiting')
  const idle = await behind(site, await cursorsIn(site, 'idle'), end)
  const due = [...idle, ...waiting.sort((a, b) => a.failures - b.failures)]
  return turnsOf(site).give(
    due.map(({ id }) => id),
    (id) => deliverTo(site, id).catch((error: unknown) => defect(site, id, error)),
  )
}

/** What went wrong here with one peer is no matter of the others. */
function defect(site: Site, id: string, error: unknown): number {
  site.log.error('delivering', { peer: id, why: String(error) })
  return 0
}

async function cursorsIn(site: Site, state: Cursor['state']): Promise<Cursor[]> {
  const found: Cursor[] = []
  for (let skip = 0; ; skip += PEERS_MAX) {
    const query = {
      where: { state },
      until: site.now(),
      order: 'oldest',
      skip,
      limit: PEERS_MAX,
    } as const
    const page = await site.store.find('cursors', query)
    found.push(...page)
    if (page.length < PEERS_MAX) return found
  }
}

/** Those that have not answered for all there is. */
async function behind(site: Site, cursors: Cursor[], end: number): Promise<Cursor[]> {
  const found: Cursor[] = []
  for (const cursor of cursors) {
    const letters = await site.store.last(`to:${cursor.id}` as Stream)
    if ((cursor.follows && cursor.log < end) || cursor.letters < letters) found.push(cursor)
  }
  return found
}

/** Batch after batch until it has everything, or has to wait. */
async function deliverTo(site: Site, id: string): Promise<number> {
  for (let answered = 0; ;) {
    const cursor = await site.store.get('cursors', id)
    const peer = await site.store.get('peers', id)
    if (!cursor || !peer || peer.standing === 'blocked') return answered
    if (isPaused(peer, site.now())) return answered
    if (cursor.state === 'ended' || cursor.retryAt > site.now()) return answered
    const entries = await nextEntries(site, cursor)
    if (entries.length === 0 && cursor.state === 'idle') return answered
    const turn = await sendAll(site, peer, cursor, entries)
    answered += turn.receipts.length
    await again(() => save(site, turn))
    if (turn.stopped || entries.length === 0) return answered
  }
}

/** Letters first: an Accept belongs before what follows it. */
async function nextEntries(site: Site, cursor: Cursor): Promise<Entry[]> {
  const letters = await site.store.log(`to:${cursor.id}`, cursor.letters, BATCH)
  if (letters.length > 0 || !cursor.follows) return letters
  return site.store.log('public', cursor.log, BATCH)
}

interface Turn {
  /** As it was read. */
  before: Cursor
  cursor: Cursor
  peer: Peer
  receipts: Receipt[]
  /** Followers that are no more. */
  gone: string[]
  /** It has to wait, or it is gone. */
  stopped: boolean
}

async function sendAll(site: Site, peer: Peer, cursor: Cursor, entries: Entry[]): Promise<Turn> {
  const turn: Turn = {
    before: cursor,
    cursor: { ...cursor, state: entries.length === BATCH ? 'waiting' : 'idle' },
    peer,
    receipts: [],
    gone: [],
    stopped: false,
  }
  for (const entry of entries) {
    const place = entry.stream === 'public' ? { log: entry.seq } : { letters: entry.seq }
    if (entry.quiet) {
      turn.cursor = { ...turn.cursor, ...place }
      continue
    }
    const answer = await postToAll(site, turn, entry)
    if (answer.closing) return { ...turn, stopped: true }
    site.count('deliveries', answer.verdict)
    if (answer.verdict !== 'answered' && !isPassedOver(site, cursor, entry, answer))
      return halted(site, turn, answer)
    const { why: _why, ...rest } = turn.cursor
    turn.receipts.push(receipt(site, peer, entry, answer.status, cursor.failures + 1))
    turn.cursor = { ...rest, ...place, failures: 0, deliveredAt: site.now(), retryAt: site.now() }
  }
  return turn
}

/** So often what was said at a former address of ours is tried with a peer that answers. */
const FORMER_TRIES = 10

/**
 * Whoever cannot find a former address of ours any more, and so the key that it speaks with, refuses its words for
 * ever: they are passed over in the end, and do not hold up what comes after them. Who reads our log reads them there.
 */
const isPassedOver = (site: Site, { failures }: Cursor, { actor }: Entry, { status }: Answer) =>
  failures >= FORMER_TRIES &&
  [401, 403, 503].includes(status) &&
  site.former.includes(originOf(actor))

type Verdict = 'answered' | 'wait' | 'gone'

interface Answer {
  /** 0 when nothing answered. */
  status: number
  why: string
  retryAfterMs?: number
  /** The other scheme, when only that was accepted. */
  scheme?: Scheme
  /** This server is being stopped: nothing is known about the peer. */
  closing?: boolean
}

/** One entry to each inbox it is meant for. Who has to be tried again gets it again, and so do the others: that is harmless. */
async function postToAll(
  site: Site,
  turn: Turn,
  entry: Entry,
): Promise<Answer & { verdict: Verdict }> {
  let last: Answer = { status: 0, why: '' }
  for (const inbox of await inboxesFor(site, turn.peer, entry)) {
    last = await post(site, { ...turn.peer, inbox }, entry)
    if (last.scheme) turn.peer = { ...turn.peer, signs: last.scheme }
    const isThere = ![404, 410].includes(last.status)
    const gone = isThere ? undefined : await goneAt(site, turn.peer, entry, inbox)
    if (gone) turn.gone.push(...gone.followers)
    const verdict = verdictOn(last.status, entry, gone)
    if (verdict !== 'answered') return { ...last, verdict }
  }
  return { ...last, verdict: 'answered' }
}

/** What an answer means for the cursor. A refusal of one entry by name is an answer; everything else waits. */
function verdictOn(status: number, { stream }: Entry, gone: Gone | undefined): Verdict {
  if (status >= 200 && status < 300) return 'answered'
  if (gone) return gone.all && stream === 'public' ? 'gone' : 'answered'
  return [400, 405, 406, 409, 413, 415, 422].includes(status) ? 'answered' : 'wait'
}

/** Knock with the scheme the peer is known by; once with the other when it does not let us in. */
async function post(site: Site, peer: Peer, entry: Entry): Promise<Answer> {
  const first = await knock(site, peer, entry, peer.signs)
  if (![400, 401].includes(first.status)) return first
  const other: Scheme = peer.signs === 'cavage' ? 'rfc9421' : 'cavage'
  const second = await knock(site, peer, entry, other)
  return second.status >= 200 && second.status < 300 ? { ...second, scheme: other } : first
}

async function knock(site: Site, peer: Peer, entry: Entry, scheme: Scheme): Promise<Answer> {
  try {
    const key = await site.key(entry.actor, 'rsa')
    const answer = await site.fetch.post(peer.inbox, entry.wire, { key, scheme })
    return { ...answer, why: `HTTP ${answer.status}` }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const code = String(error.values.code ?? '')
    return {
      status: 0,
      why: `${error.sentence} ${code}`.trim(),
      ...(code === CLOSING ? { closing: true } : {}),
    }
  }
}

function halted(site: Site, turn: Turn, answer: Answer & { verdict: Verdict }): Turn {
  const { why, retryAfterMs = 0, verdict } = answer
  const failures = turn.cursor.failures + 1
  const backoff = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS)
  const wait = Math.min(Math.max(retryAfterMs, backoff), LONGEST_WAIT_MS)
  const retryAt = new Date(Date.parse(site.now()) + wait).toISOString()
  const state = verdict === 'gone' ? 'ended' : 'waiting'
  return { ...turn, stopped: true, cursor: { ...turn.cursor, state, failures, retryAt, why } }
}

const receipt = (site: Site, peer: Peer, entry: Entry, status: number, tries: number): Receipt => ({
  id: `${peer.id} ${entry.stream} ${entry.seq}`,
  peer: peer.id,
  stream: entry.stream,
  seq: entry.seq,
  item: entry.item,
  activity: entry.id,
  status,
  tries,
  at: site.now(),
})

/** Cursor and receipts in one commit. When somebody has touched the cursor meanwhile, their wish and our progress are joined. */
async function save(site: Site, { before, cursor, peer, receipts, gone }: Turn): Promise<void> {
  const [held, known] = await Promise.all([
    site.store.get('cursors', cursor.id),
    site.store.get('peers', peer.id),
  ])
  if (!held) return
  const next = { ...cursor, ...joined(before, held, cursor), rev: held.rev }
  const peers = known && known.signs !== peer.signs ? [{ ...known, signs: peer.signs }] : []
  const fresh = await unknown(site, receipts)
  await site.store.commit({
    put: { cursors: [next], peers, receipts: fresh },
    drop: { followers: gone },
  })
}

/** Whoever follows anew begins at the end of the log; whoever was heard from is not gone, and need not wait. */
function joined(before: Cursor, held: Cursor, now: Cursor): Partial<Cursor> {
  const { follows, state, failures, retryAt } = held
  const places = { log: Math.max(held.log, now.log), letters: Math.max(held.letters, now.letters) }
  const touched = held.rev !== before.rev && ['waiting', 'ended'].includes(now.state)
  return { follows, ...places, ...(touched ? { state, failures, retryAt } : {}) }
}

/** After a crash between sending and saving, an entry is sent twice: the receiver sees it once, and so does the record. */
async function unknown(site: Site, receipts: Receipt[]): Promise<Receipt[]> {
  const held = await Promise.all(receipts.map(({ id }) => site.store.get('receipts', id)))
  return receipts.filter((_, i) => !held[i])
}
