/** What is brought in is published without flooding those who follow: in the log and the collections, told of in one post. */
import { expect } from 'chai'
import type { Item } from '../../content/model.ts'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { syncPeer } from '../../federation/sync.ts'
import { nothingBrought, tellBrought } from '../../server/imports/bulletin.ts'
import { arrivedBetween } from '../../server/mailing/arrivals.ts'
import { newsBetween } from '../../server/mailing/news.ts'
import { importAll } from '../../scripts/commands/import.ts'
import { itemFromMarkdown } from '../../content/import/markdown.ts'
import { foundedServer } from '../help/community.ts'
import { activity, endHostiles, type Hostile, hostileServer, send } from '../help/hostile.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'

const post = (n: number, published = '2012-03-04') =>
  itemFromMarkdown(
    `${n}.md`,
    `---\ntype: outcome\ntitle: Messages ${n}\nlanguage: en\nyear: 2012\npublished: ${published}T10:00:00Z\n---\n- Keep gauge ${n} public.\n`,
  )

describe('what is brought in', () => {
  let node: TestServer
  let other: TestServer
  let river: TestServer
  let fan: Hostile
  let group: string

  before(async () => {
    node = await foundedServer()
    other = await foundedServer()
    river = await foundedServer('aggregator')
    fan = await hostileServer()
    group = groupId(node.site)
    await follow(other.site, node.origin)
    await follow(river.site, node.origin)
    const ana = fan.actor('ana')
    await send(ana, `${node.origin}/inbox`, activity(ana, 'Follow', group), {
      at: node.site.now(),
    })
    await until(async () => (await node.site.store.count('followers', {})) === 3)
  })
  after(async () => {
    await endServers()
    await endHostiles()
  })

  const creates = () =>
    fan.delivered('Create').map(({ object }) => object as { id: string; content: string })
  const held = ({ site }: TestServer, type: Item['type']) =>
    site.store.count('items', { where: { type, initiative: group } })

  it('comes to no follower one by one: a post says how many there are, and where', async () => {
    const items = Array.from({ length: 40 }, (_, i) => post(i + 1))
    const brought = nothingBrought()
    const counts = await importAll(node.site, items, { quiet: true, brought })
    expect(counts).to.include({ imported: 40, wrong: 0 })
    await tellBrought(node.site, brought)
    const told = await until(async () => creates()[0])
    expect(told).to.include({ type: 'Note', url: `${node.origin}/outcomes` })
    expect(told).to.have.property('content').that.includes('40 earlier texts')
    const accept = { accept: 'application/activity+json' }
    const note = await fetch(told.id, { headers: accept })
    expect(await note.json()).to.include({ id: told.id, type: 'Note' })
    const fresh = await publish(node.site, 'fresh', '- Read this now.')
    await until(async () => creates().some(({ id }) => id === fresh))
    expect(creates()).to.have.lengthOf(2)
  })

  it('is whole at a node and an aggregator that follow, since they read the log', async () => {
    for (const server of [other, river]) {
      await until(async () => (await syncPeer(server.site, group)) === 0)
      expect(await held(server, 'outcome')).to.equal(41)
      expect(await held(server, 'message')).to.equal(41)
      const pull = await server.site.store.get('pulls', group)
      expect(pull).to.include({ standing: 'consistent', refused: 0 })
    }
  })

  it('is no news in the letters of either, and what is new is', async () => {
    const since = Date.now() - 3600_000
    const atRiver = await arrivedBetween(river.site, since, Date.now() + 1000)
    const { store } = node.site
    const atNode = await newsBetween(node.site, 0, await store.last('public'))
    for (const news of [atRiver, atNode])
      expect(news.map(({ item }) => item.id)).to.deep.equal([`${node.origin}/outcomes/fresh`])
  })

  it('is shown in the receipts as what it is, waiting for nobody', async () => {
    const host = await signedIn(node)
    const item = encodeURIComponent(`${node.origin}/outcomes/messages-7`)
    const { text } = await host.get(`/host/receipts?item=${item}`)
    expect(text).to.include('Not sent to each follower')
    const all = (await host.get('/host/receipts?page=2')).text
    expect(all).to.include('Not sent to each follower').and.not.include('0 of')
  })

  it('but a few that are new are sent as they always were', async () => {
    const before = creates().length
    const today = node.site.now().slice(0, 10)
    const brought = nothingBrought()
    await importAll(node.site, [post(90, today), post(91)], { quiet: true, brought })
    expect(brought).to.deep.equal({ outcomes: 1, discussions: 0, meetings: 0 })
    await until(async () => creates().length === before + 1)
    expect(creates().at(-1)?.id).to.equal(`${node.origin}/outcomes/messages-90`)
  })
})
