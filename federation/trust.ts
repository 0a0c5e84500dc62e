/** Origin rules (FEP-fe34): an id is believed only from the host that owns it. */
import { Refusal } from '../content/refusal.ts'

/** True when both are http(s) addresses of one host and port. */
export function isSameOrigin(a: string, b: string): boolean {
  const [first, second] = [URL.parse(a), URL.parse(b)]
  return (
    first !== null && second !== null && first.origin === second.origin && first.origin !== 'null'
  )
}

/** The same, or of another host that is known to be the same party's. */
export const isAtHome = (link: string, id: string, homes: string[]): boolean =>
  isSameOrigin(link, id) || homes.some((home) => isSameOrigin(link, home))

/** Refusal `forbidden` when an id is claimed from another host than its own (CVE-2023-36460's family, B1–B3). */
export function sameOrigin(id: string, owner: string): void {
  if (!isSameOrigin(id, owner))
    throw new Refusal('forbidden', 'origin.foreign_id', { id: id.slice(0, 300), owner })
}

/** Refusal `forbidden` when something is not said by the actor it is attributed to (CVE-2025-54888). */
export function sameActor(claimed: string, proven: string): void {
  if (claimed !== proven) throw new Refusal('forbidden', 'origin.other_actor', { claimed, proven })
}
