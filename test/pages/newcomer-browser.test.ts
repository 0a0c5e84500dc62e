/** A newcomer with the export of an old site, from an empty server to what is published: counted in what a person has to do, not in time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { wordpressExport } from '../help/exports.ts'
import { endServers, type TestServer, testServer } from '../help/servers.ts'

const POSTS = 200
const OUTCOMES = Math.floor(POSTS / 3)
const TALKS = POSTS - OUTCOMES
const PHONE = { width: 360, height: 740 }
const PAGE_BYTES_MAX = 50_000

/** Each form that is sent, and each field, choice or link that a person has to see to. */
const FORMS_MAX = 4
const CHOICES_MAX = 18

describe('a newcomer with an old site', () => {
  let node: TestServer
  const folder = mkdtempSync(join(tmpdir(), 'tributary-export-'))
  const file = join(folder, 'export.xml')

  before(async () => {
    writeFileSync(file, wordpressExport(POSTS, '', 2))
    node = await testServer()
  })
  after(async () => {
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A page that counts what is done on it. */
  function counted(page: Page) {
    const done = { forms: 0, choices: 0 }
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.method() === 'POST') done.forms += 1
    })
    const choice = async (act: Promise<unknown>) => {
      done.choices += 1
      await act
    }
    return {
      done,
      fill: (name: string, text: string) => choice(page.fill(`[name="${name}"]`, text)),
      check: (value: string) => choice(page.check(`[value="${value}"]`)),
      press: (name: string | RegExp) => choice(page.getByRole('button', { name }).click()),
      follow: (name: string) => choice(page.getByRole('link', { name, exact: true }).click()),
      open: (name: string) => choice(page.getByText(name).click()),
      attach: () => choice(page.setInputFiles('[name=file]', file)),
    }
  }

  const shot = async (page: Page, name: string) => {
    const to = process.env.SHOTS
    if (to) await page.screenshot({ path: `${to}/${name}.png`, fullPage: true })
    expect((await page.content()).length, name).to.be.below(PAGE_BYTES_MAX)
  }

  it(`has ${POSTS} posts of it here after at most ${FORMS_MAX} forms and ${CHOICES_MAX} choices, without scripts`, async function () {
    this.timeout(90_000)
    const browser = await openBrowser(this)
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    const { done, fill, check, press, follow, open, attach } = counted(page)
    await page.goto(node.origin)
    await fill('code', String(node.setupCode))
    await fill('name.en', 'Delta Internet Governance Forum')
    await fill('acronym', 'DIGF')
    await check('sub_regional')
    await fill('countries', 'Mali, Niger')
    await fill('personName', 'Oumar Ba')
    await fill('email', 'oumar@igf.example')
    await fill('password', 'three words of mine')
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)

    await follow('Bring in what you have')
    await attach()
    await press('Read the file')
    await page.getByRole('heading', { name: 'Look before it is written' }).waitFor()
    await open('Put many under a meeting')
    await press('Put them there')
    await page.getByText('Your choices are saved.').waitFor()
    await shot(page, 'newcomer-look')
    await press(`Write ${POSTS} items`)
    await page.getByText(`${POSTS} were written`).waitFor({ timeout: 60_000 })
    await shot(page, 'newcomer-written')
    expect(done.forms).to.be.at.most(FORMS_MAX)
    expect(done.choices).to.be.at.most(CHOICES_MAX)
  })

  it('finds them as outcomes and discussions, under their meetings, with what was said', async () => {
    const { store } = node.site
    const count = (type: string) => store.count('items', { where: { type, visibility: 'shown' } })
    expect(await count('outcome')).to.equal(OUTCOMES)
    expect(await count('discussion')).to.equal(TALKS)
    expect(await count('contribution')).to.equal(TALKS * 2)
    expect(await count('meeting')).to.equal(15)
    expect(await store.count('redirects', {})).to.equal(POSTS * 2)
    const outcomes = await store.find('items', { where: { type: 'outcome' }, limit: 100 })
    expect(outcomes.every((each) => each.type === 'outcome' && each.meeting)).to.equal(true)
  })

  it('reads what was said on a phone, marked as brought in, in two directions, and axe finds nothing', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    const page = await browser.newPage({ viewport: PHONE })
    const [talk] = await node.site.store.find('items', { where: { type: 'discussion' } })
    for (const language of ['en', 'ar']) {
      await page.goto(`${node.origin}${new URL(talk?.id ?? '').pathname}?lang=${language}`)
      await shot(page, `newcomer-talk-${language}`)
      expect(await page.locator('.contribution').count()).to.equal(2)
      await expectFine(page)
    }
  })
})
