/** The limit: what any inbox must do, and nothing else: check the digest and the signature, be on disk, answer 202. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import express from 'express'

const [port = '0', file = ':memory:'] = process.argv.slice(2)
const db = new DatabaseSync(file)
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
db.exec('CREATE TABLE journal (id TEXT PRIMARY KEY, body TEXT) STRICT, WITHOUT ROWID')
const insert = db.prepare('INSERT OR IGNORE INTO journal VALUES (?, ?)')

let waiting: { id: string; body: string; done: () => void }[] = []

/** All that came in one turn of the event loop share one wait for the disk. */
function commit(id: string, body: string): Promise<void> {
  return new Promise((done) => {
    if (waiting.push({ id, body, done }) === 1) setImmediate(flush)
  })
}

function flush(): void {
  const batch = waiting
  waiting = []
  db.exec('BEGIN IMMEDIATE')
  for (const { id, body } of batch) insert.run(id, body)
  db.exec('COMMIT')
  for (const { done } of batch) done()
}

const keys = new Map<string, Promise<KeyObject>>()

async function fetched(id: string): Promise<KeyObject> {
  const answer = await fetch(id, { headers: { accept: 'application/activity+json' } })
  const { publicKey } = (await answer.json()) as { publicKey: { publicKeyPem: string } }
  return createPublicKey(publicKey.publicKeyPem)
}

function keyOf(id: string): Promise<KeyObject> {
  const found = keys.get(id) ?? fetched(id)
  keys.set(id, found)
  return found
}

const app = express()
app.post('*path', express.raw({ type: '*/*' }), async (req, res) => {
  const body = req.body as Buffer
  const signature = String(req.headers.signature)
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(signature)?.[1] ?? ''
  const lines = part('headers')
    .split(' ')
    .map((name) =>
      name === '(request-target)'
        ? `${name}: post ${req.originalUrl}`
        : `${name}: ${String(req.headers[name])}`,
    )
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`
  const key = await keyOf(part('keyId').split('#')[0] ?? '')
  const signed = Buffer.from(part('signature'), 'base64')
  const right = verify('sha256', Buffer.from(lines.join('\n')), key, signed)
  if (!right || digest !== req.headers.digest) return void res.status(401).end()
  const text = body.toString()
  const { id, actor } = JSON.parse(text) as { id: string; actor: string }
  await commit(`${actor} ${id}`, text)
  res.status(202).end()
})
app.get('/', (_req, res) => void res.end('floor'))
app.listen(Number(port), '127.0.0.1')
