/** SECURITY-CLASSES G and H: what is not public stays so, forged logins and forms open nothing, and who is blocked does not come back. */
import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import { outcomeId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { write } from '../../content/outcomes.ts'
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
} from '../help/attack.ts'
import { loginId } from '../../server/login.ts'
import { ACTIVITY, activity, ask, type Foreigner, hostileServer, PUBLIC } from '../help/hostile.ts'
import { visitor } from '../help/visitor.ts'

/** Everything the node says to anybody, of any kind. */
async function everything({ node, talk }: Arena): Promise<string> {
  const { pathname } = new URL(talk)
  const { size } = await node.site.store.head()
  const paths = [
    '/',
    '/discussions',
    pathname,
    `${pathname}/replies`,
    `${pathname}/context`,
    '/actor/outbox',
    `/actor/outbox?page=${size}`,
    '/actor/outbox?after=0',
    '/actor/followers',
    '/search?q=secret',
    '/search.json?q=secret',
    '/search.csv?q=secret',
    '/feed.atom',
    '/feed.json',
    `${pathname}.json`,
    `${pathname}/feed.atom`,
    `${pathname}/feed.json`,
    '/outcomes',
    '/outcomes/hidden',
    '/outcomes/hidden/versions',
    '/outcomes/hidden.json',
    '/healthz',
    '/nodeinfo/2.1',
    '/log',
  ]
  const said: string[] = []
  for (const path of paths) {
    for (const accept of ['text/html', ACTIVITY])
      said.push(
        (await ask(new URL(path, node.origin), 'GET', { headers: ['accept', accept] })).text,
      )
  }
  return said.join('\n')
}

const withheld = (
  name: string,
  more: (by: Foreigner, arena: Arena) => object,
  becomes: string,
): Row => ({
  name,
  answers: '202',
  becomes,
  changes: true,
  does: (arena) => {
    const said = answerOf(arena.mallory, arena, 'A secret word.')
    const to = more(arena.mallory, arena)
    return arena.post(
      arena.mallory,
      activity(arena.mallory, 'Create', { ...said, ...to }, { ...to }),
    )
  },
  after: async (arena) => {
    expect(await everything(arena)).not.to.match(/A secret word/)
  },
})

const followersOf = ({ id }: Foreigner) => ({ to: [`${id}/followers`], cc: [] })

const g: Row[] = [
  withheld('G an answer that waits to be read (CVE-2026-25808)', () => ({}), 'done'),
  withheld('G an answer for followers alone (CVE-2025-30741)', followersOf, 'ignored'),
  withheld(
    'G an answer for one actor alone',
    (_by, { node }) => ({ to: [`${node.origin}/actor`] }),
    'ignored',
  ),
  withheld('G an answer for nobody', () => ({ to: [], cc: [] }), 'ignored'),
  {
    name: 'G a note for followers in an activity for everybody',
    answers: '202',
    becomes: 'ignored',
    does: (arena) => {
      const said = answerOf(arena.mallory, arena, 'A secret word.', followersOf(arena.mallory))
      return arena.post(arena.mallory, activity(arena.mallory, 'Create', said, { to: [PUBLIC] }))
    },
  },
]

/** From a server that is blocked; `brought` says by whom. */
const blocked = (name: string, answers: string, does: Row['does'], becomes = ''): Row => ({
  name: `H ${name} (CVE-2026-23961)`,
  answers,
  ...(becomes ? { becomes } : {}),
  does: async (arena) => {
    for (const { site } of [arena.node, arena.river]) {
      const id = arena.near.origin
      const known = await site.store.get('peers', id)
      const made = { id, inbox: `${id}/inbox`, signs: 'cavage', firstSeenAt: site.now() } as const
      await site.store.commit({ put: { peers: [{ ...made, ...known, standing: 'blocked' }] } })
    }
    return does(arena)
  },
  changes: true,
  after: async ({ node, river, near }) => {
    for (const { site } of [node, river]) {
      const items = await site.store.find('items', { where: { type: 'contribution' }, limit: 1000 })
      expect(items.filter(({ id }) => id.startsWith(near.origin))).to.deep.equal([])
    }
  },
})

const h: Row[] = [
  blocked('an answer from a blocked server', '403 inbox.blocked', (arena) =>
    arena.post(
      arena.victim,
      activity(arena.victim, 'Create', answerOf(arena.victim, arena, 'Back.')),
    ),
  ),
  ...['Update', 'Follow', 'Flag', 'Join', 'Delete'].map((type) =>
    blocked(`${type} from a blocked server`, '403 inbox.blocked', (arena) =>
      arena.post(
        arena.victim,
        activity(arena.victim, type, answerOf(arena.victim, arena, 'Back.')),
      ),
    ),
  ),
  blocked(
    'an Announce of what a blocked server said',
    '202',
    async (arena) => {
      const { guild, far, near, victim, river, clock } = arena
      const article = {
        id: `${far.origin}/talk`,
        type: 'Article',
        attributedTo: guild.id,
        name: 'Talk',
        content: 'x',
        published: clock.now(),
        to: [PUBLIC],
      }
      await arena.tell(guild, activity(guild, 'Create', article))
      await settled(river.site)
      const said = { ...answerOf(victim, arena, 'Back.'), inReplyTo: article.id }
      near.serve('/users/victim/notes/x', { body: { ...said, id: `${victim.id}/notes/x` } })
      return arena.tell(guild, activity(guild, 'Announce', `${victim.id}/notes/x`))
    },
    'refused inbox.blocked',
  ),
]

describe('hostile G and H: visibility and moderation', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks([...g, ...h], () => arena)

  it('G a draft is nowhere', async () => {
    const { site } = arena.node
    const by = { by: 'Noor', actor: `${site.origin}/actor`, at: site.now() }
    const texts = { en: { title: 'A secret word', markdown: '- A secret word.' } }
    const id = outcomeId(site, 'hidden')
    const fields = { language: 'en', texts, year: 2026, tags: {} }
    await record(site, write(fields, { id, slug: 'hidden', initiative: by.actor }, by))
    expect(await everything(arena)).not.to.match(/A secret word/)
  })

  it('G a letter to one peer is not for others', async () => {
    const { node, mallory, far } = arena
    await arena.post(mallory, activity(mallory, 'Follow', `${node.origin}/actor`))
    await settled(node.site)
    const letters = await node.site.store.log(`to:${far.origin}`, 0, 10)
    expect(letters.length).to.be.above(0)
    for (const { id } of letters) {
      const reply = await ask(new URL(id), 'GET', { headers: ['accept', ACTIVITY] })
      expect(`${reply.status} ${reply.problem}`).to.equal('404 not_here')
    }
  })

  it('G a login with algorithm none, another secret, no end, or a chosen value is none', async () => {
    const { node } = arena
    const encode = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
    const [person] = await node.site.store.find('people', { limit: 1 })
    const iat = Math.floor(Date.parse(node.site.now()) / 1000)
    const claims = { sub: person?.id, epoch: 1, jti: 'x', iat, exp: iat + 3600 }
    const times = { at: node.site.now(), until: new Date((iat + 3600) * 1000).toISOString() }
    const login = { id: loginId('x'), person: String(person?.id), epoch: 1, browser: '', ...times }
    await node.site.store.commit({ put: { logins: [login] } })
    const signed = (header: object, payload: object, secret: string) => {
      const text = `${encode(header)}.${encode(payload)}`
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    }
    const secret = (await node.site.store.get('notes', 'login-secret'))?.value ?? ''
    const { exp: _exp, ...endless } = claims
    const forged = [
      `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`,
      signed({ alg: 'HS256', typ: 'JWT' }, claims, 'guess'),
      signed({ alg: 'HS512', typ: 'JWT' }, claims, secret),
      signed({ alg: 'HS256', typ: 'JWT' }, endless, secret),
      signed({ alg: 'HS256', typ: 'JWT' }, { ...claims, exp: iat - 1 }, secret),
      signed({ alg: 'HS256', typ: 'JWT' }, { ...claims, epoch: 2 }, secret),
      'chosen-by-me',
    ]
    const cookie = `tributary-${new URL(node.origin).port}`
    const anonymous = (await visitor(node.origin).get('/about')).text
    for (const token of forged) {
      const guest = visitor(node.origin)
      guest.cookies.set(cookie, token)
      expect((await guest.get('/about')).text).to.equal(anonymous)
    }
    const real = visitor(node.origin)
    real.cookies.set(cookie, signed({ alg: 'HS256', typ: 'JWT' }, claims, secret))
    expect((await real.get('/about')).text).not.to.equal(anonymous)
  })

  it('G a form that another site makes somebody send', async () => {
    const { node } = arena
    const body = Buffer.from('name=x')
    const form = ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json']
    for (const from of [
      ['origin', 'https://evil.example'],
      ['sec-fetch-site', 'cross-site'],
      ['origin', 'null'],
    ]) {
      const reply = await ask(new URL('/login', node.origin), 'POST', {
        headers: [...form, ...from],
        body,
      })
      expect(`${reply.status} ${reply.problem}`).to.equal('403 form.foreign')
    }
  })

  it('H a log of a blocked server is not taken in', async () => {
    const { river, clock } = arena
    const gone = await hostileServer()
    const guild = gone.actor('guild', { type: 'Group' })
    const at = clock.now()
    const page = {
      orderedItems: [activity(guild, 'Create', outcomeOf(guild, 'h', 1, at))],
      'tributary:log': { size: 1, root: '0'.repeat(64) },
    }
    gone.serve('/users/guild/outbox', { body: page })
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
      peer: gone.origin,
      outbox: `${guild.id}/outbox`,
      after: 0,
      retryAt: at,
    }
    const peer = {
      id: gone.origin,
      inbox: `${gone.origin}/inbox`,
      signs: 'cavage',
      firstSeenAt: at,
    } as const
    await river.site.store.commit({
      put: {
        pulls: [{ ...shared, ...pull, standing: 'new' }],
        peers: [{ ...peer, standing: 'blocked' }],
      },
    })
    await syncPeer(river.site, guild.id)
    expect(
      await river.site.store.count('versions', { where: { outcome: `${gone.origin}/outcomes/h` } }),
    ).to.equal(0)
  })
})
