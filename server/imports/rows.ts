/** The rows of an import in the store: so many at a time, and gone when nobody needs them. */
import type { Proposed } from '../../content/imports.ts'
import { Refusal } from '../../content/refusal.ts'
import type { Site } from '../../federation/site.ts'

const AT_ONCE = 500
/** As many as an import has at most. */
const TURNS_MAX = 100

type Where = Record<string, string | string[]>

export const countRows = ({ store }: Site, job: string, where: Where = {}): Promise<number> =>
  store.count('proposed', { where: { ...where, job } })

/** Of all rows that are to be written. */
export async function countComments({ store }: Site, job: string): Promise<number> {
  const where = { job, state: 'waiting', kind: 'discussion' }
  const { comments = [] } = await store.facets('proposed', { where }, ['comments'])
  return comments.reduce((sum, { value, count }) => sum + Number(value) * count, 0)
}

/** In the order in which they were read. */
export const findRows = (
  { store }: Site,
  job: string,
  where: Where,
  { skip = 0, limit }: { skip?: number; limit: number },
): Promise<Proposed[]> =>
  store.find('proposed', { where: { ...where, job }, order: 'oldest', skip, limit })

/** All rows of a kind or category, altered. */
export async function alterRows(
  site: Site,
  job: string,
  where: Where,
  alter: (row: Proposed) => Proposed | undefined,
): Promise<number> {
  let count = 0
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const found = await findRows(site, job, where, { skip: turn * AT_ONCE, limit: AT_ONCE })
    const changed = found.flatMap((row) => alter(row) ?? [])
    if (changed.length > 0) await site.store.commit({ put: { proposed: changed } })
    count += changed.length
    if (found.length < AT_ONCE) return count
  }
  throw new Refusal('too_large', 'request')
}

export async function dropRows(site: Site, job: string): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const found = await findRows(site, job, {}, { limit: AT_ONCE })
    if (found.length === 0) return
    await site.store.commit({ drop: { proposed: found.map(({ id }) => id) } })
  }
}
