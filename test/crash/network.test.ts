/** Real processes that are killed at random moments while people write: nothing that was shown as saved is missing, nothing is there twice. */
import { expect } from 'chai'
import { importAll, readAll } from '../../scripts/commands/import.ts'
import { account, aggregator, initiatives, type Place } from '../../scripts/demo/places.ts'
import { follow } from '../../federation/follow.ts'
import { setUp } from '../../server/setup.ts'
import { endProcesses, serverProcess, type ServerProcess } from '../help/processes.ts'
import { until } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 4)
const DISCUSSION = '/discussions/what-should-2027-be-about'
const WORDS_A_ROUND = 6

/** The same moments in every run. */
function chance(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state % below
  }
}

async function founded(role: 'node' | 'aggregator', place: Place): Promise<ServerProcess> {
  const server = await serverProcess(role)
  await server.act(async (site) => {
    await setUp(site, place.founding, { ...account, role: 'host', language: 'en' })
    if (place.content)
      await importAll(site, readAll(`scripts/demo/${place.content}`), { quiet: true })
  })
  await server.start()
  return server
}

describe('servers that are killed', function () {
  this.timeout(90_000)
  after(endProcesses)

  it(`lose nothing that was shown as saved, and show nothing twice (${ROUNDS} rounds)`, async () => {
    const [hub, node] = await Promise.all([
      founded('aggregator', aggregator),
      founded('node', initiatives[0] as Place),
    ])
    await hub.act((site) => follow(site, node.origin))
    const next = chance(Number(process.env.CRASH_SEED ?? 7))
    const saved: string[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const writer = visitor(node.origin)
      const victim = next(3) === 0 ? hub : node
      const fallsAfter = next(WORDS_A_ROUND)
      await writer.send('/login', { email: account.email, password: account.password })
      for (let word = 0; word < WORDS_A_ROUND; word += 1) {
        const text = `round ${round} word ${word}`
        const writing = said(writer, text)
        if (word === fallsAfter)
          await Promise.all([killedSoon(victim, next(12)), writing.catch(() => false)])
        if (await writing.catch(() => false)) saved.push(text)
        else if (victim === node) break
      }
      await victim.kill()
      await victim.start()
    }
    expect(saved.length).to.be.greaterThan(ROUNDS)
    const there = await textsOf(node)
    expect(there).to.include.members(saved)
    expect(there).to.deep.equal([...new Set(there)])
    await until(async () => (await textsOf(hub)).length >= there.length)
    expect(await textsOf(hub)).to.have.members(there)
    const outcomes = await Promise.all([node, hub].map(outcomesOf))
    expect(outcomes[1]).to.deep.equal(outcomes[0])
  })
})

const killedSoon = async (victim: ServerProcess, ms: number) => {
  await new Promise((done) => setTimeout(done, ms))
  await victim.kill()
}

/** Whether the page said that it was saved. */
async function said(writer: Visitor, text: string): Promise<boolean> {
  const { text: page } = await writer.get(DISCUSSION)
  const token = /name="_token" value="([^"]*)"/.exec(page)?.[1] ?? ''
  const answer = await writer.send(DISCUSSION, { text, language: 'en' }, token)
  return answer.status === 302 || answer.status === 200
}

const textsOf = (server: ServerProcess): Promise<string[]> =>
  server.act(async ({ store }) => {
    const found = await store.find('items', {
      where: { type: 'contribution', visibility: 'shown' },
      order: 'oldest',
      limit: 1000,
    })
    return found.flatMap((item) => (item.type === 'contribution' ? [item.text] : []))
  })

const outcomesOf = (server: ServerProcess): Promise<string[]> =>
  server.act(async ({ store }) => {
    const found = await store.find('items', { where: { type: 'outcome' }, limit: 1000 })
    return found.map(({ id }) => id).sort()
  })
