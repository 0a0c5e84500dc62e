/** SECURITY-CLASSES C: JSON-LD that says a thing a second time, or says that words mean something else. */
import { expect } from 'chai'
import {
  answerOf,
  type Arena,
  attacks,
  closeArena,
  openArena,
  outcomeOf,
  type Row,
} from '../help/attack.ts'
import { activity, type Foreigner, type Json } from '../help/hostile.ts'

const create = (by: Foreigner, object: unknown, more: Json = {}) =>
  activity(by, 'Create', object, more)

const c: Row[] = [
  ...(['actor', 'to', 'object', 'attributedTo', 'content'] as const).map((term): Row => ({
    name: `C1 a context that gives ${term} another meaning (CVE-2022-24307)`,
    answers: '400 wire.context',
    does: (arena) => {
      const context = [
        'https://www.w3.org/ns/activitystreams',
        { [term]: 'as:cc', x: `as:${term}` },
      ]
      return arena.post(
        arena.mallory,
        create(arena.mallory, answerOf(arena.mallory, arena, 'x'), { '@context': context }),
      )
    },
  })),
  {
    name: 'C1 a context inside the embedded object',
    answers: '400 wire.context',
    does: (arena) => {
      const context = ['https://www.w3.org/ns/activitystreams', { content: 'as:summary' }]
      const said = answerOf(arena.mallory, arena, 'x', { '@context': context })
      return arena.post(arena.mallory, create(arena.mallory, said))
    },
  },
  ...['@graph', '@included', '@reverse', '@id', '@type', '@nest'].map((keyword): Row => ({
    name: `C2 ${keyword} beside what is said (CVE-2026-42462)`,
    answers: '400 wire.json_ld',
    does: (arena) => {
      const more = { [keyword]: [{ id: arena.victim.id }] }
      return arena.post(
        arena.mallory,
        create(arena.mallory, answerOf(arena.mallory, arena, 'x'), more),
      )
    },
  })),
  {
    name: 'C3 a property that no context defines, added to a signed outcome (CVE-2026-50128)',
    answers: '202',
    becomes: 'refused proof.changed',
    does: (arena) => {
      const made = outcomeOf(arena.guild, 'c3', 1, arena.clock.now())
      return arena.tell(arena.guild, create(arena.guild, { ...made, 'urn:hidden': 'words' }))
    },
  },
  {
    name: 'C4 a remote context is never fetched',
    answers: '202',
    becomes: 'done',
    changes: true,
    does: (arena) => {
      const context = [
        'https://www.w3.org/ns/activitystreams',
        `${arena.far.origin}/context.jsonld`,
      ]
      return arena.post(
        arena.mallory,
        create(arena.mallory, answerOf(arena.mallory, arena, 'x'), { '@context': context }),
      )
    },
    after: async ({ far }) => void expect(far.asked('/context.jsonld')).to.equal(0),
  },
]

describe('hostile C: JSON-LD', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks(c, () => arena)
})
