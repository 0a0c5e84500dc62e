/** A real process that is killed while it sends digests: nobody is forgotten, and nobody gets more than the protocol cannot prevent. */
import { expect } from 'chai'
import { account, initiatives, type Place } from '../../scripts/demo/places.ts'
import type { Subscriber } from '../../content/mailing.ts'
import { groupId } from '../../federation/addresses.ts'
import { CONNECTIONS } from '../../server/mail.ts'
import { setUp } from '../../server/setup.ts'
import { endMailboxes, type Mailbox, mailbox } from '../help/mailbox.ts'
import { endProcesses, serverProcess, type ServerProcess } from '../help/processes.ts'
import { discuss } from '../help/publishing.ts'
import { until } from '../help/servers.ts'

/** `CRASH_ROUNDS=100 npx mocha test/crash/mail.test.ts` for many. */
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3)
const SUBSCRIBERS = 100 * ROUNDS

async function subscribed(node: ServerProcess): Promise<void> {
  await node.act(async (site) => {
    const place = initiatives[0] as Place
    await setUp(site, place.founding, { ...account, role: 'host', language: 'en' })
    await discuss(site, 'cables', 'Who pays for cables?')
    const subscribers = Array.from({ length: SUBSCRIBERS }, (_, i): Subscriber => {
      const facts = { language: 'en', period: 'daily', told: 0, paused: false } as const
      const at = '2026-01-01T00:00:00.000Z'
      return { id: `s${i}`, email: `s${i}@mail.example`, follows: [groupId(site)], at, ...facts }
    })
    await site.store.commit({ put: { subscribers } })
  })
}

const enough = (box: Mailbox, count: number) =>
  new Promise<void>((resolve) => {
    box.onLetter = () => {
      if (box.letters.length >= count) resolve()
    }
  })

describe('a node that is killed while it sends digests', function () {
  this.timeout(60_000 + ROUNDS * 10_000)
  after(async () => {
    await endProcesses()
    await endMailboxes()
  })

  it(`has told everybody afterwards, and nobody twice but who was being told at that moment (${ROUNDS} rounds)`, async () => {
    const box = await mailbox()
    const node = await serverProcess('node', box.config)
    await subscribed(node)
    for (let round = 0; round < ROUNDS; round += 1) {
      const reached = enough(box, box.letters.length + 20 + 17 * (round % 4))
      await node.start()
      await reached
      await node.kill()
    }
    await node.start()
    const waits = { where: { state: ['waiting', 'sending'] } }
    await until(() =>
      node.act(async ({ store }) => {
        const note = await store.get('notes', 'digest-daily')
        return note !== undefined && (await store.count('mails', waits)) === 0
      }),
    )
    const ids = new Set(box.letters.map((letter) => letter.header('Message-ID')))
    expect(new Set(box.letters.map(({ to }) => to)).size).to.equal(SUBSCRIBERS)
    expect(ids.size).to.equal(SUBSCRIBERS)
    expect(box.letters.length - SUBSCRIBERS).to.be.at.most(CONNECTIONS * ROUNDS)
  })
})
