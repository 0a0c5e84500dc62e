/** Invented initiatives whose logs are as long as one likes: each entry is written, signed and proven when it is asked for. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { completed, consistencyProof, leafHash, type Nodes, rootAt } from '../../content/merkle.ts'
import { toMultikey } from '../../federation/multikey.ts'
import { type Json, prove, proven } from '../../federation/proofs.ts'
import type { SigningKey } from '../../federation/site.ts'
import { versionToArticle } from '../../federation/translate/outcomes.ts'
import { AS, CONTEXT, MEDIA_TYPE, PUBLIC } from '../../federation/wire.ts'
import { invented } from './invented.ts'

const PAGE = 200

export interface Source {
  origin: string
  /** Each is one initiative with a log of its own. */
  actors: string[]
  close: () => Promise<void>
}

interface Initiative {
  id: string
  number: number
  rsaPem: string
  multibase: string
  key: SigningKey
  /** The tree of its whole log, which a reader checks with each page. */
  nodes: Nodes
}

/** So many initiatives on one host, each with so many outcomes of one message. */
export async function source(initiatives: number, each: number): Promise<Source> {
  const rsaPem = String(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      format: 'pem',
      type: 'spki',
    }),
  )
  const server = createServer((req, res) => answer(req, res, byPath, each))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const all = Array.from({ length: initiatives }, (_, i) => initiative(origin, i, rsaPem, each))
  const byPath = new Map(all.map((one) => [new URL(one.id).pathname, one]))
  return {
    origin,
    actors: all.map(({ id }) => id),
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function initiative(origin: string, number: number, rsaPem: string, size: number): Initiative {
  const id = `${origin}/i${number}/actor`
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const multibase = toMultikey(publicKey)
  const key = { id: `${id}#${multibase}`, kind: 'ed25519', private: privateKey } as const
  return { id, number, rsaPem, multibase, key, nodes: treeOf({ id, key }, size) }
}

/** Every entry is written once for its hash, and again when it is asked for: Ed25519 signs alike each time. */
function treeOf(by: Pick<Initiative, 'id' | 'key'>, size: number): Nodes {
  const hashes = new Map<string, Buffer>()
  const nodes: Nodes = (level, index) => hashes.get(`${level} ${index}`) ?? Buffer.alloc(0)
  for (let number = 0; number < size; number += 1) {
    const leaf = leafHash(Buffer.from(entry(by, number)))
    for (const { level, index, hash } of completed(number, leaf, nodes))
      hashes.set(`${level} ${index}`, hash)
  }
  return nodes
}

function answer(
  req: IncomingMessage,
  res: ServerResponse,
  byPath: Map<string, Initiative>,
  size: number,
): void {
  const { pathname, searchParams } = new URL(req.url ?? '', 'http://x')
  const found = byPath.get(pathname.replace(/\/outbox$/, ''))
  res.writeHead(found ? 200 : req.method === 'POST' ? 202 : 404, { 'content-type': MEDIA_TYPE })
  if (!found) return void res.end()
  if (pathname.endsWith('/actor')) return void res.end(JSON.stringify(actor(found)))
  res.end(logPage(found, Number(searchParams.get('after') ?? 0), size))
}

function actor({ id, number, rsaPem, multibase, key }: Initiative): Json {
  const name = `Initiative ${number}`
  return {
    '@context': CONTEXT,
    id,
    type: 'Group',
    preferredUsername: `i${number}`,
    name,
    inbox: `${new URL(id).origin}/inbox`,
    outbox: `${id}/outbox`,
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: rsaPem },
    assertionMethod: [
      { id: key.id, type: 'Multikey', controller: id, publicKeyMultibase: multibase },
    ],
    initiativeRecord: {
      id,
      local: true,
      name: { en: name },
      acronym: `I${number}`,
      kind: 'national',
      countries: [['NL', 'KE', 'BR', 'IN', 'FR', 'EG'][number % 6]],
      languages: ['en'],
      published: '2026-01-01T00:00:00.000Z',
    },
  }
}

/** As federation/collections.ts writes it. */
function logPage(from: Initiative, after: number, size: number): string {
  const end = Math.min(size, after + PAGE)
  const lines = Array.from({ length: end - after }, (_, i) => entry(from, after + i))
  const root = rootAt(size, from.nodes).toString('hex')
  const proof = end < size ? consistencyProof(end, size, from.nodes) : []
  const consistency = proof.map((hash) => hash.toString('hex'))
  const frame = {
    '@context': [AS],
    id: `${from.id}/outbox?after=${after}`,
    type: 'OrderedCollectionPage',
    'tributary:log': { size, root, consistency },
  }
  return `${JSON.stringify(frame).slice(0, -1)},"orderedItems":[${lines.join(',')}]}`
}

function entry({ id, key }: Pick<Initiative, 'id' | 'key'>, number: number): string {
  const version = invented(id, number)
  const { at, outcome } = version
  const object = prove(versionToArticle(version, undefined), key, at)
  const activity = {
    '@context': CONTEXT,
    id: `${outcome}/activities/1`,
    type: 'Create',
    actor: id,
    object,
    published: at,
    to: [PUBLIC],
  }
  return proven(activity, key, at)
}
