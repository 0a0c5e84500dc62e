/** The host's pages in a real browser: set up with the keyboard, read by everybody, on a phone. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, type TestServer, testServer } from '../help/servers.ts'

const PHONE = { width: 360, height: 740 }

const paths = [
  '/host',
  '/host/settings',
  '/host/people',
  '/host/peers',
  '/host/peers/blocks',
  '/host/account',
  '/host/invitations',
  '/host/second',
  '/host/trail',
]

describe('the host’s pages in a browser', () => {
  let fresh: TestServer
  let node: TestServer

  before(async () => {
    ;[fresh, node] = await Promise.all([testServer('node'), foundedServer('node')])
  })
  after(endServers)

  async function fine(page: Page, address: string) {
    await page.goto(address)
    await expectFine(page)
  }

  it('pass axe and fit a phone, in both directions', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    for (const look of looks) {
      const page = await browser.newPage({ ...look, viewport: PHONE })
      await fine(page, `${fresh.origin}/setup`)
      await page.locator('main .buttons button').last().click()
      expect(await page.locator('.mistakes li').count()).to.be.above(5)
      await expectFine(page)
      await fine(page, `${node.origin}/login`)
      await page.fill('[name=email]', host.email)
      await page.fill('[name=password]', host.password)
      await page.press('[name=password]', 'Enter')
      await page.waitForURL(`${node.origin}/host`)
      for (const path of paths) await fine(page, `${node.origin}${path}?lang=${look.locale}`)
      await page.close()
    }
  })

  it('set a server up in the languages it names', async function () {
    const browser = await openBrowser(this)
    const page = await browser.newPage({ locale: 'en' })
    await page.goto(fresh.origin)
    await page.fill('[name=languages]', 'English, Fula')
    await page.getByText('Show fields for these languages').click()
    const typed = {
      code: String(fresh.setupCode),
      'name.en': 'Delta Forum',
      'name.ff': 'Batu Delta',
      acronym: 'DF',
      countries: 'Mali',
      personName: 'Oumar Ba',
      email: 'oumar@igf.example',
      password: 'three words of mine',
    }
    for (const [name, text] of Object.entries(typed)) await page.fill(`[name="${name}"]`, text)
    await page.check('[value=national]')
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${fresh.origin}/host`)
    expect(await page.locator('h1').textContent()).to.equal('Overview')
    await page.close()
  })
})
