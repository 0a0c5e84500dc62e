/** tributary verify: what holds, and what does not when a copy was tampered with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { versionId } from '../../federation/addresses.ts'
import type { Inclusion } from '../../federation/log.ts'
import { type Json, prove } from '../../federation/proofs.ts'
import { checkBundle } from '../../federation/verify.ts'
import { foundedServer } from '../help/community.ts'
import { correct, discuss, publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { endProcesses, expectRefused, tributary } from './run.ts'

/** A bundle as far as it is tampered with. */
interface Loose {
  entry: Json & { published: string; object: Json & { name: string } }
  actor: { assertionMethod: Json[] }
  inclusion: Inclusion
}

const folder = mkdtempSync(join(tmpdir(), 'tributary-verify-'))
const later = '2030-01-01T00:00:00.000Z'

describe('tributary verify', () => {
  let node: TestServer
  let outcome: string

  before(async () => {
    node = await foundedServer()
    await discuss(node.site, 'talk', 'Shall we talk?')
    outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    await correct(node.site, outcome, '- Rivers know no borders at all.')
  })
  afterEach(endProcesses)
  after(async () => {
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  const bundle = async (entry = versionId(outcome, 1)): Promise<Loose> => {
    const url = `${node.origin}/log/bundle?entry=${encodeURIComponent(entry)}`
    return (await (await fetch(url)).json()) as Loose
  }
  /** What does not hold of a bundle, once it was changed. */
  const wrongIn = async (change: (copy: Loose) => unknown, entry?: string) => {
    const copy = await bundle(entry)
    await change(copy)
    const { checks } = await checkBundle(copy, later)
    return checks.filter(({ right }) => !right).map(({ question }) => question)
  }

  it('finds nothing wrong with any entry of a log, long after', async () => {
    await withdraw(node.site, await publish(node.site, 'short', '- Not for long.'))
    for (const { id } of await node.site.store.log('public', 0, 100))
      expect(await wrongIn(() => {}, id), id).to.deep.equal([])
  })

  it('finds every letter that was changed', async () => {
    const cases: [string, (copy: Loose) => unknown, string[]][] = [
      ['words', ({ entry }) => (entry.object.name += '!'), ['proof', 'period', 'inclusion']],
      ['time', ({ entry }) => (entry.published = later), ['proof', 'period', 'inclusion']],
      [
        'the proof of the object is taken off',
        ({ entry }) => delete entry.object.proof,
        ['proof', 'period', 'inclusion'],
      ],
      [
        'another author',
        ({ entry }) => (entry.object.attributedTo = `${node.origin}/people/noor`),
        ['owner', 'proof', 'period', 'inclusion'],
      ],
      ['place', ({ inclusion }) => (inclusion.index += 1), ['inclusion']],
      ['size', ({ inclusion }) => (inclusion.size += 1), ['inclusion']],
      ['path', ({ inclusion }) => inclusion.hashes.pop(), ['inclusion']],
      [
        'checkpoint',
        ({ inclusion }) =>
          (inclusion.checkpoint = inclusion.checkpoint.replace(/\n\d+\n/, '\n77\n')),
        ['inclusion', 'checkpoint'],
      ],
      [
        'no checkpoint',
        ({ inclusion }) => (inclusion.checkpoint = ''),
        ['inclusion', 'checkpoint'],
      ],
      [
        'a key revoked before',
        ({ actor }) =>
          Object.assign(actor.assertionMethod[0] ?? {}, { revoked: '2020-01-01T00:00:00Z' }),
        ['period', 'checkpoint'],
      ],
      [
        'a younger key',
        ({ actor }) => Object.assign(actor.assertionMethod[0] ?? {}, { created: later }),
        ['period'],
      ],
      ['no key', ({ actor }) => (actor.assertionMethod = []), ['proof', 'period', 'checkpoint']],
    ]
    for (const [name, change, wrong] of cases)
      expect(await wrongIn(change), name).to.deep.equal(wrong)
  })

  it('does not take an entry that its own signer made up afterwards', async () => {
    const key = await node.site.key(`${node.origin}/actor`, 'ed25519')
    const wrong = await wrongIn((copy) => {
      const { proof: _proof, ...entry } = copy.entry
      const other = { ...entry, published: '2026-01-01T00:00:00.000Z' }
      copy.entry = prove(other, key, entry.published) as Loose['entry']
    })
    expect(wrong).to.deep.equal(['inclusion'])
  })

  it('checks an outcome by its address, or a file without asking anybody, and ends with 0', async () => {
    const file = join(folder, 'bundle.json')
    const held = await bundle()
    writeFileSync(file, JSON.stringify(held))
    const key = String(held.actor.assertionMethod[0]?.publicKeyMultibase)
    const [byAddress, byFile, byKey, byVerifier] = await Promise.all([
      tributary(['verify', outcome]),
      tributary(['verify', file]),
      tributary(['verify', file, '--key', key]),
      tributary(['verify', file, '--key', String(held.inclusion.verifierKey)]),
    ])
    for (const { code, text } of [byAddress, byFile, byKey, byVerifier]) {
      expect(code, text).to.equal(0)
      expect(text.match(/^✓ /gm), text).to.have.length.within(5, 6)
      expect(text).to.include(key).and.include(outcome).and.not.include('✗')
    }
  })

  it('ends with 1 and says what does not hold', async () => {
    const [changed, none] = [join(folder, 'changed.json'), join(folder, 'none.json')]
    const held = await bundle()
    held.entry.object.name = 'Other words'
    writeFileSync(changed, JSON.stringify(held))
    writeFileSync(none, '{"type":"Note"}')
    const wrong = await tributary(['verify', changed, '--key', 'z6Mkother'])
    expect(wrong.text).to.match(/✗ The signature does not fit/)
    expect(wrong.text).to.match(/✗ It is not signed with the key you named/)
    expectRefused(wrong, /It does not hold/)
    expectRefused(await tributary(['verify', none]), /not a bundle/)
    expectRefused(await tributary(['verify', join(folder, 'nowhere')]), /nothing to read/)
  })
})
