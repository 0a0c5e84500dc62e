/** The whole main road in a real browser without scripts: from an empty server to a verified outcome that others find. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { contribute } from '../../content/discussions.ts'
import { contributionId, groupId } from '../../federation/addresses.ts'
import { findActor } from '../../federation/discovery.ts'
import { fetchDocument } from '../../federation/documents.ts'
import { record } from '../../federation/record.ts'
import { addPerson } from '../../server/people.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, type TestServer, testServer, until } from '../help/servers.ts'

const SLUG = 'messages-from-the-delta'
const TEXT =
  '1. Keep the river gauges public. {.recommendation .rough_consensus C6}\n2. Teach the young to read them.'

describe('the main road', () => {
  let node: TestServer
  let neighbour: TestServer
  let hub: TestServer

  before(async () => {
    ;[node, neighbour, hub] = await Promise.all([
      testServer('node'),
      foundedServer('node'),
      foundedServer('aggregator'),
    ])
  })
  after(endServers)

  const press = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name }).first().click()
  const follow = (page: Page, name: string) =>
    page.getByRole('link', { name, exact: true }).first().click()

  async function setUp(page: Page) {
    await page.goto(node.origin)
    const typed = {
      code: String(node.setupCode),
      'name.en': 'Delta Internet Governance Forum',
      acronym: 'DIGF',
      countries: 'Mali, Niger',
      personName: 'Oumar Ba',
      email: 'oumar@igf.example',
      password: 'three words of mine',
    }
    await page.fill('[name=languages]', 'English')
    await page.getByText('Show fields for these languages').click()
    for (const [name, text] of Object.entries(typed)) await page.fill(`[name="${name}"]`, text)
    await page.check('[value=sub_regional]')
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)
  }

  async function writeAndOpen(page: Page) {
    await page.goto(`${node.origin}/host/outcomes/new`)
    await page.fill('[name=title]', 'Messages from the Delta')
    await page.fill('[name=markdown]', TEXT)
    await press(page, 'Save')
    await follow(page, 'Open for comment')
    await page.fill('[name=closesAt]', '2027-05-03T23:59')
    await press(page, 'Look at it once more')
    await press(page, /^Open for comment until/)
  }

  /** Somebody with an account on another server answers the first message. */
  async function answerFromNextDoor(): Promise<void> {
    const { site } = neighbour
    const person = await addPerson(site, {
      name: 'Fatou Mendy',
      email: 'fatou@next.example',
      role: 'participant',
      language: 'en',
      password: 'rivers run to the sea',
    })
    const about = `${node.origin}/outcomes/${SLUG}`
    const { attributedTo } = await fetchDocument(site, about)
    const initiative = String(attributedTo)
    await findActor(site, initiative)
    const author = {
      id: person.id,
      name: person.name,
      handle: `fatou@${new URL(site.origin).host}`,
    }
    const under = { about, inReplyTo: about, initiative }
    const words = { text: 'And print them at the market.', language: 'en' }
    const when = { actor: groupId(site), at: site.now(), open: true }
    await record(site, contribute(contributionId(site, 'market'), words, under, author, when))
  }

  async function listed(page: Page) {
    await page.goto(`${hub.origin}/login`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${hub.origin}/host`)
    await page.goto(`${hub.origin}/host/registry`)
    await page.fill('[name=address]', node.origin)
    await press(page, 'Look it up')
    await press(page, 'List it and read its whole history')
    await page.getByText('Saved.').waitFor()
  }

  it('leads from setup by way of an answer from another server to a verified outcome on the aggregator', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const context = await browser.newContext({ locale: 'en', javaScriptEnabled: false })
    const page = await context.newPage()
    await setUp(page)
    await writeAndOpen(page)
    await answerFromNextDoor()
    const id = `${neighbour.origin}/contributions/market`
    await until(() => node.site.store.get('items', id))
    await page.goto(`${node.origin}/outcomes/${SLUG}`)
    expect(await page.getByText('print them at the market').count()).to.equal(0)
    await page.goto(`${node.origin}/host/contributions`)
    await press(page, 'Show it')
    await page.goto(`${node.origin}/outcomes/${SLUG}`)
    await page.getByText('And print them at the market.').waitFor()
    await page.goto(`${node.origin}/host/outcomes/${SLUG}`)
    await follow(page, 'Record the agreement')
    await page.fill('[name=method]', 'rough consensus in the closing session')
    await press(page, /^Record as agreed/)
    await listed(page)
    await page.goto(`${node.origin}/host/outcomes/${SLUG}`)
    await follow(page, 'Publish it')
    await press(page, /^Publish version/)
    const held = await until(async () => {
      const item = await hub.site.store.get('items', `${node.origin}/outcomes/${SLUG}`)
      return item?.type === 'outcome' && item.state === 'published' ? item : undefined
    })
    expect(held.verified).to.equal(true)
    await page.goto(`${hub.origin}/search?q=river+gauges&kind=recommendation`)
    await follow(page, 'Message 1 · Messages from the Delta')
    await page.getByText('Keep the river gauges public.').first().waitFor()
    await page.goto(`${hub.origin}/at?id=${node.origin}/outcomes/${SLUG}`)
    expect(await page.locator('.seal').getAttribute('data-result')).to.equal('verified')
    await page.locator('.seal').click()
    await page.getByText('eddsa-jcs-2022').first().waitFor()
    await page.goto(
      `${node.origin}/host/receipts?item=${encodeURIComponent(`${node.origin}/outcomes/${SLUG}`)}`,
    )
    await page.getByText(new URL(hub.origin).host).first().waitFor()
    await context.close()
  })
})
