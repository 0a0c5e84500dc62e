/** A node built on activitypub-express: it accepts who follows it, keeps what arrives, follows, writes and replies. */
import { type EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import create, { type Thing } from 'activitypub-express'
import express from 'express'
import { answering } from '../answering.ts'
import { memoryStore } from './store.ts'

const routes = {
  actor: '/u/:actor',
  object: '/o/:id',
  activity: '/s/:id',
  inbox: '/u/:actor/inbox',
  outbox: '/u/:actor/outbox',
  followers: '/u/:actor/followers',
  following: '/u/:actor/following',
  liked: '/u/:actor/liked',
  shares: '/s/:id/shares',
  likes: '/s/:id/likes',
  collections: '/u/:actor/c/:id',
  blocked: '/u/:actor/blocked',
  rejections: '/u/:actor/rejections',
  rejected: '/u/:actor/rejected',
  nodeinfo: '/nodeinfo',
}

const PUBLIC = 'as:Public'
const arrived: { type: string; object: string }[] = []
const answers: string[] = []

const app = express()
const http = createServer(app)
await once(http.listen(0, '127.0.0.1'), 'listening')
const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
const store = memoryStore()
const logger = {
  info: (...words: unknown[]) => void answers.push(words.join(' ')),
  warn: (...words: unknown[]) => void answers.push(words.join(' ')),
  error: (...words: unknown[]) => void answers.push(words.join(' ')),
}
const apex = create({
  name: 'Guild of Apex',
  version: '1.0.0',
  baseUrl: origin,
  domain: new URL(origin).host,
  actorParam: 'actor',
  objectParam: 'id',
  routes,
  store,
  logger,
})
const actor = await apex.createActor('ana', 'Ana', 'A person.')
await store.setup(actor)

app.use(express.json({ type: apex.consts.jsonldTypes }), apex)
app.use((req, res, next) => {
  res.on('finish', () => answers.push(`${req.method} ${req.path} ${res.statusCode}`))
  next()
})
for (const name of ['actor', 'outbox', 'followers', 'following', 'object'] as const)
  app.get(routes[name], ...(apex.net[name]?.get ?? []))
app.get(routes.activity, ...(apex.net.activityStream?.get ?? []))
app.post(routes.inbox, ...(apex.net.inbox?.post ?? []))
app.get('/.well-known/webfinger', ...(apex.net.webfinger?.get ?? []))
const events: EventEmitter = app
events.on('apex-inbox', (message: { activity: Thing; actor: Thing }) => void taken(message))

const idOf = (object: unknown): string => {
  const [first] = [object].flat()
  return typeof first === 'string' ? first : String((first as Thing | undefined)?.id)
}

async function taken({ activity, actor: by }: { activity: Thing; actor: Thing }): Promise<void> {
  arrived.push({ type: String(activity.type), object: idOf(activity.object) })
  if (activity.type !== 'Follow') return
  const answer = await apex.buildActivity('Accept', actor.id, [by.id], { object: activity.id })
  await apex.acceptFollow(actor, activity)
  await apex.addToOutbox(actor, answer)
}

async function say(type: string, to: string, object: object | string): Promise<void> {
  await apex.addToOutbox(actor, await apex.buildActivity(type, actor.id, [to, PUBLIC], { object }))
}

/** A public note, kept here and sent to an actor elsewhere; answers its id. */
async function write(to: string, content: string, inReplyTo?: string): Promise<string> {
  const id = `${origin}/o/${store.generateId()}`
  const note = { id, type: 'Note', attributedTo: actor.id, content, to: [to, PUBLIC] }
  const whole = inReplyTo ? { ...note, inReplyTo } : note
  await say('Create', to, whole)
  const plain = Object.entries(whole).map(([name, value]) => [
    name,
    /^(id|type)$/.test(name) ? value : [value].flat(),
  ])
  await store.saveObject(Object.fromEntries(plain) as Thing)
  return id
}

answering({
  actor: () => actor.id,
  arrived: () => arrived,
  answers: () => answers,
  follow: (group = '') => say('Follow', group, group),
  write: (to = '', content = '', inReplyTo = '') => write(to, content, inReplyTo || undefined),
})
