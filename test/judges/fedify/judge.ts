/** Fedify as a judge: what it finds, reads and verifies, what it signs, and a server of its own. */
import { parseNodeInfo } from '@fedify/fedify/nodeinfo'
import { generateCryptoKeyPair, signObject, verifyObject } from '@fedify/fedify/sig'
import { exportMultibaseKey } from '@fedify/vocab-runtime'
import { lookupObject, Note, Object as ApObject } from '@fedify/vocab'
import { lookupWebFinger } from '@fedify/webfinger'
import { answering } from '../answering.ts'
import { loaders, useLoopback } from './loopback.ts'
import { reading } from './reading.ts'
import {
  edit,
  erase,
  type FedifyServer,
  fedifyServer,
  follow,
  type Knock,
  reply,
} from './server.ts'

useLoopback()

const lookups = { ...loaders, allowPrivateAddress: true }

const servers = new Map<string, FedifyServer>()

function at(origin: string): FedifyServer {
  const server = servers.get(origin)
  if (!server) throw new Error(`no server ${origin}`)
  return server
}

const specs = {
  cavage: 'draft-cavage-http-signatures-12',
  rfc9421: 'rfc9421',
} as const

answering({
  reading,
  webfinger: (resource = '') => lookupWebFinger(resource, { allowPrivateAddress: true }),
  /** Its own client refuses loopback, whatever one says; its reader is what judges. */
  nodeInfo: async (url = '') => parseNodeInfo(await (await fetch(url)).json()),
  lookup: async (what = '') => {
    const found = await lookupObject(what, lookups)
    return found && { type: found.constructor.name, id: found.id?.href }
  },
  /** Whether every proof of a document is right, by keys that its attributed actor has. */
  verified: async (json = '') => (await verifyObject(ApObject, JSON.parse(json), loaders)) !== null,
  /** A note with a proof, and the key it is by. */
  proven: async (keyId = '', actor = '') => {
    const { privateKey, publicKey } = await generateCryptoKeyPair('Ed25519')
    const note = new Note({
      id: new URL('/note', actor),
      attribution: new URL(actor),
      content: 'Río y mar, 河流',
    })
    const signed = await signObject(note, privateKey, new URL(keyId), loaders)
    return { note: await signed.toJsonLd(loaders), multibase: await exportMultibaseKey(publicKey) }
  },
  open: async (scheme = '') => {
    const server = await fedifyServer(specs[scheme as keyof typeof specs])
    servers.set(server.origin, server)
    return server.origin
  },
  letIn: (origin = '', scheme = '') => void (at(origin).only = scheme as Knock['scheme']),
  arrived: (origin = '') => at(origin).arrived,
  knocks: (origin = '') => at(origin).knocks,
  follow: (origin = '', group = '', slug = '') => follow(at(origin), group, slug),
  reply: (origin = '', slug = '', to = '', content = '') => reply(at(origin), slug, to, content),
  edit: (origin = '', slug = '', to = '', content = '') => edit(at(origin), slug, to, content),
  erase: (origin = '', slug = '', to = '') => erase(at(origin), slug, to),
})
