/** Invented initiatives whose logs are as long as one likes: written, signed and proven before, and lying in files until they are asked for. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { openSync, readSync, writeSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { completed, consistencyProof, leafHash, type Nodes, rootAt } from '../../content/merkle.ts'
import { toMultikey } from '../../federation/multikey.ts'
import { type Json, prove, proven } from '../../federation/proofs.ts'
import type { SigningKey } from '../../federation/site.ts'
import { versionToArticle } from '../../federation/translate/outcomes.ts'
import { AS, CONTEXT, MEDIA_TYPE, PUBLIC } from '../../federation/wire.ts'
import { invented } from './invented.ts'

const PAGE = 200
const COMMA = Buffer.from(',')

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
  log: Log
}

/** What a reader is given must cost nothing while it is measured. */
interface Log {
  /** The tree of the whole log, which a reader checks with each page. */
  nodes: Nodes
  /** The text of the entries, a comma between each two. */
  text: (from: number, to: number) => Buffer
}

/** So many initiatives on one host, each with so many outcomes of one message; what they say lies in this folder. */
export async function source(initiatives: number, each: number, folder: string): Promise<Source> {
  const rsaPem = String(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      format: 'pem',
      type: 'spki',
    }),
  )
  const server = createServer((req, res) => answer(req, res, byPath, each))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const all = Array.from({ length: initiatives }, (_, i) =>
    initiative(origin, i, rsaPem, (by) => written(by, each, join(folder, `log-${i}`))),
  )
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

function initiative(
  origin: string,
  number: number,
  rsaPem: string,
  write: (by: Signer) => Log,
): Initiative {
  const id = `${origin}/i${number}/actor`
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const multibase = toMultikey(publicKey)
  const key = { id: `${id}#${multibase}`, kind: 'ed25519', private: privateKey } as const
  return { id, number, rsaPem, multibase, key, log: write({ id, key }) }
}

type Signer = Pick<Initiative, 'id' | 'key'>

function written(by: Signer, size: number, path: string): Log {
  const file = openSync(path, 'w+')
  const ends = [0]
  const hashes = new Map<string, Buffer>()
  const nodes: Nodes = (level, index) => hashes.get(`${level} ${index}`) ?? Buffer.alloc(0)
  for (let number = 0; number < size; number += 1) {
    const line = Buffer.from(entry(by, number))
    ends.push((ends.at(-1) ?? 0) + writeSync(file, Buffer.concat([line, COMMA])))
    for (const { level, index, hash } of completed(number, leafHash(line), nodes))
      hashes.set(`${level} ${index}`, hash)
  }
  const text = (from: number, to: number) => {
    const [start, end] = [ends[from] ?? 0, (ends[to] ?? 0) - COMMA.length]
    const bytes = Buffer.alloc(Math.max(0, end - start))
    readSync(file, bytes, 0, bytes.length, start)
    return bytes
  }
  return { nodes, text }
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
function logPage({ id, log }: Initiative, after: number, size: number): Buffer {
  const end = Math.min(size, after + PAGE)
  const root = rootAt(size, log.nodes).toString('hex')
  const proof = end < size ? consistencyProof(end, size, log.nodes) : []
  const consistency = proof.map((hash) => hash.toString('hex'))
  const frame = {
    '@context': [AS],
    id: `${id}/outbox?after=${after}`,
    type: 'OrderedCollectionPage',
    'tributary:log': { size, root, consistency },
  }
  const head = `${JSON.stringify(frame).slice(0, -1)},"orderedItems":[`
  return Buffer.concat([Buffer.from(head), log.text(after, end), Buffer.from(']}')])
}

function entry({ id, key }: Signer, number: number): string {
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
