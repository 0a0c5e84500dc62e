/** Moving as a host does it: on the page, by two people, at the terminal beside a running server, and on a phone. */
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { addPerson } from '../../server/people.ts'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer, host } from '../help/community.ts'
import { endFronts, type Front, front } from '../help/fronts.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { endProcesses, expectRefused, tributary } from '../scripts/run.ts'

const PATH = '/host/moving'
const PHONE = { width: 360, height: 740 }

describe('moving, as a host does it', () => {
  let names: Front[]
  let node: TestServer
  const at = (number: number) => names[number]?.origin ?? ''
  const signedInAt = (number: number, account: Pick<typeof host, 'email' | 'password'> = host) =>
    signedIn({ ...node, origin: at(number) }, account)

  before(async () => {
    names = await Promise.all([front(), front(), front(), front()])
    node = await foundedServer('node', undefined, undefined, { origin: at(0) })
    for (const each of names.slice(0, 3)) each.leadTo(node.port)
    await publish(node.site, 'before', '- Said before the move.')
  })
  after(async () => {
    await endServers()
    await endFronts()
    await endProcesses()
  })

  it('is explained, looked at without a change, and refused beside the field', async () => {
    const noor = await signedInAt(0)
    expect((await noor.get('/host/care')).text).to.include(`href="${PATH}"`)
    expect((await noor.get(PATH)).text).to.include('Point the new domain at this machine')
    const wrong = await noor.fill(PATH, PATH, { to: at(3) })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('Nobody answers at')
    const plan = await noor.fill(PATH, PATH, { to: at(1) })
    expect(plan.text).to.include(`Move to ${new URL(at(1)).host} now`)
    expect(plan.text).to.match(/\d+ things? that (was|were) published/)
    expect(node.site.origin).to.equal(at(0))
  })

  it('passes axe and fits a phone, in both directions', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    for (const look of looks) {
      const { locale } = look
      const page = await browser.newPage({ ...look, viewport: PHONE })
      await page.goto(`${at(0)}/login`)
      await page.fill('[name=email]', host.email)
      await page.fill('[name=password]', host.password)
      await page.press('[name=password]', 'Enter')
      await page.waitForURL(`${at(0)}/host`)
      await page.goto(`${at(0)}${PATH}?lang=${locale}`)
      await expectFine(page)
      await page.fill('[name=to]', at(1))
      await page.press('[name=to]', 'Enter')
      await page.locator('button.danger').waitFor()
      await expectFine(page)
      if (locale === 'ar') {
        await page.locator('button.danger').click()
        await page.locator('a.button').click()
        await page.waitForURL(`${at(1)}/login*`)
      }
      await page.close()
    }
    expect(node.site.origin).to.equal(at(1))
  })

  it('shows where it stands at the new address, after signing in there', async () => {
    const noor = await signedInAt(1)
    const { text } = await noor.get(PATH)
    expect(text).to.include('Everybody has come along')
    expect(text).to.include(new URL(at(0)).host)
    const { text: trail } = await noor.get('/host/trail')
    expect(trail).to.include('Server moved to another address')
  })

  it('takes two people where the host wants that, and the terminal is no way around it', async () => {
    const account = { name: 'Ana', email: 'ana@demo.example', password: 'boats on the estuary' }
    await addPerson(node.site, { ...account, role: 'host', language: 'en' })
    const [noor, ana] = [await signedInAt(1), await signedInAt(1, account)]
    await noor.fill('/host/second', '/host/second', { do: 'on' })
    const plan = await noor.fill(PATH, PATH, { to: at(2) })
    expect(plan.text).to.include('now</button>')
    const token = /name="_token" value="([^"]*)"/.exec(plan.text)?.[1] ?? ''
    const asked = await noor.send(PATH, { do: 'move', to: at(2) }, token)
    expect(asked.text).to.include('It waits for a second person.')
    expect(node.site.origin).to.equal(at(1))
    expectRefused(await atTerminal(at(2), '--yes'), /This takes two people/)
    const [pending] = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    const path = `/host/second/${pending?.id}`
    expect((await ana.get(path)).text).to.include(`Move this server to ${at(2)}`)
    const done = await ana.fill(path, path, { do: 'confirm' })
    expect(done.text).to.include(`This server is ${new URL(at(2)).host} now.`)
    expect(node.site.origin).to.equal(at(2))
  })

  it('is done at the terminal while the server runs, which goes by the new address at once', async () => {
    const noor = await signedInAt(2)
    await noor.fill('/host/second', '/host/second', { do: 'off' })
    const [pending] = await node.site.store.find('pendings', { where: { state: 'waiting' } })
    const ana = await signedInAt(2, { email: 'ana@demo.example', password: 'boats on the estuary' })
    await ana.fill(`/host/second/${pending?.id}`, `/host/second/${pending?.id}`, { do: 'confirm' })
    const looked = await atTerminal(at(0))
    expect(looked.text).to.include('Nothing was changed. Add --yes to do it.')
    expect(node.site.origin).to.equal(at(2))
    const done = await atTerminal(at(0), '--yes')
    expect(done.text).to.include(`this server is ${at(0)} now`)
    await until(async () => node.site.origin === at(0))
    const answer = await fetch(groupId(node.site), {
      headers: { accept: 'application/activity+json' },
    })
    expect(((await answer.json()) as { id: string }).id).to.equal(groupId({ origin: at(0) }))
    expect((await atTerminal()).text).to.include(`${at(1)} to ${at(0)}`)
  })

  const atTerminal = (...args: string[]) =>
    tributary(['move', ...args], {
      TRIBUTARY_DATA: node.data,
      TRIBUTARY_ORIGIN: at(0),
      TRIBUTARY_PRIVATE_PEERS: 'allow',
    })
})
