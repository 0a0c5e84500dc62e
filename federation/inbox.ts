/** POST /inbox: the gate. What passes is on disk before the answer 202; a worker applies it. */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import type { JournalEntry } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { letIn, onlyListed } from './admission.ts'
import { originOf } from './addresses.ts'
import { blame, claimedBy, forgive, noteMistake, waitOf } from './conduct.ts'
import { findKey, isKeyKnown } from './discovery.ts'
import { heardFrom } from './peers.ts'
import type { Json } from './proofs.ts'
import { again, isRace } from './races.ts'
import { type Received, receive } from './receive.ts'
import { tokenBuckets } from './rates.ts'
import { inSteps } from './steps.ts'
import { verifyRequest } from './signatures.ts'
import type { Site } from './site.ts'
import { sameActor, sameOrigin } from './trust.ts'
import { type Activity, isObject, readActivity } from './wire.ts'

const BODY_BYTES_MAX = 1024 * 1024
/** Who sends too much has so long to read that it was too much. */
const LINGER_MS = 1_000
const BATCH = 200
const RETRY_MS = 5_000
const RETRY_MAX_MS = 6 * 3600_000
/** How long a line is kept when it is done: nobody sends the same again after that. Its body goes at once. */
const KEPT_MS = 90 * 24 * 3600_000
const FORGOTTEN_AT_ONCE = 500

/** Each address may send a burst, then so many a second. A peer that catches up is slowed, never refused for good. */
const PER_ADDRESS = { burst: 2000, perSecond: 200 }

/** How many actors that are not known here one address may make us look for (E4, E5). */
const STRANGERS = { burst: 300, perSecond: 5 }

/** Media types an activity may come as (ActivityPub, section 7). */
const types = ['application/activity+json', 'application/ld+json', 'application/json']

export function inbox(site: Site): Router {
  const router = express.Router()
  const allow = tokenBuckets(PER_ADDRESS)
  const allowStranger = tokenBuckets(STRANGERS)
  const gate: RequestHandler = async (req, res) => {
    const came = (to: typeof allow) => slowedDown(to(req.ip ?? '', Date.parse(site.now())))
    try {
      came(allow)
      await take(site, req, await bodyOf(req, res), () => came(allowStranger))
    } catch (error) {
      site.count('inbox', error instanceof Refusal ? error.sentence : 'defect')
      throw error
    }
    site.count('inbox', 'accepted')
    res.status(202).end()
  }
  router.post(['/inbox', '/actor/inbox', '/server/inbox', '/people/:name/inbox'], gate)
  return router
}

function slowedDown(waitMs: number): void {
  if (waitMs === 0) return
  throw new Refusal('slow_down', 'inbox.slow_down', { retryAfter: Math.ceil(waitMs / 1000) })
}

/**
 * The very bytes that came. What is too much is not read to its end, which may never come (E1): it is answered,
 * and the connection closed.
 */
async function bodyOf(req: Request, res: Response): Promise<Buffer> {
  if (!req.is(types)) throw new Refusal('unsupported', 'inbox.type')
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Refusal('unsupported', 'unsupported')
  const parts: Buffer[] = []
  let size = 0
  for await (const part of arriving(req)) {
    size += part.length
    if (size > BODY_BYTES_MAX) {
      setTimeout(() => req.destroy(), LINGER_MS).unref()
      res.set('connection', 'close')
      throw new Refusal('too_large', 'too_large')
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** A sender who hangs up has not made a mistake of ours. */
async function* arriving(req: Request): AsyncGenerator<Buffer> {
  try {
    yield* req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch {
    throw new Refusal('invalid', 'request')
  }
}

/** FEDERATION.md, "In: one gate", steps 1 to 5. `stranger` is called before somebody unknown is looked for. */
async function take(site: Site, req: Request, body: Buffer, stranger: () => void): Promise<void> {
  const json = parsed(body)
  const activity = readActivity(json)
  const request = {
    method: req.method,
    url: site.origin + req.originalUrl,
    rawHeaders: req.rawHeaders,
    body,
  }
  const keyFinder = async (keyId: string, fresh: boolean) => {
    if (!fresh && !(await isKeyKnown(site, keyId))) {
      if (URL.canParse(keyId)) await onlyListed(site, originOf(keyId))
      stranger()
    }
    return findKey(site, keyId, fresh).catch(keyProblem)
  }
  const origin = originOf(activity.actor)
  const claim = claimedBy(req.ip ?? '', origin)
  slowedDown(Math.max(waitOf(site, claim), waitOf(site, origin)))
  const { owner, scheme } = await verifyRequest(request, keyFinder, site.now()).catch(
    (error: unknown) => {
      noteMistake(site, claim, error)
      throw error
    },
  )
  forgive(site, claim)
  await ownWords(site, activity, owner)
  const peer = await letIn(site, origin)
  await append(site, activity.id, activity.actor, body.toString('utf8'))
  if (peer && scheme === 'rfc9421' && peer.signs !== scheme) {
    await site.store.commit({ put: { peers: [{ ...peer, signs: scheme }] } }).catch(() => undefined)
  }
  await heardFrom(site, origin)
}

/** What somebody is proven to have said in the name of another is held against their server. */
async function ownWords(site: Site, { id, actor }: Activity, owner: string): Promise<void> {
  try {
    sameActor(actor, owner)
    sameOrigin(id, actor)
  } catch (error) {
    await blame(site, originOf(owner), error)
    throw error
  }
}

/**
 * What went wrong on the way to a key is told without saying how: which names and addresses can be reached
 * from here is nobody's business.
 */
function keyProblem(error: unknown): never {
  if (!(error instanceof Refusal) || error.sentence.startsWith('origin.')) throw error
  const { reason, sentence } = error
  const isAbsent = ['gone', 'missing', 'invalid'].includes(reason) || sentence === 'fetch.address'
  if (isAbsent) throw new Refusal('unauthorized', 'signature.unknown_key')
  throw new Refusal('unavailable', 'signature.key_unavailable')
}

/** Bytes that are no text are refused: two readers could read two things in them (A9). */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parsed(body: Buffer): Json {
  try {
    const json: unknown = JSON.parse(utf8.decode(body))
    if (isObject(json)) return json
  } catch {
    // Falls through to the one refusal: what is no JSON object is no activity.
  }
  throw new Refusal('invalid', 'wire.json')
}

/** One durable line, keyed by who and what: a second delivery of the same finds it there and is answered alike. */
async function append(site: Site, activity: string, actor: string, body: string): Promise<void> {
  const at = arrival(site)
  const line: JournalEntry = {
    id: `${actor} ${activity}`,
    actor,
    activity,
    body,
    at,
    state: 'waiting',
    tries: 0,
    retryAt: at,
  }
  try {
    await site.store.commit({ put: { journal: [line] } })
  } catch (error) {
    if (!(error instanceof Refusal && error.reason === 'conflict')) throw error
    return
  }
  site.wake('apply')
}

const arrivals = new WeakMap<Site, { at: string; count: number }>()

/** The time with a count behind its milliseconds, so that what came first is applied first. */
function arrival(site: Site): string {
  const at = site.now()
  const last = arrivals.get(site)
  const count = last?.at === at ? Math.min(last.count + 1, 999) : 0
  arrivals.set(site, { at, count })
  return `${at.slice(0, -1)}${String(count).padStart(3, '0')}Z`
}

/** Apply what waits, each actor's in order, many actors at once. Answers how many lines were dealt with. */
export async function applyJournal(site: Site): Promise<number> {
  let done = 0
  for (;;) {
    const where = { state: 'waiting' }
    const lines = await site.store.find('journal', {
      where,
      until: site.now(),
      order: 'oldest',
      limit: BATCH,
    })
    if (lines.length === 0) break
    const byActor = Map.groupBy(lines, ({ actor }) => actor)
    await Promise.all([...byActor.values()].map((own) => applyInOrder(site, own)))
    done += lines.length
  }
  await forget(site)
  return done
}

/** Lines that nobody needs any more. */
async function forget(site: Site): Promise<void> {
  const until = new Date(Date.parse(site.now()) - KEPT_MS).toISOString()
  const where = { state: ['done', 'ignored', 'refused'] }
  const query = { where, until, order: 'oldest', limit: FORGOTTEN_AT_ONCE } as const
  const old = await site.store.find('journal', query)
  if (old.length > 0) await site.store.commit({ drop: { journal: old.map(({ id }) => id) } })
}

/** What may happen at once does, and so shares one wait for the disk. */
async function applyInOrder(site: Site, lines: JournalEntry[]): Promise<void> {
  for (const together of inSteps(lines, ({ body }) => JSON.parse(body) as unknown)) {
    await Promise.all(together.map((line) => apply(site, line)))
  }
}

/**
 * The effect and the line's new state are one commit: a crash repeats both or neither. Whoever else has dealt
 * with the line meanwhile has done so for good.
 */
async function apply(site: Site, found: JournalEntry): Promise<void> {
  const { id } = found
  let line: JournalEntry | undefined = found
  await again(async () => {
    line ??= await site.store.get('journal', id)
    if (line?.state !== 'waiting' || line.retryAt > site.now()) return
    const before = line
    line = undefined
    const dealtWith = (state: Received) => ({ journal: [{ ...before, state, body: '' }] })
    try {
      const json = JSON.parse(before.body) as Json
      site.count('applied', await receive(site, json, { actor: before.actor }, dealtWith))
    } catch (error) {
      if (isRace(error)) throw error
      await failed(site, before, error)
    }
  }).catch((error: unknown) => site.log.error('a line of the journal', { id, why: String(error) }))
}

/** Understood and refused is an end; anything else, and what could not be fetched, is tried again for as long as it takes. */
async function failed(site: Site, line: JournalEntry, error: unknown): Promise<void> {
  const ended = error instanceof Refusal && error.reason !== 'unavailable' && !isRace(error)
  const why = (error instanceof Error ? error.message : String(error)).slice(0, 500)
  const wait = Math.min(RETRY_MS * 2 ** line.tries, RETRY_MAX_MS)
  const retryAt = new Date(Date.parse(site.now()) + wait).toISOString()
  const next: JournalEntry = ended
    ? { ...line, state: 'refused', body: '', why }
    : { ...line, tries: line.tries + 1, retryAt, why }
  if (!(error instanceof Refusal))
    site.log.error('a line of the journal', { activity: line.activity, why })
  await site.store.commit({ put: { journal: [next] } })
  site.count('applied', ended ? 'refused' : 'again')
  await blame(site, originOf(line.actor), error)
}
