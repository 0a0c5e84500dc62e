/** An old site brought in by a person with a browser: without scripts, and once from right to left on a phone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { wordpressExport } from '../help/exports.ts'
import { endServers, type TestServer } from '../help/servers.ts'

const POSTS = 40
const PAGE_BYTES_MAX = 50_000
const PHONE = { width: 360, height: 740 }

describe('bringing in an old site in a browser', () => {
  let node: TestServer
  const folder = mkdtempSync(join(tmpdir(), 'tributary-export-'))
  const file = join(folder, 'coast forum.xml')

  before(async () => {
    writeFileSync(file, wordpressExport(POSTS))
    node = await foundedServer()
  })
  after(async () => {
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  async function signedIn(page: Page) {
    await page.goto(`${node.origin}/login`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)
  }

  const shot = async (page: Page, name: string) => {
    const to = process.env.SHOTS
    if (to) await page.screenshot({ path: `${to}/${name}.png`, fullPage: true })
    expect((await page.content()).length, name).to.be.below(PAGE_BYTES_MAX)
  }

  it('from the file to the page that the old address leads to, without scripts', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const context = await browser.newContext({ locale: 'en', javaScriptEnabled: false })
    const page = await context.newPage()
    await signedIn(page)
    await page.getByRole('link', { name: 'Bring in what you have' }).click()
    await page.setInputFiles('[name=file]', file)
    await page.getByRole('button', { name: 'Read the file' }).click()
    await page.getByRole('heading', { name: 'Look before it is written' }).waitFor()
    await shot(page, 'look')
    expect(await page.locator('.entries > li').count()).to.equal(25)
    expect((await fetch(`${node.origin}/2013/post-3`)).status).to.equal(404)
    expect(await node.site.store.count('drafts', {})).to.equal(0)

    await page.getByRole('link', { name: 'Messages from the meeting 3 (2013)' }).click()
    await shot(page, 'row')
    await page.fill('[name=title]', 'Messages of the coast 2013')
    await page.getByRole('button', { name: 'Save the correction' }).click()
    await page.selectOption('#k1', 'leave_out')
    await page.getByRole('button', { name: 'Save the choices of this page' }).click()
    await page.getByText('Your choices are saved.').waitFor()
    await page.getByRole('link', { name: 'Left out (1)' }).click()
    expect(await page.locator('.entries > li').count()).to.equal(1)
    await page.getByRole('button', { name: `Write ${POSTS - 1} items` }).click()
    await page.getByText(`${POSTS - 1} were written`).waitFor()
    await shot(page, 'written')

    const reader = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    await reader.goto(`${node.origin}/2013/post-3/?utm_source=letter`)
    expect(reader.url()).to.equal(`${node.origin}/outcomes/messages-of-the-coast-2013`)
    expect(await reader.locator('h1').textContent()).to.include('Messages of the coast 2013')
    await reader.goto(`${node.origin}/?p=2`)
    expect(new URL(reader.url()).pathname).to.match(/^\/discussions\//)
    expect((await fetch(`${node.origin}/feed/`)).url).to.equal(`${node.origin}/feed.atom`)
    expect((await fetch(`${node.origin}/?p=1`)).url).to.equal(`${node.origin}/?p=1`)
  })

  it('reads well from right to left on a phone, and passes axe', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const page = await browser.newPage({ viewport: PHONE, locale: 'ar' })
    await signedIn(page)
    const [job] = await node.site.store.find('imports', {})
    const again = { ...job!, id: 'again', state: 'ready' as const }
    const rows = await node.site.store.find('proposed', { order: 'oldest', limit: 30 })
    const waiting = rows.map(({ rev: _rev, item: _item, ...row }) => {
      return {
        ...row,
        id: row.id.replace(/^[^/]+/, 'again'),
        job: 'again',
        state: 'waiting' as const,
        text: 'We met.\n\n1. Keep the gauge public.\n2. Lower the price.',
      }
    })
    const { rev: _rev, ...fresh } = again
    await node.site.store.commit({ put: { imports: [fresh], proposed: waiting } })
    const paths = ['', `/${job?.id}`, '/again', '/again/3']
    for (const path of [...paths.map((each) => `/host/import${each}`), '/host/redirects']) {
      await page.goto(`${node.origin}${path}?lang=ar`)
      expect(await page.getAttribute('html', 'dir')).to.equal('rtl')
      await shot(page, `ar${path.replaceAll('/', '-')}`)
      await expectFine(page)
    }
  })
})
