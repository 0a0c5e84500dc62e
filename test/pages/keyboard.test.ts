/** The main roads of a participant and of a host, gone with the keyboard alone, in both directions. */
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { openBrowser } from '../help/browser.ts'
import { filledNode, host } from '../help/community.ts'
import { hands } from '../help/keyboard.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { addPerson } from '../../server/people.ts'

const TALK = '/discussions/what-should-2027-be-about'
const password = 'rivers run to the sea'

describe('with a keyboard alone', () => {
  let node: TestServer

  before(async () => {
    node = await filledNode()
  })
  after(endServers)

  async function signIn(page: Page, email: string, typed: string) {
    const { type, go } = hands(page)
    await type('[name=email]', email)
    await type('[name=password]', typed)
    await go('main form button')
  }

  for (const language of ['en', 'ar']) {
    it(`somebody skips to the text, finds a discussion, signs in, answers and takes it back (${language})`, async function () {
      this.timeout(60_000)
      const browser = await openBrowser(this)
      const email = `lina-${language}@test.example`
      await addPerson(node.site, { name: 'Lina', email, role: 'participant', language, password })
      const page = await browser.newPage({ locale: language, javaScriptEnabled: true })
      const { press, go, type } = hands(page)
      await page.goto(node.origin)
      await press('.skip')
      expect(await page.evaluate('document.activeElement.id')).to.equal('main')
      await page.reload()
      await go('header nav a[href^="/discussions"]')
      await go(`main a[href^="${TALK}"]`)
      await go('#answer a[href^="/login"]')
      await signIn(page, email, password)
      expect(new URL(page.url()).pathname).to.equal(TALK)
      await type('#answer [name=text]', `Words in ${language}`)
      await go('#answer form button')
      await page.getByText(`Words in ${language}`).first().waitFor()
      await page.goto(`${node.origin}/me`)
      await go('main a[href^="/me/contributions/"]')
      await type('[name=text]', `Other words in ${language}`)
      await go('main form button')
      await page.goto(node.origin + TALK)
      await page.getByText(`Other words in ${language}`).first().waitFor()
      await page.close()
    })
  }

  it('a host writes an outcome, looks at it, saves it and opens it for comment', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const page = await browser.newPage({ locale: 'en' })
    const { go, type } = hands(page)
    await page.goto(`${node.origin}/login`)
    await signIn(page, host.email, host.password)
    await go('nav a[href="/host/outcomes"]')
    await go('a[href="/host/outcomes/new"]')
    await type('[name=title]', 'Typed without a mouse')
    await type('[name=markdown]', '1. Keep every road open. {.recommendation}')
    await go('button[value=preview]')
    expect(await page.locator('.preview .message').count()).to.equal(1)
    await go('main form button:not([value=preview])')
    await go('main a[href$="/steps/open"]')
    await go('main form button')
    await go('main form button')
    const open = await node.site.store.get('items', `${node.origin}/outcomes/typed-without-a-mouse`)
    expect(open).to.include({ state: 'open_for_comment' })
    await page.close()
  })
})
