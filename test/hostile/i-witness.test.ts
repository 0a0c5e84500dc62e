/** SECURITY-CLASSES A, D, E and I: servers that say they have seen our log, and have not. */
import { expect } from 'chai'
import type { Witness } from '../../content/parties.ts'
import { logName } from '../../federation/addresses.ts'
import { cosignature, signedCheckpoint } from '../../federation/checkpoints.ts'
import { toMultikey } from '../../federation/multikey.ts'
import { askWitness, asWitness } from '../../federation/seen.ts'
import { type Arena, closeArena, openArena, settled } from '../help/attack.ts'
import { activity, ask, type Json } from '../help/hostile.ts'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'

describe('hostile I: witnesses', () => {
  let arena: Arena
  const { privateKey } = generateKeyPairSync('ed25519')
  const other = generateKeyPairSync('ed25519').privateKey

  before(async () => {
    arena = await openArena()
    const { far, mallory } = arena
    const id = `${far.origin}/server`
    const publicKeyMultibase = toMultikey(createPublicKey(privateKey))
    const key = { id: `${id}#key`, type: 'Multikey', controller: id, publicKeyMultibase }
    const inbox = `${far.origin}/inbox`
    const rest = { id, type: 'Application', inbox, assertionMethod: [key], publicKey: [] }
    far.serve('/server', { body: { ...mallory.document, ...rest } as Json })
  })
  after(closeArena)

  /** The node asks a witness that answers this; what it keeps of it. */
  async function kept(body: string, headers = { 'content-type': 'text/plain' }, status = 200) {
    const { node, far, clock } = arena
    clock.forward(2 * 60_000)
    const held = await node.site.store.get('witnesses', far.origin)
    const fresh: Witness = { id: far.origin, retryAt: clock.now(), failures: 0 }
    await node.site.store.commit({
      put: { witnesses: [{ ...fresh, ...(held ? { rev: held.rev } : {}) }] },
    })
    far.serve('/log/cosigned', { status, headers, body })
    await askWitness(node.site, far.origin)
    return node.site.store.get('witnesses', far.origin)
  }
  const ours = async () => {
    const { site } = arena.node
    return (await ask(new URL(`${site.origin}/checkpoint`), 'GET')).text
  }
  const plain = async () => (await ours()).split('\n').slice(0, 5).join('\n') + '\n'
  const seenAt = (note: string, at = arena.clock.now(), key = privateKey) =>
    note + cosignature(note, arena.far.host, key, at)

  it('I a head that a witness signed rightly is kept', async () => {
    const found = await kept(seenAt(await plain()))
    expect(found?.seen?.size).to.equal(await arena.node.site.store.last('public'))
    expect(await ours()).to.include(arena.far.host)
  })

  const far = () => new Date(Date.parse(arena.clock.now()) + 3600_000).toISOString()
  const rows: [string, () => Promise<string>][] = [
    [
      'A10 a cosignature by another key than the witness has',
      async () => seenAt(await plain(), arena.clock.now(), other),
    ],
    [
      'A10 a cosignature that was made for another head',
      async () => {
        const note = await plain()
        const line = cosignature(
          note.replace(/\n\d+\n/, '\n1\n'),
          arena.far.host,
          privateKey,
          arena.clock.now(),
        )
        return note + line
      },
    ],
    ['A7 a cosignature out of the future', async () => seenAt(await plain(), far())],
    [
      'I a head that our log never had, signed by our name and by the witness',
      async () => {
        const { site } = arena.node
        const head = { size: 1, root: '0'.repeat(64) }
        return seenAt(signedCheckpoint(head, logName(site), other))
      },
    ],
    [
      'I a head larger than our log',
      async () => {
        const head = { size: 10_000, root: '0'.repeat(64) }
        return seenAt(signedCheckpoint(head, logName(arena.node.site), other))
      },
    ],
    [
      'B1 the head of another log under our question',
      async () => {
        const { root, size } = await arena.node.site.store.head()
        return seenAt(signedCheckpoint({ size, root }, 'another.example', other))
      },
    ],
    ['I a checkpoint that is none', async () => 'not\na\ncheckpoint\n\n— x y\n'],
    [
      'E8 two hundred signature lines before the one that would hold',
      async () => {
        const note = await plain()
        return `${note}${`— ${arena.far.host} AAAA\n`.repeat(200)}${cosignature(note, arena.far.host, privateKey, arena.clock.now())}`
      },
    ],
    ['E1 a checkpoint without end', async () => (await plain()) + '— x y\n'.repeat(20_000)],
  ]
  for (const [name, made] of rows)
    it(`${name} is not kept, and the next question comes later`, async () => {
      const found = await kept(await made())
      expect(found?.seen).to.equal(undefined)
      expect(found?.failures).to.equal(1)
      expect(await ours()).not.to.include(arena.far.host)
    })

  it('D6 a witness that sends us elsewhere, or answers with a page, is not believed', async () => {
    const note = seenAt(await plain())
    expect((await kept(note, { 'content-type': 'text/html' }))?.seen).to.equal(undefined)
    const moved = { 'content-type': 'text/plain', location: 'ftp://127.0.0.1/' }
    expect((await kept('', moved, 302))?.seen).to.equal(undefined)
  })

  it('E5 ever new followers that say they are initiatives: no more than fifty are ever asked', async () => {
    const { node, far } = arena
    const document = far.actor('many', { type: 'Group' })
    const made = Array.from({ length: 60 }, (_, i) => `https://w${i}.example`)
    for (const origin of made) {
      const actor = {
        id: `${origin}/actor`,
        type: 'Group',
        name: 'x',
        handle: 'x',
        inbox: `${origin}/inbox`,
      } as const
      const put = await asWitness(node.site, {
        ...actor,
        keys: [],
        gone: false,
        fetchedAt: node.site.now(),
      })
      await node.site.store.commit({ put })
    }
    expect(await node.site.store.count('witnesses', {})).to.equal(50)
    await arena.post(document, activity(document, 'Follow', `${node.origin}/actor`))
    await settled(node.site)
    expect(await node.site.store.count('witnesses', {})).to.equal(50)
  })

  it('G what was never signed here is not made up: a log of no name, or of another', async () => {
    for (const query of ['', '?log=', '?log=a&log=b'])
      expect(
        (await ask(new URL(`${arena.river.origin}/log/cosigned${query}`), 'GET')).status,
      ).to.equal(400)
    for (const log of ['nobody.example', '__proto__', '../x'])
      expect(
        (await ask(new URL(`${arena.river.origin}/log/cosigned?log=${log}`), 'GET')).status,
      ).to.equal(404)
  })
})
