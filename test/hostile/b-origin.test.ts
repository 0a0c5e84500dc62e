/** SECURITY-CLASSES B: who may say what, about what, and from where. */
import { expect } from 'chai'
import { findByAddress } from '../../federation/discovery.ts'
import { webfinger } from '../../federation/webfinger.ts'
import { groupId } from '../../federation/addresses.ts'
import { leafHash } from '../../content/merkle.ts'
import { Refusal } from '../../content/refusal.ts'
import { canonical } from '../../federation/proofs.ts'
import { syncPeer } from '../../federation/sync.ts'
import {
  answerOf,
  type Arena,
  attacks,
  closeArena,
  openArena,
  outcomeOf,
  type Row,
} from '../help/attack.ts'
import {
  activity,
  ask,
  type Foreigner,
  type Json,
  note,
  PUBLIC,
  type Reply,
} from '../help/hostile.ts'

const create = (by: Foreigner, object: unknown, more: Json = {}) =>
  activity(by, 'Create', object, more)

/** Somebody's contribution that the node has shown. */
async function shown(arena: Arena, by: Foreigner, content: string): Promise<Json & { id: string }> {
  const said = answerOf(by, arena, content)
  await arena.post(by, create(by, said))
  return said
}
const textAt = async ({ node }: Arena, id: string) => {
  const item = await node.site.store.get('items', id)
  return item && 'text' in item ? item.text : undefined
}

/** The initiative that is followed announces something; it is fetched from `at` on its server. */
const announces = (name: string, becomes: string, serve: (arena: Arena) => string): Row => ({
  name,
  answers: '202',
  becomes,
  does: (arena) => arena.tell(arena.guild, activity(arena.guild, 'Announce', serve(arena))),
})

/** A Create by mallory of something that is not mallory's. */
const embedded = (name: string, becomes: string, object: (arena: Arena) => Json): Row => ({
  name,
  answers: '202',
  becomes,
  does: (arena) => arena.post(arena.mallory, create(arena.mallory, object(arena))),
})

const b1to4: Row[] = [
  announces(
    'B1 what is fetched claims an id on another host (CVE-2024-23832)',
    'refused origin.foreign_id',
    ({ far, near, victim, talk }) => {
      far.serve('/notes/b1', { body: { ...note(victim, talk, 'x'), id: `${near.origin}/notes/1` } })
      return `${far.origin}/notes/b1`
    },
  ),
  announces(
    'B1 what is fetched leads to another host',
    'refused origin.foreign_id',
    ({ far, near, victim, talk }) => {
      const said = { ...note(victim, talk, 'x'), id: `${near.origin}/notes/2` }
      near.serve('/notes/2', { body: said })
      far.serve('/notes/b2', { status: 302, headers: { location: said.id } })
      return `${far.origin}/notes/b2`
    },
  ),
  embedded(
    'B2 an embedded object with an id of another host (CVE-2024-52591)',
    'refused origin.foreign_id',
    (arena) => answerOf(arena.mallory, arena, 'x', { id: `${arena.near.origin}/notes/3` }),
  ),
  embedded(
    'B2 an embedded object that is attributed to somebody else',
    'refused origin.other_actor',
    (arena) => answerOf(arena.mallory, arena, 'x', { attributedTo: arena.victim.id }),
  ),
  embedded(
    'B2 what it answers is an object without an id (CVE-2025-25306)',
    'refused wire.field',
    (arena) => answerOf(arena.mallory, arena, 'x', { inReplyTo: { type: 'Article' } }),
  ),
  {
    name: 'B3 an activity id of another origin, to reserve it (GHSA-4qhx-hhwf-8685)',
    answers: '202',
    becomes: 'done',
    changes: true,
    does: async (arena) => {
      const { mallory, victim, post } = arena
      const mine = create(victim, answerOf(victim, arena, 'Mine.'))
      const stolen = create(mallory, answerOf(mallory, arena, 'Stolen.'), { id: mine.id })
      const refused = await post(mallory, stolen)
      expect(`${refused.status} ${refused.problem}`).to.equal('403 origin.foreign_id')
      return post(victim, mine)
    },
  },
  ...[7, ['https://a.example/'], { name: 'x' }, null, undefined].map((attributedTo) =>
    embedded(
      `B4 attributedTo is ${JSON.stringify(attributedTo) ?? 'nothing'}`,
      'refused wire.field',
      (arena) => answerOf(arena.mallory, arena, 'x', { attributedTo }),
    ),
  ),
  embedded(
    'B4 attributedTo is an actor of ours (NodeBB 4.14)',
    'refused origin.other_actor',
    (arena) => answerOf(arena.mallory, arena, 'x', { attributedTo: groupId(arena.node.site) }),
  ),
]

/** Something of the victim is altered by another. */
const meddles = (name: string, becomes: string, act: (said: Json, arena: Arena) => Json): Row => ({
  name,
  answers: '202',
  becomes,
  changes: true,
  does: async (arena) => {
    const said = await shown(arena, arena.victim, 'Mine.')
    const by = name.includes('same server') ? arena.near.actor('neighbour') : arena.mallory
    const reply = await arena.post(by, {
      ...act(said, arena),
      actor: by.id,
      id: `${by.id}/acts/${arena.clock.now()}`,
    })
    arena.victim.document.lastSaid = said.id
    return reply
  },
  after: async (arena) => {
    expect(await textAt(arena, String(arena.victim.document.lastSaid))).to.equal('Mine.')
  },
})

const b5: Row[] = [
  meddles(
    'B5 an Update of somebody else’s words, from another server (CVE-2026-73090)',
    'refused origin.foreign_id',
    (said, { mallory }) =>
      activity(mallory, 'Update', { ...said, content: 'x', attributedTo: mallory.id }),
  ),
  meddles(
    'B5 an Update of somebody else’s words, from the same server',
    'refused origin.other_actor',
    (said, { near }) =>
      activity({ id: `${near.origin}/users/neighbour` }, 'Update', {
        ...said,
        content: 'x',
        attributedTo: `${near.origin}/users/neighbour`,
      }),
  ),
  meddles(
    'B5 a Delete of somebody else’s words, from another server',
    'refused origin.foreign_id',
    (said, { mallory }) => activity(mallory, 'Delete', said.id),
  ),
  meddles(
    'B5 a Delete of somebody else’s words, from the same server',
    'refused origin.other_actor',
    (said, { near }) => activity({ id: `${near.origin}/users/neighbour` }, 'Delete', said.id),
  ),
  {
    name: 'B5 an Update and a Delete of what is ours',
    answers: '202',
    becomes: 'refused origin.foreign_id',
    does: async (arena) => {
      const { mallory, talk, post } = arena
      await post(
        mallory,
        activity(mallory, 'Update', { id: talk, type: 'Article', attributedTo: mallory.id }),
      )
      return post(mallory, activity(mallory, 'Delete', talk))
    },
  },
  {
    name: 'B5 an outcome of an initiative that is followed, by another actor of its server',
    answers: '202',
    becomes: 'ignored',
    does: (arena) => {
      const made = outcomeOf(arena.mallory, 'b5', 1, arena.clock.now())
      return arena.tell(arena.mallory, create(arena.mallory, made))
    },
  },
]

/** An actor whose document comes as a type that anybody's upload could have. */
const typed = (type: string): Row => ({
  name: `B6 an actor that is served as ${type || 'no type at all'} (CVE-2024-25623)`,
  answers: '503 signature.key_unavailable',
  does: (arena) => {
    const name = `t${type.replace(/\W/g, '')}`
    const odd = arena.far.actor(name)
    arena.far.serve(`/users/${name}`, { headers: { 'content-type': type }, body: odd.document })
    return arena.post(odd, create(odd, answerOf(odd, arena, 'x')))
  },
})

const b6to7: Row[] = [
  ...['text/html', 'image/png', 'application/json', 'text/plain', 'application/ld+json', ''].map(
    typed,
  ),
  {
    name: 'B7 what we serve as a file is never ActivityStreams',
    answers: '404 page',
    does: async ({ node }) => {
      const page = await ask(new URL(node.origin), 'GET')
      const asset = /href="(\/assets\/[^"]+)"/.exec(page.text)?.[1] ?? ''
      const headers = ['accept', 'application/activity+json']
      const styled = await ask(new URL(asset, node.origin), 'GET', { headers })
      expect(styled.headers['content-type']).to.match(/^text\/css/)
      expect(styled.headers['x-content-type-options']).to.equal('nosniff')
      return ask(new URL('/assets/../package.json', node.origin), 'GET', { headers })
    },
  },
]

async function refusalOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act()
    return 'done'
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return error.sentence
  }
}

describe('hostile B: origins and identity', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks([...b1to4, ...b5, ...b6to7], () => arena)

  const jrd = (subject: string, self: string) => ({
    headers: { 'content-type': 'application/jrd+json' },
    body: { subject, links: [{ rel: 'self', type: 'application/activity+json', href: self }] },
  })
  const finger = async (subject: string, self: string) => {
    const { far, river } = arena
    far.serve('/.well-known/webfinger', jrd(subject, self))
    return refusalOf(() => findByAddress(river.site, `@mallory@${far.host}`))
  }

  it('B8 WebFinger that speaks of somebody else, or of another domain (CVE-2023-42451)', async () => {
    const { far, near, mallory, victim } = arena
    expect(await finger(`acct:mallory@${far.host}`, mallory.id)).to.equal('done')
    near.serve('/.well-known/webfinger', { status: 404 })
    expect(await finger(`acct:victim@${near.host}`, victim.id)).to.equal('fetch.status')
    near.serve('/.well-known/webfinger', jrd(`acct:victim@${near.host}`, victim.id))
    expect(await finger(`acct:victim@${near.host}`, mallory.id)).to.equal('discovery.webfinger')
    expect(await finger(`acct:victim@${near.host}`, victim.id)).to.equal('done')
  })

  it('B8 handles in other letters: upper case, a final dot, another alphabet, several @', async () => {
    const { far, river, mallory, node } = arena
    far.serve('/.well-known/webfinger', jrd(`acct:MALLORY@${far.host}`, mallory.id))
    expect((await webfinger(river.site, `@Mallory@${far.host}`)).actor).to.equal(mallory.id)
    for (const wrong of [`@mallory@${far.host}.`, '@a@b@c', '@mallory@', '@@', '@a@exa mple'])
      expect(await refusalOf(() => webfinger(river.site, wrong)), wrong).not.to.equal('done')
    const ours = (resource: string) =>
      ask(
        new URL(`${node.origin}/.well-known/webfinger?resource=${encodeURIComponent(resource)}`),
        'GET',
      )
    const { host } = new URL(node.origin)
    expect((await ours(`acct:scigf@${host}`)).status).to.equal(200)
    expect((await ours(`ACCT:SCIGF@${host}`)).status).to.equal(200)
    for (const wrong of [
      `acct:scigf@${far.host}`,
      `acct:scigf@${host}.`,
      `acct:ѕcigf@${host}`,
      'acct:',
      'x',
    ])
      expect((await ours(wrong)).status, wrong).to.equal(404)
  })

  it('B9 a log that lists what another server said, forwarded without its word (GHSA-x58x-xx7h-7rh4)', async () => {
    const { river, far, guild, victim, clock } = arena
    const at = clock.now()
    const theirs = create(victim, outcomeOf(victim, 'b9', 1, at))
    const root = leafHash(Buffer.from(canonical(theirs))).toString('hex')
    const page = { orderedItems: [theirs], 'tributary:log': { size: 1, root } }
    far.serve('/users/guild/outbox', { body: page })
    const shared = {
      size: 0,
      root: '',
      frontier: [],
      held: 0,
      refused: 0,
      refusals: [],
      failures: 0,
    }
    const pull = {
      id: guild.id,
      peer: far.origin,
      outbox: `${guild.id}/outbox`,
      after: 0,
      retryAt: at,
    }
    const before = await river.site.store.count('versions', {})
    await river.site.store.commit({ put: { pulls: [{ ...shared, ...pull, standing: 'new' }] } })
    await syncPeer(river.site, guild.id)
    const held = await river.site.store.get('pulls', guild.id)
    expect(held?.refusals.map(({ why }) => why)).to.deep.equal(['origin.foreign_id'])
    expect(await river.site.store.count('versions', {})).to.equal(before)
  })

  it('B10 an activity that is forwarded by somebody else', async () => {
    const { mallory, victim, post } = arena
    const reply: Reply = await post(
      mallory,
      create(victim, answerOf(victim, arena, 'x'), { to: [PUBLIC] }),
    )
    expect(`${reply.status} ${reply.problem}`).to.equal('403 origin.other_actor')
  })
})
