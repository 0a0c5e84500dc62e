/** What was deleted before it was ever seen here: a Create that comes late does not bring it to life. In memory, and bounded. */
import type { Site } from '../site.ts'

/** Servers send many Deletes of what nobody here has heard of; the last so many are remembered. */
const REMEMBERED_MAX = 10_000

const deleted = new WeakMap<Site, Set<string>>()

export function rememberDeleted(site: Site, id: string): void {
  const known = deleted.get(site) ?? new Set<string>()
  if (known.size >= REMEMBERED_MAX) known.delete(known.values().next().value ?? '')
  known.add(id)
  deleted.set(site, known)
}

export const wasDeleted = (site: Site, id: string): boolean => deleted.get(site)?.has(id) ?? false
