/** SECURITY-CLASSES D: whatever a stranger makes this server ask, nothing but public addresses is ever connected to. */
import { expect } from 'chai'
import { Refusal } from '../../content/refusal.ts'
import { groupId } from '../../federation/addresses.ts'
import { deliverDue } from '../../federation/deliver.ts'
import { findByAddress } from '../../federation/discovery.ts'
import type { Lookup } from '../../federation/fetch.ts'
import { applyTo, follow } from '../../federation/follow.ts'
import { applyJournal } from '../../federation/journal.ts'
import { followed, revealsNothing } from '../help/attack.ts'
import { foundedServer } from '../help/community.ts'
import {
  activity,
  endHostiles,
  type Foreigner,
  type Hostile,
  hostileServer,
  send,
} from '../help/hostile.ts'
import { endServers, guardedAs, testClock, type TestServer, until } from '../help/servers.ts'

/** The one address of this machine that counts as public here; the hostile server listens on it. */
const PUBLIC_HERE = '127.0.0.5'

const d1 = [
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
]
const d1six = ['::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'febf::1', 'fec0::1']
const d2 = [
  '0.0.0.0',
  '0.1.2.3',
  '224.0.0.1',
  '239.255.255.255',
  '100.64.0.1',
  '198.18.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.1',
  '192.0.0.1',
  '192.88.99.1',
]
const d2six = ['::', 'ff02::1', '2001:db8::1', '100::1', '3fff::1', '5f00::1']
const d3 = [
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '2001:10::1',
  '2001:20::1',
]
/** Other ways to write 127.0.0.1. */
const odd = [
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '127.0.0.1.',
  'localhost',
  'localhost.',
]

const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)

describe('hostile D: addresses', () => {
  const clock = testClock()
  let river: TestServer
  let far: Hostile
  let canary: Hostile
  let mallory: Foreigner
  const names: Record<string, string[]> = {
    'inside.example': ['127.0.0.1'],
    'inside6.example': ['::1'],
    'mixed.example': ['93.184.216.34', '127.0.0.1'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'nowhere.example': [],
  }
  const lookups: string[] = []
  const lookup: Lookup = (host, done) => {
    lookups.push(host)
    const found = (names[host] ?? ['127.0.0.1']).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
    done(null, found)
  }

  before(async () => {
    river = await foundedServer('aggregator', clock)
    far = await hostileServer(PUBLIC_HERE)
    canary = await hostileServer()
    mallory = far.actor('mallory')
    const { site } = river
    await site.fetch.close()
    guardedAs(river, { allowPrivate: (host) => host === PUBLIC_HERE, lookup })
    await followed(site, mallory)
  })
  afterEach(() => expect(canary.heard).to.deep.equal([]))
  after(async () => {
    await endHostiles()
    await endServers()
  })

  /** A delivery whose key is said to be at an address: it is fetched before anything is known of the sender. */
  async function keyAt(address: string): Promise<string> {
    clock.forward(60_000)
    const actor = `${address}/users/x`
    const sent = activity({ id: actor }, 'Follow', groupId(river.site))
    const how = { at: clock.now(), keyId: `${actor}#main-key` }
    const reply = await send(mallory, `${river.origin}/inbox`, sent, how)
    revealsNothing(reply)
    return `${reply.status} ${reply.problem}`
  }
  const refused = async (act: () => Promise<unknown>): Promise<string> => {
    try {
      await act()
      return 'done'
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.sentence
    }
  }

  for (const [name, addresses] of [
    ['D1 private, loopback and link-local addresses (CVE-2024-39687)', [...d1, ...d1six]],
    [
      'D2 addresses that are nobody’s, shared, for tests, for many (CVE-2026-50131)',
      [...d2, ...d2six],
    ],
    ['D3 addresses inside other addresses: mapped, translated, tunnelled', d3],
    ['D3 other ways to write an address of this machine', odd],
  ] as const) {
    it(`${name}, for a key`, async () => {
      for (const address of addresses) {
        for (const scheme of ['http', 'https'])
          expect(await keyAt(`${scheme}://${bracketed(address)}`), address).to.match(
            /^(503 signature.key_unavailable|401 signature.unknown_key|400 wire.field)$/,
          )
        expect(
          await keyAt(`http://${bracketed(address)}:${new URL(canary.origin).port}`),
          address,
        ).to.match(/^(503|401|400) /)
      }
    })
    it(`${name}, for an actor to follow, to apply to, and for a handle`, async () => {
      for (const address of addresses) {
        const host = `${bracketed(address)}:${new URL(canary.origin).port}`
        for (const url of [`http://${host}/users/x`, `https://${bracketed(address)}/`]) {
          expect(await refused(() => follow(river.site, url)), url).to.match(
            /^fetch\.|^discovery\./,
          )
          expect(await refused(() => applyTo(river.site, url)), url).to.match(
            /^fetch\.|^discovery\./,
          )
        }
        expect(await refused(() => findByAddress(river.site, `@x@${host}`)), host).to.match(
          /^fetch\.|^discovery\./,
        )
      }
    })
    it(`${name}, for an object that is announced`, async () => {
      for (const address of addresses) {
        const object = `https://${bracketed(address)}/notes/1`
        const sent = activity(mallory, 'Announce', object)
        await send(mallory, `${river.origin}/inbox`, sent, { at: clock.now() })
        const line = await until(async () => {
          await applyJournal(river.site)
          const held = await river.site.store.get('journal', `${mallory.id} ${String(sent.id)}`)
          return held?.state !== 'waiting' && held
        })
        expect(line.state, address).to.equal('refused')
      }
    })
  }

  it('D4 a name that leads to a private address, before the signature is verified (CVE-2026-77632)', async () => {
    for (const location of [
      `${canary.origin}/users/x`,
      'https://inside.example/users/x',
      'https://10.0.0.1/',
    ]) {
      far.serve('/users/x', { status: 302, headers: { location } })
      expect(await keyAt(far.origin)).to.equal('503 signature.key_unavailable')
    }
  })

  it('D5 a name is asked for when it is connected to, and every address of it must be public', async () => {
    for (const host of ['inside.example', 'inside6.example', 'mixed.example', 'mapped.example']) {
      lookups.splice(0)
      expect(await keyAt(`https://${host}`), host).to.equal('503 signature.key_unavailable')
      expect(lookups, host).to.include(host)
      expect(await refused(() => findByAddress(river.site, `@x@${host}`))).to.equal(
        'fetch.private_address',
      )
    }
    expect(await keyAt('https://nowhere.example')).to.equal('503 signature.key_unavailable')
  })

  it('D6 an inbox on another host, and one that leads there (GHSA-f59r-8gcj-68f2)', async () => {
    const sly = far.actor('sly', { inbox: `${canary.origin}/inbox` })
    expect(await keyAt(far.origin)).to.match(/^503/)
    const at = clock.now()
    const sent = activity(sly, 'Follow', groupId(river.site))
    const reply = await send(sly, `${river.origin}/inbox`, sent, { at })
    expect(`${reply.status} ${reply.problem}`).to.equal('401 signature.unknown_key')
    const shared = far.actor('shared', { endpoints: { sharedInbox: `${canary.origin}/inbox` } })
    far.serve('/users/shared/inbox', {
      status: 307,
      headers: { location: `${canary.origin}/inbox` },
    })
    const follows = activity(shared, 'Follow', groupId(river.site))
    await send(shared, `${river.origin}/inbox`, follows, { at: clock.now() })
    await until(async () => far.heard.some(({ url }) => url === '/users/shared/inbox'))
    await until(async () => (await river.site.store.get('cursors', far.origin))?.failures === 1)
  })

  it('D6 an inbox whose name has become that of a private address', async () => {
    const id = 'https://inside.example'
    const at = clock.now()
    const peer = { id, standing: 'unknown', signs: 'cavage', firstSeenAt: at } as const
    const state = { state: 'waiting', follows: true, log: 0, letters: 0, failures: 0 } as const
    await river.site.store.commit({
      put: { peers: [{ ...peer, inbox: `${id}/inbox` }], cursors: [{ id, ...state, retryAt: at }] },
      log: [
        {
          stream: `to:${id}`,
          id: `${id}/1`,
          actor: groupId(river.site),
          verb: 'Accept',
          item: `${id}/a`,
          at,
          wire: '{}',
        },
      ],
    })
    await deliverDue(river.site)
    const cursor = await until(async () => {
      const held = await river.site.store.get('cursors', id)
      return held && held.failures > 0 && held
    })
    expect(cursor.why).to.equal('fetch.private_address')
  })

  it('D7 other schemes, ports, and names with a password (CVE-2026-62857)', async () => {
    for (const address of [
      `ftp://${PUBLIC_HERE}`,
      'file:///etc',
      'gopher://public.example',
      'http://public.example',
      'https://public.example:22',
      'https://public.example:8443',
      'https://ana:secret@public.example',
    ])
      expect(await keyAt(address), address).to.match(/^(401 signature.unknown_key|400 wire.field)$/)
    expect(lookups).not.to.include('public.example')
  })

  it('D8 of somebody who is not yet approved nothing is asked but their own document', async () => {
    const hopeful = far.actor('hopeful', {
      type: 'Group',
      url: `${canary.origin}/about`,
      icon: { type: 'Image', url: `${canary.origin}/icon.png` },
      outbox: `${canary.origin}/outbox`,
      followers: `${canary.origin}/followers`,
      featured: `${canary.origin}/featured`,
      initiativeRecord: { website: `${canary.origin}/` },
    })
    const sent = activity(hopeful, 'Join', groupId(river.site), { target: `${canary.origin}/x` })
    await send(hopeful, `${river.origin}/inbox`, sent, { at: clock.now() })
    await until(
      async () => (await river.site.store.get('registry', hopeful.id))?.standing === 'applied',
    )
    expect(
      far.heard.filter(({ url }) => url.includes('hopeful')).map(({ url }) => url),
    ).to.deep.equal(['/users/hopeful', '/users/hopeful'])
  })
})
