/** A Merkle tree over a log (RFC 6962, section 2.1): pure functions over the hashes of its perfect subtrees. */
import { createHash } from 'node:crypto'

/** The hash of the perfect subtree `index` of height `level`: level 0 are the leaves. */
export type Nodes = (level: number, index: number) => Buffer

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

export const leafHash = (bytes: Uint8Array): Buffer => sha256(LEAF, bytes)
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right)
export const emptyRoot = (): Buffer => sha256()

/** The perfect subtrees that leaf number `index` (from 0) completes, lowest first: itself at least. */
export function completed(
  index: number,
  leaf: Buffer,
  nodes: Nodes,
): { level: number; index: number; hash: Buffer }[] {
  const found = [{ level: 0, index, hash: leaf }]
  let hash = leaf
  for (let level = 0, at = index; at % 2 === 1; level += 1, at = (at - 1) / 2) {
    hash = nodeHash(nodes(level, at - 1), hash)
    found.push({ level: level + 1, index: (at - 1) / 2, hash })
  }
  return found
}

/** The root of the first `size` leaves. */
export function rootAt(size: number, nodes: Nodes): Buffer {
  return size === 0 ? emptyRoot() : range(0, size, nodes)
}

/** The hash of the leaves from `start` to before `end`, where start is a multiple of the split. */
function range(start: number, end: number, nodes: Nodes): Buffer {
  const length = end - start
  const level = Math.log2(length)
  if (Number.isInteger(level)) return nodes(level, start / length)
  const split = 2 ** Math.floor(level)
  return nodeHash(range(start, start + split, nodes), range(start + split, end, nodes))
}

/** RFC 6962, section 2.1.1: the path from leaf `index` to the root of the first `size` leaves. */
export function inclusionProof(index: number, size: number, nodes: Nodes): Buffer[] {
  return path(index, 0, size, nodes)
}

function path(index: number, start: number, end: number, nodes: Nodes): Buffer[] {
  if (end - start <= 1) return []
  const middle = start + splitOf(end - start)
  return index < middle
    ? [...path(index, start, middle, nodes), range(middle, end, nodes)]
    : [...path(index, middle, end, nodes), range(start, middle, nodes)]
}

/** The largest power of two smaller than n. */
const splitOf = (n: number) => 2 ** (Math.ceil(Math.log2(n)) - 1)

/** The root that a leaf and its path lead to; no root at all for a path that is too long, or a place that is none. */
export function rootFromPath(index: number, size: number, leaf: Buffer, proof: Buffer[]): Buffer {
  const isPlace = Number.isInteger(index) && index >= 0 && index < size
  if (!isPlace || (size === 1 && proof.length > 0)) return Buffer.alloc(0)
  if (size === 1) return leaf
  const split = splitOf(size)
  const rest = proof.slice(0, -1)
  const last = proof.at(-1) ?? Buffer.alloc(0)
  return index < split
    ? nodeHash(rootFromPath(index, split, leaf, rest), last)
    : nodeHash(last, rootFromPath(index - split, size - split, leaf, rest))
}

/** The roots of the perfect subtrees that make up a log of `size` leaves, highest first: enough to go on from. */
export interface Frontier {
  size: number
  /** Lower-case hex. */
  hashes: string[]
}

/** A frontier after one more leaf. */
export function grown({ size, hashes }: Frontier, leaf: Buffer): Frontier {
  const next = [...hashes]
  let hash = leaf
  for (let at = size; at % 2 === 1; at = (at - 1) / 2) {
    hash = nodeHash(Buffer.from(next.pop() ?? '', 'hex'), hash)
  }
  return { size: size + 1, hashes: [...next, hash.toString('hex')] }
}

/** The root of a frontier, in lower-case hex. */
export function rootOf({ hashes }: Frontier): string {
  const [last, ...others] = hashes.map((hash) => Buffer.from(hash, 'hex')).reverse()
  if (!last) return emptyRoot().toString('hex')
  return others.reduce<Buffer>((right, left) => nodeHash(left, right), last).toString('hex')
}
