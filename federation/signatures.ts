/** HTTP signatures, draft-cavage-12 and RFC 9421: sign as one, verify both, over the very bytes that came. */
import { createHash, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'
import { Refusal } from '../content/refusal.ts'
import { readCavage, readRfc9421, type Signed } from './signature-headers.ts'
import type { SigningKey } from './site.ts'

export type Scheme = 'cavage' | 'rfc9421'

const PAST_MS = 60 * 60_000
const FUTURE_MS = 5 * 60_000

export interface Outgoing {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string
}

/**
 * The headers of a request, with those that sign it. The key must be RSA: what the fediverse verifies. Signing is
 * most of the work of a delivery, and is done beside the event loop.
 */
export async function signRequest(
  request: Outgoing,
  key: SigningKey,
  scheme: Scheme,
  at: string,
): Promise<Record<string, string>> {
  return scheme === 'cavage' ? signCavage(request, key, at) : signRfc9421(request, key, at)
}

const rsa = (text: string, key: KeyObject): Promise<string> =>
  new Promise((resolve, reject) => {
    sign('sha256', Buffer.from(text), key, (error, signature) => {
      if (error) reject(error)
      else resolve(signature.toString('base64'))
    })
  })
const sha256 = (body: Uint8Array | string) => createHash('sha256').update(body).digest('base64')

async function signCavage({ method, url, headers, body }: Outgoing, key: SigningKey, at: string) {
  const { host, pathname, search } = new URL(url)
  const all: Record<string, string> = { ...headers, host, date: new Date(at).toUTCString() }
  if (body !== undefined) all.digest = `SHA-256=${sha256(body)}`
  const names = [
    '(request-target)',
    'host',
    'date',
    ...(body === undefined ? [] : ['digest', 'content-type']),
  ]
  const target = `${method.toLowerCase()} ${pathname}${search}`
  const lines = names.map(
    (name) => `${name}: ${name === '(request-target)' ? target : (all[name] ?? '')}`,
  )
  const signature = await rsa(lines.join('\n'), key.private)
  all.signature = `keyId="${key.id}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${signature}"`
  return all
}

async function signRfc9421({ method, url, headers, body }: Outgoing, key: SigningKey, at: string) {
  const all: Record<string, string> = { ...headers, host: new URL(url).host }
  if (body !== undefined) all['content-digest'] = `sha-256=:${sha256(body)}:`
  const names = [
    '@method',
    '@target-uri',
    ...(body === undefined ? [] : ['content-digest', 'content-type']),
  ]
  const created = Math.floor(Date.parse(at) / 1000)
  const list = names.map((name) => `"${name}"`).join(' ')
  const params = `(${list});created=${created};keyid="${key.id}";alg="rsa-v1_5-sha256"`
  const values: Record<string, string> = { '@method': method, '@target-uri': url }
  const lines = names.map((name) => `"${name}": ${values[name] ?? all[name] ?? ''}`)
  const signature = await rsa([...lines, `"@signature-params": ${params}`].join('\n'), key.private)
  all['signature-input'] = `sig1=${params}`
  all.signature = `sig1=:${signature}:`
  return all
}

export interface Incoming {
  method: string
  /** As this server is called from outside: origin, path and query. */
  url: string
  /** Names and values in turn, as they came (`req.rawHeaders`). */
  rawHeaders: string[]
  body: Buffer
}

export interface PublicKey {
  public: KeyObject
  /** The actor whose key it is. */
  owner: string
}

/** Answers the key of a key id; `fresh` asks its owner anew. */
export type KeyFinder = (keyId: string, fresh: boolean) => Promise<PublicKey | undefined>

export interface Verified {
  keyId: string
  owner: string
  scheme: Scheme
}

/**
 * Who signed a request. Refusal `unauthorized` with the reason: `signature.missing`, `.malformed`,
 * `.repeated`, `.digest`, `.uncovered`, `.time`, `.algorithm`, `.unknown_key`, `.wrong`.
 */
export async function verifyRequest(
  request: Incoming,
  findKey: KeyFinder,
  at: string,
): Promise<Verified> {
  const headers = single(request.rawHeaders)
  const scheme: Scheme = headers.has('signature-input') ? 'rfc9421' : 'cavage'
  const signed = scheme === 'rfc9421' ? readRfc9421(request, headers) : readCavage(request, headers)
  if (request.method !== 'GET') checkDigest(signed, headers, request.body)
  checkTime(signed, at)
  for (const fresh of [false, true]) {
    const key = await findKey(signed.keyId, fresh)
    if (key && (await isRight(signed, key.public)))
      return { keyId: signed.keyId, owner: key.owner, scheme }
    if (!key && fresh) throw new Refusal('unauthorized', 'signature.unknown_key')
  }
  throw new Refusal('unauthorized', 'signature.wrong')
}

/** Headers that decide who signed what must not be there twice: two readers could read two things (A6). */
const decisive = new Set([
  'signature',
  'signature-input',
  'digest',
  'content-digest',
  'date',
  'host',
  'content-type',
])

function single(rawHeaders: string[]): Map<string, string> {
  const headers = new Map<string, string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = String(rawHeaders[i]).toLowerCase()
    const before = headers.get(name)
    if (before !== undefined && decisive.has(name))
      throw new Refusal('unauthorized', 'signature.repeated', { name })
    const value = String(rawHeaders[i + 1]).trim()
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return headers
}

/** The digest must be signed, and be that of the bytes that came (CVE-2023-49079). */
function checkDigest({ covers, scheme }: Signed, headers: Map<string, string>, body: Buffer): void {
  const name = scheme === 'cavage' ? 'digest' : 'content-digest'
  if (!covers.has(name)) throw new Refusal('unauthorized', 'signature.uncovered', { name })
  const claimed = headers.get(name) ?? ''
  const digests = scheme === 'cavage' ? claimed.matchAll(cavageDigest) : claimed.matchAll(rfcDigest)
  const right = [...digests].map(([, hash = '', value = '']) => {
    const wanted = Buffer.from(value, 'base64')
    const found = createHash(hash.replace('-', '').toLowerCase()).update(body).digest()
    return wanted.length === found.length && timingSafeEqual(wanted, found)
  })
  if (right.length === 0 || right.includes(false))
    throw new Refusal('unauthorized', 'signature.digest')
}

/** RFC 3230 and RFC 9530: every digest that we know must be right, and one must be there. */
const cavageDigest = /(?<=^|,\s*)(sha-256|sha-512)=([A-Za-z0-9+/=]+)(?=$|,)/gi
const rfcDigest = /(?<=^|,\s*)(sha-256|sha-512)=:([A-Za-z0-9+/=]+):(?=$|,)/g

function checkTime({ createdMs, expiresMs }: Signed, at: string): void {
  const now = Date.parse(at)
  const known = createdMs !== undefined && Number.isFinite(createdMs)
  const wrong = !known || createdMs < now - PAST_MS || createdMs > now + FUTURE_MS
  if (wrong || (expiresMs !== undefined && expiresMs < now))
    throw new Refusal('unauthorized', 'signature.time')
}

/** Checked beside the event loop, which has enough to do. */
async function isRight({ base, signature, algorithms }: Signed, key: KeyObject): Promise<boolean> {
  const kind = key.asymmetricKeyType === 'ed25519' ? 'ed25519' : 'rsa'
  if (!algorithms.includes(kind)) return false
  return new Promise((resolve) => {
    try {
      const text = Buffer.from(base)
      verify(kind === 'rsa' ? 'sha256' : null, text, key, signature, (_wrong, right) =>
        resolve(right === true),
      )
    } catch {
      resolve(false)
    }
  })
}
