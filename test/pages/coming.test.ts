/** What a host can bring in: sites by their address, pasted text; and what can be done with it before and after it is written. */
import { expect } from 'chai'
import { foundedServer } from '../help/community.ts'
import { wordpressExport } from '../help/exports.ts'
import { endHostiles, type Hostile, hostileServer } from '../help/hostile.ts'
import { begin, rows, settled } from '../help/importing.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import type { Visitor } from '../help/visitor.ts'

const page = { 'content-type': 'text/html; charset=utf-8' }
const json = { 'content-type': 'application/json' }

describe('bringing in', () => {
  let node: TestServer
  let host: Visitor
  let old: Hostile

  before(async () => {
    node = await foundedServer()
    host = await signedIn(node)
    old = await hostileServer()
  })
  after(async () => {
    await endServers()
    await endHostiles()
  })

  async function act(path: string, fields: Record<string, string>) {
    const { text } = await host.get(path)
    const token = /name="_token" value="([^"]*)"/.exec(text)?.[1]
    const answer = await host.send(path, fields, token)
    await settled(node, path)
    return answer
  }

  it('a WordPress site by its API: posts and pages, with categories and every old address', async () => {
    const rest = (id: number, type = 'post') => ({
      id,
      type,
      date_gmt: '2019-05-06T07:08:09',
      link: `${old.origin}/2019/post-${id}/`,
      title: { rendered: `Messages &amp; more ${id}` },
      content: { rendered: `<p>Said.</p><ol><li>Keep gauge ${id}.</li></ol>` },
      _embedded: { 'wp:term': [[{ name: 'SDG 9', taxonomy: 'category' }]] },
    })
    const api = `<html><head><link rel="https://api.w.org/" href="${old.origin}/wp-json/"></head></html>`
    old.serve('/blog', { headers: page, body: api })
    old.serve('/wp-json/wp/v2/posts', ({ url }) => {
      const number = Number(/[?&]page=(\d+)/.exec(url)?.[1])
      const posts = Array.from({ length: 50 }, (_, i) => rest(i + 1))
      return number === 1
        ? { headers: json, body: JSON.stringify(posts) }
        : { status: 400, headers: json, body: '{"code":"rest_post_invalid_page_number"}' }
    })
    old.serve('/wp-json/wp/v2/pages', { headers: json, body: JSON.stringify([rest(99, 'page')]) })
    const found = await rows(node, await begin(node, host, { address: `${old.origin}/blog` }))
    expect(found).to.have.lengthOf(51)
    expect(found[0]).to.deep.include({ title: 'Messages & more 1', kind: 'outcome', year: 2019 })
    expect(found[0]?.oldPaths).to.deep.equal(['/2019/post-1', '/?p=1'])
    expect(found[0]?.tags.sdgs).to.deep.equal(['9'])
    expect(found[50]?.oldPaths).to.include('/?page_id=99')
  })

  it('a wiki page, any page, and a feed in an older encoding', async () => {
    old.serve('/wiki/Key_messages', {
      headers: page,
      body: `<link rel="EditURI" href="${old.origin}/w/api.php?action=rsd">`,
    })
    const text = { '*': '<p>We met.</p><ul><li>Keep it public.</li></ul>' }
    const parse = { title: 'Key messages', text, categories: [{ '*': 'Messages' }] }
    old.serve('/w/api.php', { headers: json, body: JSON.stringify({ parse }) })
    const [wiki] = await rows(
      node,
      await begin(node, host, { address: `${old.origin}/wiki/Key_messages` }),
    )
    expect(wiki).to.include({ title: 'Key messages', kind: 'outcome' })

    const nav = '<nav>Menu</nav>'
    const body = `<html lang="fr">${nav}<main><h1>Une page</h1><p>Le texte de la page.</p></main></html>`
    old.serve('/page', { headers: page, body })
    const [any] = await rows(node, await begin(node, host, { address: `${old.origin}/page` }))
    expect(any).to.include({ title: 'Une page', language: 'fr', text: 'Le texte de la page.' })

    const feed = Buffer.from(
      '<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Été</title><description>Voilà</description></item></channel></rss>',
      'latin1',
    )
    old.serve('/feed', { headers: { 'content-type': 'text/xml' }, body: feed })
    const [latin] = await rows(node, await begin(node, host, { address: `${old.origin}/feed` }))
    expect(latin).to.include({ title: 'Été', text: 'Voilà' })
  })

  it('what cannot be read says why, and a page in an unknown encoding too', async () => {
    const answers = {
      '/nothing': { headers: page, body: '<html><body></body></html>' },
      '/klingon': { headers: { 'content-type': 'text/html; charset=klingon-8' }, body: '<p>x</p>' },
      '/picture': { headers: { 'content-type': 'image/png' }, body: 'x' },
    }
    const sentences = ['no words', 'klingon-8', 'image/png']
    for (const [path, answer] of Object.entries(answers)) old.serve(path, answer)
    for (const [i, path] of Object.keys(answers).entries()) {
      const { text } = await host.get(await begin(node, host, { address: old.origin + path }))
      expect(text).to.include('This could not be read').and.include(sentences[i])
    }
  })

  it('pasted text is one post, and the same text again is known', async () => {
    const text = 'Messages from the hill\n\n- Keep the line.\n- Lower the price.\n'
    const path = await begin(node, host, { text })
    expect(await rows(node, path)).to.have.lengthOf(1)
    await act(path, { do: 'write' })
    expect((await rows(node, path))[0]).to.include({ state: 'written' })
    const again = await begin(node, host, { text })
    await act(again, { do: 'write' })
    expect((await rows(node, again))[0]).to.include({ state: 'known' })
  })

  it('a whole category is chosen at once, posts with one title are all written, and the list can go', async () => {
    const export_ = wordpressExport(12).replaceAll(/<title><!.*?<\/title>/g, '<title>Call</title>')
    const path = await begin(node, host, { text: export_ })
    expect(await rows(node, path)).to.have.lengthOf(12)
    await act(path, { do: 'category', category: 'broadband', kind: 'leave_out' })
    expect((await rows(node, path)).every(({ kind }) => kind === 'leave_out')).to.equal(true)
    expect((await host.get(path)).text).not.to.include('Write')
    await act(path, { do: 'category', category: 'SDG 9', kind: 'discussion' })
    await act(path, { do: 'write' })
    const done = await rows(node, path)
    expect(done.map(({ state }) => state)).to.deep.equal(Array(12).fill('written'))
    expect(new Set(done.map(({ item }) => item)).size).to.equal(12)
    const talk = await host.get(new URL(done[0]?.item ?? '').pathname)
    expect(talk.text).to.include('Call').and.not.include('name="text"')
    expect((await act(path, { do: 'kinds', 'kind.1': 'outcome' })).status).to.equal(409)
    const { text } = await host.get(path)
    await host.send(path, { do: 'forget' }, /name="_token" value="([^"]*)"/.exec(text)?.[1])
    expect(await rows(node, path)).to.deep.equal([])
    expect((await host.get(path)).status).to.equal(404)
  })

  it('a correction is looked at: a day to come, no title, somebody else’s change', async () => {
    const path = await begin(node, host, { text: 'Messages\n\n- Keep the line.' })
    const row = `${path}/1`
    const fields = { title: '', published: '2090-01-01', year: '2020' }
    const { status, text } = await host.fill(row, row, fields)
    expect(status).to.equal(400)
    expect(text).to.include('This day is still to come.').and.include('Please fill this in.')
    const right = { title: 'Better', published: '2020-02-03', year: '2020', topics: 'fibre' }
    await host.fill(row, row, { ...right, language: 'fr' })
    expect((await rows(node, path))[0]).to.deep.include({
      title: 'Better',
      language: 'fr',
      sure: 1,
    })
    expect((await host.fill(row, row, { ...right, rev: '1' })).status).to.equal(409)
  })
})
