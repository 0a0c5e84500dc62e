/** doctor: each usual mistake is made on purpose, and found by its own sentence. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { copyEverything } from '../../server/backups.ts'
import type { Config } from '../../server/config.ts'
import { examine } from '../../server/doctor.ts'
import { type Running, startServer } from '../../server/main.ts'
import { createSite, openStore } from '../../server/site.ts'
import { addPerson } from '../../server/people.ts'
import { serversHere } from '../../server/presence.ts'
import { setUp } from '../../server/setup.ts'
import { account, initiatives } from '../../scripts/demo/places.ts'
import { signedIn } from '../help/signed-in.ts'
import { foundedServer } from '../help/community.ts'
import { endMailboxes, mailbox } from '../help/mailbox.ts'
import { publish } from '../help/publishing.ts'
import { type Behaviour, endProxies, type Proxy, startProxy } from '../help/proxy.ts'
import { endServers, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'
import { endProcesses, tributary } from '../scripts/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'tributary-doctor-'))

describe('doctor', () => {
  let proxy: Proxy
  let running: Running
  let config: Config
  let port: number

  const data = join(folder, 'data')
  const settings = (): Config => ({
    role: 'node',
    host: '127.0.0.1',
    port: 0,
    origin: proxy.origin,
    data,
    privatePeers: true,
    proxies: 1,
    log: 'silent',
    metrics: false,
  })
  /** What is wrong, by name. */
  const wrong = async (changes: Partial<Config> = {}, site = running.site) =>
    (await examine(site, { ...config, ...changes })).flatMap(({ name, well }) =>
      well ? [] : [name],
    )
  const behind = (behaviour: Omit<Behaviour, 'port'>) => proxy.behave({ port, ...behaviour })

  before(async () => {
    proxy = await startProxy()
    config = settings()
    const place = initiatives[0]
    if (!place) throw new Error('no demo initiative')
    const { createServer } = await import('node:net')
    const probe = createServer().listen(0, '127.0.0.1')
    await until(async () => probe.listening)
    port = (probe.address() as { port: number }).port
    await new Promise((resolve) => probe.close(resolve))
    config = { ...config, port }
    running = await startServer(config)
    await setUp(running.site, place.founding, { ...account, role: 'host', language: 'en' })
    const second = {
      name: 'Second',
      email: 'second@test.example',
      role: 'host',
      language: 'en',
    } as const
    await addPerson(running.site, { ...second, password: 'rivers run to the sea' })
    await publish(running.site, 'first', '- Open networks')
    await copyEverything(running.site, join(folder, 'copy.sqlite'))
  })
  beforeEach(() => behind({}))
  after(async () => {
    await running.close()
    endProxies()
    await endProcesses()
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  it('finds nothing but the missing https behind a proxy that does all right', async () => {
    expect(await wrong()).to.deep.equal(['origin'])
  })

  const proxies: [string, Omit<Behaviour, 'port'>, string[]][] = [
    [
      'does not pass the name',
      { headers: (headers) => (headers.host = '127.0.0.1') },
      ['proxy_host', 'loop'],
    ],
    [
      'names no address',
      { headers: (headers) => void delete headers['x-forwarded-for'] },
      ['proxy_address'],
    ],
    ['swallows /.well-known', { swallows: /^\/\.well-known/ }, ['webfinger']],
    ['changes what is said', { answer: (text) => text.replaceAll('","', '", "') }, ['bodies']],
    ['changes what is sent', { body: (text) => text.replace('"View"', ' "View"') }, ['loop']],
    ['has the wrong time', { date: 'Mon, 23 Nov 2020 10:00:00 GMT' }, ['clock']],
    ['swallows everything', { swallows: /./ }, ['running', 'actor']],
  ]
  for (const [what, behaviour, names] of proxies) {
    it(`finds a proxy that ${what}`, async () => {
      behind(behaviour)
      expect(await wrong()).to.include.members(names)
    })
  }

  it('finds that the proxy does not say https', async () => {
    behind({ headers: (headers) => void delete headers['x-forwarded-proto'] })
    const site = { ...running.site, origin: running.site.origin.replace('http:', 'https:') }
    const json: typeof site.fetch.json = (url, options) =>
      running.site.fetch.json(url.replace('https:', 'http:'), options)
    const seen = { ...running.site.fetch, json }
    expect(await wrong({}, { ...site, fetch: seen })).to.include('proxy_scheme')
  })

  it('finds that another server answers at the address', async () => {
    const other = await foundedServer()
    proxy.behave({
      port: Number(new URL(other.origin).port),
      answer: (text) => text.replaceAll(other.origin, proxy.origin),
    })
    expect(await wrong()).to.include('other_server')
  })

  it('finds a folder that others may read, cannot be written or is not there', async () => {
    chmodSync(data, 0o755)
    chmodSync(join(data, 'tributary.sqlite'), 0o644)
    expect(await wrong()).to.include('permissions')
    chmodSync(data, 0o700)
    expect(await wrong()).not.to.include('permissions')
    expect(await wrong({ data: '/proc' })).to.include('writable')
  })

  it('finds two servers on one store, and none when the second has ended', async () => {
    const second = await startServer({ ...config, port: 0, data })
    await until(async () => (await serversHere(running.site)) === 2)
    expect(await wrong()).to.include('two_servers')
    await second.close()
    await until(async () => (await serversHere(running.site)) === 1)
  })

  it('finds an old program, an only host, no backup and no host', async () => {
    const real = Object.getOwnPropertyDescriptor(process.versions, 'node')
    Object.defineProperty(process.versions, 'node', { ...real, value: '20.1.0' })
    expect(
      await wrong().finally(() => Object.defineProperty(process.versions, 'node', real ?? {})),
    ).to.include('node')
    const lone = await foundedServer()
    const found = await examine(lone.site, lone.config)
    expect(found.filter(({ well }) => !well).map(({ name }) => name)).to.deep.equal([
      'one_host',
      'backup',
      'origin',
    ])
    const later = { ...running.site, now: () => '2099-01-01T00:00:00.000Z' }
    expect(await wrong({}, later)).to.include.members(['backup', 'clock'])
  })

  it('finds a mail server that does not answer, and none where it does or none is set', async () => {
    const box = await mailbox()
    expect(await wrong({ mail: box.config })).not.to.include('mail')
    await endMailboxes()
    expect(await wrong({ mail: box.config })).to.include('mail')
    expect(await wrong()).not.to.include('mail')
  })

  it('finds an address that the keys were not made for, and a store without a host', async () => {
    const elsewhere: Config = { ...config, origin: 'http://127.0.0.1:1' }
    const store = openStore(elsewhere)
    const site = createSite(elsewhere, store)
    expect(await wrong(elsewhere, site)).to.include.members(['same_origin', 'setup'])
    await site.fetch.close()
    await store.close()
    const bare: Config = {
      ...config,
      data: join(folder, 'bare'),
      privatePeers: true,
      origin: 'https://igf.example',
    }
    const empty = openStore(bare)
    expect(await wrong(bare, createSite(bare, empty))).to.include.members([
      'host',
      'setup',
      'private_peers',
    ])
    await empty.close()
  })

  it('says it at the terminal in a sentence and with exit code 1, for machines as JSON, and on a page', async () => {
    behind({ swallows: /^\/\.well-known/ })
    const environment = {
      TRIBUTARY_DATA: data,
      TRIBUTARY_ORIGIN: proxy.origin,
      TRIBUTARY_PRIVATE_PEERS: 'allow',
      TRIBUTARY_PROXIES: '1',
    } as const
    const [text, json] = await Promise.all([
      tributary(['doctor'], environment),
      tributary(['doctor', '--json'], environment),
    ])
    expect([text.code, json.code]).to.deep.equal([1, 1])
    expect(text.text).to.match(
      /✗ The initiative is found by its fediverse handle\n {4}.*Let the proxy pass everything under \/\.well-known/,
    )
    const lines = json.text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.find(({ check }) => check === 'webfinger')).to.include({ well: false })
    expect(lines.length).to.be.at.least(20)
    behind({})
    const host = await signedIn({ ...running, origin: running.site.origin } as never)
    const page = await host.get('/host/doctor')
    expect(page.text)
      .to.include('Put a reverse proxy')
      .and.include('✓ A signed delivery to ourselves arrives')
    expect((await visitor(proxy.origin).get('/host/doctor')).url).to.equal('/login')
    expect(await running.site.store.get('initiatives', groupId(running.site))).not.to.equal(
      undefined,
    )
  })
})
