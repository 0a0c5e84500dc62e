/** The pages to follow, to trace and to report, in a real browser: accessible, narrow, light, in both directions. */
import { expect } from 'chai'
import type { Browser } from 'playwright-core'
import { shortKey } from '../../content/short-key.ts'
import { outcomeId } from '../../federation/addresses.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { fromElsewhere } from '../help/signed-in.ts'

const PAGE_BYTES_MAX = 50_000

describe('following in a browser', () => {
  let browser: Browser
  let node: TestServer

  before(async function () {
    browser = await openBrowser(this)
    node = await filledNode('coast')
  })
  after(endServers)

  it('every page is accessible, fits a phone and is light, without scripts, in English and Arabic', async function () {
    this.timeout(60_000)
    const id = outcomeId(node, 'data-for-fishing-communities')
    const outcome = await node.site.store.get('items', id)
    if (!outcome) throw new Error('no outcome')
    const version = outcome.type === 'outcome' ? outcome.version : 1
    const said = await fromElsewhere(node.site, 'ines', outcome, { visibility: 'shown', version })
    const contribution = `/contributions/${shortKey(said)}`
    const paths = ['/themes', '/themes/sdgs/14', '/conduct', '/about', new URL(id).pathname].concat(
      contribution,
      `${contribution}/report`,
    )
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    for (const language of ['en', 'ar'])
      for (const path of paths) {
        const answer = await page.goto(`${node.origin}${path}?lang=${language}`)
        expect((await answer?.body())?.length, path).to.be.below(PAGE_BYTES_MAX)
        await page.evaluate(
          "document.querySelectorAll('details').forEach((each) => (each.open = true))",
        )
        await expectFine(page)
      }
    await context.close()
  })
})
