/** The sign of a server in the tab of a browser. */
import { expect } from 'chai'
import { openBrowser } from '../help/browser.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { endServers, testServer } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const BYTES_MAX = 600
const iconOf = (page: string) => /<link rel="icon" href="([^"]+)"/.exec(page)?.[1] ?? ''

describe('the icon', () => {
  after(endServers)

  it('stands on every page of a node, an aggregator and a server before its setup, small and kept for good', async () => {
    const node = await filledNode()
    const servers = [node, await foundedServer('aggregator'), await testServer()]
    const slide = '/outcomes/messages-from-port-argent/slide'
    const pages = [...servers.map(({ origin }) => `${origin}/`), node.origin + slide]
    for (const address of [...pages, `${node.origin}/nothing-here`]) {
      const { text } = await visitor(address).get(address)
      const path = iconOf(text)
      expect(path, address).to.match(/^\/assets\/icon-[0-9a-f]{6}\.svg$/)
      const icon = await fetch(new URL(path, address))
      expect(icon.headers.get('content-type')).to.include('image/svg+xml')
      expect(icon.headers.get('cache-control')).to.include('immutable')
      const drawn = await icon.text()
      expect(drawn).to.include(`fill="#${path.slice(13, 19)}"`)
      expect(Buffer.byteLength(drawn)).to.be.below(BYTES_MAX)
    }
  })

  it('has the initiative’s colour, also where a browser asks without being told', async () => {
    const { origin, site } = await foundedServer()
    const [profile] = await site.store.find('initiatives', { limit: 1 })
    if (!profile) throw new Error('no initiative')
    const ask = async () => {
      const answer = await fetch(`${origin}/favicon.ico`)
      expect(answer.status).to.equal(200)
      expect(answer.headers.get('content-type')).to.include('image/svg+xml')
      expect(answer.headers.get('cache-control')).to.equal('public, max-age=86400')
      return answer.text()
    }
    const before = await ask()
    await site.store.commit({ put: { initiatives: [{ ...profile, accent: '#7a1f5c' }] } })
    expect(before).not.to.include('#7a1f5c')
    expect(await ask()).to.include('fill="#7a1f5c"')
    expect(iconOf((await visitor(origin).get('/')).text)).to.equal('/assets/icon-7a1f5c.svg')
  })

  it('is not drawn in what is no colour', async () => {
    const { origin } = await foundedServer()
    for (const name of ['icon-red.svg', 'icon-%22%3E%3Cscript.svg', 'icon-0b5c5c0.svg']) {
      expect((await fetch(`${origin}/assets/${name}`)).status, name).to.equal(404)
    }
  })

  it('is fetched by a real browser, which finds nothing missing', async function () {
    const browser = await openBrowser(this)
    const { origin } = await filledNode()
    const page = await browser.newPage({ viewport: { width: 128, height: 128 } })
    const missing: string[] = []
    page.on('response', (answer) => void (answer.status() >= 400 && missing.push(answer.url())))
    await page.goto(origin)
    const path = iconOf(await page.content())
    const answer = await page.goto(origin + path)
    expect(answer?.status()).to.equal(200)
    expect(await page.evaluate('document.documentElement.localName')).to.equal('svg')
    expect(missing).to.deep.equal([])
    await page.close()
  })
})
