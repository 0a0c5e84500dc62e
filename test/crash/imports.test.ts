/** A real process that is killed while it brings in an old site: afterwards everything is there, and nothing twice. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { ImportJob } from '../../content/imports.ts'
import type { Site } from '../../federation/site.ts'
import { account, initiatives, type Place } from '../../scripts/demo/places.ts'
import { setUp } from '../../server/setup.ts'
import { wordpressExport } from '../help/exports.ts'
import { endProcesses, serverProcess } from '../help/processes.ts'
import { until } from '../help/servers.ts'

/** `CRASH_ROUNDS=20 npx mocha test/crash/imports.test.ts` for many. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 2)
const POSTS = 150 * ROUNDS

const jobIn = async ({ store }: Site): Promise<ImportJob> => {
  const [job] = await store.find('imports', {})
  if (!job) throw new Error('no import')
  return job
}
const inState = (state: ImportJob['state']) => async (site: Site) =>
  (await jobIn(site)).state === state
const rowsIn = (site: Site, state: string) => site.store.count('proposed', { where: { state } })

describe('a node that is killed while it brings in an old site', function () {
  this.timeout(60_000 + ROUNDS * 20_000)
  after(endProcesses)

  it(`has every post afterwards, and none twice (${ROUNDS} rounds of reading and of writing)`, async () => {
    const node = await serverProcess('node')
    const id = randomUUID()
    const folder = join(node.config.data, 'uploads')
    mkdirSync(folder)
    writeFileSync(join(folder, id), wordpressExport(POSTS))
    const by = await node.act(async (site) => {
      const place = initiatives[0] as Place
      await setUp(site, place.founding, { ...account, role: 'host', language: 'en' })
      const [person] = await site.store.find('people', {})
      const common = { drafts: false, open: false, read: 0, name: 'export.xml' }
      const job: ImportJob = {
        ...common,
        id,
        by: person?.id ?? '',
        at: site.now(),
        from: 'file',
        state: 'reading',
      }
      await site.store.commit({ put: { imports: [job] } })
      return person?.id
    })
    expect(by).not.to.equal(undefined)
    const killedOnce = async (count: () => Promise<number>) => {
      const before = await count()
      await node.start()
      await until(async () => (await count()) > before + 20)
      await node.kill()
    }
    for (let round = 0; round < ROUNDS; round += 1)
      await killedOnce(() => node.act((site) => site.store.count('proposed', {})))
    await node.start()
    await until(() => node.act(inState('ready')))
    expect(await node.act((site) => site.store.count('proposed', {}))).to.equal(POSTS)

    await node.kill()
    await node.act(async (site) => {
      const job = await jobIn(site)
      await site.store.commit({ put: { imports: [{ ...job, state: 'writing' }] } })
    })
    for (let round = 0; round < ROUNDS; round += 1)
      await killedOnce(() => node.act((site) => rowsIn(site, 'written')))
    await node.start()
    await until(() => node.act(inState('ready')))
    await node.act(async (site) => {
      expect(await rowsIn(site, 'written')).to.equal(POSTS)
      const outcomes = await site.store.count('items', { where: { type: 'outcome' } })
      const discussions = await site.store.count('items', { where: { type: 'discussion' } })
      expect([outcomes, discussions]).to.deep.equal([POSTS / 3, (POSTS / 3) * 2])
      expect(await site.store.count('drafts', {})).to.equal(POSTS / 3)
      expect(await site.store.count('redirects', {})).to.equal(2 * POSTS)
      const told = await site.store.log('public', 0, 1000)
      expect(told).to.have.lengthOf(POSTS + 1)
      expect(told.filter(({ item }) => item.endsWith('/note'))).to.have.lengthOf(1)
    })
  })
})
