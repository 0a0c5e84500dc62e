/** SECURITY-CLASSES E: what never ends, is too much, or comes too often. The server goes on answering others, and its work is bounded. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { syncPeer } from '../../federation/sync.ts'
import {
  answerOf,
  type Arena,
  attacks,
  closeArena,
  lastLine,
  openArena,
  type Row,
  unread,
} from '../help/attack.ts'
import {
  ACTIVITY,
  activity,
  ask,
  type Foreigner,
  hostileServer,
  type Json,
  type Reply,
  send,
} from '../help/hostile.ts'
import { guardedAs } from '../help/servers.ts'

const SECOND = 1_000

const create = (by: Foreigner, arena: Arena, content: string, more: Json = {}) =>
  activity(by, 'Create', answerOf(by, arena, content, more))

/** A body that goes on until somebody answers. */
async function endless(url: URL): Promise<Reply> {
  const headers = { 'content-type': ACTIVITY, 'transfer-encoding': 'chunked' }
  const req = request(url, { method: 'POST', headers, agent: false })
  const timer = setInterval(() => req.write(Buffer.alloc(256 * 1024, 'x')), 1)
  setTimeout(() => req.destroy(new Error('it was read on and on')), 5 * SECOND).unref()
  const [res] = (await once(req, 'response').finally(() => clearInterval(timer))) as [
    IncomingMessage,
  ]
  const parts: Buffer[] = []
  for await (const part of res) parts.push(part as Buffer)
  req.destroy()
  const text = Buffer.concat(parts).toString()
  const problem = /#([\w.]+)"/.exec(text)?.[1] ?? ''
  return { status: res.statusCode ?? 0, problem, text, headers: res.headers }
}

/** An actor whose document is answered in an odd way: its key cannot be had. */
const oddActor = (name: string, serve: (arena: Arena, path: string) => void): Row => ({
  name,
  answers: '503 signature.key_unavailable',
  does: async (arena) => {
    const user = name.replace(/\W/g, '').slice(0, 40)
    const odd = arena.far.actor(user)
    serve(arena, `/users/${user}`)
    const began = performance.now()
    const reply = await arena.post(odd, create(odd, arena, 'x'))
    expect(performance.now() - began).to.be.below(3 * SECOND)
    return reply
  },
})

/** Many posts, each with its own key id; answers how often each status came. */
async function floods(
  arena: Arena,
  count: number,
  keyIdOf: (i: number) => string,
): Promise<Record<string, number>> {
  const replies: Record<string, number> = {}
  for (let i = 0; i < count; i += 1) {
    const actor = keyIdOf(i).split('#')[0] ?? ''
    const sent = activity({ id: actor }, 'Follow', arena.node.origin)
    const how = { at: arena.clock.now(), keyId: keyIdOf(i) }
    const { status } = await send(arena.mallory, `${arena.node.origin}/inbox`, sent, how)
    replies[status] = (replies[status] ?? 0) + 1
  }
  return replies
}

const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

const rows: Row[] = [
  {
    name: 'E1 a body that never ends (GHSA-mc44-6cfg-2v6w)',
    answers: '413 too_large',
    does: ({ node }) => endless(new URL(`${node.origin}/inbox`)),
  },
  {
    name: 'E1 a body that is a little too large',
    answers: '413 too_large',
    does: (arena) =>
      arena.post(arena.mallory, create(arena.mallory, arena, 'x'.repeat(1024 * 1024))),
  },
  oddActor('E1 an actor document that never ends', ({ far }, path) =>
    far.serve(path, (_heard, res) => {
      res.writeHead(200, { 'content-type': ACTIVITY })
      const more = () => void (res.writable && res.write('x'.repeat(65_536)) && setImmediate(more))
      res.on('drain', more)
      more()
      return undefined
    }),
  ),
  oddActor('E2 an actor document that drips without end (CVE-2023-36461)', ({ far }, path) =>
    far.serve(path, (_heard, res) => {
      res.writeHead(200, { 'content-type': ACTIVITY })
      const timer = setInterval(() => res.write(' '), 20)
      res.on('close', () => clearInterval(timer))
      return undefined
    }),
  ),
  oddActor('E2 an actor document that never begins', ({ far }, path) =>
    far.serve(path, () => undefined),
  ),
  oddActor('E3 an actor id that leads to itself (CVE-2025-23221)', ({ far }, path) =>
    far.serve(path, { status: 302, headers: { location: path } }),
  ),
  oddActor('E3 an actor id that leads on and on', ({ far }, path) => {
    for (let i = 0; i < 10; i += 1) {
      const location = `${path}${'x'.repeat(i + 1)}`
      far.serve(`${path}${'x'.repeat(i)}`, { status: 302, headers: { location } })
    }
  }),
  oddActor('E9 an actor document that is compressed', ({ far }, path) =>
    far.serve(path, {
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(50_000_000, ' ')),
    }),
  ),
  {
    name: 'E6 an answer to something that answers something, and so on, is not followed up',
    answers: '202',
    becomes: 'ignored',
    does: (arena) => {
      const inReplyTo = `${arena.far.origin}/chain/1`
      return arena.post(arena.mallory, create(arena.mallory, arena, 'x', { inReplyTo }))
    },
    after: async ({ far }) => void expect(far.asked('/chain/1')).to.equal(0),
  },
  {
    name: 'E6 a note that answers itself',
    answers: '202',
    becomes: 'ignored',
    does: (arena) => {
      const said = answerOf(arena.mallory, arena, 'x')
      return arena.post(
        arena.mallory,
        activity(arena.mallory, 'Create', { ...said, inReplyTo: said.id }),
      )
    },
  },
  ...['<', '<a ', '<p', '&', '<br', '<!--', '<b>', '<blockquote>', '<a href="', '[', '\u0300'].map(
    (piece): Row => ({
      name: `E7 content that is nothing but ${piece === '\u0300' ? 'accents' : piece} (CVE-2025-68475)`,
      answers: '202',
      changes: true,
      does: async (arena) => {
        const content = piece.repeat(Math.floor(400_000 / Buffer.byteLength(piece)))
        const began = performance.now()
        const reply = await arena.post(arena.mallory, create(arena.mallory, arena, content))
        expect(performance.now() - began).to.be.below(3 * SECOND)
        return reply
      },
      after: async ({ node }) =>
        void expect(await lastLine([node.site])).to.be.oneOf(['done', 'refused wire.field']),
    }),
  ),
  {
    name: 'E8 a name that is longer than any name (CVE-2026-23962)',
    answers: '202',
    becomes: 'refused wire.field',
    does: (arena) =>
      arena.post(arena.mallory, create(arena.mallory, arena, 'x', { name: 'n'.repeat(500_000) })),
  },
  {
    name: 'E8 ten thousand tags and attachments are not kept',
    answers: '202',
    becomes: 'done',
    changes: true,
    does: (arena) => {
      const tag = Array.from({ length: 10_000 }, (_, i) => ({ type: 'Hashtag', name: `#${i}` }))
      const attachment = tag.map(({ name }) => ({
        type: 'Document',
        url: `https://a.example/${name}`,
      }))
      return arena.post(arena.mallory, create(arena.mallory, arena, 'tagged', { tag, attachment }))
    },
    after: async ({ node, mallory }) => {
      const where = { type: 'contribution', author: mallory.id }
      const items = await node.site.store.find('items', { where, limit: 100 })
      const item = items.find((each) => 'text' in each && each.text === 'tagged')
      expect(JSON.stringify(item).length).to.be.below(2_000)
    },
  },
  {
    name: 'E9 a compressed body',
    answers: '415 unsupported',
    does: (arena) =>
      arena.post(arena.mallory, create(arena.mallory, arena, 'x'), {
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(1_000_000, ' ')),
      }),
  },
  ...([50, 5_000, 150_000] as const).map((levels): Row => ({
    name: `E9 an activity that is ${levels} levels deep`,
    answers: '400 wire.deep',
    does: (arena) => arena.post(arena.mallory, {}, { body: deep(levels) }),
  })),
  ...(['1e999', '"\\ud800"'] as const).map((value): Row => ({
    name: `E9 a value that has no canonical form: ${value}`,
    answers: '400 wire.json',
    does: (arena) => {
      const text = JSON.stringify(create(arena.mallory, arena, 'half'))
      return arena.post(arena.mallory, {}, { body: text.replace('"half"', value) })
    },
  })),
  {
    name: 'E9 a context that is 5000 levels deep',
    answers: '400 wire.deep',
    does: (arena) => {
      const text = `{"@context":["https://www.w3.org/ns/activitystreams",{"x":${deep(5_000)}}]}`
      return arena.post(arena.mallory, {}, { body: text })
    },
  },
  {
    name: 'E9 ten thousand recipients',
    answers: '400 wire.field',
    does: (arena) => {
      const to = Array.from({ length: 10_000 }, (_, i) => `https://a.example/${i}`)
      return arena.post(arena.mallory, { ...create(arena.mallory, arena, 'x'), to })
    },
  },
]

describe('hostile E: exhaustion', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
    await arena.node.site.fetch.close()
    guardedAs(arena.node, { allowPrivate: () => true, wholeMs: SECOND })
  })
  after(closeArena)
  attacks(rows, () => arena)

  const later = () => arena.clock.forward(24 * 3600_000)

  it('E2 a request that drips keeps nobody else waiting', async () => {
    const { node } = arena
    const headers = { 'content-type': ACTIVITY, 'content-length': '100000' }
    const dripping = Array.from({ length: 100 }, () => {
      const req = request(`${node.origin}/inbox`, { method: 'POST', headers, agent: false })
      req.on('error', () => undefined).write('{')
      return req
    })
    expect((await ask(new URL(node.origin), 'GET')).status).to.equal(200)
    for (const req of dripping) req.destroy()
  })

  it('E4 a key that is never there is not asked for again and again (CVE-2026-34148)', async () => {
    later()
    const { far } = arena
    await floods(arena, 30, () => `${far.origin}/users/nobody#main-key`)
    expect(far.asked('/users/nobody')).to.equal(1)
    await floods(arena, 30, () => `${far.origin}/keys/never`)
    expect(far.asked('/keys/never')).to.equal(1)
    const before = far.asked('/users/mallory')
    await floods(arena, 30, () => `${arena.mallory.id}#another-key`)
    expect(far.asked('/users/mallory') - before).to.be.at.most(2)
  })

  it('E5 ever new hosts, and ever new actors of one host (CVE-2022-46405)', async () => {
    later()
    const { far } = arena
    const asked = far.heard.length
    const replies = await floods(arena, 260, (i) => `${far.origin}/users/new${i}#main-key`)
    expect(far.heard.length - asked).to.be.within(100, 230)
    expect(Object.keys(replies)).to.have.members(['401', '503'])
    later()
    const wild = await hostileServer('0.0.0.0')
    const { port } = new URL(wild.origin)
    const hosts = await floods(arena, 400, (i) => `http://127.2.${i >> 8}.${i & 255}:${port}/a#k`)
    expect(wild.heard.length).to.be.within(200, 340)
    expect(hosts['429']).to.be.above(50)
  })

  it('E6 a log that points at itself, repeats itself, or says that it is longer than it is', async () => {
    const { river, far, guild } = arena
    const said = activity(guild, 'Create', {
      id: `${guild.id}/x`,
      type: 'Image',
      attributedTo: guild.id,
    })
    const page = (items: unknown[], size: number) => ({
      body: {
        orderedItems: items,
        'tributary:log': { size, root: '0'.repeat(64) },
        next: guild.id,
      },
    })
    await unread(arena)
    const asked = () => far.heard.filter(({ url }) => url.startsWith('/users/guild/outbox')).length
    far.serve('/users/guild/outbox', page([], 1_000_000))
    expect(await syncPeer(river.site, guild.id)).to.equal(0)
    expect(asked()).to.equal(1)
    far.serve('/users/guild/outbox', page([said], 1_000_000))
    await syncPeer(river.site, guild.id)
    expect(asked()).to.equal(2)
    expect((await river.site.store.get('pulls', guild.id))?.standing).to.equal('diverged')
    far.serve(
      '/users/guild/outbox',
      page(
        Array.from({ length: 2_000 }, () => said),
        2_000,
      ),
    )
    await syncPeer(river.site, guild.id)
    expect((await river.site.store.get('pulls', guild.id))?.why).to.equal('wire.field')
  })

  it('E10 a flood from one address is slowed, told for how long, and let in again later', async () => {
    later()
    const { node, clock } = arena
    const url = new URL(`${node.origin}/inbox`)
    const statuses = new Map<number, number>()
    let waits = ''
    for (let round = 0; round < 60; round += 1) {
      const replies = await Promise.all(Array.from({ length: 50 }, () => ask(url, 'POST')))
      for (const { status, headers } of replies) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status === 429) waits = String(headers['retry-after'])
      }
    }
    expect([...statuses.keys()]).to.have.members([415, 429])
    expect(statuses.get(415)).to.be.below(2_900)
    expect(waits).to.match(/^\d+$/)
    clock.forward(60_000)
    expect((await ask(url, 'POST')).status).to.equal(415)
    expect((await ask(new URL(node.origin), 'GET')).status).to.equal(200)
  })
})
