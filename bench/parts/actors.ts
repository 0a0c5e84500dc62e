/** Invented people of another server: their documents are served here, and what they say is signed before it is needed. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signRequest } from '../../federation/signatures.ts'
import { AS, MEDIA_TYPE, PUBLIC } from '../../federation/wire.ts'

/** Making RSA keys is slow: so many pairs are shared by all actors, each under an id of its own. */
const PAIRS = 4

export interface Crowd {
  origin: string
  ids: string[]
  /** A whole request: this actor creates a note that answers something. */
  says: (actor: string, inReplyTo: string, to: Target) => Promise<Buffer>
  close: () => Promise<void>
}

export interface Target {
  origin: string
  path: string
}

export async function crowd(size: number): Promise<Crowd> {
  const pairs = Array.from({ length: PAIRS }, () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  )
  const documents = new Map<string, string>()
  const server = createServer((req, res) => {
    const found = documents.get(req.url ?? '')
    res.writeHead(found ? 200 : 404, { 'content-type': MEDIA_TYPE }).end(found)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const keys = new Map<string, KeyObject>()
  for (let i = 0; i < size; i += 1) {
    const pair = pairs[i % PAIRS]
    if (!pair) continue
    const id = `${origin}/users/u${i}`
    keys.set(id, pair.privateKey)
    documents.set(`/users/u${i}`, JSON.stringify(actor(origin, `u${i}`, pair.publicKey)))
  }
  return {
    origin,
    ids: [...keys.keys()],
    says: saying(keys),
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function actor(origin: string, name: string, key: KeyObject) {
  const id = `${origin}/users/${name}`
  const publicKeyPem = String(key.export({ format: 'pem', type: 'spki' }))
  return {
    '@context': [AS, 'https://w3id.org/security/v1'],
    id,
    type: 'Person',
    preferredUsername: name,
    name,
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    endpoints: { sharedInbox: `${origin}/inbox` },
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem },
  }
}

const words =
  'Access for rural communities is a question of cost, of skills and of trust: what is built should be owned by those who use it.'

function saying(keys: Map<string, KeyObject>): Crowd['says'] {
  let said = 0
  return async (id, inReplyTo, { origin, path }) => {
    const key = keys.get(id)
    if (!key) throw new Error(`nobody is called ${id}`)
    const number = ++said
    const body = JSON.stringify(noteBy(id, inReplyTo, number))
    const headers = await signRequest(
      { method: 'POST', url: origin + path, headers: { 'content-type': MEDIA_TYPE }, body },
      { id: `${id}#main-key`, kind: 'rsa', private: key },
      'cavage',
      new Date().toISOString(),
    )
    const address = `10.${number % 200}.${(number >> 8) % 250}.${number % 250}`
    const all = { ...headers, 'x-forwarded-for': address, 'content-length': String(body.length) }
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    return Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n${body}`)
  }
}

function noteBy(id: string, inReplyTo: string, number: number) {
  const published = new Date().toISOString()
  const to = [PUBLIC]
  const note = {
    id: `${id}/notes/${number}`,
    type: 'Note',
    attributedTo: id,
    inReplyTo,
    content: `<p>${number}. ${words}</p>`,
    published,
    to,
    cc: [`${id}/followers`],
  }
  return {
    '@context': [AS, 'https://w3id.org/security/v1'],
    id: `${id}/activities/${number}`,
    type: 'Create',
    actor: id,
    published,
    to,
    cc: [`${id}/followers`],
    object: note,
  }
}
