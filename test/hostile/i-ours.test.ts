/** SECURITY-CLASSES I: what only we have: keys that change, versions that do not, Tombstones, logs, vocabularies and tables. */
import { expect } from 'chai'
import { grown, leafHash, rootOf } from '../../content/merkle.ts'
import type { Outcome } from '../../content/model.ts'
import { canonical, digestOf } from '../../federation/proofs.ts'
import { syncPeer } from '../../federation/sync.ts'
import {
  answerOf,
  type Arena,
  attacks,
  closeArena,
  openArena,
  outcomeOf,
  type Row,
  settled,
  unread,
} from '../help/attack.ts'
import { activity, ask, type Foreigner, type Json, proven, type Reply } from '../help/hostile.ts'

const tells = (arena: Arena, type: string, object: unknown): Promise<Reply> =>
  arena.tell(arena.guild, activity(arena.guild, type, object))

/** Publish versions of an outcome, one after another; answers the last document. */
async function told(arena: Arena, slug: string, versions: number): Promise<Json> {
  let last: Json = {}
  for (let number = 1; number <= versions; number += 1) {
    const before = number > 1 ? { previousDigest: digestOf(last) } : {}
    last = outcomeOf(arena.guild, slug, number, arena.clock.now(), before)
    await tells(arena, number === 1 ? 'Create' : 'Update', last)
    await settled(arena.river.site)
  }
  return last
}

const idOf = ({ far }: Arena, slug: string) => `${far.origin}/outcomes/${slug}`
const faceOf = async (arena: Arena, slug: string) =>
  (await arena.river.site.store.get('items', idOf(arena, slug))) as Outcome | undefined

/** Something is said about an outcome of two versions, which stays as it is. */
const stays = (
  name: string,
  becomes: string,
  says: (arena: Arena, slug: string, last: Json) => Promise<Reply>,
): Row => {
  const slug = `i-${name.replace(/\W+/g, '-').slice(0, 40).toLowerCase()}`
  return {
    name: `I ${name}`,
    answers: '202',
    becomes,
    changes: true,
    does: async (arena) => says(arena, slug, await told(arena, slug, 2)),
    after: async (arena) => {
      expect(await faceOf(arena, slug)).to.include({ version: 2, verified: true })
      const where = { outcome: idOf(arena, slug) }
      expect(await arena.river.site.store.count('versions', { where })).to.equal(2)
    },
  }
}

const tombstone = (by: Foreigner, id: string, at: string, more: Json = {}): Json =>
  proven(
    by,
    {
      '@context': 'https://www.w3.org/ns/activitystreams',
      id,
      type: 'Tombstone',
      deleted: at,
      reason: 'x',
      ...more,
    },
    at,
  )

const rows: Row[] = [
  stays('an older version that is sent again', 'ignored', async (arena, slug) => {
    const held = await arena.river.site.store.get('versions', `${idOf(arena, slug)}/versions/1`)
    return tells(arena, 'Update', JSON.parse(held?.wire ?? ''))
  }),
  stays('other words under a number that was used', 'refused version.reused', (arena, slug) =>
    tells(
      arena,
      'Update',
      outcomeOf(arena.guild, slug, 2, arena.clock.now(), { name: 'Other words' }),
    ),
  ),
  stays('a second successor of one version', 'refused version.chain', (arena, slug) =>
    tells(
      arena,
      'Update',
      outcomeOf(arena.guild, slug, 3, arena.clock.now(), { previousDigest: 'sha-256:0' }),
    ),
  ),
  stays('a withdrawal without a proof', 'refused proof.missing', (arena, slug) =>
    tells(arena, 'Delete', { id: idOf(arena, slug), type: 'Tombstone', version: 3 }),
  ),
  stays('a withdrawal that somebody else has proven', 'refused origin.other_actor', (arena, slug) =>
    tells(
      arena,
      'Delete',
      tombstone(arena.mallory, idOf(arena, slug), arena.clock.now(), { version: 3 }),
    ),
  ),
  stays('a withdrawal that follows another version', 'refused version.chain', (arena, slug) =>
    tells(
      arena,
      'Delete',
      tombstone(arena.guild, idOf(arena, slug), arena.clock.now(), {
        version: 3,
        digest: 'sha-256:0',
      }),
    ),
  ),
  stays('a withdrawal under a number that was used', 'refused version.chain', (arena, slug) =>
    tells(
      arena,
      'Delete',
      tombstone(arena.guild, idOf(arena, slug), arena.clock.now(), { version: 1 }),
    ),
  ),
  {
    name: 'I a Tombstone that lives again',
    answers: '202',
    becomes: 'refused version.withdrawn',
    changes: true,
    does: async (arena) => {
      const last = await told(arena, 'i-dead', 1)
      const at = arena.clock.now()
      const end = tombstone(arena.guild, idOf(arena, 'i-dead'), at, {
        version: 2,
        digest: digestOf(last),
      })
      await tells(arena, 'Delete', end)
      await settled(arena.river.site)
      const next = { previousDigest: digestOf(end) }
      return tells(arena, 'Update', outcomeOf(arena.guild, 'i-dead', 3, at, next))
    },
    after: async (arena) => {
      expect(await faceOf(arena, 'i-dead')).to.include({ state: 'withdrawn', version: 2 })
    },
  },
  {
    name: 'I an answer that was deleted, and is created once more',
    answers: '202',
    becomes: 'ignored',
    changes: true,
    does: async (arena) => {
      const { mallory, node, post } = arena
      const said = answerOf(mallory, arena, 'Here I am.')
      await post(mallory, activity(mallory, 'Create', said))
      await settled(node.site)
      await post(mallory, activity(mallory, 'Delete', said.id))
      await settled(node.site)
      return post(mallory, activity(mallory, 'Create', said))
    },
  },
  {
    name: 'I an answer whose deletion came before it',
    answers: '202',
    becomes: 'ignored',
    does: async (arena) => {
      const { mallory, node, post } = arena
      const said = answerOf(mallory, arena, 'Here I am.')
      await post(mallory, activity(mallory, 'Delete', said.id))
      await settled(node.site)
      return post(mallory, activity(mallory, 'Create', said))
    },
  },
  {
    name: 'B5 a Delete, in advance, of what somebody else of the same server is about to say',
    answers: '202',
    becomes: 'done',
    changes: true,
    does: async (arena) => {
      const { far, mallory, node, post } = arena
      const said = answerOf(far.actor('honest'), arena, 'I say it all the same.')
      await post(mallory, activity(mallory, 'Delete', said.id))
      await settled(node.site)
      const honest = far.actor('honest')
      return post(honest, activity(honest, 'Create', said))
    },
  },
  {
    name: 'I a request signed with a key that was replaced, once the actor has said so',
    answers: '401 signature.unknown_key',
    changes: true,
    does: async (arena) => {
      const { far, node, post, clock } = arena
      const keys = far.actor('keys')
      await post(keys, activity(keys, 'Create', answerOf(keys, arena, 'With the old key.')))
      await settled(node.site)
      const other = far.actor('keys')
      clock.forward(2 * 60_000)
      const fresh = { ...other, keyId: `${keys.id}#key-2` }
      const publicKey = { ...(other.document.publicKey as Json), id: fresh.keyId }
      far.serve('/users/keys', { body: { ...other.document, publicKey } })
      await post(fresh, activity(fresh, 'Update', { ...other.document, publicKey }))
      await settled(node.site)
      return post(keys, activity(keys, 'Create', answerOf(keys, arena, 'With the old key still.')))
    },
  },
  {
    name: 'I a key of a proof that was revoked before it signed',
    answers: '202',
    becomes: 'refused proof.key_period',
    changes: true,
    does: async (arena) => {
      const { far, guild, clock } = arena
      const [method] = guild.document.assertionMethod as Json[]
      const revoked = new Date(Date.parse(clock.now()) - 3600_000).toISOString()
      far.serve('/users/guild', {
        body: { ...guild.document, assertionMethod: [{ ...method, revoked }] },
      })
      const reply = await tells(arena, 'Create', outcomeOf(guild, 'i-late', 1, clock.now()))
      await settled(arena.river.site)
      far.serve('/users/guild', { body: guild.document })
      return reply
    },
  },
]

describe('hostile I: ours', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks(rows, () => arena)

  it('I a log that got shorter, or says other things than it said, is shown as such', async () => {
    const { river, far, guild, clock } = arena
    const say = (slug: string) => activity(guild, 'Create', outcomeOf(guild, slug, 1, clock.now()))
    const rootOfAll = (items: Json[]) =>
      rootOf(
        items
          .map((item) => leafHash(Buffer.from(canonical(item))))
          .reduce(grown, { size: 0, hashes: [] }),
      )
    const serve = (items: Json[], size: number, root = '0'.repeat(64)) => {
      const log = { size, root }
      far.serve('/users/guild/outbox', { body: { orderedItems: items, 'tributary:log': log } })
    }
    await unread(arena)
    const standing = async () => {
      await syncPeer(river.site, guild.id)
      return (await river.site.store.get('pulls', guild.id))?.standing
    }
    const entries = [say('i-log-1'), say('i-log-2')]
    serve(entries, 2)
    expect(await standing()).to.equal('diverged')
    serve(entries, 2, rootOfAll(entries))
    expect(await standing()).to.equal('consistent')
    serve([], 1, rootOfAll(entries.slice(0, 1)))
    expect(await standing()).to.equal('diverged')
    serve([], 2)
    expect(await standing()).to.equal('diverged')
    serve([], 2, rootOfAll(entries))
    expect(await standing()).to.equal('consistent')
  })

  it('I a term of another publisher does not become one of ours', async () => {
    const { river, guild, clock } = arena
    clock.forward(25 * 3600_000)
    const { proof: _proof, ...made } = outcomeOf(guild, 'i-terms', 1, clock.now()) as Json
    const record = made.outcomeRecord as Json
    const tags = { ...(record.tags as Json), sdgs: ['99', 'https://evil.example/sdg/1'] }
    const tag = [{ type: 'Link', rel: 'tag', href: 'https://evil.example/terms/c2', name: 'C2' }]
    await tells(
      arena,
      'Create',
      proven(guild, { ...made, tag, outcomeRecord: { ...record, tags } }, clock.now()),
    )
    await settled(river.site)
    const { actionLine = [] } = await river.site.store.facets(
      'items',
      { where: { initiative: guild.id } },
      ['actionLine'],
    )
    expect(actionLine).to.deep.equal([])
    const { text } = await ask(new URL('/search', river.origin), 'GET', {
      headers: ['accept', 'text/html'],
    })
    expect(text).not.to.include('evil.example')
  })

  it('I formulas in a table stay text', async () => {
    const { river, guild, clock } = arena
    clock.forward(25 * 3600_000)
    for (const [i, formula] of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'].entries()) {
      const { proof: _proof, ...made } = outcomeOf(guild, `i-csv-${i}`, 1, clock.now()) as Json
      const record = made.outcomeRecord as Json
      const { en } = record.texts as { en: Json }
      const texts = { en: { ...en, title: formula } }
      await tells(
        arena,
        'Create',
        proven(guild, { ...made, outcomeRecord: { ...record, texts } }, clock.now()),
      )
    }
    await settled(river.site)
    const { text, status } = await ask(new URL('/search.csv', river.origin), 'GET')
    expect(status).to.equal(200)
    expect(text).to.include('1+1')
    const cells = text
      .slice(1)
      .split('\r\n')
      .flatMap((line) => line.split(','))
    for (const cell of cells) {
      expect(cell).not.to.match(/^"?[=+\-@\t\r]/)
      if (/[\r\n]/.test(cell)) expect(cell).to.match(/^"/)
    }
  })
})
