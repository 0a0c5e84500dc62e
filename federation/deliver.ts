/** Delivery is reading our own log from where each peer left off. There is no other queue. */
import type { Cursor, Peer, Receipt } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Entry, Stream } from '../content/store.ts'
import type { Scheme } from './signatures.ts'
import type { Site } from './site.ts'

const PEERS_MAX = 1000
const PEERS_AT_ONCE = 32
/** How many entries one peer gets before its cursor is written and another has its turn. */
const BATCH = 50
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 6 * 3600_000

/** Deliver to every peer whose turn it is. Answers how many entries were answered for. */
export async function deliverDue(site: Site): Promise<number> {
  const ends = { log: await site.store.last('public') }
  let answered = 0
  for (const state of ['waiting', 'idle'] as const) {
    const cursors = await cursorsIn(site, state)
    const due = state === 'waiting' ? cursors : await behind(site, cursors, ends.log)
    answered += await inTurns(due, (cursor) => deliverTo(site, cursor))
  }
  return answered
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

/** So many at once; the slow ones keep nobody waiting but themselves. */
async function inTurns(
  cursors: Cursor[],
  act: (cursor: Cursor) => Promise<number>,
): Promise<number> {
  const queue = cursors.values()
  let sum = 0
  const worker = async () => {
    for (const cursor of queue) sum += await act(cursor)
  }
  await Promise.all(Array.from({ length: Math.min(PEERS_AT_ONCE, cursors.length) }, worker))
  return sum
}

async function deliverTo(site: Site, cursor: Cursor): Promise<number> {
  const peer = await site.store.get('peers', cursor.id)
  if (!peer || peer.standing === 'blocked') return 0
  let now = cursor
  let answered = 0
  for (;;) {
    const entries = await nextEntries(site, now)
    const turn = await sendAll(site, peer, now, entries)
    answered += turn.receipts.length
    const next = await saved(site, turn)
    if (!next || turn.stopped || entries.length < BATCH) return answered
    now = next
  }
}

/** Letters first: an Accept belongs before what follows it. */
async function nextEntries(site: Site, cursor: Cursor): Promise<Entry[]> {
  const letters = await site.store.log(`to:${cursor.id}`, cursor.letters, BATCH)
  if (letters.length > 0 || !cursor.follows) return letters
  return site.store.log('public', cursor.log, BATCH)
}

interface Turn {
  cursor: Cursor
  peer: Peer
  receipts: Receipt[]
  /** It has to wait, or it is gone. */
  stopped: boolean
}

async function sendAll(site: Site, peer: Peer, cursor: Cursor, entries: Entry[]): Promise<Turn> {
  const turn: Turn = { cursor: { ...cursor, state: 'idle' }, peer, receipts: [], stopped: false }
  for (const entry of entries) {
    const answer = await post(site, turn.peer, entry)
    if (answer.scheme) turn.peer = { ...turn.peer, signs: answer.scheme }
    const verdict = verdictOn(answer.status)
    if (verdict !== 'answered') return halted(site, turn, answer, verdict)
    const place = entry.stream === 'public' ? { log: entry.seq } : { letters: entry.seq }
    const { why: _why, ...rest } = turn.cursor
    turn.receipts.push(receipt(site, peer, entry, answer.status, cursor.failures + 1))
    turn.cursor = { ...rest, ...place, failures: 0, deliveredAt: site.now(), retryAt: site.now() }
  }
  if (entries.length === BATCH) turn.cursor.state = 'waiting'
  return turn
}

interface Answer {
  /** 0 when nothing answered. */
  status: number
  why: string
  retryAfterMs?: number
  /** The other scheme, when only that was accepted. */
  scheme?: Scheme
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
    return { status: 0, why: `${error.sentence} ${String(error.values.code ?? '')}`.trim() }
  }
}

/** What an answer means for the cursor. A refusal of one entry by name is an answer; everything else waits. */
function verdictOn(status: number): 'answered' | 'wait' | 'gone' {
  if (status >= 200 && status < 300) return 'answered'
  if (status === 410) return 'gone'
  return [400, 405, 406, 409, 413, 415, 422].includes(status) ? 'answered' : 'wait'
}

function halted(
  site: Site,
  turn: Turn,
  { why, retryAfterMs }: Answer,
  verdict: 'wait' | 'gone',
): Turn {
  const failures = turn.cursor.failures + 1
  const wait = Math.max(
    retryAfterMs ?? 0,
    Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS),
  )
  const retryAt = new Date(Date.parse(site.now()) + Math.min(wait, LONGEST_WAIT_MS)).toISOString()
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
async function saved(site: Site, { cursor, peer, receipts }: Turn): Promise<Cursor | undefined> {
  const [held, known] = await Promise.all([
    site.store.get('cursors', cursor.id),
    site.store.get('peers', peer.id),
  ])
  if (!held) return undefined
  const next = { ...cursor, follows: held.follows, rev: held.rev }
  const peers = known && known.signs !== peer.signs ? [{ ...known, signs: peer.signs }] : []
  const fresh = await unknown(site, receipts)
  await site.store.commit({ put: { cursors: [next], peers, receipts: fresh } })
  return site.store.get('cursors', cursor.id)
}

/** After a crash between sending and saving, an entry is sent twice: the receiver sees it once, and so does the record. */
async function unknown(site: Site, receipts: Receipt[]): Promise<Receipt[]> {
  const held = await Promise.all(receipts.map(({ id }) => site.store.get('receipts', id)))
  return receipts.filter((_, i) => !held[i])
}
