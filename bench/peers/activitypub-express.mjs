/** The stock inbox of activitypub-express: one actor, Create activities, everything in memory. */
import create from 'activitypub-express'
import express from 'express'
import { memoryStore } from '../../test/judges/activitypub-express/store.ts'

const [port = '0'] = process.argv.slice(2)
const origin = `http://127.0.0.1:${port}`
/** What the activities answer is there, so that nobody has to be asked for it. */
const DISCUSSIONS = 40

const person = '/people/:actor'
const within = ['inbox', 'outbox', 'followers', 'following', 'liked', 'blocked']
const others = ['rejections', 'rejected']
const routes = {
  actor: person,
  object: '/o/:id',
  activity: '/s/:id',
  shares: '/s/:id/shares',
  likes: '/s/:id/likes',
  collections: `${person}/c/:id`,
  nodeinfo: '/nodeinfo',
  ...Object.fromEntries([...within, ...others].map((name) => [name, `${person}/${name}`])),
}

const quiet = () => {}
const store = memoryStore()
const app = express()
const apex = create({
  name: 'Peer',
  version: '1.0.0',
  baseUrl: origin,
  domain: new URL(origin).host,
  actorParam: 'actor',
  objectParam: 'id',
  routes,
  store,
  logger: { info: quiet, warn: quiet, error: (...words) => console.error(...words) },
})
await store.setup(await apex.createActor('noor', 'Noor', 'A person.'))
for (let i = 0; i < DISCUSSIONS; i += 1) {
  const id = `${origin}/discussions/q${i}`
  store.objects.set(id, {
    id,
    type: 'Article',
    attributedTo: [`${origin}/people/noor`],
    to: ['as:Public'],
  })
}
app.use(express.json({ type: apex.consts.jsonldTypes }), apex)
app.get(routes.actor, ...apex.net.actor.get)
app.post(routes.inbox, ...apex.net.inbox.post)
app.listen(Number(port), '127.0.0.1')
