/** A log that was read before copies of logs were kept: its copy is completed afterwards, and what waited to be applied has its place. */
import { expect } from 'chai'
import type { Version } from '../../content/model.ts'
import { groupId, versionId } from '../../federation/addresses.ts'
import { completeCopies } from '../../federation/copies.ts'
import { follow } from '../../federation/follow.ts'
import { applyJournal } from '../../federation/journal.ts'
import { syncPeer } from '../../federation/sync.ts'
import { checkBundle } from '../../federation/verify.ts'
import { followedNode, foundedServer, readWhole } from '../help/community.ts'
import { endProxies, startProxy } from '../help/proxy.ts'
import { correct, publish, withdraw } from '../help/publishing.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'

const LATER = '2030-01-01T00:00:00.000Z'
/** More than a few pages of the log. */
const FILLERS = 1300
const MINUTE_MS = 60_000

describe('a log that was read before copies were kept', () => {
  let node: TestServer
  let river: TestServer
  let id: string
  let outcome: string
  let clock: ReturnType<typeof testClock>

  beforeEach(async () => {
    clock = testClock()
    ;({ node, river, id } = await followedNode(clock))
    outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    await correct(node.site, outcome, '- Rivers know no borders at all.')
    await node.site.store.commit({
      log: Array.from({ length: FILLERS }, (_, i) => ({
        stream: 'public' as const,
        id: `${node.origin}/activities/filler-${i}`,
        ...{ actor: id, verb: 'Like', item: 'x', at: node.site.now() },
        wire: `{"filler":${i}}`,
      })),
    })
    await withdraw(node.site, await publish(node.site, 'late', '- The last.'))
    await readWhole(river, node)
  })
  afterEach(endServers)

  /** As a version of the program left it that kept no copies and no places. */
  async function forget(): Promise<void> {
    const { store } = river.site
    const pull = await store.get('pulls', id)
    const last = Math.floor(Number(pull?.after) / 256)
    const tiles = Array.from({ length: last + 1 }, (_, n) => `${id} 0/${n}`)
    const versions = (await store.find('versions', {})).map(
      ({ seq: _seq, envelope: _envelope, ...rest }) => rest as Version,
    )
    await store.commit({
      put: { versions },
      drop: { tiles: [...tiles, `${id} 1/0`], copies: [id] },
    })
  }

  const proof = (version: string) =>
    fetch(`${river.origin}/log/bundle?entry=${encodeURIComponent(version)}`)
  const page = async () =>
    (await (await signedIn(river)).get(`/host/peers/peer?id=${encodeURIComponent(node.origin)}`))
      .text
  const round = async () => {
    clock.forward(MINUTE_MS)
    return completeCopies(river.site)
  }

  it('is read once more, in steps, until every version is proven from here, and then no more', async () => {
    await forget()
    expect((await proof(versionId(outcome, 1))).status).to.equal(404)
    expect(await page()).to.match(/Being completed in small steps: [\d,]+ of 1,3\d\d entries/)
    await publish(node.site, 'more', '- Meanwhile.')
    await readWhole(river, node)
    await until(async () => {
      await round()
      return (await river.site.store.get('copies', id))?.wholeAt
    })
    for (const version of [versionId(outcome, 1), versionId(outcome, 2)]) {
      const { checks } = await checkBundle(await (await proof(version)).json(), LATER)
      expect(checks.filter(({ right }) => !right)).to.deep.equal([])
    }
    const gone = await proof(versionId(`${node.origin}/outcomes/late`, 2))
    expect(
      (await checkBundle(await gone.json(), LATER)).checks.every(({ right }) => right),
    ).to.equal(true)
    expect(await page()).to.include('Whole: it can be proven from here')
    expect(await round()).to.equal(0)
    await publish(node.site, 'after', '- Afterwards.')
    await readWhole(river, node)
    expect((await proof(versionId(`${node.origin}/outcomes/after`, 1))).status).to.equal(200)
  })

  it('keeps nothing of a beginning that is not what was read, and says so', async () => {
    await forget()
    const pull = await river.site.store.get('pulls', id)
    const frontier = pull?.frontier.map((hash, i) => (i === 0 ? 'ab'.repeat(32) : hash)) ?? []
    if (pull) await river.site.store.commit({ put: { pulls: [{ ...pull, frontier }] } })
    const why = await until(async () => {
      await round()
      return (await river.site.store.get('copies', id))?.why
    })
    expect(why).to.equal('copy.other')
    expect(await page()).to.include('is not what was read')
    expect((await proof(versionId(outcome, 1))).status).to.equal(404)
  })

  it('is not read twice when it was copied from its first entry on', async () => {
    expect((await river.site.store.get('copies', id))?.wholeAt).to.be.a('string')
    expect(await round()).to.equal(0)
  })
})

describe('a version that had to wait when its log was read', () => {
  afterEach(async () => {
    await endServers()
    endProxies()
  })

  it('has its place in the log when it is applied at last', async () => {
    const clock = testClock()
    const proxy = await startProxy()
    const { origin } = proxy
    const node = await foundedServer('node', clock, undefined, { origin })
    // Without a signed head the keys are not asked for before they are needed.
    const answer = (text: string) => text.replace(/"checkpoint":"[^"]*",?/, '')
    proxy.behave({ port: node.port, answer })
    const river = await foundedServer('aggregator', clock)
    const id = groupId(node.site)
    await follow(river.site, origin)
    await readWhole(river, node)
    const { store } = river.site
    const actor = await store.get('actors', id)
    if (!actor) throw new Error('nobody is followed')
    await store.commit({ put: { actors: [{ ...actor, keys: [], fetchedAt: clock.now() }] } })
    const version = versionId(await publish(node.site, 'water', '- Rivers know no borders.'), 1)
    await syncPeer(river.site, id)
    const where = { state: 'waiting' }
    const [line] = await store.find('journal', { where })
    expect(line?.seq).to.equal(await node.site.store.last('public'))
    expect(await store.get('versions', version)).to.equal(undefined)
    const held = await until(async () => {
      clock.forward(MINUTE_MS)
      await applyJournal(river.site)
      return store.get('versions', version)
    })
    expect(held.seq).to.equal(line?.seq)
    expect(held.envelope).to.include('"type":"Create"')
  })
})
