/** Handing the node over to next year’s team, in a real browser without scripts: looked at, done, and what is left to do. */
import { expect } from 'chai'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { endWhatIsOver } from '../../server/endings.ts'
import { addPerson } from '../../server/people.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode, host } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { visitor } from '../help/visitor.ts'

const PHONE = { width: 360, height: 740 }
const WEEK_MS = 7 * 24 * 3600_000
const password = 'boats on the estuary'

describe('handing over to the next team', () => {
  let node: TestServer
  let browser: Browser
  let team: BrowserContext
  let page: Page
  const clock = testClock()

  const account = (name: string) => ({
    name,
    email: `${name.toLowerCase()}@demo.example`,
    password,
  })

  before(async function () {
    this.timeout(60_000)
    browser = await openBrowser(this)
    node = await filledNode('coast', clock)
    for (const [name, role] of [
      ['Ana', 'editor'],
      ['Robin', 'rapporteur'],
      ['Kim', 'moderator'],
    ] as const)
      await addPerson(node.site, { ...account(name), role, language: 'en' })
    team = await browser.newContext({ viewport: PHONE, locale: 'en', javaScriptEnabled: false })
    page = await team.newPage()
    await enter(host)
  })
  after(endServers)

  async function enter({ email, password: typed }: { email: string; password: string }) {
    await team.clearCookies()
    await page.goto(`${node.origin}/login`)
    await page.fill('[name=email]', email)
    await page.fill('[name=password]', typed)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)
  }

  const main = async () => String(await page.locator('main').textContent())
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const role = (who: string, value: string) => page.selectOption(`[name="role-${who}"]`, value)
  const end = (who: string, day: string) => page.fill(`[name="end-${who}"]`, day)
  const alert = () => page.locator('[role=alert]').first().textContent()
  const roles = async () =>
    Object.fromEntries(
      (await node.site.store.find('people', {})).map(({ name, role, ends }) => [
        name,
        ends ? `${role} until ${ends.at.slice(0, 10)}` : role,
      ]),
    )
  const open = () => page.goto(`${node.origin}/host/handover`)

  async function fine() {
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(PHONE.width)
  }

  it('is looked at before it is done, and nobody leaves the node without a host', async () => {
    await page.goto(`${node.origin}/host/people`)
    await page.getByRole('link', { name: 'Hand over to next year’s team' }).click()
    await fine()
    await press('Look at it before it is done')
    expect(await alert()).to.include('Nothing is chosen yet.')
    await role('noor-halabi', 'participant')
    await press('Look at it before it is done')
    expect(await alert()).to.include('Nobody would be host any more')
    await end('noor-halabi', '2026-12-01')
    await press('Look at it before it is done')
    expect(await alert()).to.include('Nobody would be host when those days have come.')
    await role('ana', 'host')
    await end('ana', '2026-12-01')
    await press('Look at it before it is done')
    expect(await page.locator('#f-end-ana-error').textContent()).to.include('does so at once')
    await end('ana', '')
    await end('noor-halabi', '2025-12-01')
    await press('Look at it before it is done')
    expect(await page.locator('#f-end-noor-halabi-error').textContent()).to.include('lie ahead')
    expect(await roles()).to.deep.include({ 'Noor Halabi': 'host', Ana: 'editor' })
  })

  it('does all of it together, with links for whom it invites, and says what is left', async () => {
    await end('noor-halabi', '2026-12-01')
    await role('robin', 'participant')
    await page.fill('[name="invite-1"]', 'Sami from the coast')
    await press('Look at it before it is done')
    const summary = await main()
    expect(summary).to.include('Ana: Host, at once')
    expect(summary).to.include('access to the host’s pages ends, from December 1, 2026 on')
    expect(summary)
      .to.match(/Unchanged\s*Kim/)
      .and.match(/Hosts in the end\s*Ana, Sami from the coast/)
    await fine()
    await press('Change something')
    expect(await page.inputValue('[name="invite-1"]')).to.equal('Sami from the coast')
    await press('Look at it before it is done')
    expect((await roles()).Ana, 'nothing is done yet').to.equal('editor')
    await press('Hand over now')
    expect(await roles()).to.deep.include({
      'Noor Halabi': 'host until 2026-12-01',
      Ana: 'host',
      Robin: 'participant',
      Kim: 'moderator',
    })
    const done = await main()
    expect(done).to.include('Robin keeps an account as participant. With a password. 0 passkeys.')
    for (const word of ['registrar', 'DNS', 'TRIBUTARY_SMTP', 'Backups', 'Keys'])
      expect(done).to.include(word)
    await fine()
    const link = /\/invite\/[\w-]{27}/.exec(done)?.[0] ?? ''
    const sami = { name: 'Sami', email: 'sami@demo.example', password }
    const joined = await visitor(node.origin).fill(link, link, sami)
    expect(joined.url).to.equal('/host/account')
    expect((await roles()).Sami).to.equal('host')
    await page.goto(`${node.origin}/host/trail`)
    const trail = await main()
    expect(trail)
      .to.include('Node handed over to the next team')
      .and.include('Role changed to host')
  })

  it('gives the next team a sheet to print: what there is, what is open, who is who, what is left', async () => {
    await page.goto(`${node.origin}/host/handover/sheet`)
    const sheet = await main()
    expect(sheet).to.include('Silver Coast').and.include(node.origin).and.include(node.data)
    expect(sheet).to.match(/Outcomes\s*[1-9]/)
    expect(sheet).to.include('until December 1, 2026')
    expect(sheet).to.match(/(Meeting begins|Discussion closes|Comment period ends)/)
    await fine()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav.host').isVisible()).to.equal(false)
    await page.emulateMedia({ media: 'screen' })
  })

  it('ends a role on its day, and the last host stays until another has come', async () => {
    clock.forward(2 * WEEK_MS)
    await endWhatIsOver(node.site)
    expect((await roles())['Noor Halabi']).to.equal('participant')
    await enter(account('Ana'))
    await open()
    await role('ana', 'participant')
    await end('ana', '2026-12-20')
    await role('sami', 'participant')
    await page.fill('[name="invite-1"]', 'Next year')
    await press('Look at it before it is done')
    await press('Hand over now')
    const link = /\/invite\/[\w-]{27}/.exec(await main())?.[0] ?? ''
    clock.forward(4 * WEEK_MS)
    const said: string[] = []
    const note = (event: string) => void said.push(event)
    Object.assign(node.site.log, { info: note, error: note })
    await endWhatIsOver(node.site)
    expect((await roles()).Ana, 'nobody has come yet').to.match(/^host until/)
    await endWhatIsOver(node.site)
    expect(said.filter((event) => /role/.test(event))).to.have.lengthOf(1)
    await enter(account('Ana'))
    for (const path of ['/host', '/host/handover', '/host/handover/sheet']) {
      await page.goto(node.origin + path)
      expect(await main()).to.include('Ana was to stop being host on December 20, 2026 and stays')
      await fine()
    }
    const newcomer = { name: 'Zoe', email: 'zoe@demo.example', password }
    await visitor(node.origin).fill(link, link, newcomer)
    await endWhatIsOver(node.site)
    expect(await roles()).to.deep.include({ Ana: 'participant', Zoe: 'host' })
  })

  it('passes axe in both directions', async () => {
    await enter(account('Zoe'))
    const seeing = await browser.newContext({
      viewport: PHONE,
      storageState: await team.storageState(),
    })
    const seen = await seeing.newPage()
    for (const path of [
      '/host/handover?lang=ar',
      '/host/handover/sheet?lang=ar',
      '/host/handover',
    ]) {
      await seen.goto(`${node.origin}${path}`)
      await expectFine(seen)
    }
    await seeing.close()
  })

  it('waits for a second person where one is wanted, who reads all of it', async () => {
    const lee = account('Lee')
    await addPerson(node.site, { ...lee, role: 'host', language: 'en' })
    const [zoe, other] = [await signedIn(node, account('Zoe')), await signedIn(node, lee)]
    await zoe.fill('/host/second', '/host/second', { do: 'on' })
    const asked = await zoe.fill('/host/handover', '/host/handover', {
      'role-kim': 'editor',
      'invite-1': 'A newcomer',
      do: 'hand_over',
    })
    expect(asked.text).to.include('It waits for a second person.')
    const link = /\/invite\/[\w-]{27}/.exec(asked.text)?.[0] ?? ''
    expect((await visitor(node.origin).get(link)).status).to.equal(409)
    const [pending] = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    const path = `/host/second/${pending?.id}`
    const shown = await other.get(path)
    expect(shown.text)
      .to.include('over to the next team')
      .and.match(/Kim<\/bdi>: Editor, at once/)
    expect(shown.text).to.include('A newcomer')
    await other.fill(path, path, { do: 'confirm' })
    expect((await roles()).Kim).to.equal('editor')
    expect((await visitor(node.origin).get(link)).status).to.equal(200)
    const [act] = await node.site.store.find('acts', {
      where: { verb: 'handed_node_over' },
      limit: 1,
    })
    expect(act).to.include({ second: `${node.origin}/people/lee` })
  })
})
