/** Outcomes, actors and addresses with anything at all in them, rightly signed. Nothing crashes, no answer is a 500. */
import { expect } from 'chai'
import fc from 'fast-check'
import { applyJournal } from '../../federation/journal.ts'
import { type Arena, closeArena, openArena, outcomeOf, revealsNothing } from '../help/attack.ts'
import { ACTIVITY, activity, ask, type Json, type Reply } from '../help/hostile.ts'

/** `FUZZ_RUNS=20000 FUZZ_SEED=5 npx mocha test/hostile/fuzz-documents.test.ts` for a long run. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 40)
const seed = Number(process.env.FUZZ_SEED ?? 20_261_123)

const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '9'.repeat(400),
    'https://',
    'a://b',
  ),
)
const moment = fc.oneof(
  text,
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-02-30T00:00:00Z',
    '+275760-09-13T00:00:00Z',
  ),
)
const id = fc.oneof(
  fc.webUrl(),
  text,
  fc.constantFrom('https://a.example:0/', 'https://xn--/', 'urn:x', 'https://[::1]/'),
)
const json = fc.jsonValue({ maxDepth: 4 })
const anything = fc.oneof(
  json,
  id,
  moment,
  fc.array(id, { maxLength: 5 }),
  fc.record({ id, type: text }),
)
const objectFields = [
  'id',
  'type',
  'attributedTo',
  'inReplyTo',
  'name',
  'nameMap',
  'content',
  'contentMap',
  'published',
  'updated',
  'url',
  'to',
  'tag',
  'outcomeRecord',
  'meetingRecord',
  'proof',
  'version',
  'opens',
  'affiliation',
]
const some = (names: string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
/** Without half letters, which nobody can sign. */
const whole = (value: unknown): Json =>
  JSON.parse(JSON.stringify(value), (_name, each: unknown) =>
    typeof each === 'string' ? each.toWellFormed() : each,
  ) as Json

describe('hostile: documents with anything at all in them', function () {
  this.timeout(Math.max(60_000, numRuns * 200))
  let arena: Arena
  const defects: string[] = []
  before(async () => {
    arena = await openArena()
    for (const { site } of [arena.node, arena.river])
      site.log = { ...site.log, error: (line) => void defects.push(line) }
  })
  after(closeArena)
  afterEach(async () => {
    for (const { site } of [arena.node, arena.river]) await applyJournal(site)
    expect(defects.splice(0)).to.deep.equal([])
    expect((await ask(new URL('/healthz', arena.node.origin), 'GET')).status).to.equal(200)
  })

  const holds = <T>(arbitrary: fc.Arbitrary<T>, act: (value: T) => Promise<Reply | undefined>) =>
    fc.assert(
      fc.asyncProperty(arbitrary, async (value) => {
        arena.clock.forward(1_000)
        const reply = await act(value)
        if (reply) revealsNothing(reply)
      }),
      { numRuns, seed, endOnFailure: true },
    )

  it('I outcomes with any fields, and any fields inside their record', () =>
    holds(
      fc.tuple(
        some(objectFields, anything),
        some(
          ['texts', 'statements', 'tags', 'version', 'state', 'steps', 'language', 'at', 'year'],
          anything,
        ),
        fc.nat(9),
      ),
      ([more, inside, slug]) => {
        const made = outcomeOf(arena.guild, `fuzz${slug}`, 1, arena.clock.now(), whole(more))
        const record = { ...(made.outcomeRecord as Json), ...whole(inside) }
        const object = Object.keys(inside).length > 0 ? { ...made, outcomeRecord: record } : made
        return arena.tell(arena.guild, activity(arena.guild, 'Create', object))
      },
    ))

  it('A actors with documents of any kind', () =>
    holds(
      fc.tuple(
        fc.nat(30),
        fc.oneof(
          some(
            [
              'id',
              'type',
              'inbox',
              'outbox',
              'publicKey',
              'assertionMethod',
              'endpoints',
              'name',
              'url',
              'movedTo',
              'preferredUsername',
            ],
            anything,
          ),
          fc.constant({}),
        ),
      ),
      ([number, more]) => {
        arena.clock.forward(25 * 3600_000)
        const odd = arena.far.actor(`odd${number}`, more as Json)
        return arena.post(odd, activity(odd, 'Follow', `${arena.node.origin}/actor`))
      },
    ))

  it('G addresses and queries of any kind', () =>
    holds(
      fc.tuple(
        fc.constantFrom(
          '/actor/outbox?after=',
          '/actor/outbox?page=',
          '/.well-known/webfinger?resource=',
          '/search?q=',
          '/search.json?q=',
          '/activities/',
          '/outcomes/',
          '/people/',
          '/',
        ),
        text,
        fc.boolean(),
      ),
      ([path, end, plain]) => {
        const safe = plain ? encodeURIComponent(end.toWellFormed()) : end.replace(/[^!-~]|#/g, '%')
        const headers = ['accept', ACTIVITY]
        return ask(new URL(arena.node.origin), 'GET', { headers, path: path + safe })
      },
    ))
})
