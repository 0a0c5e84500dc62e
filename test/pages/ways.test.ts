/** How somebody signs in: an invitation accepted with a passkey, the password dropped and got back, and the rescue at the terminal. */
import { expect } from 'chai'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { invite } from '../../server/invitations.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { openPhone, PHONE } from '../help/phone.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { visitor } from '../help/visitor.ts'
import { endProcesses, tributary } from '../scripts/run.ts'

const LATER_MS = 11 * 60_000
const password = 'boats on the estuary'

describe('the ways in, in a browser', () => {
  let node: TestServer
  let browser: Browser
  let reader: BrowserContext
  let page: Page
  const clock = testClock()
  const kim = { name: 'Kim Duarte', email: 'kim@demo.example' }

  before(async function () {
    this.timeout(60_000)
    browser = await openBrowser(this)
    node = await foundedServer('node', clock, undefined, { origin: 'http://localhost:0' })
    ;({ reader, page } = await openPhone(browser))
  })
  after(async () => {
    await endProcesses()
    await endServers()
  })

  const person = async () =>
    (await node.site.store.find('people', { where: { email: kim.email } }))[0]
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const main = async () => String(await page.locator('main').textContent())

  async function link(role: 'host' | 'editor') {
    const [noor] = await node.site.store.find('people', { where: { email: host.email } })
    if (!noor) throw new Error('nobody is host')
    return `${node.origin}/invite/${(await invite(node.site, { role }, noor)).token}`
  }

  async function enterByPasskey() {
    await reader.clearCookies()
    await page.goto(`${node.origin}/login?next=/host/account`)
    await press('Sign in with a passkey')
    await page.waitForURL(`${node.origin}/host/account`)
  }

  it('whoever is invited comes in with a passkey, and has no password', async () => {
    await page.goto(await link('host'))
    await expectFine(page)
    await page.fill('#f-p-name', kim.name)
    await page.fill('#f-p-email', host.email)
    await press('Make my account with a passkey')
    await page.locator('#f-p-email-error').waitFor()
    expect(await page.inputValue('#f-p-name')).to.equal(kim.name)
    await page.fill('#f-p-email', kim.email)
    await press('Make my account with a passkey')
    await page.waitForURL(`${node.origin}/host/account`)
    expect(await main())
      .to.include('Without a password. 1 passkey.')
      .and.include('Chrome · Linux')
    expect(await person()).to.include({ password: '', role: 'host' })
    expect(await page.getByRole('button', { name: 'Drop my password' }).count()).to.equal(0)
    const acts = await node.site.store.find('acts', { where: { by: String((await person())?.id) } })
    expect(acts.map(({ verb }) => verb)).to.include.members(['accepted_host', 'added_passkey'])
    await expectFine(page)
    await enterByPasskey()
  })

  it('without a password everything else works: a backup is taken, a password is set', async () => {
    await page.goto(`${node.origin}/host/backup`)
    const [copy] = await Promise.all([page.waitForEvent('download'), press('Download everything')])
    expect(copy.suggestedFilename()).to.include('tributary')
    await page.goto(`${node.origin}/host/account`)
    await page.fill('#f-password', password)
    await press('Set a password')
    await page.waitForURL(/done=password/)
    expect(await main()).to.include('With your password. 1 passkey.')
    expect(await signedIn(node, { ...kim, password })).not.to.equal(undefined)
  })

  it('the password is dropped by whoever knows it, and opens nothing any more', async () => {
    await page.fill('#f-drop_present', 'not this one at all')
    await press('Drop my password')
    await page.locator('#f-drop_present-error').waitFor()
    await page.fill('#f-drop_present', password)
    await press('Drop my password')
    await page.waitForURL(/done=drop_password/)
    expect(await page.locator('[role=status]').textContent()).to.include('Your password is gone.')
    await expectFine(page)
    for (const typed of [password, '']) {
      const tried = await visitor(node.origin).fill('/login', '/login', {
        email: kim.email,
        password: typed,
      })
      expect(tried.url).to.equal('/login')
    }
    await enterByPasskey()
  })

  it('later than ten minutes after signing in, nobody sets one or takes a backup without one', async () => {
    clock.forward(LATER_MS)
    for (const path of ['/host/account', '/host/backup']) {
      await page.goto(`${node.origin}${path}`)
      if (path === '/host/account') await page.fill('#f-password', password)
      await press(path === '/host/account' ? 'Set a password' : 'Download everything')
      expect(await main()).to.include('you must have signed in during the last ten minutes')
    }
    expect((await person())?.password).to.equal('')
  })

  it('a host whose device is lost is let in again from the terminal, and removes its passkey', async () => {
    const settings = { TRIBUTARY_DATA: node.data, TRIBUTARY_ORIGIN: node.origin }
    const { text, code } = await tributary(['person', 'password', kim.email], settings)
    expect(code, text).to.equal(0)
    const fresh = / ([\w-]{20})$/m.exec(text)?.[1] ?? ''
    const account = { email: kim.email, password: fresh }
    const guest = await signedIn(node, account)
    const { text: shown } = await guest.get('/host/account')
    expect(shown).to.include('With your password. 1 passkey.')
    const passkey = /name="passkey" value="([^"]+)"/.exec(shown)?.[1] ?? ''
    await guest.fill('/host/account', '/host/account', { do: 'passkey_remove', passkey })
    expect(await node.site.store.count('passkeys', {})).to.equal(0)
  })

  it('without scripts an invitation is accepted with a password, in Arabic too', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false, locale: 'ar', viewport: PHONE })
    await plain.goto(await link('editor'))
    expect(await plain.locator('[data-passkey]').isVisible()).to.equal(false)
    await plain.fill('#f-name', 'ليلى')
    await plain.fill('#f-email', 'layla@demo.example')
    await plain.fill('#f-password', password)
    await plain.press('#f-password', 'Enter')
    await plain.waitForURL(`${node.origin}/host/account`)
    await plain.close()
    await page.goto(`${await link('editor')}?lang=ar`)
    await expectFine(page)
  })
})
