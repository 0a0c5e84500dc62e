/** Titles as the last part of an address. */
import { createHash } from 'node:crypto'

const LETTERS_MAX = 60

/** Lower-case Latin letters and digits of a title; for other scripts a short name made from the text. */
export function slugOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{Mn}’']/gu, '')
  const words = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  const cut = words.slice(0, LETTERS_MAX).replace(/-+$/, '')
  return cut.length >= 3
    ? cut
    : `t-${createHash('sha256').update(title).digest('hex').slice(0, 10)}`
}
