/** What falls when a key is revoked as of a time before it signed: such versions are kept, and said not to hold. */
import type { Version } from '../content/model.ts'
import type { Store } from '../content/store.ts'

const PAGE = 100
const PAGES_MAX = 100
const VERSIONS_MAX = 1000

/** A key, and the end of the time for which it speaks. */
interface Ended {
  id: string
  until?: string | undefined
}

/**
 * The versions of an initiative, held as verified or our own, that a key signed after its end: as they are to be
 * stored from now on. The times of proofs are compared, as everybody else compares them.
 */
export async function fallen(
  store: Store,
  initiative: string,
  keys: Ended[],
  at: string,
): Promise<Version[]> {
  const ends = new Map(keys.flatMap(({ id, until }) => (until ? [[id, Date.parse(until)]] : [])))
  const found: Version[] = []
  for (let page = 0; ends.size > 0 && page < PAGES_MAX; page += 1) {
    const where = { type: 'outcome', initiative }
    const query = { where, order: 'oldest', skip: page * PAGE, limit: PAGE } as const
    const outcomes = await store.find('items', query)
    const of = { outcome: outcomes.map(({ id }) => id) }
    if (outcomes.length > 0)
      found.push(...(await store.find('versions', { where: of, limit: VERSIONS_MAX })))
    if (outcomes.length < PAGE) break
  }
  return found.filter((version) => isLate(version, ends)).map((version) => failed(version, at))
}

function isLate({ verification, wire }: Version, ends: Map<string, number>): boolean {
  const { method = '', result } = verification
  const end = ends.get(method)
  if (end === undefined || wire === '' || !['own', 'verified'].includes(result)) return false
  const { proof } = JSON.parse(wire) as { proof?: { created?: string } }
  return !(Date.parse(proof?.created ?? '') <= end)
}

const failed = (version: Version, at: string): Version => ({
  ...version,
  verification: { ...version.verification, result: 'failed', at, why: 'proof.key_period' },
})
