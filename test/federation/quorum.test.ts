/** A quorum of witnesses: who checks an entry says whom to trust and how many of them must have signed the head of its log. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { logName, serverId, versionId } from '../../federation/addresses.ts'
import { cosignature, signedCheckpoint, verifierKey } from '../../federation/checkpoints.ts'
import { follow } from '../../federation/follow.ts'
import { toMultikey } from '../../federation/multikey.ts'
import { signers, trustedKey } from '../../federation/quorum.ts'
import { askWitness } from '../../federation/seen.ts'
import { foundedServer, readWhole } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { endProcesses, expectRefused, tributary } from '../scripts/run.ts'
import { sentenceOf } from '../store/refused.ts'

const at = '2026-05-01T00:00:00.000Z'
const later = '2026-06-01T00:00:00.000Z'

interface Named {
  name: string
  key: KeyObject
  vkey: string
  multikey: string
}

function witness(name: string): Named {
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  return {
    name,
    key,
    vkey: verifierKey(name, publicKey, 'witness'),
    multikey: toMultikey(publicKey),
  }
}

describe('a quorum of witnesses', () => {
  const log = witness('igf.example')
  const [a, b, c] = [witness('a.example'), witness('b.example'), witness('c.example')]
  const head = signedCheckpoint({ size: 3, root: 'ab'.repeat(32) }, log.name, log.key)
  const by = (...all: { name: string; key: KeyObject }[]) =>
    head + all.map(({ name, key }) => cosignature(head, name, key, at)).join('')
  const signing = (note: string, named: string[], when = later) =>
    signers(note, { witnesses: named.map(trustedKey), needed: 1 }, when)

  it('is those of the named who have signed the head, by verifier key or Multikey', () => {
    const note = by(a, b)
    expect(signing(note, [a.vkey, b.multikey, c.vkey])).to.deep.equal([a.name, b.name])
    expect(signing(note, [c.vkey])).to.deep.equal([])
  })

  it('counts nobody twice: not a witness named in two ways, nor one key under two names', () => {
    const twice = by(a, { name: 'also-a.example', key: a.key })
    const also = verifierKey('also-a.example', createPublicKey(a.key), 'witness')
    expect(signing(twice, [a.vkey, a.multikey, a.vkey])).to.deep.equal([a.name])
    expect(signing(twice, [a.vkey, also])).to.have.lengthOf(1)
    const renewed = { name: a.name, key: b.key }
    const second = verifierKey(a.name, createPublicKey(b.key), 'witness')
    expect(signing(by(a, renewed), [a.vkey, second])).to.deep.equal([a.name])
  })

  it('takes neither another key under the name, nor a changed head, nor a time to come, nor the log itself', () => {
    expect(signing(by({ name: a.name, key: b.key }), [a.vkey])).to.deep.equal([])
    expect(signing(by(a).replace('\n3\n', '\n4\n'), [a.vkey])).to.deep.equal([])
    expect(signing(by(a), [a.vkey], '2026-04-01T00:00:00.000Z')).to.deep.equal([])
    expect(
      signing(by(log), [verifierKey(log.name, createPublicKey(log.key), 'witness')]),
    ).to.deep.equal([])
  })

  it('refuses what is no key of a witness: one of a log, a changed one, other words', async () => {
    const ofLog = verifierKey(a.name, createPublicKey(a.key))
    for (const wrong of [ofLog, a.vkey.replace('+', '+0'), `b.example${a.vkey}`, 'a.example', ''])
      expect(await sentenceOf(() => trustedKey(wrong)), wrong).to.equal('invalid verify.witness')
  })
})

describe('tributary verify with a quorum', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-quorum-'))
  let node: TestServer
  let rivers: TestServer[]
  let file: string

  before(async () => {
    node = await foundedServer()
    rivers = [await foundedServer('aggregator'), await foundedServer('aggregator')]
    for (const river of rivers) await follow(river.site, node.origin)
    await until(async () => (await node.site.store.count('witnesses', {})) === 2)
    const outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    for (const river of rivers) {
      await readWhole(river, node)
      const id = new URL(node.origin).host
      const size = await node.site.store.last('public')
      await until(async () => (await river.site.store.get('cosigned', id))?.size === size)
      await askWitness(node.site, river.origin)
    }
    const entry = encodeURIComponent(versionId(outcome, 1))
    file = join(folder, 'bundle.json')
    writeFileSync(file, await (await fetch(`${node.origin}/log/bundle?entry=${entry}`)).text())
  })
  after(async () => {
    await endProcesses()
    await endServers()
    rmSync(folder, { recursive: true, force: true })
  })

  const keyOf = async ({ origin, site }: TestServer) => {
    const { witnessKey } = (await (await fetch(`${origin}/log`)).json()) as { witnessKey: string }
    const key = await site.key(serverId(site), 'ed25519')
    expect(witnessKey).to.equal(verifierKey(logName(site), createPublicKey(key.private), 'witness'))
    return witnessKey
  }
  const check = (...args: string[]) => tributary(['verify', file, ...args])

  it('ends with 0 when enough have signed, named by address or by key', async () => {
    const [one, two] = rivers as [TestServer, TestServer]
    const [both, most] = await Promise.all([
      check('--witness', one.origin, '--witness', await keyOf(two)),
      check('--witness', await keyOf(one), '--witness', witness('c.example').vkey, '--quorum', '1'),
    ])
    expect(both.code, both.text).to.equal(0)
    expect(both.text).to.match(
      /✓ Of the witnesses you named, enough have signed this head \(2, 2 needed\)/,
    )
    expect(both.text).to.include(logName(one.site)).and.include(logName(two.site))
    expect(most.code, most.text).to.equal(0)
  })

  it('ends with 1 when too few have, and says which option is wrong', async () => {
    const [one] = rivers as [TestServer]
    const key = await keyOf(one)
    const others = ['--witness', witness('c.example').vkey]
    const [few, twice, wrong, much, none, peer] = await Promise.all([
      check('--witness', key, ...others),
      check('--witness', key, '--witness', one.origin),
      check('--witness', 'somebody'),
      check('--witness', key, '--quorum', '2'),
      check('--quorum', '1'),
      check('--witness', node.origin),
    ])
    expectRefused(
      few,
      /✗ Of the witnesses you named, too few have signed this head: 1, and 2 are needed/,
    )
    expectRefused(twice, /too few have signed this head: 1/)
    expectRefused(wrong, /somebody is no witness/)
    for (const each of [much, none]) expectRefused(each, /--quorum must be a whole number from 1/)
    expectRefused(peer, /too few have signed this head: 0/)
  })
})
