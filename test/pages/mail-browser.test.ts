/** Following by e-mail and the light account in a real browser with and without scripts, left to right and right to left, wide and narrow. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { axeFindings } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode } from '../help/community.ts'
import { endMailboxes, linkIn, type Mailbox, mailbox } from '../help/mailbox.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'

const TALK = '/discussions/what-should-2027-be-about'
const NARROW = { width: 360, height: 740 }
const PAGE_BYTES_MAX = 50_000

interface Way {
  language: string
  /** axe needs them; the pages do not. */
  scripts: boolean
}

const ways: Way[] = [
  { language: 'en', scripts: false },
  { language: 'en', scripts: true },
  { language: 'ar', scripts: true },
]

describe('e-mail in a browser', () => {
  let box: Mailbox
  let node: TestServer

  before(async () => {
    box = await mailbox()
    node = await filledNode('coast', undefined, { mail: box.config })
    const host = await signedIn(node)
    await host.fill('/host/mail', '/host/mail', { hold: 'no' })
  })
  after(async () => {
    await endServers()
    await endMailboxes()
  })

  const linkTo = (email: string, path: string): Promise<string> =>
    until(async () => {
      node.site.wake('mail')
      const letter = box.letters.findLast((each) => each.to === email && each.text.includes(path))
      return letter && linkIn(letter, path)
    })

  const press = (page: Page) => page.locator('main form button').first().click()

  /** Light, small, in its direction, and nothing sticks out of a narrow screen. */
  async function looksRight(page: Page, { language, scripts }: Way, shot: string) {
    if (scripts) expect(await axeFindings(page), shot).to.deep.equal([])
    expect((await page.content()).length, shot).to.be.below(PAGE_BYTES_MAX)
    expect(await page.getAttribute('html', 'dir')).to.equal(language === 'ar' ? 'rtl' : 'ltr')
    const wider: unknown = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    expect(wider, shot).to.equal(false)
    const folder = process.env.SHOTS
    if (folder)
      await page.screenshot({
        path: `${folder}/${language}-${String(scripts)}-${shot}.png`,
        fullPage: true,
      })
  }

  for (const way of ways) {
    const { language, scripts } = way
    it(`somebody follows, joins, answers and looks at what is theirs (${language}, ${scripts ? 'narrow' : 'without scripts'})`, async function () {
      this.timeout(60_000)
      const browser = await openBrowser(this)
      const context = await browser.newContext({
        locale: language,
        javaScriptEnabled: scripts,
        ...(scripts ? { viewport: NARROW } : {}),
      })
      const page = await context.newPage()
      const email = `ana-${language}-${String(scripts)}@mail.example`
      await page.goto(node.origin + TALK)
      await page.locator('#follow > summary').click()
      await page.locator('form[action="/follow/mail"] [name=email]').fill(email)
      await page.locator('form[action="/follow/mail"] button').click()
      await looksRight(page, way, 'look')
      await page.goto(node.origin + (await linkTo(email, '/follow/mail/confirm')))
      await looksRight(page, way, 'confirm')
      await press(page)
      await looksRight(page, way, 'manage')

      await page.goto(`${node.origin}/join?next=${encodeURIComponent(TALK)}`)
      await looksRight(page, way, 'join')
      await press(page)
      await looksRight(page, way, 'join-mistakes')
      await page.fill('[name=email]', email)
      await page.fill('[name=name]', language === 'ar' ? 'ليلى' : 'Leila')
      await page.check('[name=agree]')
      await press(page)
      const link = await linkTo(email, '/sign-in')
      await page.goto(node.origin + link)
      await looksRight(page, way, 'sign-in')
      await press(page)
      await page.waitForURL(`${node.origin}${TALK}`)
      await page.fill('[name=text]', 'Who pays for the cables?')
      await page.locator('#answer form button').click()
      await page.goto(`${node.origin}/me`)
      await looksRight(page, way, 'me')
      await page.locator('a[href^="/me/contributions/"]').click()
      await looksRight(page, way, 'change')
      await page.goto(`${node.origin}/me/erase`)
      await looksRight(page, way, 'erase')
      await context.close()
    })
  }
})
