/** What an aggregator proves from its own copy of a log, with its origin there and gone. */
import { expect } from 'chai'
import { leafHash, rootFromPath } from '../../content/merkle.ts'
import type { Outcome, Version } from '../../content/model.ts'
import { shortKey } from '../../content/short-key.ts'
import { groupId, versionId } from '../../federation/addresses.ts'
import { readCheckpoint } from '../../federation/checkpoints.ts'
import { follow, unfollow } from '../../federation/follow.ts'
import type { Inclusion } from '../../federation/log.ts'
import { acceptLog } from '../../federation/pasts.ts'
import { canonical, type Json } from '../../federation/proofs.ts'
import { checkBundle, questions } from '../../federation/verify.ts'
import { foundedServer, readWhole } from '../help/community.ts'
import { correct, publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { endProcesses, tributary } from '../scripts/run.ts'

const later = '2030-01-01T00:00:00.000Z'
/** More than fill one tile, so that the path goes through two levels of them. */
const FILLERS = 700

describe('an outcome that an aggregator holds', () => {
  let node: TestServer
  let river: TestServer
  let id: string
  let outcome: string

  const read = () => readWhole(river, node)
  const fill = (from: number, count: number) =>
    node.site.store.commit({
      log: Array.from({ length: count }, (_, i) => ({
        stream: 'public' as const,
        id: `${node.origin}/activities/filler-${from + i}`,
        ...{ actor: id, verb: 'Like', item: 'x', at: node.site.now() },
        wire: `{"filler":${from + i}}`,
      })),
    })
  const asked = (path: string, entry: string) =>
    fetch(`${river.origin}/log/${path}?entry=${encodeURIComponent(entry)}`)
  const bundle = async (entry: string) =>
    (await (await asked('bundle', entry)).json()) as { entry: Json; inclusion: Inclusion }
  const right = async (entry: string) => {
    const { checks } = await checkBundle(await bundle(entry), later)
    return checks.filter((each) => each.right).map(({ question }) => question)
  }
  const everything = questions.filter((question) => !['pinned', 'quorum'].includes(question))
  const pageOf = (path = '') => `${river.origin}/outcomes/${shortKey(outcome)}${path}`

  beforeEach(async () => {
    ;[node, river] = await Promise.all([foundedServer(), foundedServer('aggregator')])
    id = groupId(node.site)
    await follow(river.site, node.origin)
    outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    await read()
  })
  afterEach(async () => {
    await endProcesses()
    await endServers()
  })

  it('is proven from the copy that it keeps, at every size of the log, as its origin would', async () => {
    for (const [from, count] of [
      [0, 253],
      [253, 1],
      [254, 1],
      [255, FILLERS - 255],
    ] as const) {
      await fill(from, count)
      await read()
      const proof = (await (await asked('proof', versionId(outcome, 1))).json()) as Inclusion
      const there = `${node.origin}/log/proof?entry=${encodeURIComponent(versionId(outcome, 1))}`
      const theirs = (await (await fetch(there)).json()) as Inclusion
      const { checkpoint, ...place } = theirs
      expect(proof).to.deep.include(place).and.have.property('readAt')
      expect(proof.checkpoint.startsWith(checkpoint)).to.equal(true)
      const entry = await node.site.store.entry(proof.entry)
      const leaf = leafHash(Buffer.from(String(entry?.wire)))
      const path = proof.hashes.map((hash) => Buffer.from(hash, 'hex'))
      expect(rootFromPath(proof.index, proof.size, leaf, path).toString('hex')).to.equal(
        readCheckpoint(proof.checkpoint).root,
      )
    }
  })

  it('is checked when its origin is gone, by the aggregator’s address alone, to the letter as it was signed', async () => {
    const activity = (await node.site.store.get('versions', versionId(outcome, 1)))?.activity
    const wire = (await node.site.store.entry(String(activity)))?.wire
    await node.close()
    const held = await bundle(versionId(outcome, 1))
    expect(canonical(held.entry)).to.equal(wire)
    expect(await right(versionId(outcome, 1))).to.deep.equal(everything)
    const { code, text } = await tributary(['verify', pageOf()])
    expect(code, text).to.equal(0)
    expect(text.match(/^✓ /gm)).to.have.length.within(everything.length, everything.length + 1)
    const page = await (await fetch(pageOf('/proof'))).text()
    expect(page).to.include('Held here').and.include(`${river.origin}/log/bundle`)
  })

  it('is still proven when its initiative is no longer followed', async () => {
    await until(() => river.site.store.get('cosigned', new URL(node.origin).host))
    await unfollow(river.site, id)
    await node.close()
    expect(await river.site.store.get('pulls', id)).to.equal(undefined)
    expect(await right(versionId(outcome, 1))).to.deep.equal(everything)
    expect((await fetch(pageOf('/proof'))).status).to.equal(200)
  })

  it('is proven in each of its versions, and when it was withdrawn, pushed or pulled', async () => {
    await correct(node.site, outcome, '- Rivers know no borders at all.')
    await withdraw(node.site, outcome)
    await until(async () => {
      const face = await river.site.store.get('items', outcome)
      return face?.type === 'outcome' && face.state === 'withdrawn'
    })
    await read()
    for (const number of [1, 2, 3])
      expect(await right(versionId(outcome, number)), String(number)).to.deep.equal(everything)
  })

  it('has no proof that would not hold: of a copy that was altered, of what is not shown, of what it does not hold', async () => {
    await fill(0, 3)
    await read()
    const { store } = river.site
    const version = (await store.get('versions', versionId(outcome, 1))) as Version
    const tile = await store.get('tiles', `${id} 0/0`)
    const altered = Buffer.from(tile?.hashes ?? '', 'base64').fill(7, 64, 96)
    const put = { id: `${id} 0/0`, ...tile, hashes: altered.toString('base64') }
    await store.commit({ put: { tiles: [put] } })
    expect((await asked('proof', version.id)).status).to.equal(404)
    const again = await store.get('tiles', put.id)
    await store.commit({ put: { tiles: [{ ...put, ...again, hashes: tile?.hashes ?? '' }] } })
    expect((await asked('proof', version.id)).status).to.equal(200)
    const face = (await store.get('items', outcome)) as Outcome
    await store.commit({ put: { items: [{ ...face, visibility: 'removed' }] } })
    for (const path of ['proof', 'bundle'])
      expect((await asked(path, version.id)).status, path).to.equal(404)
    expect((await asked('proof', versionId(outcome, 9))).status).to.equal(404)
  })

  it('is proven in the log as it is now, once a person has accepted one that was restored from a backup', async () => {
    await fill(0, 300)
    await read()
    const lost = river.site.store
    const pull = await lost.get('pulls', id)
    if (!pull) throw new Error('it is not followed')
    const divergence = {
      at: later,
      ours: { size: 1, root: '' },
      theirs: { size: 1, root: '' },
      since: 1,
      quarantined: 1,
    }
    await lost.commit({ put: { pulls: [{ ...pull, standing: 'diverged', divergence }] } })
    await acceptLog(river.site, id, 'Noor')
    await read()
    expect(await right(versionId(outcome, 1))).to.deep.equal(everything)
  })
})
