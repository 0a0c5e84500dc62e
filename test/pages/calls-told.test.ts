/** A call for issues is told to everybody who follows: once when it opens, once before it closes, and in the feeds. */
import { expect } from 'chai'
import { follow } from '../../federation/follow.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, visitor, type Visitor } from '../help/visitor.ts'
import { tellOfCalls } from '../../server/calls-told.ts'

const DAY_MS = 24 * 3600_000
type Json = Record<string, unknown>

describe('a call for issues and those who follow', () => {
  let node: TestServer
  let keeper: Visitor
  const clock = testClock('2026-11-23T10:00:00.000Z')

  before(async () => {
    node = await foundedServer('node', clock)
    keeper = await signedIn(node)
  })
  after(endServers)

  const call = {
    ...{ 'title.en': 'What should we <b>talk</b> about?', text: 'Tell us.', slug: 'next' },
    ...{ opensAt: '2026-11-24T00:00', closesAt: '2026-12-24T12:00', categories: 'Rivers' },
  }

  /** What was said to everybody about it, oldest first. */
  async function told(slug = 'next'): Promise<Json[]> {
    const entries = await node.site.store.log('public', 0, 200)
    return entries
      .filter(({ item }) => item.startsWith(`${node.origin}/calls/${slug}/`))
      .map(({ wire }) => JSON.parse(wire) as Json)
  }

  it('is told once when it opens, as a Note that any server shows', async () => {
    const made = await keeper.fill('/host/calls/new', '/host/calls/new', call)
    expect(made.status, made.text).to.equal(200)
    await tellOfCalls(node.site)
    expect(await told()).to.have.length(0)
    clock.forward(DAY_MS)
    await Promise.all([tellOfCalls(node.site), tellOfCalls(node.site)])
    await tellOfCalls(node.site)
    const [activity, ...more] = await told()
    expect(more).to.have.length(0)
    expect(activity).to.include({ type: 'Create', actor: `${node.origin}/actor` })
    const note = activity?.object as Json
    expect(note).to.include({
      ...{ type: 'Note', id: `${node.origin}/calls/next/announcement` },
      ...{ url: `${node.origin}/calls/next`, attributedTo: `${node.origin}/actor` },
    })
    expect(note.content)
      .to.include('Call for issues “What should we &lt;b&gt;talk&lt;/b&gt; about?”')
      .and.include('December 24, 2026')
      .and.include(`<a href="${node.origin}/calls/next">`)
    const served = await fetch(String(note.id))
    expect(await served.json()).to.deep.equal(note)
    expect((await fetch(`${node.origin}/calls/next/reminder`)).status).to.equal(404)
  })

  it('is told once more three days before it closes, also when a host has changed it meanwhile', async () => {
    const form = '/host/calls/next/edit'
    keeper = await signedIn(node)
    const changed = await keeper.fill(form, form, { text: 'Tell us more.' })
    expect(changed.text).to.include('The changes to the call are saved.')
    clock.forward(25 * DAY_MS)
    await tellOfCalls(node.site)
    expect(await told()).to.have.length(1)
    clock.forward(3 * DAY_MS)
    await tellOfCalls(node.site)
    await tellOfCalls(node.site)
    const [, reminder, ...more] = await told()
    expect(more).to.have.length(0)
    expect((reminder?.object as Json).id).to.equal(`${node.origin}/calls/next/reminder`)
    expect((reminder?.object as Json).content).to.include('closes')
  })

  it('stands in the feed of everything new, both times', async () => {
    const { text } = await visitor(node.origin).get('/feed.json')
    const { items } = JSON.parse(text) as { items: { id: string; url: string; title: string }[] }
    expect(items.map(({ id }) => id)).to.deep.equal([
      `${node.origin}/calls/next/reminder`,
      `${node.origin}/calls/next/announcement`,
    ])
    expect(items[0]?.url).to.equal(`${node.origin}/calls/next`)
    expect(items[1]?.title).to.include('Call for issues: What should we <b>talk</b> about?')
    const atom = await visitor(node.origin, 'ar').get('/feed.atom')
    expect(atom.text).to.include('/calls/next/reminder')
  })

  it('is told at once when a host opens it, and reaches a server that follows', async () => {
    const other = await foundedServer('node', clock)
    await follow(other.site, node.origin)
    await until(async () => (await node.site.store.count('followers', {})) > 0)
    const late = {
      ...call,
      slug: 'late',
      opensAt: '2027-03-01T00:00',
      closesAt: '2027-03-02T00:00',
    }
    keeper = await signedIn(node)
    await keeper.fill('/host/calls/new', '/host/calls/new', late)
    await keeper.send(
      '/host/calls/late',
      { do: 'open' },
      tokenIn((await keeper.get('/host/calls/late')).text),
    )
    await until(async () => (await told('late')).length > 0)
    const { seq } = (await node.site.store.log('public', 0, 200)).at(-1) ?? { seq: -1 }
    await until(async () => {
      const [cursor] = await node.site.store.find('cursors', { limit: 1 })
      return cursor !== undefined && cursor.log >= seq
    })
  })
})
