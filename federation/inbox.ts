/** POST /inbox: the gate. What passes is on disk before the answer 202; the journal's job applies it. */
import type { IncomingMessage } from 'node:http'
import { Refusal } from '../content/refusal.ts'
import { letIn, onlyListed } from './admission.ts'
import { originOf } from './addresses.ts'
import { blame, claimedBy, forgive, noteMistake, waitOf } from './conduct.ts'
import { findKey, isKeyKnown } from './discovery.ts'
import { originAsked } from './former.ts'
import { append, notTooManyFrom } from './journal.ts'
import { heardFrom } from './peers.ts'
import type { Json } from './proofs.ts'
import { tokenBuckets } from './rates.ts'
import { verifyRequest } from './signatures.ts'
import type { Site } from './site.ts'
import { sameActor, sameOrigin } from './trust.ts'
import { type Activity, isObject, readActivity } from './wire.ts'

const BODY_BYTES_MAX = 1024 * 1024
/** Who sends too much has so long to read that it was too much. */
const LINGER_MS = 1_000

/** Each address may send a burst, then so many a second. A peer that catches up is slowed, never refused for good. */
const PER_ADDRESS = { burst: 2000, perSecond: 200 }

/** How many actors that are not known here one address may make us look for (E4, E5). */
const STRANGERS = { burst: 300, perSecond: 5 }

/** Media types an activity may come as (ActivityPub, section 7). */
const types = ['application/activity+json', 'application/ld+json', 'application/json']

/** What comes in, and the address it came from. */
export interface Arrival {
  req: IncomingMessage
  address: string
}

/** The addresses of inboxes: ours, and each person's. */
const inboxes = /^\/(?:inbox|actor\/inbox|server\/inbox|people\/[^/?]+\/inbox)\/?(?:\?|$)/i

/** Whether this request is for the gate. */
export const isForGate = ({ method, url }: IncomingMessage): boolean =>
  method === 'POST' && inboxes.test(url ?? '')

/**
 * Resolves when what came is on disk: the answer is 202. Refusal when it may not come in, and then nothing of it
 * is kept.
 */
export function gateOf(site: Site): (arrival: Arrival) => Promise<void> {
  const allow = tokenBuckets(PER_ADDRESS)
  const allowStranger = tokenBuckets(STRANGERS)
  return async ({ req, address }) => {
    const came = (to: typeof allow) => slowedDown(to(address, Date.parse(site.now())))
    try {
      came(allow)
      const body = await bodyOf(req)
      await take(site, { req, address, body }, () => came(allowStranger))
    } catch (error) {
      site.count('inbox', error instanceof Refusal ? error.sentence : 'defect')
      throw error
    }
    site.count('inbox', 'accepted')
  }
}

function slowedDown(waitMs: number): void {
  if (waitMs === 0) return
  throw new Refusal('slow_down', 'inbox.slow_down', { retryAfter: Math.ceil(waitMs / 1000) })
}

/**
 * The very bytes that came. What is too much is not read to its end, which may never come (E1): it is answered,
 * and the connection ended a moment later, so that the answer can be read.
 */
async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  if (!isOneOf(types, req)) throw new Refusal('unsupported', 'inbox.type')
  if ((req.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Refusal('unsupported', 'unsupported')
  const parts: Buffer[] = []
  let size = 0
  for await (const part of arriving(req)) {
    size += part.length
    if (size > BODY_BYTES_MAX) {
      lingering(req)
      throw new Refusal('too_large', 'too_large')
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** RFC 9112, section 9.6: our side ends with the answer, and theirs a moment later; else they may never read it. */
function lingering(req: IncomingMessage): void {
  req.socket.destroySoon = () => void req.socket.end()
  setTimeout(() => req.socket.destroy(), LINGER_MS).unref()
}

const isOneOf = (wanted: string[], { headers }: IncomingMessage): boolean =>
  wanted.includes((headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '') &&
  (headers['content-length'] ?? headers['transfer-encoding']) !== undefined

/** A sender who hangs up has not made a mistake of ours. */
async function* arriving(req: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  } catch {
    throw new Refusal('invalid', 'request')
  }
}

/** FEDERATION.md, "In: one gate", steps 1 to 5. `stranger` is called before somebody unknown is looked for. */
async function take(
  site: Site,
  { req, address, body }: { req: IncomingMessage; address: string; body: Buffer },
  stranger: () => void,
): Promise<void> {
  const json = parsed(body)
  const activity = readActivity(json)
  const request = {
    method: 'POST',
    url: originAsked(site, req.headers.host) + (req.url ?? ''),
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
  const claim = claimedBy(address, origin)
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
  notTooManyFrom(site, origin)
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
