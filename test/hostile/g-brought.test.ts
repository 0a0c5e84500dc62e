/** Comments that are brought in: what others put into them, and who pretends to speak for somebody else. */
import { expect } from 'chai'
import type { Contribution } from '../../content/model.ts'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { applyJournal } from '../../federation/journal.ts'
import { receive } from '../../federation/receive.ts'
import { endProcesses, forEach, type Settings, tributary } from '../scripts/run.ts'
import { foundedServer } from '../help/community.ts'
import { activity, endHostiles, type Hostile, hostileServer, note, send } from '../help/hostile.ts'
import { discuss } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

describe('hostile: what is brought in', () => {
  let node: TestServer
  let river: TestServer
  let host: Visitor
  let evil: Hostile

  before(async () => {
    node = await foundedServer()
    river = await foundedServer('aggregator')
    host = await signedIn(node)
    evil = await hostileServer()
  })
  after(async () => {
    await endProcesses()
    await endServers()
    await endHostiles()
  })

  const under = async ({ site }: TestServer, about: string) =>
    (await site.store.find('items', {
      where: { type: 'contribution', about },
      limit: 1000,
    })) as Contribution[]
  const written = (id: string, author: string, text: string) =>
    `<wp:comment><wp:comment_id>${id}</wp:comment_id><wp:comment_author><![CDATA[${author}]]></wp:comment_author><wp:comment_approved>1</wp:comment_approved><wp:comment_content><![CDATA[${text}]]></wp:comment_content></wp:comment>`

  /** The discussion that a post with these comments has become. */
  async function brought(number: number, comments: string): Promise<string> {
    const text = `<?xml version="1.0"?><rss xmlns:content="x" xmlns:wp="y"><channel><item><title>Should it be public?</title><guid>https://old.example/?p=${number}</guid><content:encoded>Words of number ${number}.</content:encoded>${comments}</item></channel></rss>`
    const { url } = await host.fill('/host/import', '/host/import', { text, address: [] })
    const id = url.split('/').at(-1) ?? ''
    const state = async () => (await node.site.store.get('imports', id))?.state
    await until(async () => (await state()) === 'ready')
    await host.fill(url, url, { do: 'write' })
    await until(async () => (await state()) === 'ready')
    return (await node.site.store.get('proposed', `${id}/000001`))?.item ?? ''
  }

  it('E8 thousands of comments, long ones, and ones that answer in a circle come to an end', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => written(String(i + 1), 'Ana', `Said ${i}.`))
    const circle = [written('7', 'Bo', 'One'), written('7', 'Bo', 'Two')].join('')
    const about = await brought(1, circle + many.join(''))
    const found = await under(node, about)
    expect(found.length).to.be.at.most(500)
    expect(found.filter(({ authorName }) => authorName === 'Bo')).to.have.lengthOf(1)
    const long = await brought(2, written('1', 'A'.repeat(100_000), 'b '.repeat(100_000)))
    expect((await under(node, long))[0]?.text.length).to.be.at.most(20_000)
    expect((await visitor(node.origin).get(new URL(about).pathname)).status).to.equal(200)
  })

  it('F scripts, odd links and turned letters in a comment or its author are not shown', async () => {
    const bad = `<script>alert(1)</script><a href="javascript:alert(2)">x</a><img src=x onerror=alert(3)><p style="x">Words</p>`
    const about = await brought(3, written('1', '<b onclick=alert(4)>Ana</b>\u202enoor', bad))
    const [one] = await under(node, about)
    expect(one?.authorName).to.equal('Ana noor')
    const { text } = await visitor(node.origin).get(new URL(about).pathname)
    expect(text)
      .to.include('Words')
      .and.not.match(/alert\(|onerror|\u202e|href="javascript/)
  })

  it('G a name that is an e-mail or an IP address is kept nowhere', async () => {
    const names = ['ana@mail.example', 'Ana <ana@mail.example>', '203.0.113.9', '2001:db8::7']
    const about = await brought(4, names.map((each, i) => written(`${i}`, each, 'Yes.')).join(''))
    const found = await under(node, about)
    expect(found.map(({ authorName }) => authorName)).to.have.members(['', '', '', 'Ana'])
    const listed = JSON.stringify(await node.site.store.find('proposed', { limit: 1000 }))
    expect(listed).not.to.match(/mail\.example|203\.0\.113/)
    const { text } = await visitor(node.origin).get(new URL(about).pathname)
    expect(text).not.to.match(/mail\.example|203\.0\.113|2001:db8/)
  })

  it('B2 a stranger who says that a reply was brought in speaks for nobody else: it is their own, and waits', async () => {
    const mallory = evil.actor('mallory', { name: 'Mallory' })
    const about = await discuss(node.site, 'talk', 'What now?')
    const forged = note(mallory, about, 'The minister agrees.', {
      broughtIn: { name: 'The minister', from: 'https://ministry.example/' },
    })
    const sent = activity(mallory, 'Create', forged)
    await send(mallory, `${node.origin}/inbox`, sent, { at: new Date().toISOString() })
    await applyJournal(node.site)
    const [held] = await until(async () => {
      const found = await under(node, about)
      return found.length > 0 && found
    })
    expect(held).to.include({ visibility: 'held', author: mallory.id, authorName: 'Mallory' })
    expect(held?.brought).to.equal(undefined)
  })

  it('B5 an initiative brings in nothing under the discussion of another', async () => {
    const other = await foundedServer()
    await follow(river.site, node.origin)
    await follow(river.site, other.origin)
    const mine = groupId(node.site)
    const about = await until(async () => {
      const where = { type: 'discussion', initiative: mine }
      return (await river.site.store.find('items', { where }))[0]?.id
    })
    const theirs = groupId(other.site)
    await until(async () => (await river.site.store.get('following', theirs))?.state === 'accepted')
    const forged = note({ id: theirs }, about, 'We agree.', {
      id: `${other.origin}/contributions/forged`,
      broughtIn: { name: 'Coast' },
    })
    const from = { actor: theirs }
    await receive(river.site, activity({ id: theirs }, 'Create', forged), from)
    expect(await river.site.store.get('items', forged.id)).to.equal(undefined)
  })

  const secret = '<html><body><p>the word that only the inside knows</p></body></html>'
  /** The command as an operator types it; private addresses are refused as they are in the world. */
  const typed = (address: string, more: Settings = {}) =>
    tributary(['import', address], {
      TRIBUTARY_DATA: node.data,
      TRIBUTARY_ORIGIN: node.origin,
      ...more,
    })

  it('D1 an address at the terminal reaches nothing inside, and says so in a sentence', async () => {
    evil.serve('/inside', { headers: { 'content-type': 'text/html' }, body: secret })
    await forEach(
      [`${evil.origin}/inside`, 'http://169.254.169.254/latest/', 'http://[::1]/'],
      async (address) => {
        const { code, text } = await typed(address)
        expect(code, text).to.equal(1)
        expect(text).not.to.match(/only the inside|\n\s+at /)
      },
    )
    expect(evil.asked('/inside')).to.equal(0)
  })

  it('D7 an address at the terminal is http or https, and no file behind another scheme', () =>
    forEach(['file:///etc/passwd', 'gopher://old.example/', 'ftp://old.example/'], async (each) => {
      const { code, text } = await typed(each)
      expect(code, text).to.equal(1)
      expect(text).not.to.match(/root:|\n\s+at /)
    }))

  it('E6 a site at the terminal whose posts and comments never end is read no further than its limits', async () => {
    const headers = { 'content-type': 'application/json' }
    const page = (each: (id: number) => object, size: number) => {
      return ({ url }: { url: string }) => {
        const from = Number(/[?&]page=(\d+)/.exec(url)?.[1]) * size
        const list = Array.from({ length: size }, (_, i) => each(from + i))
        return { headers, body: JSON.stringify(list) }
      }
    }
    const link = `<link rel="https://api.w.org/" href="${evil.origin}/wp-json/">`
    evil.serve('/', { headers: { 'content-type': 'text/html' }, body: link })
    const said = { rendered: '<p>Words.</p>' }
    const posts = page((id) => {
      const title = { rendered: 'Same' }
      return { id: 7, link: `${evil.origin}/${id % 3}/`, title, content: said }
    }, 50)
    evil.serve('/wp-json/wp/v2/posts', posts)
    evil.serve('/wp-json/wp/v2/pages', { headers, body: '[]' })
    evil.serve(
      '/wp-json/wp/v2/comments',
      page((id) => ({ id, post: 7, content: said }), 100),
    )
    const { code, text } = await typed(`${evil.origin}/`, { TRIBUTARY_PRIVATE_PEERS: 'allow' })
    expect(code, text).to.equal(0)
    const asked = (kind: string) => evil.heard.filter(({ url }) => url.includes(kind)).length
    expect(asked('/comments?')).to.be.at.most(50)
    expect(asked('/posts?')).to.be.at.most(50)
  })
})
