/** SECURITY-CLASSES E and H: a server that goes on sending what is wrong is slowed, then paused; in allow-list mode only the listed are heard. */
import { expect } from 'chai'
import { setAllowList } from '../../federation/admission.ts'
import { FREE, PAUSED_AT } from '../../federation/conduct.ts'
import { groupId } from '../../federation/addresses.ts'
import { setPaused, setPeerStanding } from '../../federation/peers.ts'
import {
  answerOf,
  type Arena,
  attacks,
  closeArena,
  openArena,
  outcomeOf,
  type Row,
  settled,
} from '../help/attack.ts'
import { activity, type Foreigner, type Reply } from '../help/hostile.ts'

const said = (by: Foreigner, arena: Arena) =>
  arena.post(by, activity(by, 'Create', answerOf(by, arena, 'words')))

/** An activity under a name whose signature was made with another key. */
const badlySigned = (by: Foreigner, arena: Arena) =>
  arena.post(by, activity(by, 'Like', arena.talk), { key: arena.guild.rsa })

/** An outcome whose words were changed after it was signed: proven to come from there. */
function spoiled(arena: Arena, n: number): Promise<Reply> {
  const { guild, clock } = arena
  const made = outcomeOf(guild, `conduct-${n}`, 1, clock.now())
  return arena.tell(guild, activity(guild, 'Create', { ...made, name: 'Other words' }))
}

async function times(count: number, act: (n: number) => Promise<Reply>): Promise<Reply> {
  let last = await act(0)
  for (let n = 1; n < count; n += 1) last = await act(n)
  return last
}

const conduct: Row[] = [
  {
    name: 'E a few bad signatures are refused and no more',
    answers: '401 signature.wrong',
    does: (arena) => times(FREE, () => badlySigned(arena.mallory, arena)),
  },
  {
    name: 'E after many, nothing more is looked at for a while, and longer each time',
    answers: '429 inbox.slow_down',
    does: async (arena) => {
      await times(FREE, () => badlySigned(arena.mallory, arena))
      const first = await badlySigned(arena.mallory, arena)
      expect(first.headers['retry-after']).to.equal('1')
      arena.clock.forward(2_000)
      expect((await badlySigned(arena.mallory, arena)).status).to.equal(401)
      const second = await said(arena.mallory, arena)
      expect(second.headers['retry-after']).to.equal('2')
      return second
    },
  },
  {
    name: 'E whoever means well again is heard after the wait, and begins anew',
    answers: '401 signature.wrong',
    changes: true,
    does: async (arena) => {
      await times(FREE, () => badlySigned(arena.mallory, arena))
      arena.clock.forward(2_000)
      expect((await said(arena.mallory, arena)).status).to.equal(202)
      return badlySigned(arena.mallory, arena)
    },
  },
  {
    name: 'E nobody is paused for what others sign badly in their name',
    answers: '202',
    changes: true,
    does: async (arena) => {
      for (let n = 0; n < PAUSED_AT + 10; n += 1) {
        arena.clock.forward(11 * 60_000)
        expect((await badlySigned(arena.victim, arena)).status).to.equal(401)
      }
      arena.clock.forward(11 * 60_000)
      return said(arena.victim, arena)
    },
    after: async ({ node, near }) =>
      void expect((await node.site.store.get('peers', near.origin))?.paused).to.equal(undefined),
  },
  {
    name: 'E a server proven to send what is wrong is paused for a day, and the host sees why',
    answers: '503 inbox.paused',
    changes: true,
    does: async (arena) => {
      const { river, clock } = arena
      for (let n = 0; n < PAUSED_AT; n += 1) {
        clock.forward(11 * 60_000)
        expect((await spoiled(arena, n)).status).to.equal(202)
        await settled(river.site)
      }
      return spoiled(arena, PAUSED_AT)
    },
    after: async ({ river, far, clock, guild, tell }) => {
      const peer = await river.site.store.get('peers', far.origin)
      expect(peer?.paused?.why).to.equal('proof.changed')
      const where = { item: far.origin, verb: 'peer_paused' }
      const [act] = await river.site.store.find('acts', { where })
      expect(act).to.include({ by: 'program', note: 'proof.changed' })
      clock.forward(25 * 3600_000)
      expect((await tell(guild, activity(guild, 'Like', guild.id))).status).to.equal(202)
    },
  },
  {
    name: 'E what a person pauses is still heard',
    answers: '202',
    changes: true,
    does: async (arena) => {
      await setPaused(arena.river.site, arena.far.origin, true, 'Noor')
      return arena.tell(arena.guild, activity(arena.guild, 'Like', arena.guild.id))
    },
    after: ({ river, far }) => setPaused(river.site, far.origin, false, 'Noor'),
  },
]

const listed: Row[] = [
  {
    name: 'H a stranger in allow-list mode, whose key is not even asked for',
    answers: '403 inbox.not_listed',
    does: (arena) => said(arena.near.actor('stranger'), arena),
    after: async ({ near }) => void expect(near.asked('/users/stranger')).to.equal(0),
  },
  {
    name: 'H a known server that is not listed',
    answers: '403 inbox.not_listed',
    does: (arena) => said(arena.victim, arena),
  },
  {
    name: 'H a trusted server in allow-list mode is heard',
    answers: '202',
    becomes: 'done',
    changes: true,
    does: async (arena) => {
      await setPeerStanding(arena.node.site, arena.far.origin, 'trusted', 'Noor')
      return said(arena.mallory, arena)
    },
  },
  {
    name: 'H an initiative that is followed is heard in allow-list mode',
    answers: '202',
    changes: true,
    does: async (arena) => {
      await setAllowList(arena.river.site, true, groupId(arena.river.site))
      return arena.tell(arena.guild, activity(arena.guild, 'Like', arena.guild.id))
    },
  },
]

describe('hostile E: conduct', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks(conduct, () => arena)
})

describe('hostile H: allow-list mode', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
    await said(arena.victim, arena)
    await settled(arena.node.site)
    await setAllowList(arena.node.site, true, 'Noor')
  })
  after(closeArena)
  attacks(listed, () => arena)
})
