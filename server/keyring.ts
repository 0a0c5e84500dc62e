/** The keys of this server with their history, what each signed, and whether that still holds. */
import type { Version } from '../content/model.ts'
import type { Key } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { checkProof, type Json } from '../federation/proofs.ts'
import type { Site } from '../federation/site.ts'

/** Of all actors here together. */
const KEYS_MAX = 1000
const OUTCOMES_MAX = 1000
const VERSIONS_MAX = 1000
const ENDINGS = ['rotated_keys', 'revoked_key']

/** A key without its secret half. */
export type PublicKey = Omit<Key, 'privatePem'>

/** Every key that signed here, oldest first. */
export async function keysHeld({ store }: Site): Promise<PublicKey[]> {
  const keys = await store.find('keys', { order: 'oldest', limit: KEYS_MAX })
  return keys.map(({ privatePem: _private, ...shown }) => shown)
}

/** Who ended a key, when, and how: `rotated_keys` or `revoked_key`. */
export async function endingOf({ store }: Site, { id }: PublicKey) {
  const [found] = await store.find('acts', { where: { item: id, verb: ENDINGS }, limit: 1 })
  return found
}

/** The versions of this server's own outcomes, newest first. */
export async function ownVersions({ store }: Site): Promise<Version[]> {
  const where = { type: 'outcome', local: 'true' }
  const outcomes = await store.find('items', { where, limit: OUTCOMES_MAX })
  if (outcomes.length === 0) return []
  const of = { outcome: outcomes.map(({ id }) => id) }
  const versions = await store.find('versions', { where: of, limit: VERSIONS_MAX })
  return versions.filter(({ wire }) => wire !== '')
}

export const signerOf = ({ verification }: Version): string => verification.method ?? ''

/**
 * Those that do not hold: checked as others check them, the signed text as it is stored against the keys as
 * they are published, each in the time in which it was valid.
 */
export async function notHolding(site: Site, versions: Version[]): Promise<Version[]> {
  const keys = new Map((await keysHeld(site)).map((key) => [key.id, key]))
  const at = site.now()
  const fallen: Version[] = []
  for (const version of versions) if (!(await holds(version, keys, at))) fallen.push(version)
  return fallen
}

async function holds({ wire }: Version, keys: Map<string, PublicKey>, at: string) {
  const find = async (method: string) => {
    const { multibase, owner = '', from, until } = keys.get(method) ?? {}
    return multibase ? { multibase, owner, from, until } : undefined
  }
  try {
    await checkProof(JSON.parse(wire) as Json, find, at)
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
