/** A real process that is killed while signed activities come in: what was answered 202 is there afterwards, and once. */
import { expect } from 'chai'
import { initiatives, type Place, account } from '../../scripts/demo/places.ts'
import { importAll, readAll } from '../../scripts/commands/import.ts'
import { setUp } from '../../server/setup.ts'
import { activity, endHostiles, hostileServer, note, send } from '../help/hostile.ts'
import { endProcesses, serverProcess, type ServerProcess } from '../help/processes.ts'
import { until } from '../help/servers.ts'

/** `CRASH_ROUNDS=100 npx mocha test/crash/inbox.test.ts` for many. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3)
const ACTORS = 8

async function founded(): Promise<ServerProcess> {
  const server = await serverProcess('node')
  const place = initiatives[0] as Place
  await server.act(async (site) => {
    await setUp(site, place.founding, { ...account, role: 'host', language: 'en' })
    await importAll(site, readAll(`scripts/demo/${String(place.content)}`), { quiet: true })
  })
  await server.start()
  return server
}

describe('a node that is killed while it takes in', function () {
  this.timeout(60_000 + ROUNDS * 10_000)
  after(async () => {
    await endHostiles()
    await endProcesses()
  })

  it(`has everything afterwards that it answered 202 to, and each once (${ROUNDS} rounds)`, async () => {
    const node = await founded()
    const far = await hostileServer()
    const talk = `${node.origin}/discussions/what-should-2027-be-about`
    const actors = Array.from({ length: ACTORS }, (_, i) => far.actor(`crowd${i}`))
    const accepted = new Map<string, string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      let isAlive = true
      const speaks = async (by: (typeof actors)[number]) => {
        while (isAlive) {
          const said = note(by, talk, `word ${accepted.size}`)
          const sent = activity(by, 'Create', said)
          const at = new Date().toISOString()
          const status = await send(by, `${node.origin}/inbox`, sent, { at }).then(
            (reply) => reply.status,
            () => 0,
          )
          if (status === 202) accepted.set(said.id, `${by.id} ${String(sent.id)}`)
          else if (status === 0) return
        }
      }
      const crowd = Promise.all(actors.map(speaks))
      const enough = accepted.size + 20 + 37 * (round % 5)
      await until(async () => accepted.size >= enough)
      await node.kill()
      isAlive = false
      await crowd
      await node.start()
    }
    expect(accepted.size).to.be.above(ROUNDS * 20)
    await node.act(async (site) => {
      await until(
        async () => (await site.store.count('journal', { where: { state: 'waiting' } })) === 0,
      )
      for (const [id, line] of accepted) {
        expect((await site.store.get('journal', line))?.state, line).to.equal('done')
        expect(await site.store.get('items', id), id).to.include({ rev: 1, visibility: 'held' })
      }
      const held = await site.store.count('items', { where: { type: 'contribution', about: talk } })
      const lines = await site.store.count('journal', { where: { state: 'done' } })
      expect(held).to.equal(lines)
    })
  })
})
