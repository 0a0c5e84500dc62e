/** SECURITY-CLASSES A10: proofs on outcomes that were changed, are out of time, for something else, or by somebody else. */
import { expect } from 'chai'
import {
  type Arena,
  attacks,
  closeArena,
  lastLine,
  openArena,
  outcomeOf,
  type Row,
  settled,
} from '../help/attack.ts'
import { activity, type Json } from '../help/hostile.ts'

/** An outcome of the initiative that the aggregator follows, proven and then spoiled. */
const proof = (name: string, why: string, spoil: (made: Json, arena: Arena) => Json): Row => ({
  name: `A10 ${name}`,
  answers: '202',
  becomes: `refused ${why}`,
  does: (arena) => {
    const slug = `a10-${name.replace(/\W+/g, '-')}`
    const made = outcomeOf(arena.guild, slug, 1, arena.clock.now())
    return arena.tell(arena.guild, activity(arena.guild, 'Create', spoil(made, arena)))
  },
})
const inProof = (made: Json, changes: Json): Json => ({
  ...made,
  proof: { ...(made.proof as Json), ...changes },
})

const a10: Row[] = [
  proof('the outcome was changed', 'proof.changed', (made) => ({ ...made, name: 'Other words' })),
  proof('something was added to the outcome', 'proof.changed', (made) => ({ ...made, more: 1 })),
  proof('the options of the proof were changed', 'proof.changed', (made) =>
    inProof(made, { created: '2026-11-01T00:00:00.000Z' }),
  ),
  proof('there is no proof', 'proof.missing', ({ proof: _proof, ...made }) => made),
  proof('the proof has expired', 'proof.expired', (made) =>
    inProof(made, { expires: '2026-11-01T00:00:00Z' }),
  ),
  proof('the proof is from the future', 'proof.future', (made) =>
    inProof(made, { created: '2036-11-01T00:00:00Z' }),
  ),
  proof('the proof is for another purpose', 'proof.malformed', (made) =>
    inProof(made, { proofPurpose: 'authentication' }),
  ),
  proof('the proof is of another kind', 'proof.malformed', (made) =>
    inProof(made, { cryptosuite: 'eddsa-rdfc-2022' }),
  ),
  proof(
    'the key of the proof is that of somebody on another server',
    'origin.other_actor',
    (made, arena) => {
      const { proof: _proof, ...document } = made
      const theirs = outcomeOf(arena.victim, 'x', 1, arena.clock.now(), document)
      return theirs
    },
  ),
  proof(
    'the key of the proof is that of another actor there',
    'origin.other_actor',
    (made, arena) => {
      const { proof: _proof, ...document } = made
      return outcomeOf(arena.mallory, 'x', 1, arena.clock.now(), document)
    },
  ),
  {
    ...proof('the key of the proof is nobody’s', '', (made, { guild }) =>
      inProof(made, { verificationMethod: `${guild.id}#z6Mknobody` }),
    ),
    becomes: 'waiting discovery.not_again',
    after: async ({ river, clock }) => {
      clock.forward(5 * 60_000)
      await settled(river.site)
      expect(await lastLine([river.site])).to.equal('refused proof.unknown_key')
    },
  },
]

describe('hostile A10: proofs', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks(a10, () => arena)
})
