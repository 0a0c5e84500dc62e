/** The log of a server as others check it: checkpoint, tiles and proofs, by the formats' own words. */
import { createPublicKey } from 'node:crypto'
import { expect } from 'chai'
import { isConsistent, leafHash, nodeHash, rootFromPath } from '../../content/merkle.ts'
import { groupId, versionId } from '../../federation/addresses.ts'
import {
  isSignedBy,
  readCheckpoint,
  signedCheckpoint,
  verifierKey,
} from '../../federation/checkpoints.ts'
import { type Inclusion, tilePath } from '../../federation/log.ts'
import { record } from '../../federation/record.ts'
import { foundedServer } from '../help/community.ts'
import { publish } from '../help/publishing.ts'
import { endServers, type TestServer } from '../help/servers.ts'

/** The example of golang.org/x/mod/sumdb/note: a key, and a note that it signed. */
const example = {
  name: 'PeterNeumann',
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  note: `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`,
}

/** A verifier key read as the specification says, with nothing of ours. */
function keyIn(vkey: string) {
  const raw = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1)
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

const hashesIn = (list: string[]) => list.map((hash) => Buffer.from(hash, 'hex'))

describe('a signed note', () => {
  it('is read as other software writes it', () => {
    const key = keyIn(example.vkey)
    expect(verifierKey(example.name, key)).to.equal(example.vkey)
    expect(isSignedBy(example.note, example.name, key)).to.equal(true)
    expect(isSignedBy(example.note.replace('your', 'our'), example.name, key)).to.equal(false)
    expect(isSignedBy(example.note, 'SomebodyElse', key)).to.equal(false)
    expect(isSignedBy('', example.name, key)).to.equal(false)
  })

  it('is no checkpoint without its three lines', () => {
    const body = `igf.example\n3\n${Buffer.alloc(32).toString('base64')}\n`
    const signature = '\n— igf.example AAAA\n'
    expect(readCheckpoint(body + signature).size).to.equal(3)
    expect(readCheckpoint(`${body}more\n${signature}`).origin).to.equal('igf.example')
    for (const wrong of [
      example.note,
      body,
      body.replace('\n3\n', '\n03\n') + signature,
      body.replace('=', '') + signature,
      '',
    ])
      expect(() => readCheckpoint(wrong), wrong).to.throw('checkpoint.malformed')
  })
})

describe('the log of a node', () => {
  let node: TestServer
  let outcome: string

  before(async () => {
    node = await foundedServer()
    outcome = await publish(node.site, 'water', '- Rivers know no borders.')
    const log = Array.from({ length: 300 }, (_, i) => ({
      stream: 'public' as const,
      id: `${node.origin}/activities/filler-${i}`,
      ...{ actor: groupId(node.site), verb: 'Like', item: 'x', at: node.site.now() },
      wire: `{"filler":${i}}`,
    }))
    await node.site.store.commit({ log })
  })
  after(endServers)

  const get = async (path: string) => fetch(`${node.origin}${path}`)
  const json = async <T>(path: string) => (await (await get(path)).json()) as T

  it('has a checkpoint that its published key signed', async () => {
    const { verifierKey: vkey, size, root } = await json<Record<string, string>>('/log')
    const answer = await get('/checkpoint')
    const note = await answer.text()
    const { host } = new URL(node.origin)
    expect(answer.headers.get('content-type')).to.equal('text/plain; charset=utf-8')
    expect(note.split('\n').slice(0, 3)).to.deep.equal([
      host,
      String(size),
      Buffer.from(String(root), 'hex').toString('base64'),
    ])
    expect(isSignedBy(note, host, keyIn(String(vkey)))).to.equal(true)
    expect(readCheckpoint(note)).to.deep.equal({ origin: host, size, root })
    const another = signedCheckpoint(
      { size: 1, root: String(root) },
      host,
      (await node.site.key(`${node.origin}/server`, 'ed25519')).private,
    )
    expect(isSignedBy(another, host, keyIn(String(vkey)))).to.equal(false)
  })

  it('has the tiles of which its root is made', async () => {
    const { size, root } = await json<{ size: number; root: string }>('/log')
    const bytes = async (path: string) => Buffer.from(await (await get(path)).arrayBuffer())
    const [full, part] = [await bytes('/tile/0/000'), await bytes(`/tile/0/001.p/${size - 256}`)]
    expect([full.length, part.length]).to.deep.equal([256 * 32, (size - 256) * 32])
    const leaves = Array.from({ length: size }, (_, i) =>
      Buffer.concat([full, part]).subarray(i * 32, i * 32 + 32),
    )
    const rootOf = (hashes: Buffer[]): Buffer => {
      const [only] = hashes
      if (hashes.length === 1 && only) return only
      const split = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1)
      return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)))
    }
    expect(rootOf(leaves).toString('hex')).to.equal(root)
    expect(await bytes('/tile/1/000.p/1')).to.deep.equal(rootOf(leaves.slice(0, 256)))
    const [first] = await node.site.store.log('public', 0, 1)
    expect(leaves[0]).to.deep.equal(leafHash(Buffer.from(String(first?.wire))))
  })

  it('has no tile that is not whole, or under another name', async () => {
    for (const path of [
      '0/001',
      '0/001.p/255',
      '0/000.p/0',
      '0/000.p/256',
      '0/x000/000',
      '0/0',
      '00/000',
      '9/000',
      'entries/000',
      '0/000.p/',
      '0/..%2f000',
    ])
      expect((await get(`/tile/${path}`)).status, path).to.equal(404)
    expect([0, 999, 1000, 1234067].map(tilePath)).to.deep.equal([
      '000',
      '999',
      'x001/000',
      'x001/x234/067',
    ])
  })

  it('proves that an outcome version stands in it', async () => {
    const id = versionId(outcome, 1)
    const proof = await json<Inclusion>(`/log/proof?entry=${encodeURIComponent(id)}`)
    const entry = await node.site.store.entry(proof.entry)
    expect(JSON.parse(String(entry?.wire))).to.have.nested.property('object.id', outcome)
    const leaf = leafHash(Buffer.from(String(entry?.wire)))
    const root = rootFromPath(proof.index, proof.size, leaf, hashesIn(proof.hashes))
    expect(root.toString('hex')).to.equal(readCheckpoint(proof.checkpoint).root)
    const same = await json<Inclusion>(`/log/proof?entry=${encodeURIComponent(proof.entry)}`)
    expect(same).to.deep.equal(proof)
    for (const path of ['/log/proof', '/log/proof?entry=', '/log/proof?entry=a&entry=b'])
      expect((await get(path)).status, path).to.equal(400)
    expect((await get('/log/proof?entry=https://igf.example/none')).status).to.equal(404)
  })

  it('proves no letter, which is for one peer alone', async () => {
    const letter = { to: 'https://a.example/actor', type: 'Follow', object: 'x' }
    const actor = groupId(node.site)
    const id = `${node.origin}/activities/letter`
    await record(node.site, { letters: [{ ...letter, id, actor, recipient: letter.to }] })
    expect((await get(`/log/proof?entry=${encodeURIComponent(id)}`)).status).to.equal(404)
  })

  it('proves that it goes on from what it was', async () => {
    const [older, newer] = [await node.site.store.head(7), await node.site.store.head()]
    const { hashes } = await json<{ hashes: string[] }>(
      `/log/consistency?from=7&size=${newer.size}`,
    )
    const at = ({ size, root }: typeof older) => ({ size, root: Buffer.from(root, 'hex') })
    expect(isConsistent(at(older), at(newer), hashesIn(hashes))).to.equal(true)
    for (const [query, status] of [
      ['from=7&size=6', 400],
      ['from=1&size=100000', 404],
      ['from=-1&size=6', 404],
      ['from=x&size=6', 404],
    ])
      expect((await get(`/log/consistency?${query}`)).status, String(query)).to.equal(status)
  })
})
