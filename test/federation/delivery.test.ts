/** Delivery to peers that hang, fail, refuse, vanish or come back: each gets everything, and nobody waits for another. */
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { deliverDue } from '../../federation/deliver.ts'
import { follow, retryFollows } from '../../federation/follow.ts'
import { heardFrom } from '../../federation/peers.ts'
import { foundedServer } from '../help/community.ts'
import { activity, endHostiles, type Foreigner, hostileServer, send } from '../help/hostile.ts'
import { publish } from '../help/publishing.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'

const HANGING = 100

describe('delivery', () => {
  const clock = testClock()
  let node: TestServer

  before(async () => {
    node = await foundedServer('node', clock)
  })
  after(async () => {
    await endHostiles()
    await endServers()
  })

  const cursorOf = (origin: string) => node.site.store.get('cursors', origin)
  const followedBy = async (each: Foreigner) => {
    const at = clock.now()
    await send(each, `${node.origin}/inbox`, activity(each, 'Follow', groupId(node.site)), { at })
    const origin = new URL(each.id).origin
    await until(async () => (await cursorOf(origin))?.letters === 1)
    return origin
  }
  const failedOnce = (origin: string) =>
    until(async () => {
      const cursor = await cursorOf(origin)
      return cursor !== undefined && cursor.failures > 0 && cursor
    })

  it('a healthy peer is served at once while a hundred others hang, and stopping waits for none', async () => {
    const slow = await foundedServer('node')
    const { site } = slow
    const far = await hostileServer('0.0.0.0')
    const { port } = new URL(far.origin)
    const origins = Array.from({ length: HANGING + 1 }, (_, i) => `http://127.0.1.${i + 1}:${port}`)
    const healthy = String(origins.at(-1))
    const got: string[] = []
    far.serve('/inbox', ({ headers, body }) => {
      if (headers.host !== new URL(healthy).host) return undefined
      got.push(body)
      return { status: 202 }
    })
    const at = site.now()
    const shared = { log: 0, letters: 0, follows: true, state: 'waiting', failures: 0 } as const
    await site.store.commit({
      put: {
        peers: origins.map((id) => ({
          id,
          standing: 'unknown',
          inbox: `${id}/inbox`,
          signs: 'cavage',
          firstSeenAt: at,
        })),
        cursors: origins.map((id) => ({ id, ...shared, retryAt: at })),
      },
    })
    for (const slug of ['one', 'two', 'three']) {
      const id = await publish(site, slug, `- ${slug}.`)
      await until(async () => got.some((body) => body.includes(`"id":"${id}"`)))
    }
    await slow.close()
  })

  it('a peer that fails is tried again later and later, gets all in order, and each once', async () => {
    const far = await hostileServer()
    const origin = await followedBy(far.actor('ivo'))
    let status = 500
    far.serve('/inbox', () => ({ status }))
    const first = await publish(node.site, 'a', '- A.')
    const waits: number[] = []
    for (let tries = 1; tries <= 14; tries += 1) {
      const { retryAt, failures } = await failedOnce(origin)
      expect(failures).to.equal(tries)
      waits.push(Math.round((Date.parse(retryAt) - Date.parse(clock.now())) / 1000))
      clock.forward(Date.parse(retryAt) - Date.parse(clock.now()) + 1)
      await deliverDue(node.site)
      await until(async () => (await cursorOf(origin))?.failures === tries + 1)
    }
    expect(waits).to.deep.equal(waits.toSorted((a, b) => a - b))
    expect(waits.at(-1)).to.equal(6 * 3600)
    const second = await publish(node.site, 'b', '- B.')
    status = 202
    far.heard.splice(0)
    clock.forward(7 * 3600_000)
    await deliverDue(node.site)
    await until(async () => (await cursorOf(origin))?.failures === 0)
    const ids = far.delivered('Create').map(({ object }) => (object as { id: string }).id)
    expect(ids).to.deep.equal([first, second])
    const where = { peer: origin, item: first }
    expect(await node.site.store.count('receipts', { where })).to.equal(1)
  })

  it('Retry-After is honoured; a refusal of one entry by name is an answer', async () => {
    const far = await hostileServer()
    const origin = await followedBy(far.actor('jon'))
    far.serve('/inbox', () => ({ status: 429, headers: { 'retry-after': '3600' } }))
    await publish(node.site, 'c', '- C.')
    const { retryAt } = await failedOnce(origin)
    expect(Date.parse(retryAt) - Date.parse(clock.now())).to.be.within(3_590_000, 3_600_000)
    far.serve('/inbox', () => ({ status: 422 }))
    clock.forward(3_600_000)
    await deliverDue(node.site)
    await until(async () => (await cursorOf(origin))?.failures === 0)
    expect(await cursorOf(origin)).to.include({ state: 'idle', log: (await head()).size })
  })
  const head = () => node.site.store.head()

  it('a 410 of the inbox ends nothing while the actor is there; a 410 of the actor does', async () => {
    const far = await hostileServer()
    const kim = far.actor('kim')
    const origin = await followedBy(kim)
    far.serve('/inbox', () => ({ status: 410 }))
    await publish(node.site, 'd', '- D.')
    expect((await failedOnce(origin)).state).to.equal('waiting')
    far.serve('/users/kim', { status: 410 })
    clock.forward(3_600_000)
    await deliverDue(node.site)
    await until(async () => (await cursorOf(origin))?.state === 'ended')
    const follower = `${kim.id} ${groupId(node.site)}`
    expect(await node.site.store.get('followers', follower)).to.equal(undefined)
    const asked = far.heard.length
    await publish(node.site, 'e', '- E.')
    clock.forward(40 * 24 * 3600_000)
    await deliverDue(node.site)
    expect(far.heard.length).to.equal(asked)
  })

  it('who is heard from again is tried at once, but not more often than every quarter minute', async () => {
    const far = await hostileServer()
    const origin = await followedBy(far.actor('lea'))
    far.serve('/inbox', () => ({ status: 500 }))
    await publish(node.site, 'f', '- F.')
    await failedOnce(origin)
    for (let tries = 2; tries <= 4; tries += 1) {
      clock.forward(3_600_000)
      await deliverDue(node.site)
      await until(async () => (await cursorOf(origin))?.failures === tries)
    }
    const before = far.heard.length
    await heardFrom(node.site, origin)
    await until(async () => far.heard.length > before)
    await until(async () => (await cursorOf(origin))?.failures === 1)
    const after = far.heard.length
    for (let i = 0; i < 20; i += 1) await heardFrom(node.site, origin)
    await deliverDue(node.site)
    expect(far.heard.length).to.equal(after)
  })

  it('a wish that comes while an entry is under way is kept beside the progress', async () => {
    const far = await hostileServer()
    const origin = await followedBy(far.actor('ned'))
    far.serve('/inbox', (_heard, res) => {
      const touched = cursorOf(origin).then(
        (held) =>
          held && node.site.store.commit({ put: { cursors: [{ ...held, follows: false }] } }),
      )
      void touched.then(() => res.writeHead(202).end())
      return undefined
    })
    await publish(node.site, 'i', '- I.')
    const { size } = await head()
    await until(async () => (await cursorOf(origin))?.log === size)
    expect(await cursorOf(origin)).to.include({ follows: false, state: 'idle' })
  })

  it('a Follow that nobody answers is asked again, whatever becomes of the others', async () => {
    const [dead, far] = [await hostileServer(), await hostileServer()]
    const [gone, late] = [dead.actor('gone'), far.actor('late')]
    for (const each of [gone, late]) await follow(node.site, each.id)
    await until(async () => far.delivered('Follow').length === 1)
    dead.serve('/users/gone', { status: 410 })
    clock.forward(25 * 3600_000)
    await retryFollows(node.site)
    await until(async () => far.delivered('Follow').length === 2)
    const asked = await node.site.store.get('following', gone.id)
    expect(Date.parse(asked?.retryAt ?? '')).to.be.above(Date.parse(clock.now()))
  })

  it('a peer that takes only RFC 9421 is known by it from then on; nobody is sent to another place', async () => {
    const far = await hostileServer()
    const other = await hostileServer()
    const origin = await followedBy(far.actor('max'))
    far.serve('/inbox', ({ headers }) => ({ status: headers['signature-input'] ? 202 : 401 }))
    await publish(node.site, 'g', '- G.')
    await until(async () => (await node.site.store.get('peers', origin))?.signs === 'rfc9421')
    const headers = { location: `${other.origin}/inbox` }
    far.serve('/inbox', () => ({ status: 307, headers }))
    await publish(node.site, 'h', '- H.')
    await failedOnce(origin)
    expect(other.heard).to.deep.equal([])
  })
})
