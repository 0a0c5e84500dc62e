/**
 * The gate under anything at all: headers, JSON, dates, ids, deep and long structures made at random. The seed
 * is fixed; FUZZ_RUNS=20000 (and FUZZ_SEED) makes a long run of it.
 */
import { expect } from 'chai'
import fc from 'fast-check'
import {
  answerOf,
  type Arena,
  closeArena,
  openArena,
  revealsNothing,
  settled,
} from '../help/attack.ts'
import { activity, ask, type Json, type Reply } from '../help/hostile.ts'
import { until } from '../help/servers.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 60)
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124)
const HEAP_MORE_BYTES_MAX = 200 * 1024 * 1024

const options = { numRuns: RUNS, seed: SEED, endOnFailure: true }

/** Letters that a header may carry. */
const headerText = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
  maxLength: 400,
})

/** Pieces of which signature headers are made, put together in any order. */
const signaturePiece = fc.oneof(
  fc.constantFrom(
    'keyId="',
    '"',
    ',',
    ';',
    '=',
    '(',
    ')',
    'sig1=',
    ':',
    '"@method"',
    '"@target-uri"',
  ),
  fc.constantFrom(
    'headers="(request-target) host date digest"',
    'algorithm="hs2019"',
    'created=',
    'alg="none"',
  ),
  fc.constantFrom(
    'signature="AAAA"',
    'expires=99999999999999999999',
    '"content-digest"',
    '\\',
    '*',
  ),
  headerText,
)
const signatureText = fc.array(signaturePiece, { maxLength: 12 }).map((parts) => parts.join(''))

const headers = fc.record(
  {
    signature: signatureText,
    'signature-input': signatureText,
    digest: fc.oneof(
      headerText,
      fc.constantFrom('SHA-256=', 'sha-256=:::', 'SHA-256=AAAA,SHA-256=BBBB'),
    ),
    'content-digest': headerText,
    date: fc.oneof(
      headerText,
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.constantFrom('0', '-1', 'Thu, 99 Foo'),
    ),
    'content-type': fc.oneof(
      fc.constantFrom('application/activity+json', 'text/html', 'application/ld+json; profile="'),
      headerText,
    ),
    authorization: headerText,
    'content-encoding': fc.constantFrom('identity', 'gzip', 'br', 'nonsense'),
  },
  { requiredKeys: [] },
)

const id = fc.oneof(
  fc.webUrl(),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    'https://[::1',
    'http://',
    'https://a@b/c#d?e',
    'javascript:1',
    `https://${'a'.repeat(3000)}.example/`,
  ),
)
const instant = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '2026-13-45T99:99:99Z',
    '0000-00-00T00:00:00Z',
    '+275760-09-13T00:00:00.001Z',
    '2026-11-24T10:00:00+99:99',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
)
const anything = fc.anything({
  maxDepth: 4,
  maxKeys: 6,
  withNullPrototype: false,
  withBigInt: false,
})

/** An activity whose parts may each be right, wrong or absurd. */
const changes = fc.record(
  {
    id,
    type: fc.oneof(
      fc.constantFrom(
        'Create',
        'Update',
        'Delete',
        'Announce',
        'Undo',
        'Follow',
        'Move',
        'Flag',
        'Join',
        'Like',
        '__proto__',
        'constructor',
      ),
      anything,
    ),
    actor: fc.oneof(id, anything),
    object: fc.oneof(id, anything),
    to: fc.oneof(fc.array(id, { maxLength: 5 }), anything),
    cc: anything,
    published: fc.oneof(instant, anything),
    proof: anything,
    target: anything,
    '@context': anything,
  },
  { requiredKeys: [] },
)
const objectChanges = fc.record(
  {
    id,
    type: fc.oneof(fc.constantFrom('Note', 'Article', 'Event', 'Tombstone', 'Page'), anything),
    attributedTo: fc.oneof(id, anything),
    inReplyTo: fc.oneof(id, anything),
    content: fc.oneof(fc.string({ maxLength: 2000 }), anything),
    contentMap: fc.oneof(
      fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 50 })),
      anything,
    ),
    published: fc.oneof(instant, anything),
    updated: fc.oneof(instant, anything),
    outcomeRecord: anything,
    meetingRecord: anything,
    url: anything,
    tag: anything,
  },
  { requiredKeys: [] },
)

const deep = (levels: number): unknown => {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

describe('the gate under anything at all', function () {
  this.timeout(20_000 + RUNS * 200)
  let arena: Arena
  let heap: number

  before(async () => {
    arena = await openArena()
    heap = process.memoryUsage().heapUsed
  })
  after(closeArena)

  const raw = (sent: { headers: Record<string, string>; body: Buffer }): Promise<Reply> =>
    ask(new URL(`${arena.node.origin}/inbox`), 'POST', {
      headers: Object.entries(sent.headers).flat(),
      body: sent.body,
    })

  const refused = (reply: Reply) => {
    revealsNothing(reply)
    expect(reply.status).to.be.within(400, 499)
  }

  it('refuses any headers with any body, by name', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text)),
    )
    await fc.assert(
      fc.asyncProperty(headers, body, async (some, bytes) => {
        arena.clock.forward(60_000)
        refused(await raw({ headers: some, body: bytes }))
      }),
      options,
    )
  })

  it('takes or refuses any activity that is rightly signed, and stays on its feet when it applies it', async () => {
    await fc.assert(
      fc.asyncProperty(changes, objectChanges, async (some, more) => {
        arena.clock.forward(60_000)
        const object = answerOf(arena.mallory, arena, 'A word.', more as Json)
        const json = activity(arena.mallory, 'Create', object, some as Json)
        const replies = [
          await arena.post(arena.mallory, json),
          await arena.tell(arena.guild, { ...json, actor: arena.guild.id }),
        ]
        for (const reply of replies) {
          revealsNothing(reply)
          expect(reply.status).to.be.oneOf([202, 400, 401, 403, 413, 415, 429])
        }
      }),
      options,
    )
    for (const { site } of [arena.node, arena.river]) await settled(site)
  })

  it('refuses what is deep, long or wide without tiring', async () => {
    const shapes: [string, unknown][] = [
      ['deep', deep(5_000)],
      ['wide', Array.from({ length: 50_000 }, (_, at) => at)],
      ['many keys', Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]))],
      ['a long word', 'a'.repeat(900_000)],
      ['many recipients', Array.from({ length: 10_000 }, (_, at) => `https://a.example/${at}`)],
    ]
    for (const [name, value] of shapes) {
      for (const field of ['object', 'to', 'actor', '@context', 'extra']) {
        arena.clock.forward(60_000)
        const json = activity(arena.mallory, 'Create', answerOf(arena.mallory, arena, 'x'), {
          [field]: value,
        })
        const reply = await arena.post(arena.mallory, json)
        revealsNothing(reply)
        expect(reply.status, `${name} ${field}`).to.be.within(200, 499)
      }
    }
  })

  it('then still answers, takes a proper contribution, and has not grown', async () => {
    arena.clock.forward(25 * 3600_000)
    const answer = answerOf(arena.victim, arena, 'A proper word.')
    expect(
      (await arena.post(arena.victim, activity(arena.victim, 'Create', answer))).status,
    ).to.equal(202)
    await until(async () => (await arena.node.site.store.get('items', answer.id)) !== undefined)
    expect((await fetch(`${arena.node.origin}/healthz`)).status).to.equal(200)
    expect(process.memoryUsage().heapUsed - heap).to.be.below(HEAP_MORE_BYTES_MAX)
  })
})
