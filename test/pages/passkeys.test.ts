/** Passkeys in a real browser with a virtual device: added, named, used, removed; and where there can be none. */
import { statSync } from 'node:fs'
import { expect } from 'chai'
import type { Browser, BrowserContext, CDPSession, Page, Request } from 'playwright-core'
import type { Person } from '../../content/parties.ts'
import { passkeyHost } from '../../server/passkeys.ts'
import { expectFine } from '../help/accessibility.ts'
import { addPasskey, authenticator, challengeOf } from '../help/authenticator.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { openPhone, PHONE } from '../help/phone.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, visitor } from '../help/visitor.ts'

const SCRIPT_BYTES_MAX = 4096

describe('passkeys in a browser', () => {
  let node: TestServer
  let browser: Browser
  let reader: BrowserContext
  let page: Page
  let cdp: CDPSession
  let authenticatorId: string

  before(async function () {
    this.timeout(60_000)
    browser = await openBrowser(this)
    node = await foundedServer('node', undefined, undefined, { origin: 'http://localhost:0' })
    ;({ reader, page, cdp, authenticatorId } = await openPhone(browser))
  })
  after(endServers)

  const acts = async (verb: string) => node.site.store.count('acts', { where: { verb } })
  const press = (name: string) => page.getByRole('button', { name }).click()
  const status = () => page.locator('[role=status]').textContent()
  const alert = () => page.locator('[role=alert]').textContent()

  async function typePassword() {
    await page.goto(`${node.origin}/login`)
    await page.fill('[name=email]', host.email)
    await page.fill('[name=password]', host.password)
    await page.press('[name=password]', 'Enter')
    await page.waitForURL(`${node.origin}/host`)
  }

  async function enter() {
    await reader.clearCookies()
    await page.goto(`${node.origin}/login?next=/host/account`)
    await press('Sign in with a passkey')
  }

  it('one is added on the account page after the present password, and the trail says so', async () => {
    await typePassword()
    await page.goto(`${node.origin}/host/account`)
    expect(await page.getByText('This browser cannot add a passkey').isVisible()).to.equal(false)
    expect(await page.inputValue('#f-passkey_name')).to.equal('Chrome · Linux')
    await page.fill('#f-passkey_name', 'Work phone')
    await press('Add a passkey')
    await page.locator('#f-passkey_password-error').waitFor()
    expect(await page.inputValue('#f-passkey_name')).to.equal('Work phone')
    await page.fill('#f-passkey_password', host.password)
    await press('Add a passkey')
    await page.waitForURL(/done=passkey_add/)
    expect(await status()).to.include('The passkey was added.')
    expect(await page.locator('main').textContent()).to.include('Work phone')
    expect(await acts('added_passkey')).to.equal(1)
    await expectFine(page)
  })

  it('the same device is not added twice, and the page says why', async () => {
    await page.fill('#f-passkey_password', host.password)
    await press('Add a passkey')
    await page.locator('[role=alert]').waitFor()
    expect(await alert()).to.include('already holds a passkey for your account')
  })

  it('it gets a new name, and signs its owner in to where they wanted to go', async () => {
    await page.goto(`${node.origin}/host/account`)
    await page.getByText('Rename this passkey').first().click()
    await page.fill('#f-0-passkey_name', 'Old phone')
    await press('Rename this passkey')
    await page.waitForURL(/done=passkey_rename/)
    let sent: Request | undefined
    page.on('request', (each) => (sent = each.url().endsWith('/login/passkey') ? each : sent))
    await enter()
    await page.waitForURL(`${node.origin}/host/account`)
    const main = String(await page.locator('main').textContent())
    expect(main).to.include('Old phone').and.include('Used last')
    await reader.clearCookies()
    const again = await page.request.post(`${node.origin}/login/passkey`, {
      headers: { ...(await sent?.allHeaders()), accept: 'text/html' },
      data: String(sent?.postData()),
      maxRedirects: 0,
    })
    expect(again.status(), 'the same answer a second time').to.equal(400)
    expect(await again.text()).to.include('This attempt was used already')
  })

  it('whoever does not unlock the device reads that nothing was changed', async () => {
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await enter()
    await page.locator('[role=alert]').waitFor()
    expect(await alert()).to.include('the device was not unlocked')
    await expectFine(page)
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  })

  it('one that was removed signs nobody in, and the password goes on working', async () => {
    await typePassword()
    await page.goto(`${node.origin}/host/account`)
    await press('Remove this passkey')
    await page.waitForURL(/done=passkey_remove/)
    expect(await status()).to.include('Nobody can sign in with it any more.')
    await enter()
    await page.locator('[role=alert]').waitFor()
    expect(await alert()).to.include('it may have been removed')
    await typePassword()
    expect(await acts('removed_passkey')).to.equal(1)
  })

  it('a browser that cannot read and write the JSON of WebAuthn itself does it all the same', async () => {
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId })
    await page.addInitScript(`
      delete PublicKeyCredential.parseCreationOptionsFromJSON
      delete PublicKeyCredential.parseRequestOptionsFromJSON
      delete PublicKeyCredential.prototype.toJSON`)
    await page.goto(`${node.origin}/host/account?lang=ar`)
    expect(await page.evaluate('typeof PublicKeyCredential.prototype.toJSON')).to.equal('undefined')
    await page.fill('#f-passkey_password', host.password)
    await press('أضف مفتاح مرور')
    await page.waitForURL(/done=passkey_add/)
    await expectFine(page)
    await enter()
    await page.waitForURL(`${node.origin}/host/account`)
  })

  it('without scripts only the password is shown, and the account says why', async () => {
    const plain = await browser.newPage({ javaScriptEnabled: false, locale: 'ar', viewport: PHONE })
    await plain.goto(`${node.origin}/login`)
    expect(await plain.locator('[data-passkey]').isVisible()).to.equal(false)
    await plain.fill('[name=email]', host.email)
    await plain.fill('[name=password]', host.password)
    await plain.press('[name=password]', 'Enter')
    await plain.goto(`${node.origin}/host/account?lang=ar`)
    expect(await plain.locator('[data-without-passkey]').isVisible()).to.equal(true)
    expect(await plain.locator('[data-passkey]').isVisible()).to.equal(false)
    await plain.close()
  })
})

describe('passkeys', () => {
  let node: TestServer
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock, undefined, { origin: 'http://localhost:0' })
  })
  after(endServers)

  it('are bound to the name of the site: none at an IP address or without TLS', async () => {
    expect(passkeyHost('https://igf.example:8443')).to.equal('igf.example')
    expect(passkeyHost('http://localhost:8080')).to.equal('localhost')
    for (const origin of [
      'http://127.0.0.1:8080',
      'https://192.0.2.7',
      'https://[2001:db8::1]',
      'http://igf.example',
    ])
      expect(passkeyHost(origin), origin).to.equal(undefined)
    const numbered = await foundedServer()
    const noor = await signedIn(numbered)
    const { text } = await noor.get('/host/account')
    expect(text).to.include('There can be no passkeys at this address').and.not.include('<script')
    expect((await visitor(numbered.origin).get('/login')).text).not.to.include('<script')
    const asked = await visitor(numbered.origin).send('/login/passkey/challenge', {})
    expect(asked.status).to.equal(503)
  })

  it('need a script of less than four kilobytes, and nowhere but where one signs in', async () => {
    expect(statSync('server/public/passkeys.js').size).to.be.below(SCRIPT_BYTES_MAX)
    const { text } = await visitor(node.origin).get('/login')
    const path = /<script type="module" src="([^"]+)"><\/script>/.exec(text)?.[1] ?? ''
    const { status, headers } = await visitor(node.origin).get(path)
    expect([status, headers.get('content-type')]).to.deep.equal([
      200,
      'text/javascript; charset=utf-8',
    ])
    expect((await visitor(node.origin).get('/')).text).not.to.include('<script')
  })

  it('whoever came by a link in a letter adds one just after signing in, and not later', async () => {
    const guest = await signedInAs(node, 'participant')
    const where = { role: 'participant' }
    const [person] = await node.site.store.find('people', { where })
    const joined = { ...person, joinedAt: clock.now() }
    await node.site.store.commit({ put: { people: [joined as Person] } })
    const { url } = await addPasskey(guest, authenticator(node.origin), '')
    expect(url).to.equal('/host/account')
    clock.forward(11 * 60_000)
    const token = tokenIn((await guest.get('/host/account')).text)
    const typed = { do: 'passkey_add', passkey_name: 'Another', failed: 'refused' }
    const { status, text } = await guest.send('/host/account', typed, token)
    expect(status).to.equal(400)
    expect(text).to.include('you must have signed in during the last ten minutes')
    expect(await node.site.store.count('passkeys', {})).to.equal(1)
    await node.site.store.commit({
      drop: { passkeys: (await node.site.store.find('passkeys', {})).map(({ id }) => id) },
    })
  })

  it('the last way in stays: of somebody without a password the last passkey is not removed', async () => {
    const noor = await signedIn(node)
    const [one, two] = [authenticator(node.origin), authenticator(node.origin)]
    for (const each of [one, two]) {
      const { url, text } = await addPasskey(noor, each, host.password)
      expect(url, text).to.equal('/host/account')
    }
    const where = { email: host.email }
    const [person] = await node.site.store.find('people', { where })
    if (person) await node.site.store.commit({ put: { people: [{ ...person, password: '' }] } })
    const token = tokenIn((await noor.get('/host/account')).text)
    const remove = (passkey: string) =>
      noor.send('/host/account', { do: 'passkey_remove', passkey }, token)
    const answers = await Promise.all([remove(one.id), remove(two.id)])
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 400])
    const [left] = await node.site.store.find('passkeys', {})
    const { text } = await remove(String(left?.id))
    expect(text).to.include('This is your only way to sign in')
    expect(await node.site.store.count('passkeys', {})).to.equal(1)
    const guest = visitor(node.origin)
    const device = left?.id === one.id ? one : two
    const response = device.get(await challengeOf(guest))
    expect((await guest.send('/login/passkey', { response })).url).to.equal('/host')
  })
})
