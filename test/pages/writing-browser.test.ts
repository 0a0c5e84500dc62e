/** The whole life of an outcome in a real browser without JavaScript, on a phone; and the pages of it with axe. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { Version } from '../../content/model.ts'
import { outcomeId, versionId } from '../../federation/addresses.ts'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode, host } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { fromElsewhere } from '../help/signed-in.ts'

const PHONE = { width: 360, height: 740 }
const PAGE_BYTES_MAX = 50 * 1024
const OPEN = '/host/outcomes/data-for-fishing-communities'

const paths = [
  '/host/outcomes',
  '/host/outcomes/new',
  OPEN,
  `${OPEN}/texts/fr`,
  `${OPEN}/steps/agree`,
  `${OPEN}/contributions`,
  '/host/meetings/meeting-2026',
  '/host/sessions/new',
  '/host/discussions/new',
  '/host/contributions',
  '/moderation',
]

const text = '1. Connect schools first. {.recommendation .consensus C2}\n2. Share the cost.'

describe('writing in a browser', () => {
  let node: TestServer

  before(async () => {
    node = await filledNode()
  })
  after(endServers)

  async function signIn(page: Page) {
    await page.goto(`${node.origin}/login`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)
  }

  it('goes from a first line to a correction without a script, on a phone', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const context = { viewport: PHONE, locale: 'en', javaScriptEnabled: false }
    const page = await browser.newPage(context)
    const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
    const follow = (name: string) => page.getByRole('link', { name, exact: true }).first().click()
    const done = (words: string) => page.getByText(words).first().waitFor()
    await signIn(page)
    await page.goto(`${node.origin}/host/outcomes`)
    await follow('Write an outcome')
    await page.fill('[name=title]', 'Messages on schools')
    await page.fill('[name=markdown]', text)
    await press('Preview')
    expect(await page.locator('.preview .message').count()).to.equal(2)
    await press('Save')
    await follow('Present it')
    await press('Record that it was presented')
    await follow('Open for comment')
    await page.fill('[name=closesAt]', '2027-05-03T23:59')
    await press('Look at it once more')
    await press(/^Open for comment until .*2027.*23:59 UTC$/)
    await done('It is open for comment')
    const id = outcomeId(node, 'messages-on-schools')
    const outcome = await node.site.store.get('items', id)
    if (!outcome) throw new Error('not open')
    await fromElsewhere(node.site, 'ines', outcome)
    await page.goto(`${node.origin}/host/contributions`)
    await press('Show it')
    await page.goto(`${node.origin}/host/outcomes/messages-on-schools/contributions`)
    await page.getByLabel('Partly accepted').check()
    await page.fill('[name=reason]', 'The second half is in')
    await press('Publish this answer')
    await done('Partly accepted by the drafters.')
    await page.goto(`${node.origin}/host/outcomes/messages-on-schools`)
    await page.fill('[name=markdown]', text.replace('the cost', 'all costs'))
    await press('Save')
    await follow('Publish a revision')
    expect(await page.locator('ins').first().textContent()).to.include('all costs')
    await press('Publish the revision as version 2')
    await follow('Record the agreement')
    await page.fill('[name=method]', 'rough consensus in the closing session')
    await press('Record as agreed, version 3')
    await follow('Publish it')
    await press('Publish version 4 as the outcome')
    await follow('Correct it')
    await page.fill('[name=reason]', 'A word was missing')
    await press('Publish the correction as version 5')
    await follow('See it as readers do')
    await done('A word was missing')
    await done('Partly accepted by the drafters.')
    const version = await node.site.store.get('versions', versionId(id, 5))
    expect((version as Version).state).to.equal('corrected')
    await page.close()
  })

  it('passes axe, fits a phone and stays light, in both directions', async function () {
    this.timeout(90_000)
    const browser = await openBrowser(this)
    const outcome = await node.site.store.get(
      'items',
      outcomeId(node, OPEN.split('/').at(-1) ?? ''),
    )
    if (!outcome) throw new Error('nothing is open')
    await fromElsewhere(node.site, 'held', outcome)
    await fromElsewhere(node.site, 'shown', outcome, { visibility: 'shown' })
    for (const look of looks) {
      const page = await browser.newPage({ ...look, viewport: PHONE })
      await signIn(page)
      for (const path of paths) {
        await page.goto(`${node.origin}${path}?lang=${look.locale}`)
        await expectFine(page)
        expect(Buffer.byteLength(await page.content()), path).to.be.below(PAGE_BYTES_MAX)
      }
      await page.close()
    }
  })
})
