/** Which of what is brought in is news that each follower is sent; the rest is published, and told of in one post. */
import type { Imported } from './imported.ts'

/** More than so many at once would flood those who follow. */
const FEW = 5
/** Older than this, it is no news. */
const FRESH_MS = 30 * 24 * 3600_000

export const areMany = (count: number): boolean => count > FEW

/** A meeting to come and an open comment period are always news. */
export function isNews(item: Imported, at: string, many: boolean): boolean {
  if (item.type === 'meeting') return item.endsAt > at
  if (item.type === 'outcome' && item.state === 'open_for_comment') return true
  const { published = at } = 'published' in item ? item : {}
  return !many && Date.parse(at) - Date.parse(published) < FRESH_MS
}
