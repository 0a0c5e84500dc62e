/** Files and addresses that a host is talked into bringing in, and old addresses as a way to lead people astray. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { foundedServer } from '../help/community.ts'
import { wordpressExport } from '../help/exports.ts'
import { endHostiles, type Hostile, hostileServer } from '../help/hostile.ts'
import { endServers, guardedAs, type TestServer, until } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const SECRET = 'the word that only the inside knows'

describe('hostile: imports', () => {
  let node: TestServer
  let host: Visitor
  let evil: Hostile

  before(async () => {
    node = await foundedServer()
    host = await signedIn(node)
    evil = await hostileServer()
  })
  after(async () => {
    await endServers()
    await endHostiles()
  })

  const uploads = () => {
    const folder = join(node.data, 'uploads')
    return existsSync(folder) ? readdirSync(folder) : []
  }

  async function upload(who: Visitor, file: Blob, token?: string, origin = node.origin) {
    const form = new FormData()
    const known = token ?? tokenIn((await who.get('/host/import')).text)
    form.append('_token', known)
    form.append('file', file, 'export.xml')
    return who.get('/host/import/file', { method: 'POST', body: form, headers: { origin } })
  }

  /** The page of an import when it is read. */
  async function read(path: string) {
    const id = path.split('/').at(-1) ?? ''
    await until(async () => (await node.site.store.get('imports', id))?.state !== 'reading')
    return host.get(path)
  }

  async function write(path: string) {
    const id = path.split('/').at(-1) ?? ''
    await host.fill(path, path, { do: 'write' })
    await until(async () => (await node.site.store.get('imports', id))?.state === 'ready')
  }

  async function fromAddress(address: string) {
    const { url } = await host.fill('/host/import', '/host/import', { address, text: [] })
    return read(url)
  }

  it('E8 a file that is too large is refused by its size, and nothing of it stays', async function () {
    this.timeout(60_000)
    const megabyte = new Uint8Array(1024 * 1024)
    const file = new Blob(Array.from({ length: 102 }, () => megabyte))
    const { status, text } = await upload(host, file)
    expect(status).to.equal(413)
    expect(text).to.include('100 MB')
    expect(uploads()).to.deep.equal([])
  })

  it('E8 a file that is broken off leaves a sentence, and no row', async () => {
    const broken = new Blob([wordpressExport(60).slice(0, -100)])
    const { text } = await read((await upload(host, broken)).url)
    expect(text).to.include('The file breaks off in line')
    expect(await node.site.store.count('proposed', {})).to.equal(0)
    expect(uploads()).to.deep.equal([])
  })

  it('E8 a feed whose pages never end is read no further than its limit, and one in a circle once', async () => {
    const page = (
      number: number,
      next: string,
    ) => `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="${next}"/>
<entry><id>${evil.origin}/post/${number}</id><title>Post ${number}</title><content>Words</content></entry></feed>`
    const headers = { 'content-type': 'application/atom+xml' }
    evil.serve('/endless', ({ url }) => {
      const number = Number(url.split('=')[1] ?? 1)
      return { headers, body: page(number, `${evil.origin}/endless?page=${number + 1}`) }
    })
    evil.serve('/circle', { headers, body: page(1, `${evil.origin}/circle`) })
    expect((await fromAddress(`${evil.origin}/endless`)).text).to.include('All (50)')
    expect((await fromAddress(`${evil.origin}/circle`)).text).to.include('All (1)')
  })

  it('D1 the address field reaches nothing inside, neither directly nor by redirect or by what a page names', async () => {
    const inside = await hostileServer('127.0.0.2')
    inside.serve('/', { headers: { 'content-type': 'text/html' }, body: `<p>${SECRET}</p>` })
    const link = `<link rel="https://api.w.org/" href="${inside.origin}/">`
    evil.serve('/redirect', { status: 302, headers: { location: `${inside.origin}/` } })
    evil.serve('/page', { headers: { 'content-type': 'text/html' }, body: link })
    const open = node.site.fetch
    guardedAs(node, { allowPrivate: (name) => name === '127.0.0.1' })
    try {
      const tries = [`${inside.origin}/`, `${evil.origin}/redirect`, `${evil.origin}/page`]
      for (const address of [...tries, 'http://169.254.169.254/latest/', 'http://[::1]/']) {
        const { text } = await fromAddress(address)
        expect(text, address).to.include('This could not be read').and.not.include(SECRET)
      }
      expect(inside.heard).to.deep.equal([])
    } finally {
      await node.site.fetch.close()
      node.site.fetch = open
    }
  })

  it('D7 the address field takes no file and no other scheme', async () => {
    for (const address of ['file:///etc/passwd', 'gopher://x', 'javascript:alert(1)', '//x'])
      expect(
        (await host.fill('/host/import', '/host/import', { address, text: [] })).status,
        address,
      ).to.equal(400)
  })

  it('F scripts, frames and odd links of a post are shown and written nowhere', async () => {
    const bad = `<p onclick="a()">Words</p><script>alert(1)</script><iframe src="https://evil.example"></iframe><a href="javascript:alert(2)">x</a><img src=x onerror=alert(3)>`
    const item = `<item><title>&lt;script&gt;alert(4)&lt;/script&gt; Talk</title><guid>https://old.example/?p=77</guid><link>javascript:alert(5)</link><category>&lt;b onclick=1&gt;c</category><content:encoded><![CDATA[${bad}]]></content:encoded></item>`
    const { url } = await upload(host, new Blob([wordpressExport(0, item)]))
    const look = await read(url)
    await write(url)
    const [redirect] = await node.site.store.find('redirects', {})
    expect(redirect?.id).to.equal('/?p=77')
    const page = await visitor(node.origin).get(redirect?.id ?? '')
    expect(page.status).to.equal(301)
    const shown = await visitor(node.origin).get(page.headers.get('location') ?? '')
    for (const { text } of [look, await host.get(`${url}/1`), shown]) {
      expect(text).not.to.match(/href="javascript/)
      expect(text.replace(/"[^"]*"/g, '""')).not.to.match(/<script|<iframe|<[^>]* on\w+=|<b\b[^>]/)
    }
    expect(shown.text).to.include('Words')
  })

  it('G nobody sends a file without login, without the right, without the token or from another site', async () => {
    const file = new Blob([wordpressExport(1)])
    const before = await node.site.store.count('imports', {})
    const guest = await upload(visitor(node.origin), file, '')
    expect(guest.url).to.equal('/login')
    const moderator = await signedInAs(node, 'moderator')
    const token = tokenIn((await moderator.get('/host/account')).text)
    expect((await upload(moderator, file, token)).status).to.equal(403)
    expect((await upload(host, file, 'x')).status).to.equal(403)
    expect((await upload(host, file, undefined, 'https://evil.example')).status).to.equal(403)
    expect(await node.site.store.count('imports', {})).to.equal(before)
    expect(uploads()).to.deep.equal([])
  })

  it('G whoever may not publish brings in nothing that is public', async () => {
    const rapporteur = await signedInAs(node, 'rapporteur')
    const items = await node.site.store.count('items', {})
    const { url } = await upload(rapporteur, new Blob([wordpressExport(3)]))
    await read(url)
    const { text } = await rapporteur.fill(url, url, { do: 'write', how: 'publish' })
    expect(text).not.to.include('class="mistakes"')
    const id = url.split('/').at(-1) ?? ''
    await until(async () => (await node.site.store.get('imports', id))?.state === 'ready')
    const where = { job: id }
    const rows = await node.site.store.find('proposed', { where, order: 'oldest' })
    expect(rows.map(({ state }) => state)).to.deep.equal(['refused', 'refused', 'written'])
    expect(await node.site.store.count('items', {})).to.equal(items)
  })

  it('G an old address never stands before a page of ours, and never leads to another site', async () => {
    const add = (old: string, item: string) =>
      host.fill('/host/redirects', '/host/redirects', { do: 'add', old, item })
    const [item] = await node.site.store.find('items', { where: { type: 'discussion' } })
    const good = item?.id ?? ''
    for (const outside of [
      'https://evil.example/',
      '//evil.example/',
      '/about',
      '/\\evil.example',
      '',
    ])
      expect((await add('/old', outside)).status, outside).to.equal(400)
    for (const old of ['', '/', 'javascript:alert(1)'])
      expect((await add(old, good)).status).to.equal(400)
    await add('/about', good)
    await add('https://old.example/old/', good)
    await node.site.store.commit({
      put: { redirects: [{ id: '/stolen', item: 'https://evil.example/', at: node.site.now() }] },
    })
    const reader = visitor(node.origin)
    expect((await reader.get('/about')).status).to.equal(200)
    expect((await reader.get('/stolen')).status).to.equal(404)
    expect((await fetch(`${node.origin}//evil.example/old`)).status).to.equal(404)
    const moved = await reader.get('/old/')
    expect([moved.status, moved.headers.get('location')]).to.deep.equal([
      301,
      new URL(good).pathname,
    ])
    expect((await reader.send('/old', {})).status).to.equal(404)
  })
})
