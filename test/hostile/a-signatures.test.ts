/** SECURITY-CLASSES A: signatures and keys. A hostile server on loopback signs wrongly, as others, twice, late, or over other bytes. */
import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { answerOf, type Arena, attacks, closeArena, openArena, type Row } from '../help/attack.ts'
import { activity, type Foreigner, type Json, type Sending } from '../help/hostile.ts'

/** A Create of a contribution that would be held, were it let in. */
const create = (by: Foreigner, arena: Arena, more: Json = {}) =>
  activity(by, 'Create', answerOf(by, arena, 'A word.', more))

/** The activity of `mallory`, sent in one wrong way. */
const spoiled = (name: string, answers: string, how: (arena: Arena) => Partial<Sending>): Row => ({
  name,
  answers,
  does: (arena) => arena.post(arena.mallory, create(arena.mallory, arena), how(arena)),
})

const other = (sent: { body: Buffer }) => {
  sent.body = Buffer.from(sent.body.toString().replace('A word.', 'A sword'))
}
const without = (...names: string[]) =>
  ['(request-target)', 'host', 'date', 'digest', 'content-type'].filter(
    (each) => !names.includes(each),
  )
const rfc = (...names: string[]) => ({ scheme: 'rfc9421' as const, covers: names })
const hours = (arena: Arena, by: number) =>
  new Date(Date.parse(arena.clock.now()) + by * 3600_000).toISOString()
const seconds = (arena: Arena, by = 0) => Math.floor(Date.parse(arena.clock.now()) / 1000) + by

const a1: Row[] = [
  spoiled('A1 the body was changed after signing', '401 signature.digest', () => ({
    afterwards: other,
  })),
  spoiled('A1 the body was changed after signing (RFC 9421)', '401 signature.digest', () => ({
    scheme: 'rfc9421',
    afterwards: other,
  })),
  spoiled('A1 the digest is that of other bytes', '401 signature.digest', () => ({
    headers: { digest: `SHA-256=${createHash('sha256').update('x').digest('base64')}` },
  })),
  spoiled('A1 there is no digest', '401 signature.uncovered', () => ({
    headers: { digest: '' },
    covers: without('digest'),
  })),
  spoiled('A1 the digest is there, but not signed', '401 signature.uncovered', () => ({
    covers: without('digest'),
  })),
  spoiled('A1 the digest is signed, but not there', '401 signature.uncovered', () => ({
    headers: { digest: '' },
  })),
  spoiled('A1 the digest is of a kind that proves nothing', '401 signature.digest', () => ({
    headers: { digest: `MD5=${createHash('md5').update('x').digest('base64')}` },
  })),
  spoiled('A1 of two digests one is wrong', '401 signature.digest', () => ({
    scheme: 'rfc9421',
    afterwards: ({ headers }) => {
      const at = headers.indexOf('content-digest') + 1
      headers[at] = `${headers[at]}, sha-512=:AAAA:`
    },
  })),
  spoiled('A1 the digest is there twice', '401 signature.repeated', () => ({
    afterwards: ({ headers }) => void headers.push('digest', 'SHA-256=AAAA'),
  })),
]

const a2: Row[] = [
  spoiled('A2 the host is not signed', '401 signature.uncovered', () => ({
    covers: without('host'),
  })),
  spoiled('A2 the path is not signed', '401 signature.uncovered', () => ({
    covers: without('(request-target)'),
  })),
  spoiled('A2 signed for another path, and sent here', '401 signature.wrong', () => ({
    signedPath: '/actor/inbox',
  })),
  spoiled('A2 signed for another path, and sent here (RFC 9421)', '401 signature.wrong', () => ({
    ...rfc('@method', '@target-uri', 'content-digest'),
    signedPath: '/actor/inbox',
  })),
  spoiled('A2 signed with a query, and sent without one', '401 signature.wrong', () => ({
    signedPath: '/inbox?a=1',
  })),
  spoiled('A2 signed for another host, and sent here', '401 signature.uncovered', ({ near }) => ({
    headers: { host: near.host },
  })),
]

const a3: Row[] = [
  {
    name: 'A3 a right signature of one actor on the activity of another (CVE-2025-54888)',
    answers: '403 origin.other_actor',
    does: (arena) => arena.post(arena.mallory, create(arena.victim, arena)),
  },
  {
    name: 'A3 the same, between two actors of one server',
    answers: '403 origin.other_actor',
    does: (arena) => arena.post(arena.mallory, create(arena.guild, arena)),
  },
  {
    name: 'A3 the activity names no actor, or several',
    answers: '400 wire.field',
    does: async (arena) => {
      const { mallory, victim } = arena
      await arena.post(mallory, { ...create(mallory, arena), actor: [mallory.id, victim.id] })
      return arena.post(mallory, { ...create(mallory, arena), actor: undefined })
    },
  },
]

const a4: Row[] = [
  {
    name: 'A4 a key document that names the victim as its owner (GHSA-q9f8-5hc7-898f)',
    answers: '401 signature.unknown_key',
    does: (arena) => {
      const { far, mallory, victim } = arena
      const keyId = `${far.origin}/keys/1`
      const key = mallory.document.publicKey as Json
      far.serve('/keys/1', { body: { ...key, id: keyId, owner: victim.id } })
      return arena.post(mallory, create(victim, arena), { keyId })
    },
  },
  {
    name: 'A4 an actor whose key names the victim as its owner',
    answers: '401 signature.unknown_key',
    does: (arena) => {
      const key = arena.mallory.document.publicKey as Json
      const publicKey = { ...key, owner: arena.victim.id }
      const sly = arena.far.actor('sly', { publicKey })
      return arena.post(sly, create(arena.victim, arena))
    },
  },
  {
    name: 'A4 an actor that lists a key id of the victim as its own',
    answers: '401 signature.wrong',
    does: (arena) => {
      const key = arena.mallory.document.publicKey as Json
      const publicKey = { ...key, id: arena.victim.keyId }
      const thief = arena.far.actor('thief', { publicKey })
      return arena.post(thief, create(arena.victim, arena), { keyId: arena.victim.keyId })
    },
  },
]

const a5: Row[] = [
  {
    name: 'A5 an actor id that redirects to the victim (GHSA-8863-8468-7hq7)',
    answers: '403 origin.foreign_id',
    does: (arena) => {
      const { far, victim } = arena
      const shadow = far.actor('shadow')
      far.serve('/users/shadow', { status: 302, headers: { location: victim.id } })
      return arena.post(shadow, create(shadow, arena))
    },
  },
  {
    name: 'A5 an actor id that serves the document of the victim',
    answers: '403 origin.foreign_id',
    does: (arena) => {
      const { far, victim } = arena
      const mask = far.actor('mask')
      far.serve('/users/mask', { body: victim.document })
      return arena.post(mask, create(victim, arena), { keyId: mask.keyId })
    },
  },
  {
    name: 'A5 an actor id that serves the document of another actor there',
    answers: '401 signature.unknown_key',
    does: (arena) => {
      const { far, guild } = arena
      const twin = far.actor('twin')
      far.serve('/users/twin', { body: guild.document })
      return arena.post(twin, create(guild, arena), { keyId: twin.keyId })
    },
  },
]

const a6: Row[] = [
  spoiled('A6 two signature headers', '401 signature.repeated', () => ({
    afterwards: ({ headers }) => void headers.push('signature', headers.at(-1) ?? ''),
  })),
  spoiled('A6 two key ids in one header', '401 signature.repeated', ({ victim }) => ({
    afterwards: ({ headers }) => {
      headers.push(`${headers.pop() ?? ''},keyId="${victim.keyId}"`)
    },
  })),
  spoiled('A6 both schemes at once, one of them wrong', '401 signature.uncovered', () => ({
    afterwards: ({ headers }) => void headers.push('signature-input', 'sig1=("@method")'),
  })),
]

const a7: Row[] = [
  spoiled('A7 signed two hours ago', '401 signature.time', (arena) => ({ at: hours(arena, -2) })),
  spoiled('A7 signed in two hours', '401 signature.time', (arena) => ({ at: hours(arena, 2) })),
  spoiled('A7 signed two hours ago (RFC 9421)', '401 signature.time', (arena) => ({
    scheme: 'rfc9421',
    at: hours(arena, -2),
  })),
  spoiled('A7 no time is signed', '401 signature.uncovered', () => ({ covers: without('date') })),
  spoiled('A7 its time is no time', '401 signature.time', () => ({
    headers: { date: 'yesterday' },
  })),
  spoiled('A7 it says itself that it has expired', '401 signature.time', (arena) => ({
    created: seconds(arena, -60),
    expires: seconds(arena, -30),
    covers: ['(created)', '(expires)', ...without()],
  })),
  {
    name: 'A7 the very same request sent again does nothing',
    answers: '202',
    becomes: 'done',
    changes: true,
    does: async (arena) => {
      const sent = create(arena.mallory, arena)
      const at = arena.clock.now()
      await arena.post(arena.mallory, sent, { at })
      return arena.post(arena.mallory, sent, { at })
    },
    after: async ({ node, mallory }) => {
      const where = { type: 'contribution', author: mallory.id }
      expect(await node.site.store.count('items', { where })).to.equal(1)
    },
  },
]

const a8: Row[] = [
  spoiled('A8 RFC 9421 without content-digest', '401 signature.uncovered', () =>
    rfc('@method', '@target-uri'),
  ),
  spoiled('A8 RFC 9421 without @method', '401 signature.uncovered', () =>
    rfc('@target-uri', 'content-digest'),
  ),
  spoiled('A8 RFC 9421 without @target-uri', '401 signature.uncovered', () =>
    rfc('@method', 'content-digest'),
  ),
  spoiled('A8 two labels, one of them right', '401 signature.malformed', () => ({
    scheme: 'rfc9421',
    afterwards: ({ headers }) => {
      for (const name of ['signature-input', 'signature']) {
        const at = headers.indexOf(name) + 1
        headers[at] = `${headers[at]}, ${String(headers[at]).replace('sig1', 'sig2')}`
      }
    },
  })),
  spoiled(
    'A8 the label of the signature is another than that of its input',
    '401 signature.malformed',
    () => ({
      scheme: 'rfc9421',
      afterwards: ({ headers }) => {
        headers.push(String(headers.pop()).replace('sig1', 'sig2'))
      },
    }),
  ),
  ...['hmac-sha256', 'rsa-pss-sha512', 'none'].map((algorithm) =>
    spoiled(`A8 the algorithm is called ${algorithm}`, '401 signature.algorithm', () => ({
      scheme: 'rfc9421',
      algorithm,
    })),
  ),
  spoiled('A8 the algorithm is not that of the key', '401 signature.wrong', () => ({
    scheme: 'rfc9421',
    algorithm: 'ed25519',
  })),
  spoiled('A8 the key is not the one that is named', '401 signature.wrong', () => ({
    key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  })),
  {
    name: 'A8 an RSA key that anybody could break',
    answers: '401 signature.unknown_key',
    does: (arena) => {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
      const pem = String(publicKey.export({ format: 'pem', type: 'spki' }))
      const id = `${arena.far.origin}/users/weak`
      const weak = arena.far.actor('weak', {
        publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: pem },
      })
      return arena.post(weak, create(weak, arena), { key: privateKey })
    },
  },
]

const a9: Row[] = [
  spoiled('A9 the same JSON with other white space', '401 signature.digest', () => ({
    afterwards: (sent) => {
      sent.body = Buffer.from(JSON.stringify(JSON.parse(sent.body.toString()), null, 1))
    },
  })),
  {
    name: 'A9 the same letters in another Unicode form',
    answers: '401 signature.digest',
    does: (arena) =>
      arena.post(arena.mallory, create(arena.mallory, arena, { name: 'é' }), {
        afterwards: (sent) => {
          sent.body = Buffer.from(sent.body.toString().replace('é', 'e\u0301'))
        },
      }),
  },
  spoiled('A9 bytes that are no text', '400 wire.json', () => ({
    body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  })),
  spoiled('A9 a text that begins with a byte order mark', '400 wire.json', () => ({
    body: Buffer.from('\uFEFF{}'),
  })),
]

describe('hostile A: signatures and keys', () => {
  let arena: Arena
  before(async () => {
    arena = await openArena()
  })
  after(closeArena)
  attacks([...a1, ...a2, ...a3, ...a4, ...a5, ...a6, ...a7, ...a8, ...a9], () => arena)
})
