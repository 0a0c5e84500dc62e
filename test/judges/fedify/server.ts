/** A small Fedify server: an actor with both kinds of keys, an inbox that keeps what it is told, and a hand that follows, writes, edits and deletes. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createFederation,
  type Federation,
  InProcessMessageQueue,
  MemoryKvStore,
} from '@fedify/fedify'
import {
  generateCryptoKeyPair,
  type HttpMessageSignaturesSpec,
  verifyRequest,
} from '@fedify/fedify/sig'
import {
  Activity,
  Create,
  Delete,
  Endpoints,
  Follow,
  Note,
  Person,
  PUBLIC_COLLECTION,
  Tombstone,
  Update,
} from '@fedify/vocab'
import { documentLoader, loaders } from './loopback.ts'

export interface Arrived {
  type: string
  id: string
  object: string
}

export interface Knock {
  method: string
  path: string
  scheme: 'cavage' | 'rfc9421' | 'none'
  /** The key, when Fedify finds the signature right. */
  key: string | null
  status: number
}

export interface FedifyServer {
  origin: string
  federation: Federation<void>
  arrived: Arrived[]
  knocks: Knock[]
  /** The one scheme that is let in; the other is answered 401. */
  only?: Knock['scheme']
}

const NAME = 'ines'

/** `firstKnock` is the scheme that Fedify signs with first. */
export async function fedifyServer(firstKnock: HttpMessageSignaturesSpec): Promise<FedifyServer> {
  const federation = createFederation<void>({
    kv: new MemoryKvStore(),
    queue: new InProcessMessageQueue(),
    documentLoaderFactory: () => documentLoader,
    contextLoaderFactory: () => documentLoader,
    firstKnock,
  })
  const server: FedifyServer = { origin: '', federation, arrived: [], knocks: [] }
  await giveActor(federation)
  listenTo(server)
  const http = createServer((req, res) => void answer(server, req, res))
  await once(http.listen(0, '127.0.0.1'), 'listening')
  server.origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  void federation.startQueue()
  return server
}

async function giveActor(federation: Federation<void>): Promise<void> {
  const pairs = [
    await generateCryptoKeyPair('RSASSA-PKCS1-v1_5'),
    await generateCryptoKeyPair('Ed25519'),
  ]
  federation
    .setActorDispatcher('/users/{identifier}', async (context, identifier) => {
      if (identifier !== NAME) return null
      const keys = await context.getActorKeyPairs(identifier)
      return new Person({
        id: context.getActorUri(identifier),
        preferredUsername: identifier,
        name: 'Ines',
        inbox: context.getInboxUri(identifier),
        outbox: context.getOutboxUri(identifier),
        endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
        publicKey: keys[0]?.cryptographicKey ?? null,
        assertionMethods: keys.map(({ multikey }) => multikey),
      })
    })
    .setKeyPairsDispatcher(() => pairs)
  federation.setOutboxDispatcher('/users/{identifier}/outbox', () => ({ items: [] }))
  federation.setObjectDispatcher(Note, '/notes/{slug}', () => null)
}

function listenTo({ federation, arrived }: FedifyServer): void {
  federation
    .setInboxListeners('/users/{identifier}/inbox', '/inbox')
    .on(Activity, (_context, activity) => {
      arrived.push({
        type: activity.constructor.name,
        id: activity.id?.href ?? '',
        object: activity.objectId?.href ?? '',
      })
    })
}

async function answer(
  server: FedifyServer,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const request = await asRequest(server.origin, req)
  const scheme = schemeOf(request.headers)
  const key = scheme === 'none' ? null : await verifyRequest(request.clone() as Request, loaders)
  const refused = request.method === 'POST' && server.only !== undefined && scheme !== server.only
  const response = refused
    ? new Response('', { status: 401 })
    : await server.federation.fetch(request, { contextData: undefined })
  const { method } = request
  const path = new URL(request.url).pathname
  server.knocks.push({ method, path, scheme, key: key?.id?.href ?? null, status: response.status })
  res.writeHead(response.status, Object.fromEntries(response.headers))
  res.end(Buffer.from(await response.arrayBuffer()))
}

function schemeOf(headers: Headers): Knock['scheme'] {
  if (headers.has('signature-input')) return 'rfc9421'
  return headers.has('signature') ? 'cavage' : 'none'
}

async function asRequest(origin: string, req: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = []
  for await (const part of req) parts.push(part as Buffer)
  const headers = new Headers()
  for (let i = 0; i < req.rawHeaders.length; i += 2)
    headers.append(String(req.rawHeaders[i]), String(req.rawHeaders[i + 1]))
  const body = req.method === 'POST' ? { body: Buffer.concat(parts) } : {}
  return new Request(new URL(req.url ?? '/', origin), {
    method: req.method ?? 'GET',
    headers,
    ...body,
  })
}

const contextOf = ({ federation, origin }: FedifyServer) =>
  federation.createContext(new URL(origin), undefined)

/** Send as our actor to the inbox of another. */
async function send(server: FedifyServer, to: string, activity: Activity): Promise<void> {
  const recipient = { id: new URL(to), inboxId: new URL('/inbox', to) }
  await contextOf(server).sendActivity({ identifier: NAME }, recipient, activity, {
    immediate: true,
  })
}

const actorOf = (server: FedifyServer) => contextOf(server).getActorUri(NAME)

export async function follow(server: FedifyServer, group: string, slug: string): Promise<void> {
  const id = new URL(`/follows/${slug}`, server.origin)
  await send(server, group, new Follow({ id, actor: actorOf(server), object: new URL(group) }))
}

const noteOf = (
  server: FedifyServer,
  slug: string,
  inReplyTo: string,
  content: string,
  updated?: string,
) =>
  new Note({
    id: new URL(`/notes/${slug}`, server.origin),
    attribution: actorOf(server),
    to: PUBLIC_COLLECTION,
    replyTarget: new URL(inReplyTo),
    content,
    published: Temporal.Instant.from('2026-11-01T10:00:00Z'),
    ...(updated ? { updated: Temporal.Instant.from(updated) } : {}),
  })

/** A Note that answers something over there; answers its id. */
export async function reply(
  server: FedifyServer,
  slug: string,
  to: string,
  content: string,
): Promise<string> {
  const object = noteOf(server, slug, to, content)
  const id = new URL(`/notes/${slug}#create`, server.origin)
  await send(server, to, new Create({ id, actor: actorOf(server), object, to: PUBLIC_COLLECTION }))
  return object.id?.href ?? ''
}

export async function edit(
  server: FedifyServer,
  slug: string,
  to: string,
  content: string,
): Promise<void> {
  const object = noteOf(server, slug, to, content, '2026-11-02T10:00:00Z')
  const id = new URL(`/notes/${slug}#update`, server.origin)
  await send(server, to, new Update({ id, actor: actorOf(server), object, to: PUBLIC_COLLECTION }))
}

export async function erase(server: FedifyServer, slug: string, to: string): Promise<void> {
  const object = new Tombstone({ id: new URL(`/notes/${slug}`, server.origin) })
  const id = new URL(`/notes/${slug}#delete`, server.origin)
  await send(server, to, new Delete({ id, actor: actorOf(server), object, to: PUBLIC_COLLECTION }))
}
