/** A node moves to another domain, its followers come along, and nothing that it published is lost, changed or there twice. */
import { expect } from 'chai'
import type { Item, Outcome, Version } from '../../content/model.ts'
import { bundleAt, groupId, versionId } from '../../federation/addresses.ts'
import { applyTo, answerApplication, follow } from '../../federation/follow.ts'
import { movesSoFar, moveTo } from '../../federation/moving.ts'
import { syncPeer } from '../../federation/sync.ts'
import type { Site } from '../../federation/site.ts'
import { checkBundle } from '../../federation/verify.ts'
import { examine } from '../../server/doctor.ts'
import { initiativePlace, outcomePlace } from '../../server/pages/parts/links.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { endFronts, type Front, front } from '../help/fronts.ts'
import { answerFrom, correct, discuss, publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const AS = { accept: 'application/activity+json' }
const json = async (url: string) => {
  const answer = await fetch(url, { headers: AS, redirect: 'manual' })
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    text: await answer.text(),
  }
}

describe('moving to another domain', () => {
  let older: Front
  let newer: Front
  let node: TestServer
  let friend: TestServer
  let river: TestServer
  let from: string
  let to: string
  let first: string
  let mended: string
  let ended: string
  let talk: string
  let remark: string

  const itemsAt = async ({ store }: Site, initiative: string) =>
    store.find('items', { where: { initiative }, limit: 1000 })
  const arrived = (at: TestServer, id: string, version: number) =>
    until(async () => {
      const held = await at.site.store.get('versions', versionId(id, version))
      return held?.verification.result === 'verified' && held
    })

  before(async () => {
    ;[older, newer] = [await front(), await front()]
    node = await filledNode('coast', undefined, { origin: older.origin })
    for (const each of [older, newer]) each.leadTo(node.port)
    friend = await filledNode('valley')
    river = await foundedServer('aggregator')
    ;[from, to] = [groupId({ origin: older.origin }), groupId({ origin: newer.origin })]
    first = await publish(node.site, 'before', '- Said before the move.')
    mended = await publish(node.site, 'mended', '- Said with a misstake.')
    ended = await publish(node.site, 'ended', '- To be withdrawn.')
    talk = await discuss(node.site, 'talk', 'What now?')
    const about = (await node.site.store.get('items', talk)) as Item
    remark = await answerFrom(node.site, 'amira', about, 'Onward.')
    await applyTo(node.site, river.origin)
    await until(async () => (await river.site.store.get('registry', from))?.standing === 'applied')
    await answerApplication(river.site, from, 'listed', 'Noor')
    await follow(friend.site, older.origin)
    for (const each of [friend, river]) {
      await until(async () => (await each.site.store.get('pulls', from))?.standing === 'consistent')
      await arrived(each, first, 1)
    }
    await until(async () => (await river.site.store.get('items', remark))?.visibility === 'shown')
  })
  after(async () => {
    await endServers()
    await endFronts()
  })

  it('is refused, and changes nothing, while the new address does not lead to this server', async () => {
    const nowhere = await front()
    const why = async (address: string) => {
      const before = await node.site.store.head()
      const refusal = await moveTo(node.site, address, 'test').catch((error: Error) => error)
      expect(await node.site.store.head()).to.deep.equal(before)
      expect(node.site.origin).to.equal(older.origin)
      return refusal && String(Reflect.get(refusal, 'sentence'))
    }
    expect(await why(nowhere.origin)).to.equal('move.no_answer')
    expect(await why(friend.origin)).to.equal('move.not_here')
    expect(await why(older.origin)).to.equal('move.same')
    expect(await why('not an address')).to.equal('move.address')
  })

  it('its followers follow at the new address, and the listing comes along', async () => {
    await moveTo(node.site, newer.origin, 'test')
    for (const each of [friend, river]) {
      await until(async () => (await each.site.store.get('following', to))?.state === 'accepted')
      expect(await each.site.store.get('following', from)).to.equal(undefined)
    }
    expect((await river.site.store.get('registry', to))?.standing).to.equal('listed')
    expect(await river.site.store.get('registry', from)).to.equal(undefined)
    await until(async () => (await movesSoFar(node.site)).left[0]?.left === 0)
    const { left, here } = await movesSoFar(node.site)
    expect(left[0]).to.include({ from: older.origin, to: newer.origin, before: 2, left: 0 })
    expect(here).to.equal(2)
  })

  it('the log is read at the new address from its start, and nothing in it is refused', async () => {
    for (const each of [friend, river]) {
      const pull = await until(async () => {
        const held = await each.site.store.get('pulls', to)
        return held?.standing === 'consistent' && held
      })
      const { size, root } = await node.site.store.head()
      expect(pull).to.include({ size, root, held: size, refused: 0 })
    }
  })

  it('everything stands under one initiative, and is counted once', async () => {
    await until(async () => (await itemsAt(river.site, from)).length === 0)
    const ids = (items: Item[]) => items.map(({ id }) => id).sort()
    const here = (await itemsAt(node.site, to)).filter(({ visibility }) => visibility === 'shown')
    expect(ids(await itemsAt(river.site, to))).to.deep.equal(ids(here))
    const initiatives = await river.site.store.find('initiatives', {})
    expect(initiatives.filter(({ id }) => [from, to].includes(id)).map(({ id }) => id)).to.eql([to])
    const outcome = (await river.site.store.get('items', first)) as Outcome
    expect(outcome).to.include({ verified: true, initiative: to })
    for (const rest of ['', '.json', '/feed.atom']) {
      const [then, now] = [from, to].map((id) => `${river.origin}${initiativePlace(id)}${rest}`)
      const answer = await fetch(String(then), { redirect: 'manual' })
      expect(answer.status).to.equal(301)
      expect(`${river.origin}${answer.headers.get('location')}`).to.equal(now)
      expect((await fetch(String(now))).status).to.equal(200)
    }
    const page = await visitor(river.origin).get(outcomePlace(outcome))
    expect(page.text).to.include('It stood at')
  })

  it('what was published keeps its id, its actor and its bytes, at its own address', async () => {
    const held = await node.site.store.get('versions', versionId(first, 1))
    const there = await json(first)
    expect(there).to.include({ status: 200, text: held?.wire })
    expect(JSON.parse(there.text)).to.include({ id: first, attributedTo: from })
    const { pathname } = new URL(first)
    expect(await json(newer.origin + pathname)).to.include({ status: 301, location: first })
    expect(JSON.parse((await json(from)).text)).to.include({ id: from, movedTo: to })
    expect(JSON.parse((await json(to)).text).alsoKnownAs).to.deep.equal([from])
    const { preferredUsername } = JSON.parse((await json(to)).text) as { preferredUsername: string }
    for (const [at, id] of [
      [older, from],
      [newer, to],
    ] as const) {
      const account = `acct:${preferredUsername}@${new URL(at.origin).host}`
      const finger = await fetch(`${at.origin}/.well-known/webfinger?resource=${account}`)
      expect(((await finger.json()) as { aliases: string[] }).aliases).to.deep.equal([id])
    }
    const bundle = await fetch(bundleAt(newer.origin, versionId(first, 1)))
    const { checks } = await checkBundle(await bundle.json(), node.site.now())
    expect(checks.filter(({ right }) => !right)).to.deep.equal([])
  })

  it('old web addresses lead to the new ones', async () => {
    const { pathname } = new URL(first)
    const answer = await fetch(`${older.origin}${pathname}?lang=ar`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    })
    expect(answer.status).to.equal(301)
    expect(answer.headers.get('location')).to.equal(`${newer.origin}${pathname}?lang=ar`)
    const page = await visitor(newer.origin).get(pathname)
    expect(page.status).to.equal(200)
    expect(page.text).to.include('Said before the move.')
  })

  it('what is new is said by the new actor, and an old outcome is corrected and withdrawn by the old one', async () => {
    const fresh = await publish(node.site, 'after', '- Said after the move.')
    expect(fresh).to.equal(`${newer.origin}/outcomes/after`)
    await correct(node.site, mended, '- Said without a mistake.')
    await withdraw(node.site, ended)
    await discuss(node.site, 'talk', 'What then?')
    for (const each of [friend, river]) {
      expect(await arrived(each, fresh, 1)).to.include({ initiative: to })
      expect(await arrived(each, mended, 2)).to.include({ initiative: from })
      expect(await arrived(each, ended, 2)).to.include({ state: 'withdrawn' })
    }
    await until(async () => {
      const held = await river.site.store.get('items', talk)
      return held?.type === 'discussion' && held.text.includes('What then?')
    })
    const { initiative } = (await river.site.store.get('items', mended)) as Outcome
    expect(initiative).to.equal(to)
  })

  it('a second aggregator that follows the new address has the whole history, verified', async () => {
    const late = await foundedServer('aggregator')
    await follow(late.site, newer.origin)
    await until(async () => (await late.site.store.get('pulls', to))?.standing === 'consistent')
    const pull = await late.site.store.get('pulls', to)
    expect(pull).to.include({ refused: 0 })
    await same(node.site, late.site)
    await late.close()
  })

  it('doctor misses the old address when it goes dark, and not before', async () => {
    const missed = async () =>
      (await examine(node.site, node.config)).filter(({ well }) => !well).map(({ name }) => name)
    expect(await missed()).not.to.include('former')
    await older.goDark()
    expect(await missed()).to.include('former')
  })

  it('when the old domain is given up, edits of what stood there still arrive, item by item, once and verified', async () => {
    await correct(node.site, mended, '- Said once more.')
    const last = await publish(node.site, 'last', '- Said at the end.')
    for (const each of [friend, river]) {
      await arrived(each, mended, 3)
      await arrived(each, last, 1)
    }
    await syncPeer(river.site, to)
    const { size, root } = await node.site.store.head()
    const standing = { size, root, held: size, refused: 0, standing: 'consistent' }
    expect(await river.site.store.get('pulls', to)).to.include(standing)
    await same(node.site, river.site)
    await same(node.site, friend.site)
  })

  it('it goes by the new address after a restart, though the settings still say the old one', async () => {
    const again = await node.restart()
    expect(again.site.origin).to.equal(newer.origin)
    expect(again.site.former).to.deep.equal([older.origin])
    newer.leadTo(again.port)
    expect((await visitor(newer.origin).get('/outcomes/before')).status).to.equal(200)
  })

  /** Every version here is there: once, word for word, verified; and nothing else of this initiative is. */
  async function same(here: Site, there: Site): Promise<void> {
    const own = (all: Version[]) => all.filter(({ initiative }) => [from, to].includes(initiative))
    const versions = async ({ store }: Site) =>
      own(await store.find('versions', { limit: 1000 })).sort((a, b) => (a.id < b.id ? -1 : 1))
    const [mine, theirs] = await Promise.all([versions(here), versions(there)])
    expect(theirs.map(({ id }) => id)).to.deep.equal(mine.map(({ id }) => id))
    expect(theirs.map(({ digest }) => digest)).to.deep.equal(mine.map(({ digest }) => digest))
    expect(new Set(theirs.map(({ verification }) => verification.result))).to.eql(
      new Set(['verified']),
    )
    for (const type of ['outcome', 'message', 'discussion', 'meeting', 'session'] as const) {
      const where = { type, initiative: to, visibility: 'shown' }
      const count = (site: Site) => site.store.count('items', { where })
      expect(await count(there), type).to.equal(await count(here))
    }
  }
})
