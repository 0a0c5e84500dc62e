/** The aggregator, as its readers and its Secretariat use it: two real nodes publish, it gathers. */
import { expect } from 'chai'
import { canonical } from '../../federation/proofs.ts'
import { applyTo } from '../../federation/follow.ts'
import { expectFine, looks } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { filledNode, foundedServer, host } from '../help/community.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const PAGE_BYTES_MAX = 50 * 1024

describe('gathering', () => {
  let hub: TestServer
  let coast: TestServer
  let oases: TestServer
  let secretariat: Visitor

  /** The path here of what lives at an address there. */
  const placeOf = async (id: string) =>
    (await visitor(hub.origin).get(`/at?id=${encodeURIComponent(id)}`)).url

  const isRead = (node: TestServer) =>
    until(
      async () =>
        (await hub.site.store.get('pulls', `${node.origin}/actor`))?.standing === 'consistent',
    )

  before(async () => {
    ;[hub, coast, oases] = await Promise.all([
      foundedServer('aggregator'),
      filledNode('coast'),
      filledNode('oases'),
    ])
    secretariat = visitor(hub.origin)
    await secretariat.send('/login', { email: host.email, password: host.password })
  })
  after(endServers)

  it('says how to begin when nothing has been gathered', async () => {
    const guest = visitor(hub.origin)
    expect((await guest.get('/')).text).to.include('Nothing has been gathered yet')
    expect((await guest.get('/initiatives')).text).to.include('No initiative is listed here yet')
    expect((await guest.get('/host/registry')).url).to.equal('/login')
  })

  it('an address that leads nowhere comes back with what is wrong with it, and changes nothing', async () => {
    for (const [address, said] of [
      ['', 'Please fill this in'],
      ['not an address', 'is not an address'],
      [`${coast.origin}/outcomes`, 'answered with'],
    ] as const) {
      const { status, text } = await secretariat.fill('/host/registry', '/host/registry/look-up', {
        address,
      })
      expect(status).to.equal(400)
      expect(text).to.include(said)
    }
    expect(await hub.site.store.count('following', {})).to.equal(0)
  })

  it('an initiative is looked up by the address of its site, listed, and read to its end', async () => {
    const looked = await secretariat.fill('/host/registry', '/host/registry/look-up', {
      address: coast.origin,
    })
    expect(looked.text).to.include('Silver Coast Internet Governance Forum')
    expect(await hub.site.store.count('following', {})).to.equal(0)
    const id = `${coast.origin}/actor`
    const token = /name="_token" value="([^"]*)"/.exec(looked.text)?.[1] ?? ''
    await secretariat.send('/host/registry/list', { id, note: 'known since 2019' }, token)
    await isRead(coast)
    const { text } = await visitor(hub.origin).get(await placeOf(id))
    expect(text).to.include('known since 2019').and.to.include('complete')
    expect(text).to.include('Messages from Port-Argent')
  })

  it('an application of a node waits, is accepted in the browser, and its history is read', async () => {
    await applyTo(oases.site, hub.origin)
    const id = `${oases.origin}/actor`
    await until(async () => (await hub.site.store.get('registry', id))?.standing === 'applied')
    expect((await visitor(hub.origin).get('/initiatives')).text).not.to.include('Oases')
    expect((await visitor(hub.origin).get(`/at?id=${id}`)).status).to.equal(404)
    const { text } = await secretariat.get('/host/registry')
    expect(text).to.include('Oases Internet Governance Forum').and.to.include('Applied')
    const token = /name="_token" value="([^"]*)"/.exec(text)?.[1] ?? ''
    await secretariat.send('/host/registry/standing', { id, standing: 'listed' }, token)
    await isRead(oases)
    expect((await visitor(hub.origin).get('/initiatives?kind=regional')).text).to.include('Oases')
  })

  it('the directory answers as JSON and CSV, with the same filters', async () => {
    const guest = visitor(hub.origin)
    const all = JSON.parse((await guest.get('/initiatives.json')).text) as {
      items: { acronym: string; log: { size: number; read: number; refused: number } }[]
    }
    expect(all.items.map(({ acronym }) => acronym)).to.deep.equal(['OIGF', 'SCIGF'])
    for (const { log } of all.items) {
      expect(log.read).to.equal(log.size)
      expect(log.refused).to.equal(0)
    }
    const csv = (await guest.get('/initiatives.csv?kind=regional')).text.trim().split('\r\n')
    expect(csv).to.have.length(2)
  })

  it('an outcome is re-served with its origin, its seal, and exactly the text that was signed', async () => {
    const guest = visitor(hub.origin)
    const id = `${coast.origin}/outcomes/messages-from-port-argent`
    const path = await placeOf(id)
    const { text } = await guest.get(path)
    expect(text).to.include(`href="${id}"`).and.to.include('data-result="verified"')
    expect(text).to.include('A cut cable is a public matter')
    const machine = { headers: { accept: 'application/activity+json' } }
    const there = await (await fetch(id, machine)).json()
    for (const address of [`${path}/versions/1/object`, path]) {
      const held = await fetch(hub.origin + address, machine)
      expect(await held.text()).to.equal(canonical(there))
    }
    const plain = JSON.parse((await guest.get(`${path}.json`)).text) as { messages: unknown[] }
    expect(plain.messages).to.have.length(6)
    expect((await guest.get(`${path}/proof`)).text)
      .to.include('eddsa-jcs-2022')
      .and.to.include(id)
    expect((await guest.get(`${path}/versions`)).status).to.equal(200)
  })

  it('search finds words in their own script and keeps to the filters', async () => {
    const found = async (query: string) =>
      JSON.parse((await visitor(hub.origin).get(`/search.json?${query}`)).text) as {
        total: number
        items: { type: string; initiative: string }[]
        facets: Record<string, { value: string; count: number }[]>
      }
    expect((await found('q=CABLE')).total).to.be.greaterThan(0)
    expect((await found(`q=${encodeURIComponent('الشبكات')}`)).total).to.be.greaterThan(0)
    const kind = await found('type=message&kind=recommendation&region=african&country=EG')
    expect(kind.items.every(({ initiative }) => initiative === `${oases.origin}/actor`)).to.equal(
      true,
    )
    const { facets } = await found('type=message')
    for (const { value, count } of facets.initiative ?? []) {
      expect((await found(`type=message&initiative=${value}`)).total, value).to.equal(count)
    }
    for (const { value, count } of facets.consensus ?? []) {
      expect((await found(`type=message&consensus=${value}`)).total, value).to.equal(count)
    }
    expect((await found('country=ZZ')).total).to.equal(0)
    expect((await found('kind=finding&kind=recommendation')).total).to.be.greaterThan(
      (await found('kind=finding')).total,
    )
  })

  it('a standing changes only along its steps, and stands in the trail', async () => {
    const id = `${oases.origin}/actor`
    const { text } = await secretariat.get('/host/registry')
    const token = /name="_token" value="([^"]*)"/.exec(text)?.[1] ?? ''
    const declined = await secretariat.send(
      '/host/registry/standing',
      { id, standing: 'declined' },
      token,
    )
    expect(declined.status).to.equal(409)
    await secretariat.send(
      '/host/registry/standing',
      { id, standing: 'dormant', note: 'no meeting' },
      token,
    )
    expect((await visitor(hub.origin).get(await placeOf(id))).text).to.include('no meeting')
    expect((await secretariat.get('/host/trail')).text).to.include('no meeting')
    await secretariat.send('/host/registry/standing', { id, standing: 'listed' }, token)
  })

  it('every page is under 50 kB, fits a small phone, and passes axe in both directions and schemes', async function () {
    this.timeout(60_000)
    const outcome = await placeOf(`${coast.origin}/outcomes/messages-from-port-argent`)
    const initiative = await placeOf(`${oases.origin}/actor`)
    const paths = [
      '/',
      '/about',
      '/initiatives',
      initiative,
      outcome,
      `${outcome}/proof`,
      '/outcomes',
      '/meetings',
      '/discussions',
      '/search?q=cable',
    ]
    for (const path of paths) {
      const { status, text } = await visitor(hub.origin).get(path)
      expect(status, path).to.equal(200)
      expect(Buffer.byteLength(text), path).to.be.below(PAGE_BYTES_MAX)
    }
    const browser = await openBrowser(this)
    for (const look of looks) {
      const page = await browser.newPage({ ...look, viewport: { width: 360, height: 740 } })
      for (const path of paths) {
        await page.goto(hub.origin + path)
        await expectFine(page)
      }
      await page.close()
    }
  })
})
