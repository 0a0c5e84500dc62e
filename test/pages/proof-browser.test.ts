/** The proof pages with a witness, at the node and from an aggregator's own copy, and how far such a copy is: in a real browser. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import type { Version } from '../../content/model.ts'
import { shortKey } from '../../content/short-key.ts'
import { groupId, logName } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { askWitness } from '../../federation/seen.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, readWhole } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'

const PHONE = { width: 360, height: 740 }

describe('proof pages in a browser', () => {
  let node: TestServer
  let river: TestServer
  let browser: Browser
  let outcome: string

  before(async function () {
    browser = await openBrowser(this)
    ;[node, river] = await Promise.all([foundedServer(), foundedServer('aggregator')])
    await follow(river.site, node.origin)
    await until(async () => (await node.site.store.count('witnesses', {})) > 0)
    outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    await readWhole(river, node)
    await until(async () => {
      const held = await river.site.store.get('cosigned', new URL(node.origin).host)
      return held?.size === (await node.site.store.last('public'))
    })
    await askWitness(node.site, river.origin)
  })
  after(endServers)

  /** Looked at in both directions, as it is on a phone. */
  async function looked(server: TestServer, path: string, says: string): Promise<void> {
    const host = await signedIn(server)
    for (const [language, colorScheme] of [
      ['en', 'light'],
      ['ar', 'dark'],
    ] as const) {
      const seen = await browser.newContext({ viewport: PHONE, locale: language, colorScheme })
      const cookies = [...host.cookies].map(([name, value]) => ({
        name,
        value,
        url: server.origin,
      }))
      await seen.addCookies(cookies)
      const page = await seen.newPage()
      await page.goto(`${server.origin}${path}${path.includes('?') ? '&' : '?'}lang=${language}`)
      expect(await page.locator('html').getAttribute('lang')).to.equal(language)
      if (language === 'en') expect(await page.locator('main').textContent()).to.include(says)
      await expectFine(page)
      await seen.close()
    }
  }

  it('say who has seen the log, at the node', () =>
    looked(node, '/outcomes/water/proof', logName(river.site)))

  it('prove from the aggregator’s own copy where an outcome stands', () =>
    looked(river, `/outcomes/${shortKey(outcome)}/proof`, 'Held here'))

  it('and its page of the peer says how far that copy is, whole or not yet', async () => {
    const path = `/host/peers/peer?id=${encodeURIComponent(node.origin)}`
    await looked(river, path, 'Whole: it can be proven from here')
    const { store } = river.site
    const id = groupId(node.site)
    const versions = (await store.find('versions', {})).map(
      ({ seq: _seq, envelope: _envelope, ...rest }) => rest as Version,
    )
    await store.commit({ put: { versions }, drop: { tiles: [`${id} 0/0`] } })
    await looked(river, path, 'Being completed in small steps')
  })
})
