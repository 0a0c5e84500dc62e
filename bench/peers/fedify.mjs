/** The stock inbox of Fedify: one actor, Create activities, everything in memory. */
import { createServer } from 'node:http'
import { createFederation, generateCryptoKeyPair, MemoryKvStore } from '@fedify/fedify'
import { Create, Person } from '@fedify/fedify/vocab'

const [port = '0'] = process.argv.slice(2)
const federation = createFederation({ kv: new MemoryKvStore(), allowPrivateAddress: true })
const pair = await generateCryptoKeyPair('RSASSA-PKCS1-v1_5')
federation
  .setActorDispatcher('/people/{identifier}', (context, identifier) => {
    const inbox = context.getInboxUri(identifier)
    return new Person({ id: context.getActorUri(identifier), preferredUsername: identifier, inbox })
  })
  .setKeyPairsDispatcher(() => [pair])
federation.setInboxListeners('/people/{identifier}/inbox', '/inbox').on(Create, () => {})

async function answer(req, res) {
  const parts = []
  for await (const part of req) parts.push(part)
  const body = req.method === 'POST' ? Buffer.concat(parts) : undefined
  const { method, headers, url } = req
  const request = new Request(`http://${headers.host}${url}`, { method, headers, body })
  const answered = await federation.fetch(request, { contextData: undefined })
  res.writeHead(answered.status, Object.fromEntries(answered.headers))
  res.end(Buffer.from(await answered.arrayBuffer()))
}

createServer((req, res) => {
  answer(req, res).catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    res.writeHead(500).end()
  })
}).listen(Number(port), '127.0.0.1')
