/** A Merkle tree over a log (RFC 6962, section 2.1): pure functions over the hashes of its perfect subtrees. */
import { createHash } from 'node:crypto'

/** C2SP tlog-tiles: a tile holds so many hashes, of subtrees so many levels above those of the tiles below it. */
export const TILE_HEIGHT = 8
export const TILE_WIDTH = 2 ** TILE_HEIGHT

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

/** RFC 6962, section 2.1.2: that the first `size` leaves begin with the same first `from` leaves. */
export function consistencyProof(from: number, size: number, nodes: Nodes): Buffer[] {
  return from === 0 || from >= size ? [] : step(from, 0, size, true, nodes)
}

/** SUBPROOF of the leaves from `start` to before `end`; `whole` while the older root is the one that is known. */
function step(from: number, start: number, end: number, whole: boolean, nodes: Nodes): Buffer[] {
  const length = end - start
  if (from === length) return whole ? [] : [range(start, end, nodes)]
  const middle = start + splitOf(length)
  return from <= middle - start
    ? [...step(from, start, middle, whole, nodes), range(middle, end, nodes)]
    : [...step(from - (middle - start), middle, end, false, nodes), range(start, middle, nodes)]
}

/** Whether a log of `size` leaves under `root` goes on from one of `from` leaves under `fromRoot`. */
export function isConsistent(older: Sized, newer: Sized, proof: Buffer[]): boolean {
  if (older.size > newer.size) return false
  if (older.size === 0) return proof.length === 0 && older.root.equals(emptyRoot())
  if (proof.length > PROOF_HASHES_MAX) return false
  const roots = rootsFrom(older.size, newer.size, older.root, proof, true)
  return roots !== undefined && roots.older.equals(older.root) && roots.newer.equals(newer.root)
}

/** More than a log of 2^53 entries could need. */
const PROOF_HASHES_MAX = 110

/** A log as it was at a size. */
export interface Sized {
  size: number
  root: Buffer
}

/** Both roots that a consistency proof leads to; nothing for a proof that is too short or too long. */
function rootsFrom(
  from: number,
  size: number,
  known: Buffer,
  proof: Buffer[],
  whole: boolean,
): { older: Buffer; newer: Buffer } | undefined {
  const last = proof.at(-1)
  if (from === size) {
    const root = whole ? known : last
    const right = proof.length === (whole ? 0 : 1)
    return right && root ? { older: root, newer: root } : undefined
  }
  const split = splitOf(size)
  const rest = proof.slice(0, -1)
  if (!last) return undefined
  if (from <= split) {
    const left = rootsFrom(from, split, known, rest, whole)
    return left && { older: left.older, newer: nodeHash(left.newer, last) }
  }
  const right = rootsFrom(from - split, size - split, known, rest, false)
  return right && { older: nodeHash(last, right.older), newer: nodeHash(last, right.newer) }
}

/** `count` hashes of perfect subtrees of one height, from number `from` on; fewer where the log ends. */
export type Hashes = (level: number, from: number, count: number) => Promise<Buffer[]>

/**
 * Make something of a tree's nodes that have to be asked for: it is made twice, once to learn which nodes it
 * takes. Which they are depends on sizes alone, never on a hash.
 */
export async function withNodes<T>(hashes: Hashes, make: (nodes: Nodes) => T): Promise<T> {
  const wanted = new Map<string, { level: number; index: number }>()
  const key = (level: number, index: number) => `${level}/${index}`
  make((level, index) => {
    wanted.set(key(level, index), { level, index })
    return Buffer.alloc(0)
  })
  const found = new Map<string, Buffer>()
  for (const [name, { level, index }] of wanted) {
    const [hash] = await hashes(level, index, 1)
    if (hash) found.set(name, hash)
  }
  return make((level, index) => found.get(key(level, index)) ?? Buffer.alloc(0))
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
