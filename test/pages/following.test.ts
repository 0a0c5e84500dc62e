/** Following from wherever one is: feeds in three formats, themes, and one's own server. */
import { expect } from 'chai'
import { groupId, outcomeId } from '../../federation/addresses.ts'
import { filledNode } from '../help/community.ts'
import { endHostiles, type Hostile, hostileServer } from '../help/hostile.ts'
import { correct, publish } from '../help/publishing.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { fromElsewhere } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const OUTCOME = '/outcomes/data-for-fishing-communities'

describe('following', () => {
  let node: TestServer
  let reader: Visitor
  let far: Hostile
  const clock = testClock()

  before(async () => {
    node = await filledNode('coast', clock)
    reader = visitor(node.origin)
    far = await hostileServer()
  })
  after(endHostiles)
  after(endServers)

  const places = async () => {
    const first = async (type: string) =>
      new URL((await node.site.store.find('items', { where: { type }, limit: 1 }))[0]?.id ?? '')
        .pathname
    return ['/', '/outcomes/', `${OUTCOME}/`]
      .concat(await Promise.all(['meeting', 'discussion'].map(async (t) => `${await first(t)}/`)))
      .concat('/themes/sdgs/14/')
  }

  it('every page that can be followed has its feeds in Atom, RSS and JSON Feed, and says so in its head', async () => {
    for (const place of await places()) {
      const page = await reader.get(place.replace(/(.)\/$/, '$1'))
      expect(page.status, place).to.equal(200)
      for (const [ending, type, start] of [
        ['atom', 'application/atom+xml', '<?xml'],
        ['rss', 'application/rss+xml', '<?xml'],
        ['json', 'application/feed+json', '{'],
      ]) {
        const href = `${place}feed.${ending}`
        expect(page.text).to.include(`<link rel="alternate" type="${type}" href="${href}"`)
        const feed = await reader.get(href)
        expect(feed.headers.get('content-type'), href).to.include(type)
        expect(feed.text.startsWith(String(start))).to.equal(true)
        expect(feed.text).to.include(`${node.origin}${place.replace(/(.)\/$/, '$1')}`)
      }
    }
  })

  it('a feed is not sent again while nothing is new, and its entries keep their ids', async () => {
    const id = await publish(node.site, 'tides', '1. Count the *tides*.')
    const first = await reader.get('/outcomes/tides/feed.json')
    // The fetch of this machine would ask for a fresh one otherwise.
    const headers = {
      'if-none-match': first.headers.get('etag') ?? '',
      'cache-control': 'max-age=0',
    }
    const same = await reader.get('/outcomes/tides/feed.json', { headers })
    expect(same).to.include({ status: 304, text: '' })
    await correct(node.site, id, '1. Count the *tides* daily.')
    await fromElsewhere(
      node.site,
      'bea',
      { id, initiative: groupId(node) },
      { visibility: 'shown' },
    )
    const next = await reader.get('/outcomes/tides/feed.json', { headers })
    expect(next.status).to.equal(200)
    const { items } = JSON.parse(next.text) as { items: { id: string; content_html: string }[] }
    const ids = items.map((each) => each.id)
    expect(ids).to.have.members([
      `${id}/versions/1`,
      `${id}/versions/2`,
      'https://social.example/posts/bea',
    ])
    expect(items.map((each) => each.content_html).join()).to.include('<em>tides</em> daily')
  })

  it('a feed says in which language and direction its words are', async () => {
    const oases = await filledNode('oases', clock)
    const arabic = visitor(oases.origin, 'ar')
    const { text } = await arabic.get('/feed.atom')
    expect(text).to.include('xml:lang="ar"').and.include('<div lang="ar" dir="rtl">')
    expect((await arabic.get('/feed.rss')).text).to.include('<language>ar</language>')
  })

  it('a theme shows what is said about it here, and a tag leads there', async () => {
    expect((await reader.get(OUTCOME)).text).to.include('href="/themes/')
    const { text } = await reader.get('/themes/sdgs/14')
    expect(text).to.include('href="/outcomes/').and.include('class="folded no-print" id="follow"')
    expect((await reader.get('/themes')).text).to.include('href="/themes/sdgs/14"')
    for (const path of ['/themes/sdgs/99', '/themes/constructor/1', '/themes/sdgs'])
      expect((await reader.get(path)).status, path).to.equal(404)
  })

  const jrd = (subject: string, links: object[]) => ({
    headers: { 'content-type': 'application/jrd+json' },
    body: JSON.stringify({ subject, links }),
  })
  const subscribe = (template: string) => ({
    rel: 'http://ostatus.org/schema/1.0/subscribe',
    template,
  })
  const finger = (user: string, links: object[]) =>
    far.serve(
      `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${user}@${far.host}`)}`,
      jrd(`acct:${user}@${far.host}`, links),
    )
  const interact = (address: string, uri = groupId(node)) => {
    clock.forward(60_000)
    return reader.send('/interact', { uri, address })
  }

  it('takes a reader to their own server, by their address or only the name of it', async () => {
    finger('ana', [subscribe(`${far.origin}/authorize?uri={uri}`)])
    finger('127.0.0.1', [
      {
        rel: 'https://w3id.org/fep/3b86/Follow',
        template: `${far.origin}/f?o={object}&x={on-success}`,
      },
      { rel: 'https://w3id.org/fep/3b86/Object', template: `${far.origin}/o?o={object}` },
    ])
    const group = encodeURIComponent(groupId(node))
    const ana = await interact(`@ana@${far.host}`)
    expect(ana.text).to.include(`href="${far.origin}/authorize?uri=${group}"`)
    expect(ana.headers.get('set-cookie')).to.equal(null)
    const bare = await interact(far.origin)
    expect(bare.text).to.include(`href="${far.origin}/f?o=${group}&amp;x="`)
    expect(bare.text).to.include('ready to be followed')
    const item = await interact(far.origin, outcomeId(node, 'data-for-fishing-communities'))
    expect(item.text).to.include(`${far.origin}/o?o=`).and.include('you answer it there')
  })

  it('says what is wrong with an address, and keeps what was typed', async () => {
    finger('mute', [])
    finger('odd', [subscribe(`${far.origin}/s?uri={uri}&token={secret}`)])
    finger('script', [subscribe('javascript:alert({uri})')])
    for (const [address, sentence] of [
      ['', 'fill'],
      ['no address', 'not an address in the fediverse'],
      [`@mute@${far.host}`, 'does not offer this way'],
      [`@odd@${far.host}`, 'does not offer this way'],
      [`@script@${far.host}`, 'does not offer this way'],
      [`@nobody@${far.host}`, 'did not answer'],
    ] as const) {
      const { status, text } = await interact(address)
      expect(status, address).to.equal(400)
      expect(text, address).to.include(sentence).and.include(`value="${address}"`)
    }
    expect((await interact('@a@b.example', 'https://evil.example/')).status).to.equal(400)
  })
})
