/** A short name for something that lives elsewhere, for use in our own addresses. */
import { createHash } from 'node:crypto'

/** Sixteen letters and digits that stand for an id; the same on every server. */
export const shortKey = (id: string): string =>
  BigInt(`0x${createHash('sha256').update(id).digest('hex')}`)
    .toString(36)
    .slice(0, 16)
