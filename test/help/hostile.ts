/** Another server on loopback that does what it is told: serves any answer at any path, and signs anything as anybody, rightly or wrongly. */
import { createHash, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { prove } from '../../federation/proofs.ts'
import { toMultikey } from '../../federation/multikey.ts'

export type Json = Record<string, unknown>

export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'
export const ACTIVITY = 'application/activity+json'
const CONTEXT = ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1']

/** What is answered at a path. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer | Json
}

export interface Heard {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

type Route = Answer | ((heard: Heard, res: ServerResponse) => Answer | undefined)

export interface Hostile {
  origin: string
  host: string
  /** Everything that was asked or delivered, in order. */
  heard: Heard[]
  /** Answer at a path from now on; a function may write to the response itself and answer nothing. */
  serve: (path: string, route: Route) => void
  /** An actor with keys and a document; `document` alters what is served. */
  actor: (name: string, document?: Json) => Foreigner
  /** The activities delivered to any inbox here. */
  delivered: (type?: string) => Json[]
  /** How often a path was asked for. */
  asked: (path: string) => number
  close: () => Promise<void>
}

export interface Foreigner {
  id: string
  keyId: string
  rsa: KeyObject
  ed25519: KeyObject
  proofKeyId: string
  document: Json
}

const open = new Set<Hostile>()

/** End every server of this kind; a suite calls it after its tests. */
export async function endHostiles(): Promise<void> {
  await Promise.all([...open].map((each) => each.close()))
}

/** Start one. Everything POSTed is answered 202 unless a route says otherwise. */
export async function hostileServer(host = '127.0.0.1', port = 0): Promise<Hostile> {
  const routes = new Map<string, Route>()
  const heard: Heard[] = []
  const server = createServer((req, res) => void answer(req, res, routes, heard))
  await once(server.listen(port, host), 'listening')
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  const serve = (path: string, route: Route) => void routes.set(path, route)
  const deliveries = () => heard.filter(({ method, body }) => method === 'POST' && body !== '')
  const hostile: Hostile = {
    origin,
    host: new URL(origin).host,
    heard,
    serve,
    actor: (name, document) => foreigner(origin, serve, name, document),
    delivered: (type) =>
      deliveries()
        .map(({ body }) => JSON.parse(body) as Json)
        .filter((each) => type === undefined || each.type === type),
    asked: (path) => heard.filter(({ method, url }) => method === 'GET' && url === path).length,
    close: async () => {
      open.delete(hostile)
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  open.add(hostile)
  return hostile
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  routes: Map<string, Route>,
  heard: Heard[],
): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of req) parts.push(part as Buffer)
  const { method = '', url = '', headers } = req
  const told = { method, url, headers, body: Buffer.concat(parts).toString() }
  heard.push(told)
  const route = routes.get(url) ?? routes.get(url.split('?')[0] ?? '')
  const given = typeof route === 'function' ? route(told, res) : route
  if (typeof route === 'function' && given === undefined) return
  const fallback: Answer = { status: method === 'POST' ? 202 : 404 }
  const { status = 200, headers: extra = {}, body = '' } = given ?? fallback
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  res.writeHead(status, { 'content-type': ACTIVITY, ...extra }).end(bytes)
}

const pairs: { rsa: ReturnType<typeof rsaPair>; ed25519: ReturnType<typeof edPair> }[] = []
const rsaPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const edPair = () => generateKeyPairSync('ed25519')
const PAIRS = 6
let taken = 0

/** Making RSA keys is slow: a few are made, and actors far from each other share one. */
function keyPairs() {
  const at = taken++ % PAIRS
  return (pairs[at] ??= { rsa: rsaPair(), ed25519: edPair() })
}

const pem = (key: KeyObject) => String(key.export({ format: 'pem', type: 'spki' }))

function foreigner(
  origin: string,
  serve: Hostile['serve'],
  name: string,
  changes: Json = {},
): Foreigner {
  const { rsa, ed25519 } = keyPairs()
  const id = `${origin}/users/${name}`
  const keyId = `${id}#main-key`
  const multibase = toMultikey(ed25519.publicKey)
  const proofKeyId = `${id}#${multibase}`
  const multikey = { type: 'Multikey', controller: id, publicKeyMultibase: multibase }
  const document: Json = {
    '@context': CONTEXT,
    id,
    type: 'Person',
    preferredUsername: name,
    name,
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    endpoints: { sharedInbox: `${origin}/inbox` },
    publicKey: { id: keyId, owner: id, publicKeyPem: pem(rsa.publicKey) },
    assertionMethod: [{ id: proofKeyId, ...multikey }],
    ...changes,
  }
  serve(`/users/${name}`, () => ({ body: document }))
  return { id, keyId, rsa: rsa.privateKey, ed25519: ed25519.privateKey, proofKeyId, document }
}

let activities = 0

/** An activity of an actor, public unless it says otherwise. */
export function activity(by: { id: string }, type: string, object: unknown, more: Json = {}): Json {
  activities += 1
  const id = `${by.id}/activities/${activities}`
  return { '@context': CONTEXT, id, type, actor: by.id, object, to: [PUBLIC], ...more }
}

/** A note of an actor that answers something. */
export function note(by: { id: string }, inReplyTo: string, content: string, more: Json = {}) {
  activities += 1
  const id = `${by.id}/notes/${activities}`
  const shared = { attributedTo: by.id, inReplyTo, content, to: [PUBLIC] }
  return { id, type: 'Note', ...shared, ...more } as Json & { id: string }
}

/** With a proof by the actor's own key. */
export const proven = (by: Foreigner, document: Json, created: string): Json =>
  prove(document, { id: by.proofKeyId, kind: 'ed25519', private: by.ed25519 }, created)

/** What is to be signed, and how it is to be spoiled. */
export interface Sending {
  scheme?: 'cavage' | 'rfc9421'
  /** The time of signing; the suite's clock. */
  at: string
  keyId?: string
  key?: KeyObject
  /** The names that the signature covers. */
  covers?: string[]
  algorithm?: string | undefined
  /** Headers that replace ours; an empty one is left out. They are signed as they are. */
  headers?: Record<string, string>
  /** Said after the signature was made: the last word on what is sent. */
  afterwards?: (sent: { headers: string[]; body: Buffer; path: string }) => void
  /** The path that is signed, when it is not the one that is asked. */
  signedPath?: string
  body?: string | Buffer
  created?: number
  expires?: number
  label?: string
}

export interface Reply {
  status: number
  /** The last part of the Problem Details type: `signature.digest`. */
  problem: string
  text: string
  headers: IncomingMessage['headers']
}

const sha256 = (body: Buffer) => createHash('sha256').update(body).digest('base64')

/** Send an activity as somebody to an inbox. Answers what came back. */
export async function send(
  by: Foreigner,
  inbox: string,
  json: Json | string,
  how: Sending,
): Promise<Reply> {
  const url = new URL(inbox)
  const text = how.body ?? (typeof json === 'string' ? json : JSON.stringify(json))
  const body = Buffer.from(text)
  const signed = how.scheme === 'rfc9421' ? rfc9421(by, url, body, how) : cavage(by, url, body, how)
  const sent = { headers: Object.entries(signed).flat(), body, path: url.pathname + url.search }
  how.afterwards?.(sent)
  return ask(url, 'POST', sent)
}

/** Any request, with its headers as they are given. */
export async function ask(
  url: URL,
  method: string,
  { headers = [], body, path = url.pathname + url.search }: Partial<Asked> = {},
): Promise<Reply> {
  const all = headers.some((name, i) => i % 2 === 0 && name === 'host')
    ? headers
    : ['host', url.host, ...headers]
  const length = body ? ['content-length', String(body.length)] : []
  const req = request({
    host: url.hostname,
    port: url.port,
    path,
    method,
    headers: [...all, ...length],
    setHost: false,
    agent: false,
  })
  req.end(body)
  const [res] = (await once(req, 'response')) as [IncomingMessage]
  const parts: Buffer[] = []
  for await (const part of res) parts.push(part as Buffer)
  const said = Buffer.concat(parts).toString()
  const problem = /"type":"[^"#]*#([\w.]+)"/.exec(said)?.[1] ?? ''
  return { status: res.statusCode ?? 0, problem, text: said, headers: res.headers }
}

interface Asked {
  headers: string[]
  body: Buffer
  path: string
}

function cavage(by: Foreigner, url: URL, body: Buffer, how: Sending): Record<string, string> {
  const { keyId = by.keyId, key = by.rsa, created, expires } = how
  const headers = without({
    host: url.host,
    date: new Date(how.at).toUTCString(),
    digest: `SHA-256=${sha256(body)}`,
    'content-type': ACTIVITY,
    ...how.headers,
  })
  const covers = how.covers ?? ['(request-target)', 'host', 'date', 'digest', 'content-type']
  const special: Record<string, string> = {
    '(request-target)': `post ${how.signedPath ?? url.pathname + url.search}`,
    '(created)': String(created),
    '(expires)': String(expires),
  }
  const text = covers.map((name) => `${name}: ${special[name] ?? headers[name] ?? ''}`).join('\n')
  const params = [
    `keyId="${keyId}"`,
    `algorithm="${how.algorithm ?? 'rsa-sha256'}"`,
    ...(created === undefined ? [] : [`created=${created}`]),
    ...(expires === undefined ? [] : [`expires=${expires}`]),
    `headers="${covers.join(' ')}"`,
    `signature="${signature(key, text)}"`,
  ]
  return { ...headers, signature: params.join(',') }
}

function rfc9421(by: Foreigner, url: URL, body: Buffer, how: Sending): Record<string, string> {
  const { keyId = by.keyId, key = by.rsa, label = 'sig1', expires, algorithm } = how
  const headers = without({
    host: url.host,
    'content-digest': `sha-256=:${sha256(body)}:`,
    'content-type': ACTIVITY,
    ...how.headers,
  })
  const covers = how.covers ?? ['@method', '@target-uri', 'content-digest', 'content-type']
  const created = how.created ?? Math.floor(Date.parse(how.at) / 1000)
  const times = `;created=${created}${expires === undefined ? '' : `;expires=${expires}`}`
  const alg = algorithm === undefined ? '' : `;alg="${algorithm}"`
  const params = `(${covers.map((name) => `"${name}"`).join(' ')})${times};keyid="${keyId}"${alg}`
  const path = how.signedPath ?? url.pathname + url.search
  const derived: Record<string, string> = {
    '@method': 'POST',
    '@target-uri': url.origin + path,
    '@authority': url.host,
    '@path': path,
  }
  const lines = covers.map((name) => `"${name}": ${derived[name] ?? headers[name] ?? ''}`)
  const text = [...lines, `"@signature-params": ${params}`].join('\n')
  return {
    ...headers,
    'signature-input': `${label}=${params}`,
    signature: `${label}=:${signature(key, text)}:`,
  }
}

const without = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))

const signature = (key: KeyObject, text: string) =>
  signBytes(key.asymmetricKeyType === 'rsa' ? 'sha256' : null, Buffer.from(text), key).toString(
    'base64',
  )
