/** The one way out: an HTTP client that checks the address it really connects to, and takes only so much for so long. */
import { lookup as systemLookup } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { createRequire } from 'node:module'
import type undici from 'undici'
import type { Dispatcher } from 'undici'
import { Refusal } from '../content/refusal.ts'
import { type Scheme, signRequest } from './signatures.ts'
import type { SigningKey } from './site.ts'

type Requesting = (
  this: Dispatcher,
  options: Dispatcher.RequestOptions,
) => Promise<Dispatcher.ResponseData>

/** Of the package only what is used: as a whole it brings along a browser's fetch, web sockets, caches and more. */
const part = createRequire(import.meta.resolve('undici'))
const Agent = part('./lib/dispatcher/agent.js') as typeof undici.Agent
const request = part('./lib/api/api-request.js') as Requesting

const REDIRECTS_MAX = 3
const BYTES_MAX = 1024 * 1024
const CONNECT_MS = 5_000
const HEADERS_MS = 10_000
const WHOLE_MS = 20_000
const SOCKETS_PER_HOST = 6

/** The `code` of what was under way when this server was told to stop. */
export const CLOSING = 'UND_ERR_DESTROYED'

export interface FetchOptions {
  /** Media types that are taken; an answer of another type is refused. */
  accept: string[]
  maxBytes?: number
  /** Letters of the bytes that came; UTF-8 when not given. */
  decode?: (bytes: Uint8Array, type: string) => string
  /** Signed by the server's own actor. Default true. */
  signed?: boolean
}

export interface Fetched {
  /** Where the answer came from, after redirects. */
  url: string
  status: number
  type: string
  text: string
  /** When the answer was given, by the clock of who gave it. */
  date?: string
}

export interface GuardedFetch {
  /** GET. Any status but 2xx is a Refusal: `gone` for 410, `missing` for 404, else `unavailable`. */
  text: (url: string, options: FetchOptions) => Promise<Fetched>
  /** GET, and the answer read as JSON. */
  json: (url: string, options: FetchOptions) => Promise<Fetched & { body: unknown }>
  /** POST, signed; no redirect is followed. Any status is an answer. */
  post: (
    url: string,
    body: string,
    by: { key: SigningKey; scheme: Scheme },
  ) => Promise<{ status: number; retryAfterMs?: number }>
  close: () => Promise<void>
}

export interface FetchParts {
  /** Hosts that may be talked to although their address is private. Always false outside trials. */
  allowPrivate: (host: string) => boolean
  userAgent: string
  now: () => string
  /** The key of the server's own actor. */
  key: () => Promise<SigningKey>
  /** How names become addresses; the system's way when not given. */
  lookup?: Lookup
  /** How long one answer may take as a whole, redirects included. */
  wholeMs?: number
}

type Address = { address: string; family: number }
export type Lookup = (host: string, done: (error: Error | null, found: Address[]) => void) => void

export function createGuardedFetch(parts: FetchParts): GuardedFetch {
  const agent = new Agent({
    connections: SOCKETS_PER_HOST,
    headersTimeout: HEADERS_MS,
    bodyTimeout: HEADERS_MS,
    keepAliveTimeout: 10_000,
    connect: { timeout: CONNECT_MS, lookup: guardedLookup(parts) },
  })
  const text = (url: string, options: FetchOptions) => get(parts, agent, url, options)
  return {
    text,
    json: async (url, options) => {
      const answer = await text(url, options)
      return { ...answer, body: parsed(answer.text) }
    },
    post: (url, body, by) => post(parts, agent, url, body, by),
    close: () => agent.destroy(),
  }
}

/** Every address a name stands for must be public: the one connected to is among them (D1–D5). */
function guardedLookup({ allowPrivate, lookup = bySystem }: FetchParts) {
  return (
    host: string,
    options: { all?: boolean | undefined },
    done: (error: Error | null, address: string | Address[], family?: number) => void,
  ) => {
    lookup(host, (error, found) => {
      if (error) return done(error, [])
      const closed = !allowPrivate(host) && found.some(({ address }) => !isPublic(address))
      const [first] = found
      if (closed || !first)
        return done(new Refusal('forbidden', 'fetch.private_address', { host }), [])
      if (options.all) return done(null, found)
      done(null, first.address, first.family)
    })
  }
}

const bySystem: Lookup = (host, done) => systemLookup(host, { all: true }, done)

/** Only global unicast counts: not private, loopback, link-local, mapped, translated, tunnelled or reserved. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsedAddress = ipaddr.parse(address)
  if (parsedAddress.range() !== 'unicast') return false
  return parsedAddress.kind() === 'ipv4' || parsedAddress.match(GLOBAL_SIX)
}

/** What has been given out of IPv6 (RFC 4291, section 2.4): all else is old, special or nobody's, `::127.0.0.1` too. */
const GLOBAL_SIX = ipaddr.parseCIDR('2000::/3')

/** What may be asked at all: https to a public name at its usual port. Trials may use http on this machine. */
function checkedUrl({ allowPrivate }: FetchParts, text: string): URL {
  const url = URL.parse(text)
  const isNamed = url !== null && !url.hostname.endsWith('.')
  if (!isNamed || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Refusal('forbidden', 'fetch.address', { url: text.slice(0, 200) })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (allowPrivate(host)) return url
  if (isIP(host) && !isPublic(host))
    throw new Refusal('forbidden', 'fetch.private_address', { host })
  if (url.protocol !== 'https:' || url.port !== '') {
    throw new Refusal('forbidden', 'fetch.address', { url: text.slice(0, 200) })
  }
  return url
}

async function get(
  parts: FetchParts,
  agent: Dispatcher,
  from: string,
  options: FetchOptions,
): Promise<Fetched> {
  const signal = AbortSignal.timeout(parts.wholeMs ?? WHOLE_MS)
  let url = checkedUrl(parts, from)
  for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
    const headers = await headersFor(parts, url, options)
    const answer = await asked(agent, url, { method: 'GET', headers, signal })
    const next = redirect(answer, url)
    if (!next) return read(answer, url, options)
    await drained(answer)
    url = checkedUrl(parts, next)
  }
  throw new Refusal('unavailable', 'fetch.redirects', { host: url.host })
}

async function headersFor(parts: FetchParts, url: URL, { accept, signed = true }: FetchOptions) {
  const headers = {
    accept: accept.join(', '),
    'accept-encoding': 'identity',
    'user-agent': parts.userAgent,
  }
  if (!signed) return headers
  return signRequest(
    { method: 'GET', url: url.href, headers },
    await parts.key(),
    'cavage',
    parts.now(),
  )
}

function redirect({ statusCode, headers }: Dispatcher.ResponseData, from: URL): string | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const target = URL.parse(String(headers.location ?? ''), from.href)
  if (!target) throw new Refusal('unavailable', 'fetch.redirects', { host: from.host })
  return target.href
}

async function read(
  answer: Dispatcher.ResponseData,
  url: URL,
  options: FetchOptions,
): Promise<Fetched> {
  const { statusCode: status, headers } = answer
  if (status < 200 || status > 299) {
    await drained(answer)
    const reason = status === 410 ? 'gone' : status === 404 ? 'missing' : 'unavailable'
    throw new Refusal(reason, 'fetch.status', { host: url.host, status })
  }
  const type = String(headers['content-type'] ?? '')
  if (!options.accept.some((wanted) => isType(type, wanted))) {
    abandon(answer)
    throw new Refusal('unavailable', 'fetch.type', { host: url.host, type: type.slice(0, 100) })
  }
  return {
    url: url.href,
    status,
    type,
    text: decoded(await bounded(answer, url, options.maxBytes ?? BYTES_MAX), type, options),
    ...(headers.date ? { date: String(headers.date) } : {}),
  }
}

const decoded = (bytes: Buffer, type: string, { decode }: FetchOptions) =>
  decode ? decode(bytes, type) : bytes.toString('utf8')

const DRAINED_BYTES_MAX = 16_384

/** What follows is of no interest; so is whatever goes wrong with it. */
const drained = ({ body }: Pick<Dispatcher.ResponseData, 'body'>) =>
  body.dump({ limit: DRAINED_BYTES_MAX }).catch(() => undefined)

/** Read no further. Giving up makes the body say so as an error, and an error that nobody hears ends the process. */
function abandon({ body }: Pick<Dispatcher.ResponseData, 'body'>): void {
  body.on('error', () => undefined).destroy()
}

/** `application/ld+json; profile="…"` asks for its profile, too. */
function isType(found: string, wanted: string): boolean {
  const [kind, parameter] = wanted.split(';').map((part) => part.trim())
  const sameKind = found.split(';')[0]?.trim().toLowerCase() === kind
  return sameKind && (!parameter || found.includes(parameter.split('"')[1] ?? ''))
}

async function bounded(
  { body, headers }: Dispatcher.ResponseData,
  url: URL,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = () => {
    abandon({ body })
    return new Refusal('unavailable', 'fetch.too_large', { host: url.host })
  }
  if (headers['content-encoding'] && headers['content-encoding'] !== 'identity') throw tooLarge()
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      size += part.length
      if (size > maxBytes) throw tooLarge()
      parts.push(part)
    }
  } catch (error) {
    throw inWords(error, url)
  }
  return Buffer.concat(parts)
}

async function post(
  parts: FetchParts,
  agent: Dispatcher,
  to: string,
  body: string,
  { key, scheme }: { key: SigningKey; scheme: Scheme },
) {
  const url = checkedUrl(parts, to)
  const plain = { 'content-type': 'application/activity+json', 'user-agent': parts.userAgent }
  const headers = await signRequest(
    { method: 'POST', url: url.href, headers: plain, body },
    key,
    scheme,
    parts.now(),
  )
  const signal = AbortSignal.timeout(parts.wholeMs ?? WHOLE_MS)
  const answer = await asked(agent, url, { method: 'POST', headers, body, signal })
  await drained(answer)
  const retryAfterMs = waitOf(String(answer.headers['retry-after'] ?? ''), parts.now())
  return { status: answer.statusCode, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function waitOf(header: string, now: string): number | undefined {
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const until = Date.parse(header) - Date.parse(now)
  return Number.isFinite(until) ? Math.max(0, until) : undefined
}

async function asked(by: Dispatcher, url: URL, options: Asking): Promise<Dispatcher.ResponseData> {
  try {
    const { origin, pathname, search } = url
    return await request.call(by, { ...options, origin, path: `${pathname}${search}` })
  } catch (error) {
    throw inWords(error, url)
  }
}

type Asking = Omit<Dispatcher.RequestOptions, 'origin' | 'path'>

/** Whatever the network did, as a sentence; a refusal of our own stays itself. */
function inWords(error: unknown, { host }: URL): Refusal {
  if (error instanceof Refusal) return error
  const cause = error instanceof Error && error.cause instanceof Refusal ? error.cause : undefined
  const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? error.name) : 'unknown'
  return cause ?? new Refusal('unavailable', 'fetch.network', { host, code })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('unavailable', 'fetch.json')
  }
}
