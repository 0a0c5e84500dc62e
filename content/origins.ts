/** Where what was brought in came from: by this it is known again, and found under the addresses it had. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Imported } from './import/imported.ts'
import { At, Id } from './values.ts'

/** One thing at its source, and what it has become here. */
export const Origin = z.object({
  id: z.string(),
  rev: z.number().int().optional(),
  item: Id,
  at: At,
})

/** One address of an old site that leads to something here. */
export const Redirect = z.object({
  /** Path and query, without a slash at the end. */
  id: z.string().startsWith('/').max(2000),
  rev: z.number().int().optional(),
  /** What stands under it here: always one of this server's own. */
  item: Id,
  at: At,
})

export type Origin = z.infer<typeof Origin>
export type Redirect = z.infer<typeof Redirect>

const digest = (text: string) => createHash('sha256').update(text).digest('base64url')

/** What names a post, by its own address at its source. */
export const postOrigin = (address: string): string => `post ${digest(address)}`

/**
 * What names a thing at its source, whatever has become of it here: a post's own address; of a file without one
 * its name and the words that were in it.
 */
export function originId(item: Imported, address?: string): string {
  if (address) return postOrigin(address)
  return `${item.type} ${digest(JSON.stringify(item))}`
}
