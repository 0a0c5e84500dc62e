/** A call for issues in a real browser without JavaScript: from its opening to the session that came of it. */
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { addPerson } from '../../server/people.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'

const PHONE = { width: 360, height: 740 }
const PAGE_BYTES_MAX = 50 * 1024
const password = 'rivers run to the sea'
const CALL = '/calls/what-should-we-talk-about'

const paths = ['/calls', CALL, '/host/calls', `/host${CALL}`, `/host${CALL}/edit`]

describe('a call for issues in a browser', () => {
  let node: TestServer

  before(async () => {
    node = await filledNode('coast', testClock('2026-04-10T10:00:00.000Z'))
  })
  after(endServers)

  const press = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name }).first().click()

  async function signIn(page: Page, { email, password }: { email: string; password: string }) {
    await page.fill('[name=email]', email)
    await page.fill('[name=password]', password)
    await page.press('[name=password]', 'Enter')
  }

  async function propose(browser: Browser, name: string, title: string) {
    const account = { name, email: `${name.split(' ')[0]}@test.example`, password }
    await addPerson(node.site, { ...account, role: 'participant', language: 'en' })
    const context = { viewport: PHONE, locale: 'en', javaScriptEnabled: false }
    const page = await browser.newPage(context)
    await page.goto(node.origin)
    await page.getByRole('link', { name: 'What should we talk about?' }).click()
    await page.getByRole('link', { name: 'Sign in to propose an issue' }).click()
    await signIn(page, account)
    await page.waitForURL(`${node.origin}${CALL}**`)
    await page.fill('[name=title]', title)
    await press(page, 'Send the proposal')
    await page.locator('.error').first().waitFor()
    expect(await page.inputValue('[name=title]')).to.equal(title)
    await page.fill('[name=text]', 'It matters to everybody on the coast.')
    await page.check('[value=human-rights]')
    await page.getByLabel('The stakeholder group you speak for').selectOption('civil_society')
    await page.fill('[name=residence]', 'Kenya')
    await press(page, 'Send the proposal')
    await page.getByText('You have made 1 of 3 proposals').waitFor()
    await page.close()
  }

  it('goes from the opening by way of two proposals to a session, without a script', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const page = await browser.newPage({ locale: 'en', javaScriptEnabled: false })
    await page.goto(`${node.origin}/login`)
    await signIn(page, host)
    await page.waitForURL(`${node.origin}/host`)
    await page.getByRole('link', { name: 'Calls for issues' }).click()
    await page.getByRole('link', { name: 'Make a call for issues' }).click()
    await page.fill('[name="title.en"]', 'What should we talk about?')
    await page.fill('[name=text]', 'Tell us what matters to you.')
    await page.fill('[name=opensAt]', '2026-04-12T00:00')
    await page.fill('[name=closesAt]', '2026-04-16T23:59')
    await press(page, 'Publish the call')
    await press(page, 'Open it now')
    await page.getByText('The call is open.').waitFor()
    await propose(browser, 'Ana Reis', 'Gauges for all')
    await propose(browser, 'Bo Lind', 'Who reads the gauges?')
    await page.goto(`${node.origin}/host`)
    await page.getByRole('link', { name: 'What should we talk about?' }).click()
    await page.getByLabel('Gauges for all (Ana Reis)').check()
    await page.getByLabel('Who reads the gauges? (Bo Lind)').check()
    await page.getByLabel('Make a new session of them').check()
    await press(page, 'Do this with the chosen proposals')
    await page.fill('[name=slug]', 'gauges')
    await press(page, 'Publish the session')
    await page.goto(`${node.origin}/sessions/gauges`)
    await page.getByText('The issues it came from').waitFor()
    expect(await page.getByRole('link', { name: 'Who reads the gauges?' }).count()).to.equal(1)
    await page.goto(node.origin + CALL)
    expect(await page.getByText('It became part of the session Gauges for all').count()).to.equal(2)
    await page.close()
  })

  it('passes axe, fits a phone and stays light in Arabic', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const page = await browser.newPage({ viewport: PHONE, locale: 'ar', colorScheme: 'dark' })
    await page.goto(`${node.origin}/login?lang=ar`)
    await signIn(page, host)
    await page.waitForURL(/\/host/)
    const [proposal] = await node.site.store.find('proposals', { limit: 1 })
    for (const path of [...paths, new URL(proposal?.id ?? node.origin).pathname]) {
      await page.goto(`${node.origin}${path}?lang=ar`)
      await expectFine(page)
      expect(Buffer.byteLength(await page.content()), path).to.be.below(PAGE_BYTES_MAX)
    }
    await page.close()
  })
})
