/** Witnesses: whoever reads a log signs the head it saw, never two that disagree; the log serves that, and anybody checks it. */
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { logName, versionId } from '../../federation/addresses.ts'
import {
  cosignature,
  cosignatureIn,
  readCheckpoint,
  verifierKey,
} from '../../federation/checkpoints.ts'
import { acceptLog } from '../../federation/pasts.ts'
import { askWitness, askWitnesses } from '../../federation/seen.ts'
import { syncPeer } from '../../federation/sync.ts'
import { checkBundle } from '../../federation/verify.ts'
import { databaseIn } from '../../server/config.ts'
import { followedNode, readWhole } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer, testClock, until } from '../help/servers.ts'
import { endProcesses, tributary } from '../scripts/run.ts'

/** The example of C2SP tlog-cosignature. Its key is not told, its time is. */
const example = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`

/** A cosignature line read by the words of the specification alone: what it is over, and whether it holds. */
function readLine(note: string, line: string, vkey: string) {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)\n$/.exec(line) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const key = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64')
  const id = createHash('sha256').update(name).update('\n').update(key).digest().subarray(0, 4)
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)])
  const time = bytes.readUInt32BE(4) * 2 ** 32 + bytes.readUInt32BE(8)
  const [origin, size, root] = note.split('\n')
  const message = `cosignature/v1\ntime ${time}\n${origin}\n${size}\n${root}\n`
  const spki = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return {
    type: key[0],
    length: bytes.length,
    isNamed: bytes.subarray(0, 4).equals(id) && vkey.split('+')[1] === id.toString('hex'),
    time,
    holds: verify(null, Buffer.from(message), spki, bytes.subarray(12)),
  }
}

describe('a cosignature', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const name = 'river.example'
  const at = '2023-03-20T14:11:57.900Z'
  const line = cosignature(example, name, privateKey, at)

  it('is what the specification says, as an independent reader finds', () => {
    const vkey = verifierKey(name, publicKey, 'witness')
    expect(readLine(example, line, vkey)).to.deep.equal({
      type: 4,
      length: 4 + 8 + 64,
      isNamed: true,
      time: 1679321517,
      holds: true,
    })
    const w1 = Buffer.from(example.split(' ').at(-1) ?? '', 'base64')
    expect([w1.length, w1.readUInt32BE(8)]).to.deep.equal([76, 1679315147])
  })

  it('holds for its own words, name and key alone', () => {
    const note = example + line
    expect(cosignatureIn(note, name, publicKey)).to.deep.equal({
      line,
      at: '2023-03-20T14:11:57.000Z',
    })
    const changed = Buffer.from(line.split(' ')[2] ?? '', 'base64')
    changed.writeUInt8(changed.readUInt8(11) ^ 1, 11)
    const other = generateKeyPairSync('ed25519').publicKey
    const far = Buffer.from(changed)
    far.fill(255, 4, 12)
    for (const [why, wrong, as, key] of [
      ['size', note.replace('20852163', '20852164'), name, publicKey],
      ['name', note, 'ocean.example', publicKey],
      ['key', note, name, other],
      ['time', `${example}— ${name} ${changed.toString('base64')}\n`, name, publicKey],
      ['a time that is none', `${example}— ${name} ${far.toString('base64')}\n`, name, publicKey],
      ['cut short', `${example}— ${name} ${line.split(' ')[2]?.slice(0, 12)}\n`, name, publicKey],
      ['no note', line, name, publicKey],
    ] as const)
      expect(cosignatureIn(wrong, as, key), why).to.equal(undefined)
  })
})

describe('an aggregator as a witness', () => {
  let clock: ReturnType<typeof testClock>
  let node: TestServer
  let river: TestServer
  let id: string
  let outcome: string

  const read = () => readWhole(river, node)
  const cosigned = () => river.site.store.get('cosigned', new URL(node.origin).host)
  const page = async (server: TestServer, path: string) =>
    (await fetch(`${server.origin}${path}`)).text()
  const bundleOf = async (server: TestServer) => {
    const entry = encodeURIComponent(versionId(outcome, 1))
    return (await fetch(`${server.origin}/log/bundle?entry=${entry}`)).json()
  }

  beforeEach(async () => {
    clock = testClock()
    ;({ node, river, id } = await followedNode(clock))
    await until(async () => (await node.site.store.count('witnesses', {})) > 0)
    outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    await read()
    await until(cosigned)
  })
  afterEach(async () => {
    await endProcesses()
    await endServers()
  })

  it('signs the head it read, and the node serves that with its checkpoint and says so on the proof page', async () => {
    const note = await page(river, `/log/cosigned?log=${logName(node.site)}`)
    expect(note).to.equal((await cosigned())?.note)
    expect(readCheckpoint(note).size).to.equal(await node.site.store.last('public'))
    expect(await page(node, '/outcomes/water/proof')).to.include('No other server has signed yet')
    expect(await page(node, '/checkpoint')).not.to.include(logName(river.site))
    clock.forward(2 * 60_000)
    expect(await askWitnesses(node.site)).to.equal(1)
    expect(await page(node, '/checkpoint')).to.equal(note)
    expect(await page(node, '/outcomes/water/proof')).to.include(`${logName(river.site)}</bdi>`)
    await publish(node.site, 'wells', '- Dig deeper.')
    expect(await page(node, '/checkpoint')).not.to.include(logName(river.site))
    expect(await page(node, '/outcomes/wells/proof')).to.include('No other server has signed yet')
  })

  it('is named by tributary verify, from the node and from itself, also when the other is gone', async () => {
    await askWitness(node.site, river.origin)
    const name = logName(river.site)
    for (const server of [node, river]) {
      const { checks, witnesses } = await checkBundle(
        await bundleOf(server),
        '2030-01-01T00:00:00Z',
      )
      expect(checks.every(({ right }) => right)).to.equal(true)
      expect(witnesses.map((each) => each.name)).to.deep.equal([name])
    }
    const tampered = JSON.parse(JSON.stringify(await bundleOf(river)))
    tampered.inclusion.checkpoint = tampered.inclusion.checkpoint.replace(/\n$/, 'AAAA\n')
    expect((await checkBundle(tampered, '2030-01-01T00:00:00Z')).witnesses).to.deep.equal([])
    await river.close()
    const { code, text } = await tributary(['verify', outcome])
    expect(code, text).to.equal(0)
    expect(text).to.include(`✓ ${name} signed at 2026-11-23T`)
  })

  it('proves an older entry under the head that was seen, while a newer head waits for its witness', async () => {
    await askWitness(node.site, river.origin)
    const { size } = await node.site.store.head()
    await publish(node.site, 'wells', '- Dig deeper.')
    const { inclusion } = (await bundleOf(node)) as { inclusion: { size: number } }
    expect(inclusion.size).to.equal(size)
  })

  it('signs again, as time goes by, that the same head is still the largest', async () => {
    const first = await cosigned()
    await syncPeer(river.site, id)
    expect((await cosigned())?.at).to.equal(first?.at)
    clock.forward(7 * 3600_000)
    await syncPeer(river.site, id)
    expect(String((await cosigned())?.at) > String(first?.at)).to.equal(true)
    expect((await cosigned())?.size).to.equal(first?.size)
  })

  it('never signs two pasts of one log: not of a log that was restored, nor after a person accepted it', async () => {
    const file = join(node.data, 'backup')
    await node.site.store.backup(file)
    await publish(node.site, 'lost', '- This is in no backup.')
    await read()
    const before = await until(async () => {
      const held = await cosigned()
      return held?.size === (await node.site.store.last('public')) && held
    })
    const target = databaseIn(node.data)
    await node.close()
    for (const rest of ['', '-wal', '-shm']) rmSync(`${target}${rest}`, { force: true })
    copyFileSync(file, target)
    node = await node.restart()
    for (const slug of ['other', 'another', 'third']) await publish(node.site, slug, '- Others.')
    await syncPeer(river.site, id)
    expect((await river.site.store.get('pulls', id))?.standing).to.equal('diverged')
    expect(await cosigned()).to.deep.equal(before)
    await acceptLog(river.site, id, 'Noor')
    expect((await read()).standing).to.equal('consistent')
    clock.forward(7 * 3600_000)
    await syncPeer(river.site, id)
    expect(await cosigned()).to.deep.equal(before)
    await askWitness(node.site, river.origin)
    expect((await node.site.store.get('witnesses', river.origin))?.seen?.root).not.to.equal(
      before.root,
    )
  })
})
