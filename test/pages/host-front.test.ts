/** The host's front page: what waits, and what comes next. */
import { expect } from 'chai'
import { contribute } from '../../content/discussions.ts'
import { take, write } from '../../content/outcomes.ts'
import { contributionId, discussionId, groupId, outcomeId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { filledNode, foundedServer, host } from '../help/community.ts'
import { discuss } from '../help/publishing.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000

describe('the front page of the host', () => {
  const clock = testClock('2026-10-01T10:00:00.000Z')
  let node: TestServer
  let guest: Visitor

  before(async () => {
    node = await filledNode('coast', clock)
    guest = await signedIn(node)
  })
  after(endServers)

  async function signedIn(server: TestServer): Promise<Visitor> {
    const one = visitor(server.origin)
    await one.send('/login', { email: host.email, password: host.password })
    return one
  }

  const by = () => ({ by: 'Noor', actor: groupId(node.site), at: clock.now() })

  it('counts the contributions that wait, and leads to them', async () => {
    const about = discussionId(node.site, 'what-should-2027-be-about')
    const { put } = contribute(
      contributionId(node.site, 'held'),
      { text: 'Cables.', language: 'en' },
      { about, inReplyTo: about, initiative: groupId(node.site) },
      { id: 'https://far.example/a', name: 'A', handle: 'a@far.example' },
      { ...by(), open: true },
    )
    const items = (put?.items ?? []).map((item) => ({ ...item, visibility: 'held' as const }))
    await node.site.store.commit({ put: { items } })
    const { text } = await guest.get('/host')
    expect(text).to.include('<a href="/host/contributions">1 contribution waits to be read</a>')
    const arabic = await guest.get('/host?lang=ar')
    expect(arabic.text).to.include('مساهمة واحدة تنتظر القراءة')
  })

  it('names the comment periods that end soon, and those after which nothing has followed', async () => {
    const id = outcomeId(node.site, 'soon')
    const texts = { en: { title: 'Soon over', markdown: '1. One message.' } }
    const identity = { id, slug: 'soon', initiative: groupId(node.site) }
    await record(node.site, write({ language: 'en', texts, year: 2026, tags: {} }, identity, by()))
    const draft = await node.site.store.get('drafts', id)
    const closesAt = new Date(Date.parse(clock.now()) + 10 * DAY_MS).toISOString()
    if (draft) await record(node.site, take(draft, 'open', { closesAt }, by()))
    expect((await guest.get('/host')).text).not.to.include('Soon over')
    clock.forward(5 * DAY_MS)
    const again = await signedIn(node)
    const soon = (await again.get('/host')).text
    expect(soon).to.include('<a href="/host/outcomes/soon">').and.include('Closes <b>in 4 days</b>')
    expect(soon).not.to.include('no step has followed yet')
    clock.forward(6 * DAY_MS)
    const over = (await (await signedIn(node)).get('/host')).text
    expect(over).to.include('no step has followed yet')
  })

  it('counts the working copies by their stage', async () => {
    const { text } = await (await signedIn(node)).get('/host')
    expect(text).to.match(
      /<dt>Published<\/dt><dd><a href="\/host\/outcomes\?state=published">\d outcome/,
    )
  })

  it('stays under 50 kB on every page, with hundreds of peers that have their receipts', async () => {
    const item = await discuss(node.site, 'told-to-hundreds', 'Who hears this?')
    const entries = await node.site.store.log('public', 0, 100)
    const peers = Array.from({ length: 300 }, (_, i) => `https://initiative-${i}.example`)
    const at = clock.now()
    await node.site.store.commit({
      put: {
        peers: peers.map((id) => ({
          id,
          standing: 'trusted' as const,
          inbox: `${id}/inbox`,
          signs: 'cavage' as const,
          firstSeenAt: at,
        })),
        cursors: peers.map((id, i) => ({
          id,
          log: i % 2 ? 0 : entries.length,
          letters: 0,
          follows: true,
          state: 'waiting' as const,
          failures: i % 2,
          retryAt: '2030-01-01T00:00:00.000Z',
          why: 'HTTP 503',
        })),
        receipts: peers.flatMap((peer) =>
          entries.map(({ stream, seq, id, item: about }) => ({
            id: `${peer} ${stream} ${seq}`,
            peer,
            stream,
            seq,
            item: about,
            activity: id,
            status: 202,
            tries: 1,
            at,
          })),
        ),
      },
    })
    const one = await signedIn(node)
    const about = encodeURIComponent(item)
    for (const path of ['/host', '/host/receipts', `/host/receipts?item=${about}`, '/host/peers']) {
      const { status, text } = await one.get(`${path}${path.includes('?') ? '&' : '?'}lang=ar`)
      expect(status).to.equal(200)
      expect(Buffer.byteLength(text), path).to.be.below(50 * 1024)
    }
    const { text } = await one.get(`/host/receipts?item=${about}`)
    expect(text).to.include('and ').and.include('more servers').and.include('status 503')
  })

  it('on an aggregator leads to its registry', async () => {
    const river = await foundedServer('aggregator', clock)
    const { text } = await (await signedIn(river)).get('/host')
    expect(text).to.include('Add the first initiative').and.include('href="/host/registry"')
    expect(text).not.to.include('/host/meetings')
  })
})
