/** What was said to the posts of an older site: it comes in with their discussions, named, dated and marked. */
import { expect } from 'chai'
import type { Contribution } from '../../content/model.ts'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { syncPeer } from '../../federation/sync.ts'
import { foundedServer } from '../help/community.ts'
import { endHostiles, type Hostile, hostileServer } from '../help/hostile.ts'
import { begin, rows, settled } from '../help/importing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import type { Visitor } from '../help/visitor.ts'

const comment = (id: number, author: string, text: string, more = '') =>
  `<wp:comment><wp:comment_id>${id}</wp:comment_id><wp:comment_author><![CDATA[${author}]]></wp:comment_author>
<wp:comment_author_email>secret@mail.example</wp:comment_author_email><wp:comment_author_url>https://secret.example</wp:comment_author_url><wp:comment_author_IP>203.0.113.77</wp:comment_author_IP>
<wp:comment_date_gmt>2014-05-0${id % 9}  10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[${text}]]></wp:comment_content>${more || approved}</wp:comment>`.replace(
    '  10',
    ' 10',
  )
const approved =
  '<wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type>'
const answering = (parent: number) => `${approved}<wp:comment_parent>${parent}</wp:comment_parent>`
const spam = '<wp:comment_approved>spam</wp:comment_approved>'
const ping =
  '<wp:comment_approved>1</wp:comment_approved><wp:comment_type>pingback</wp:comment_type>'

const exported = (n: number, comments: string) =>
  `<?xml version="1.0"?><rss xmlns:content="x" xmlns:wp="y"><channel><language>en</language><item><title>Should gauge ${n} be public?</title>
<link>https://old.example/gauge-${n}/</link><guid>https://old.example/?p=${n}</guid><wp:post_id>${n}</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>
<wp:post_date_gmt>2014-05-01 09:00:00</wp:post_date_gmt><content:encoded>Tell us what you think of the price of a connection.</content:encoded>${comments}</item></channel></rss>`

const said = [
  comment(1, 'Ana Lund', 'Yes.\n\nAll of them.'),
  comment(3, 'leo@mail.example', 'Of course.'),
  comment(4, 'Cheap pills', 'Buy', spam),
  comment(5, 'Another site', 'We wrote of it', ping),
  comment(2, 'Bo Strand', '<b>Why</b><script>alert(1)</script>?', answering(1)),
].join('')

describe('the comments of posts', () => {
  let node: TestServer
  let river: TestServer
  let host: Visitor
  let old: Hostile

  before(async () => {
    node = await foundedServer()
    river = await foundedServer('aggregator')
    host = await signedIn(node)
    old = await hostileServer()
    await follow(river.site, node.origin)
    await until(async () => (await node.site.store.count('followers', {})) === 1)
  })
  after(async () => {
    await endServers()
    await endHostiles()
  })

  const write = async (path: string, fields: Record<string, string | string[]> = {}) => {
    await host.fill(path, path, { do: 'write', ...fields })
    await settled(node, path)
    return (await rows(node, path))[0]?.item ?? ''
  }
  const under = async ({ site }: TestServer, about: string) =>
    (await site.store.find('items', {
      where: { type: 'contribution', about },
      order: 'oldest',
    })) as Contribution[]

  it('are counted in the preview, and come in with the discussion: approved ones, with name and date', async () => {
    const path = await begin(node, host, { text: exported(1, said) })
    const { text } = await host.get(path)
    expect(text).to.include('3 comments').and.include('come in with their discussions')
    const talk = await write(path)
    const [ana, bo, leo] = await under(node, talk)
    expect(ana).to.include({ authorName: 'Ana Lund', author: groupId(node.site), local: true })
    expect(ana?.published).to.equal('2014-05-01T10:00:00.000Z')
    expect(ana?.html).to.equal('<p>Yes.</p>\n<p>All of them.</p>')
    expect(bo).to.deep.include({ inReplyTo: ana?.id, html: '<p><b>Why</b>?</p>' })
    expect(leo).to.deep.include({ authorName: '', brought: { from: 'https://old.example/?p=1' } })
    const page = (await host.get(new URL(talk).pathname)).text
    expect(page).to.include('Ana Lund').and.include('not signed by its author')
    expect(page).to.include('Without a name').and.not.include('alert(1)').and.not.include('pills')
  })

  it('no address of a person stays anywhere, not even in the list before it is written', async () => {
    const everything = await Promise.all([
      node.site.store.find('items', { limit: 1000 }),
      node.site.store.find('proposed', { limit: 1000 }),
      node.site.store.log('public', 0, 1000),
    ])
    const text = JSON.stringify(everything)
    expect(text).not.to.include('secret@mail').and.not.include('203.0.113.77')
    expect(text).not.to.include('secret.example')
  })

  it('an aggregator has them by reading the log, marked as what they are, and no follower was sent one', async () => {
    const group = groupId(node.site)
    await until(async () => (await syncPeer(river.site, group)) === 0)
    const [talk] = await river.site.store.find('items', { where: { type: 'discussion' } })
    const [ana, bo] = await under(river, talk?.id ?? '')
    expect(ana).to.deep.include({
      authorName: 'Ana Lund',
      local: false,
      visibility: 'shown',
      language: 'en',
      brought: { from: 'https://old.example/?p=1' },
    })
    expect(ana?.html).to.equal('<p>Yes.</p>\n<p>All of them.</p>')
    expect(bo?.inReplyTo).to.equal(ana?.id)
    const sent = await node.site.store.find('receipts', { limit: 1000 })
    expect(sent.filter(({ item }) => item.includes('/contributions/'))).to.deep.equal([])
  })

  it('the host can leave them out, of one post or of all', async () => {
    const one = await begin(node, host, { text: exported(2, said) })
    await host.fill(`${one}/1`, `${one}/1`, { comments: [] })
    expect((await host.get(one)).text).to.include('3 comments, left out')
    expect(await under(node, await write(one))).to.deep.equal([])
    const all = await begin(node, host, { text: exported(3, said) })
    expect(await under(node, await write(all, { comments: [] }))).to.deep.equal([])
    const outcome = await begin(node, host, { text: exported(4, said) })
    await host.fill(`${outcome}/1`, `${outcome}/1`, { kind: 'outcome' })
    const { text } = await host.get(outcome)
    expect(text).to.include('3 comments, left out').and.not.include('come in with their')
  })

  it('by the API of WordPress, too; a site that does not give them gives its posts', async () => {
    const headers = { 'content-type': 'application/json' }
    const serve = (path: string, list: unknown[]) =>
      old.serve(`/wp-json/wp/v2/${path}`, { headers, body: JSON.stringify(list) })
    const api = `<html><head><link rel="https://api.w.org/" href="${old.origin}/wp-json/"></head></html>`
    old.serve('/', { headers: { 'content-type': 'text/html' }, body: api })
    const post = {
      ...{ id: 7, link: `${old.origin}/seven/`, title: { rendered: 'Should it be public?' } },
      content: { rendered: '<p>Tell us what you think of the price of it.</p>' },
    }
    serve('posts', [post])
    serve('pages', [])
    const rest = (id: number, more: object) => ({
      ...{ id, post: 7, author_name: 'Ana Lund', date_gmt: '2014-05-06T07:08:09' },
      ...{ content: { rendered: `<p>Yes ${id}.</p>` }, status: 'approved', type: 'comment' },
      ...more,
    })
    const pending = rest(13, { status: 'hold' })
    serve('comments', [rest(11, {}), rest(12, { parent: 11 }), pending, { id: 'x' }])
    const [row] = await rows(node, await begin(node, host, { address: `${old.origin}/` }))
    expect(row?.comments?.map(({ id, parent }) => ({ id, parent }))).to.deep.equal([
      { id: '11', parent: undefined },
      { id: '12', parent: '11' },
    ])
    old.serve('/wp-json/wp/v2/comments', { status: 401, headers, body: '{}' })
    const [bare] = await rows(node, await begin(node, host, { address: `${old.origin}/` }))
    expect(bare?.title).to.equal('Should it be public?')
    expect(bare?.comments).to.equal(undefined)
  })
})
