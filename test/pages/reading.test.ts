/** The public pages of a node, as a reader without scripts and a real browser see them. */
import { expect } from 'chai'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode } from '../help/community.ts'
import { languages } from '../../server/words.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const PAGE_BYTES_MAX = 50 * 1024

const paths = [
  '/',
  '/about',
  '/outcomes',
  '/outcomes/messages-from-port-argent',
  '/outcomes/messages-from-port-argent?text=fr',
  '/outcomes/messages-from-port-argent/versions',
  '/outcomes/messages-from-port-argent/versions/1',
  '/outcomes/messages-from-port-argent/proof',
  '/outcomes/data-for-fishing-communities',
  '/meetings',
  '/meetings/meeting-2026',
  '/discussions',
  '/discussions/what-should-2027-be-about',
  '/search',
  '/search?q=cable',
]

describe('reading a node', () => {
  let node: TestServer

  before(async () => {
    node = await filledNode()
  })
  after(endServers)

  for (const path of paths) {
    it(`shows ${path} in every language of its words, under 50 kB, without anything from elsewhere, a script least of all`, async () => {
      for (const language of languages) {
        const { status, text } = await visitor(node.origin, language).get(path)
        expect(status).to.equal(200)
        expect(Buffer.byteLength(text)).to.be.below(PAGE_BYTES_MAX)
        expect(text).to.include(
          `<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`,
        )
        expect(text).not.to.match(
          /<script(?! type="module" src="\/assets\/)|<img|src="http|@import/,
        )
        expect(text.match(/<link rel="stylesheet" href="([^"]*)"/)?.[1]).to.match(/^\/assets\//)
      }
    })
  }

  it('names the handle that WebFinger answers to, also for an acronym with a hyphen', async () => {
    const valley = await filledNode('valley')
    const { text } = await visitor(valley.origin).get('/about')
    const handle = /<bdi>@([^<]+)<\/bdi>/.exec(text)?.[1] ?? ''
    const found = await fetch(`${valley.origin}/.well-known/webfinger?resource=acct:${handle}`)
    expect(found.status, handle).to.equal(200)
  })

  it('lists what is open for comment once on the front page', async () => {
    const { text } = await visitor(node.origin).get('/')
    expect(text.split('Data for fishing communities, draft for comment').length - 1).to.equal(1)
  })

  it('passes axe on every page, in both directions and both colour schemes', async function () {
    this.timeout(120_000)
    const browser = await openBrowser(this)
    for (const look of looks) {
      const page = await browser.newPage(look)
      for (const path of paths) {
        await page.goto(node.origin + path)
        await expectFine(page)
      }
      await page.close()
    }
  })
})
