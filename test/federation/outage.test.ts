/** Who was away for a minute or for forty days, or came back with an older copy of itself, ends with everything, in order and once. */
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { groupId } from '../../federation/addresses.ts'
import { deliverDue } from '../../federation/deliver.ts'
import { follow } from '../../federation/follow.ts'
import { applyJournal } from '../../federation/journal.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { syncDue } from '../../federation/sync.ts'
import { databaseIn } from '../../server/config.ts'
import { createSite, openStore } from '../../server/site.ts'
import { foundedServer } from '../help/community.ts'
import { correct, discuss, publish, withdraw } from '../help/publishing.ts'
import { endServers, testClock, type TestServer, until } from '../help/servers.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const absences = { '1 minute': MINUTE, '1 hour': HOUR, '8 days': 8 * DAY, '40 days': 40 * DAY }
/** The longest pause between two tries: after that everything must be there. */
const PATIENCE = 7 * HOUR

/** What a host does in a busy week: new, edited, withdrawn, rewritten and deleted things. */
async function week(site: Site, name: string): Promise<void> {
  const edited = await publish(site, `${name}-edited`, '- First words.')
  await correct(site, edited, '- Second words.')
  const ended = await publish(site, `${name}-ended`, '- A mistake.')
  await discuss(site, `${name}-talk`, 'What now?')
  const gone = await discuss(site, `${name}-gone`, 'Never mind.')
  await correct(site, edited, '- Third words.')
  await withdraw(site, ended)
  await discuss(site, `${name}-talk`, 'What then?')
  const at = site.now()
  const tell = [{ verb: 'delete' as const, item: gone, actor: groupId(site), at }]
  const item = await site.store.get('items', gone)
  if (item) await record(site, { put: { items: [{ ...item, visibility: 'removed' }] }, tell })
}

/** Everything an initiative says, as it is held by a server. */
async function heldBy({ store }: Site, initiative: string) {
  const items = await store.find('items', { where: { initiative }, limit: 1000 })
  const versions = await store.find('versions', { limit: 1000 })
  return {
    items: items
      .map((item) =>
        [
          item.id,
          item.visibility,
          'text' in item ? item.text : '',
          'version' in item ? item.version : 0,
        ].join(' '),
      )
      .sort(),
    versions: versions
      .filter((version) => version.initiative === initiative)
      .map(({ id, digest, state }) => `${id} ${digest} ${state}`)
      .sort(),
  }
}

describe('an outage', function () {
  this.timeout(60_000)
  const clock = testClock()
  let node: TestServer
  let river: TestServer
  let coast: string

  before(async () => {
    node = await foundedServer('node', clock)
    river = await foundedServer('aggregator', clock)
    coast = groupId(node.site)
    await follow(river.site, node.origin)
    await until(async () => (await river.site.store.get('following', coast))?.state === 'accepted')
  })
  after(endServers)

  /** What the jobs do by themselves, until both hold the same; answers how long it took by their clock. */
  async function reconciled(): Promise<number> {
    const wanted = JSON.stringify(await heldBy(node.site, coast))
    const began = Date.parse(clock.now())
    await until(async () => {
      await Promise.all([deliverDue(node.site), syncDue(river.site)])
      await applyJournal(river.site)
      if (JSON.stringify(await heldBy(river.site, coast)) === wanted) return true
      clock.forward(MINUTE)
      return false
    })
    return Date.parse(clock.now()) - began
  }

  /** Time passes for whoever is still there. */
  async function passes(by: number, job: () => Promise<unknown>): Promise<void> {
    for (let i = 0; i < 20; i += 1) {
      clock.forward(by / 20)
      await job()
    }
  }

  /** What is said at the terminal while the server is down. */
  async function whileDown(server: TestServer, act: (site: Site) => Promise<void>): Promise<void> {
    const store = openStore(server.config)
    await act(createSite(server.config, store, clock.now))
    await store.close()
  }

  for (const [name, away] of Object.entries(absences)) {
    it(`of the receiver for ${name}: every outcome, edit and deletion is there afterwards`, async () => {
      const slug = `receiver-${name.replace(' ', '-')}`
      await river.close()
      await week(node.site, slug)
      await passes(away, () => deliverDue(node.site))
      await week(node.site, `${slug}-late`)
      river = await river.restart()
      expect(await reconciled()).to.be.below(PATIENCE)
      const pull = await river.site.store.get('pulls', coast)
      expect(pull).to.include({ refused: 0, standing: 'consistent' })
    })

    it(`of the sender for ${name}: every outcome, edit and deletion is there afterwards`, async () => {
      const slug = `sender-${name.replace(' ', '-')}`
      await node.close()
      await whileDown(node, (site) => week(site, slug))
      await passes(away, () => syncDue(river.site))
      await whileDown(node, (site) => week(site, `${slug}-late`))
      node = await node.restart()
      expect(await reconciled()).to.be.below(PATIENCE)
      await until(async () => (await river.site.store.get('pulls', coast))?.refused === 0)
    })
  }

  /** A copy of a server's database as it is now, and the way back to it. */
  async function copied(server: TestServer): Promise<() => void> {
    const copy = join(server.data, `copy-${clock.now().replace(/\W/g, '')}`)
    await server.site.store.backup(copy)
    return () => {
      const file = databaseIn(server.data)
      for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
      copyFileSync(copy, file)
    }
  }

  it('of a receiver that comes back with a copy of last week: it reads what it has forgotten', async () => {
    const restore = await copied(river)
    await week(node.site, 'forgotten')
    await reconciled()
    await river.close()
    restore()
    clock.forward(7 * DAY)
    river = await river.restart()
    expect(await reconciled()).to.be.below(PATIENCE)
  })

  it('of a sender that comes back with a copy of last week: what it says anew arrives, what it forgot stays', async () => {
    const restore = await copied(node)
    const forgotten = await publish(node.site, 'lost', '- Said, and forgotten.')
    await reconciled()
    await node.close()
    restore()
    clock.forward(7 * DAY)
    node = await node.restart()
    const anew = await publish(node.site, 'anew', '- Said after all that.')
    await until(async () => {
      await deliverDue(node.site)
      await applyJournal(river.site)
      return river.site.store.get('items', anew)
    })
    expect(await river.site.store.get('items', forgotten)).to.include({ state: 'published' })
    clock.forward(PATIENCE)
    await syncDue(river.site)
    const pull = await until(async () => {
      const held = await river.site.store.get('pulls', coast)
      return held?.standing !== 'consistent' && held
    })
    expect(pull.standing).to.equal('diverged')
  })
})
