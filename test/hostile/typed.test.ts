/** SECURITY-CLASSES D, E and F where people type addresses: their own server, what they want to answer, what they report. */
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { filledNode } from '../help/community.ts'
import { ACTIVITY, endHostiles, type Hostile, hostileServer, note } from '../help/hostile.ts'
import { endServers, guardedAs, testClock, type TestServer } from '../help/servers.ts'
import { fromElsewhere, signedIn } from '../help/signed-in.ts'
import { shortKey } from '../../content/short-key.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

/** The one address of this machine that counts as public here. */
const PUBLIC_HERE = '127.0.0.6'
const AUTHORIZE = '/authorize_interaction'

describe('hostile: what is typed', () => {
  const clock = testClock()
  let node: TestServer
  let far: Hostile
  let canary: Hostile
  let reader: Visitor
  let boss: Visitor

  before(async () => {
    node = await filledNode('coast', clock)
    far = await hostileServer(PUBLIC_HERE)
    canary = await hostileServer()
    reader = visitor(node.origin)
    boss = await signedIn(node)
    await node.site.fetch.close()
    guardedAs(node, {
      allowPrivate: (host) => host === PUBLIC_HERE,
      lookup: (_host, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    })
  })
  afterEach(() => expect(canary.heard).to.deep.equal([]))
  after(async () => {
    await endHostiles()
    await endServers()
  })

  const typed = (address: string) => {
    clock.forward(60_000)
    return reader.send('/interact', { uri: groupId(node), address })
  }
  const opened = (uri: string) => {
    clock.forward(60_000)
    return boss.get(`${AUTHORIZE}?uri=${encodeURIComponent(uri)}`)
  }

  const places = () => [canary.host, '10.0.0.1', '169.254.169.254', 'inside.example', '[::1]']

  it('D8 an address of one’s own account that leads to a private network', async () => {
    for (const place of places())
      for (const address of [`@a@${place}`, `https://${place}`, `https://${place}/@a`]) {
        const { status, text } = await typed(address)
        expect(status, address).to.equal(400)
        expect(text, address).not.to.match(/ECONN|Refresh|class="button" href="http/)
      }
  })

  it('D8 something to be answered that leads to a private network, or is no page', async () => {
    for (const place of places())
      expect((await opened(`https://${place}/note`)).status, place).to.equal(403)
    for (const uri of [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'x'.repeat(5000),
    ])
      expect((await opened(uri)).status, uri.slice(0, 20)).to.equal(400)
  })

  it('F something to be answered with code in its words and the name of who says it', async () => {
    const code = '<script>evil()</script><img src=x onerror=evil()><p>the end</p>'
    const eve = far.actor('eve', { name: code, url: 'javascript:evil()' })
    const said = note(eve, `${far.origin}/x`, code, { id: `${far.origin}/code`, name: code })
    const context = 'https://www.w3.org/ns/activitystreams'
    far.serve('/code', {
      headers: { 'content-type': ACTIVITY },
      body: { '@context': context, ...said },
    })
    const { status, text } = await opened(`${far.origin}/code`)
    expect(status).to.equal(200)
    expect(text)
      .to.include('the end')
      .and.not.match(/<script>evil|<img src=x|href="javascript/)
  })

  it('B1 something to be answered that claims the id or the author of another', async () => {
    const eve = far.actor('mask')
    const context = 'https://www.w3.org/ns/activitystreams'
    const claims = [
      { id: 'https://victim.example/1' },
      { attributedTo: 'https://victim.example/a' },
    ]
    for (const [i, claim] of claims.entries()) {
      const said = note(eve, `${far.origin}/x`, 'psst', { id: `${far.origin}/mask${i}`, ...claim })
      const headers = { 'content-type': ACTIVITY }
      far.serve(`/mask${i}`, { headers, body: { '@context': context, ...said } })
      const { status, text } = await opened(`${far.origin}/mask${i}`)
      expect(status).to.equal(403)
      expect(text).not.to.include('psst')
    }
  })

  it('G a way to open or answer anything elsewhere without an account, or by a form of another site', async () => {
    const uri = `${far.origin}/code`
    expect((await reader.get(`${AUTHORIZE}?uri=${uri}`)).url).to.equal('/login')
    expect((await reader.send(AUTHORIZE, { uri, text: 'x', language: 'en' })).url).to.equal(
      '/login',
    )
    expect((await boss.send(AUTHORIZE, { uri, text: 'x', language: 'en' })).status).to.equal(403)
  })

  it('E10 a flood of reports, and of addresses of servers to be asked', async () => {
    const id = `${node.origin}/discussions/what-should-2027-be-about`
    const talk = await node.site.store.get('items', id)
    if (!talk) throw new Error('no discussion')
    const post = await fromElsewhere(node.site, 'calm', talk, { visibility: 'shown' })
    const path = `/contributions/${shortKey(post)}/report`
    const reports = await Promise.all(
      Array.from({ length: 30 }, () => reader.send(path, { reason: 'x' })),
    )
    expect(reports.filter(({ status }) => status === 200)).to.have.length(5)
    expect(reports.find(({ status }) => status === 429)?.headers.get('retry-after')).to.match(
      /^\d+$/,
    )
    const where = { verb: 'reported', item: post }
    expect(await node.site.store.count('acts', { where })).to.equal(5)
    const asked = await Promise.all(
      Array.from({ length: 30 }, () =>
        reader.send('/interact', { uri: groupId(node), address: '@a@10.0.0.1' }),
      ),
    )
    expect(asked.filter(({ status }) => status === 429).length).to.be.at.least(9)
  })

  it('E8 a report that is huge, and one about what is not there', async () => {
    clock.forward(3600_000)
    const long = await reader.send(
      `/contributions/${shortKey('https://social.example/posts/calm')}/report`,
      {
        reason: 'x'.repeat(100_000),
      },
    )
    expect(long.status).to.equal(400)
    expect((await reader.send('/contributions/nothing/report', { reason: 'x' })).status).to.equal(
      404,
    )
  })
})

describe('hostile: what one’s own server answers', () => {
  after(async () => {
    await endHostiles()
    await endServers()
  })

  it('F a template of one’s own server that is code, or wants to know more than the address', async () => {
    const clock = testClock()
    const node = await filledNode('coast', clock)
    const far = await hostileServer()
    const reader = visitor(node.origin)
    const templates = [
      'javascript:alert("{uri}")',
      'data:text/html,{uri}',
      'https://me:secret@evil.example/{uri}',
      'https://evil.example/?u={uri}&cookie={cookie}',
      'https://evil.example/without',
      '//evil.example/{uri}',
    ]
    for (const [i, template] of templates.entries()) {
      const subject = `acct:t${i}@${far.host}`
      far.serve(`/.well-known/webfinger?resource=${encodeURIComponent(subject)}`, {
        headers: { 'content-type': 'application/jrd+json' },
        body: {
          subject,
          links: [
            { rel: 'http://ostatus.org/schema/1.0/subscribe', template },
            { rel: 'https://w3id.org/fep/3b86/Follow', template },
          ],
        },
      })
      const { status, text, headers } = await reader.send('/interact', {
        uri: groupId(node),
        address: `@t${i}@${far.host}`,
      })
      expect(status, template).to.equal(400)
      expect(text, template).to.include('does not offer this way').and.not.include('evil.example')
      expect(headers.get('refresh'), template).to.equal(null)
    }
  })
})
