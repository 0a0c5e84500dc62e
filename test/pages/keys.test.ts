/** The page of the keys in a real browser without scripts: their history, new ones, and the end of one in other hands. */
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { groupId } from '../../federation/addresses.ts'
import { addPerson } from '../../server/people.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { correct, publish } from '../help/publishing.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn } from '../help/visitor.ts'

const PHONE = { width: 360, height: 740 }
const HOUR_MS = 3600_000
const password = 'boats on the estuary'

describe('the keys on a page', () => {
  let node: TestServer
  let browser: Browser
  let page: Page
  const clock = testClock()

  before(async function () {
    this.timeout(60_000)
    browser = await openBrowser(this)
    node = await foundedServer('node', clock)
    const settings = { viewport: PHONE, locale: 'en', javaScriptEnabled: false }
    page = await browser.newPage(settings)
    await page.goto(`${node.origin}/login`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)
  })
  after(endServers)

  const main = async () => String(await page.locator('main').textContent())
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  const current = async () => (await node.site.key(groupId(node.site), 'ed25519')).id

  async function fine() {
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(PHONE.width)
  }

  it('show who ended which and when, and that what the old ones signed still holds', async () => {
    await publish(node.site, 'first', '- first')
    clock.forward(HOUR_MS)
    await page.goto(`${node.origin}/host/care`)
    await page.getByRole('link', { name: 'Keys' }).click()
    expect(await main()).to.include('1 signed version of outcomes was checked just now.')
    const old = await current()
    await press('Replace these keys now')
    expect(await page.locator('[role=status]').textContent()).to.include('New keys sign from now')
    expect(await current()).not.to.equal(old)
    const text = await main()
    expect(text).to.include('All of them hold, those under earlier keys too.')
    expect(text)
      .to.include(old)
      .and.include(await current())
    expect(text).to.include('Replaced by a new one: Noor Halabi')
    expect((await page.content()).match(/PRIVATE/)).to.equal(null)
    await fine()
  })

  it('revoked as of an earlier time: the page names what falls before it is done, and after', async () => {
    clock.forward(HOUR_MS)
    const since = clock.now().slice(0, 16)
    clock.forward(HOUR_MS)
    await publish(node.site, 'second', '- second')
    const key = await current()
    await page.goto(`${node.origin}/host/keys?key=${encodeURIComponent(key)}`)
    await page.fill('[name=since]', '2020-01-01T00:00')
    await press('See what this would mean')
    expect(await page.locator('#f-since-error').textContent()).to.include('when the key was valid')
    await page.fill('[name=since]', since)
    await press('See what this would mean')
    expect(await main()).to.include('1 version of an outcome was signed with it after that time')
    expect(await page.locator('main p.note + ul a').allTextContents()).to.deep.equal(['second'])
    await fine()
    expect(await current(), 'nothing is done yet').to.equal(key)
    await press(/^Revoke it as of November 23, 2026/)
    expect(await page.locator('[role=status]').textContent()).to.include('The key was revoked')
    expect(await current()).not.to.equal(key)
    const text = await main()
    expect(text)
      .to.include('1 does not hold. Publish a correction')
      .and.include('Revoked: Noor Halabi')
    expect(await page.locator('main p.note + ul a').allTextContents()).to.deep.equal(['second'])
    await page.goto(`${node.origin}/outcomes/second/proof`)
    expect(await main()).to.include('does not hold, checked')
    await correct(node.site, `${node.origin}/outcomes/second`, '- second, signed anew')
    await page.goto(`${node.origin}/outcomes/second/proof`)
    expect(await main()).to.not.include('does not hold, checked')
    await page.goto(`${node.origin}/host/keys`)
    expect(await main()).to.not.include('Publish a correction')
    await page.goto(`${node.origin}/host/trail`)
    expect(await main()).to.match(/Key revoked · Key z6Mk/)
  })

  it('pass axe in both directions', async () => {
    const wide = await browser.newContext({
      viewport: PHONE,
      storageState: await page.context().storageState(),
    })
    const seen = await wide.newPage()
    for (const path of ['/host/keys', `/host/keys?key=${encodeURIComponent(await current())}`]) {
      await seen.goto(`${node.origin}${path}${path.includes('?') ? '&' : '?'}lang=ar`)
      await expectFine(seen)
    }
    await seen.goto(`${node.origin}/host/keys?lang=en`)
    await expectFine(seen)
    await wide.close()
  })

  it('go through a second person where the host wants one, who reads since when', async () => {
    const ana = { name: 'Ana', email: 'ana@demo.example', password }
    await addPerson(node.site, { ...ana, role: 'host', language: 'en' })
    const noor = await signedIn(node)
    await noor.fill('/host/second', '/host/second', { do: 'on' })
    const key = await current()
    const token = tokenIn((await noor.get('/host/keys')).text)
    clock.forward(HOUR_MS)
    const since = clock.now()
    const asked = await noor.send('/host/keys', { do: 'revoke', key, since }, token)
    expect(asked.text).to.include('It waits for a second person.')
    const rotating = await noor.send(
      '/host/keys',
      { do: 'rotate', owner: groupId(node.site) },
      token,
    )
    expect(rotating.url).to.equal('/host/second')
    expect(await current()).to.equal(key)
    const other = await signedIn(node, ana)
    const waiting = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    const pending = waiting.find(({ verb }) => verb === 'revoke_key')
    const path = `/host/second/${pending?.id}`
    expect((await other.get(path)).text).to.include('Not to be trusted since (UTC)')
    await other.fill(path, path, { do: 'confirm' })
    expect(await current()).not.to.equal(key)
    const [act] = await node.site.store.find('acts', { where: { verb: 'revoked_key' } })
    expect(act).to.include({ item: key, second: `${node.origin}/people/ana` })
  })
})
