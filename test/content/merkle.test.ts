/** Merkle proofs: what RFC 6962 and its first implementation say, and that nothing else passes. */
import { expect } from 'chai'
import fc from 'fast-check'
import {
  consistencyProof,
  type Hashes,
  inclusionProof,
  isConsistent,
  leafHash,
  type Nodes,
  rootAt,
  rootFromPath,
  withNodes,
} from '../../content/merkle.ts'
import { plainRoot } from '../store/contract-log.ts'

/** The leaves of the reference tree of RFC 6962's first implementation. */
const reference = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'))

const nodesOf =
  (leaves: Buffer[]): Nodes =>
  (level, index) =>
    plainRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))

const hex = (hashes: Buffer[]) => hashes.map((hash) => hash.toString('hex'))

/** From the tests of that implementation: sizes, and the proof that the one log goes on from the other. */
const vectors: [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

const sizes = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }))
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
const log = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => Buffer.from(`entry ${from + i}`))
const at = (leaves: Buffer[], size: number) => ({ size, root: plainRoot(leaves.slice(0, size)) })

describe('a proof about a log', () => {
  it('says the same as the first implementation of RFC 6962', () => {
    for (const [from, size, proof] of vectors)
      expect(hex(consistencyProof(from, size, nodesOf(reference)))).to.deep.equal(proof)
  })

  it('holds for every log that goes on from another, and for no other root, size or proof', () => {
    const property = fc.property(sizes, fc.nat(), ([from, size], n) => {
      const leaves = log(size)
      const proof = consistencyProof(from, size, nodesOf(leaves))
      const [older, newer] = [at(leaves, from), at(leaves, size)]
      expect(isConsistent(older, newer, proof)).to.equal(true)
      const forked = [...leaves.slice(0, n % from), ...log(size - (n % from), 100)]
      expect(isConsistent(older, at(forked, size), proof)).to.equal(false)
      const own = consistencyProof(from, size, nodesOf(forked))
      expect(isConsistent(older, at(forked, size), own)).to.equal(false)
      expect(isConsistent(older, newer, [...proof, older.root])).to.equal(false)
      if (proof.length === 0) return
      expect(isConsistent(older, newer, proof.slice(1))).to.equal(false)
      expect(isConsistent(older, newer, proof.toSpliced(n % proof.length, 1, older.root))).to.equal(
        proof[n % proof.length]?.equals(older.root) ?? false,
      )
    })
    fc.assert(property, { numRuns: 200, seed: 2026 })
  })

  it('is not possible for a log that became shorter', () => {
    const leaves = log(9)
    expect(isConsistent(at(leaves, 9), at(leaves, 8), [])).to.equal(false)
    expect(isConsistent(at(leaves, 0), at(leaves, 9), [])).to.equal(true)
  })

  it('is made of nodes that are asked for, one after the other', async () => {
    const leaves = log(21)
    const nodes = nodesOf(leaves)
    const hashes: Hashes = async (level, from) => [nodes(level, from)]
    const made = await withNodes(hashes, (each) => inclusionProof(17, 21, each))
    expect(made).to.deep.equal(inclusionProof(17, 21, nodes))
    const leaf = leafHash(leaves[17] ?? Buffer.alloc(0))
    expect(rootFromPath(17, 21, leaf, made)).to.deep.equal(rootAt(21, nodes))
  })
})
