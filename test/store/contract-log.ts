/** Part of the store's contract: logs without gaps, and the Merkle head of the public one. */
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import type { Opened } from './contract.ts'
import { entry } from './fixtures.ts'
import { sentenceOf } from './refused.ts'

const sha256 = (...parts: Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest()

/** RFC 6962, section 2.1, word for word: slow, and plain enough to be believed. */
export function plainRoot(leaves: Uint8Array[]): Buffer {
  const [only] = leaves
  if (!only) return sha256()
  if (leaves.length === 1) return sha256(Buffer.from([0]), only)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const [left, right] = [plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split))]
  return sha256(Buffer.from([1]), left, right)
}

export function keepsTheLog(opened: Opened): void {
  streams(opened)
  heads(opened)
}

function streams(opened: Opened): void {
  it('numbers each stream from 1 without gaps, also when changes are refused in between', async () => {
    const store = opened()
    const first = entry()
    await store.commit({ log: [first, entry('to:https://a.example'), entry()] })
    await sentenceOf(store.commit({ log: [entry(), { ...entry(), id: first.id }] }))
    await Promise.allSettled([
      store.commit({ log: [entry()] }),
      store.commit({ log: [{ ...entry(), id: first.id }] }),
      store.commit({ log: [entry('to:https://a.example'), entry()] }),
    ])
    const seqs = async (stream: 'public' | 'to:https://a.example') =>
      (await store.log(stream, 0, 100)).map(({ seq }) => seq)
    expect(await seqs('public')).to.deep.equal([1, 2, 3, 4])
    expect(await seqs('to:https://a.example')).to.deep.equal([1, 2])
    expect(await store.last('public')).to.equal(4)
    expect(await store.last('to:https://nobody.example')).to.equal(0)
  })

  it('gives entries after a position, as they were said', async () => {
    const store = opened()
    const said = [entry(), entry(), entry()]
    await store.commit({ log: said })
    expect(await store.log('public', 1, 1)).to.deep.equal([{ ...said[1], seq: 2 }])
    expect(await store.log('public', 3, 10)).to.deep.equal([])
    expect(await store.log('public', 0, 0)).to.deep.equal([])
    expect(await store.log('public', 0, -1)).to.deep.equal([])
    expect(await store.entry(String(said[2]?.id))).to.deep.equal({ ...said[2], seq: 3 })
    expect(await store.entry('https://igf.example/activities/none')).to.equal(undefined)
  })

  it('takes an activity id once in all streams', async () => {
    const store = opened()
    const said = entry()
    await store.commit({ log: [said] })
    const again = { ...entry('to:https://a.example'), id: said.id }
    expect(await sentenceOf(store.commit({ log: [again] }))).to.equal('conflict store.entry_known')
    expect((await store.entry(said.id))?.stream).to.equal('public')
  })
}

/** The leaves of the reference tree of RFC 6962's first implementation, and its roots of 1 to 8 of them. */
const vectors: [string, string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  [
    '606162636465666768696a6b6c6d6e6f',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
]

function heads(opened: Opened): void {
  it('has the head of an empty log', async () => {
    const root = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    expect(await opened().head()).to.deep.equal({ size: 0, root })
  })

  it('has the Merkle head of RFC 6962 at every size it ever had', async () => {
    const store = opened()
    const log = Array.from({ length: 70 }, (_, i) => entry('public', { wire: `{"leaf":${i}}` }))
    const rest = [...log]
    for (const size of [1, 2, 3, 5, 11, 48]) {
      await store.commit({ log: [...rest.splice(0, size), entry('to:https://a.example')] })
    }
    const leaves = log.map(({ wire }) => Buffer.from(wire))
    for (let size = 0; size <= 70; size += 1) {
      const root = plainRoot(leaves.slice(0, size)).toString('hex')
      expect(await store.head(size)).to.deep.equal({ size, root })
    }
    expect((await store.head()).size).to.equal(70)
  })

  it('has no head of a size that the log has not reached', async () => {
    await opened().commit({ log: [entry()] })
    for (const size of [2, 1_000_000, -1, 0.5]) {
      expect(await sentenceOf(opened().head(size)), String(size)).to.equal('missing store.no_head')
    }
  })

  it('gives the hashes of perfect subtrees of any height, as many as there are', async () => {
    const store = opened()
    const log = Array.from({ length: 11 }, (_, i) => entry('public', { wire: `{"leaf":${i}}` }))
    await store.commit({ log: [...log.slice(0, 7), entry('to:https://a.example')] })
    await store.commit({ log: log.slice(7) })
    const leaves = log.map(({ wire }) => Buffer.from(wire))
    for (const [level, width] of [1, 2, 4, 8].entries()) {
      const count = Math.floor(11 / width)
      const roots = Array.from({ length: count }, (_, i) =>
        plainRoot(leaves.slice(i * width, (i + 1) * width)),
      )
      expect(await store.hashes(level, 0, 256)).to.deep.equal(roots)
      expect(await store.hashes(level, 1, 2)).to.deep.equal(roots.slice(1, 3))
    }
    expect(await store.hashes(4, 0, 256)).to.deep.equal([])
    expect(await store.hashes(0, 11, 256)).to.deep.equal([])
    expect(await store.hashes(0, 0, -1)).to.deep.equal([])
  })

  it('is checked by a computation that agrees with the known vectors', () => {
    for (const [i, [, root]] of vectors.entries()) {
      const leaves = vectors.slice(0, i + 1).map(([leaf]) => Buffer.from(leaf, 'hex'))
      expect(plainRoot(leaves).toString('hex')).to.equal(root)
    }
  })
}
