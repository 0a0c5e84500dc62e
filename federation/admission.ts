/** Who is let in: not a blocked or paused server, by no way (SECURITY-CLASSES H, CVE-2026-23961); in allow-list mode none but the listed. */
import { act } from '../content/moderation.ts'
import type { Peer } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { originOf } from './addresses.ts'
import { isOurs } from './former.ts'
import { again } from './races.ts'
import type { Site } from './site.ts'

const ALLOW_LIST = 'allow-list'

/** For now, nothing is sent there: a person wants it so, or the program for what came from there. */
export const isPaused = ({ paused }: Peer, at: string): boolean =>
  paused !== undefined && (paused.until === undefined || paused.until > at)

/** Paused by the program: until then nothing is taken from there either, and its log waits unread. */
const keptOutUntil = ({ paused }: Peer, at: string): string | undefined =>
  paused?.until !== undefined && paused.until > at ? paused.until : undefined

/** Whether nothing may be taken from a server now. To read on in its log would lose what it says for good. */
export async function isKeptOut(site: Site, origin: string): Promise<boolean> {
  const peer = await site.store.get('peers', origin)
  return peer?.standing === 'blocked' || (peer && keptOutUntil(peer, site.now())) !== undefined
}

/**
 * Refusal for whatever comes from a server that is not let in, whoever brings it: `forbidden` when it is blocked
 * or not listed, `unavailable` while it is paused for what it sent. Answers what is known of it.
 */
export async function letIn(site: Site, origin: string): Promise<Peer | undefined> {
  const at = site.now()
  const peer = await site.store.get('peers', origin)
  if (peer?.standing === 'blocked') throw new Refusal('forbidden', 'inbox.blocked')
  const until = peer && keptOutUntil(peer, at)
  if (until) {
    const retryAfter = Math.ceil((Date.parse(until) - Date.parse(at)) / 1000)
    throw new Refusal('unavailable', 'inbox.paused', { retryAfter })
  }
  await onlyListed(site, origin, peer)
  return peer
}

/** `letIn` for the server of an actor. */
export const letInActor = (site: Site, actor: string) => letIn(site, originOf(actor))

/**
 * In allow-list mode: Refusal `forbidden` for everybody but us, the servers a person here trusts, and those of
 * initiatives a person here follows.
 */
export async function onlyListed(site: Site, origin: string, peer?: Peer): Promise<void> {
  if (isOurs(site, origin) || !(await isAllowListed(site))) return
  const known = peer ?? (await site.store.get('peers', origin))
  if (known?.standing === 'trusted') return
  const following = { where: { peer: origin }, limit: 1 }
  if ((await site.store.find('following', following)).length > 0) return
  throw new Refusal('forbidden', 'inbox.not_listed')
}

/** Whether only listed servers are let in. */
export async function isAllowListed({ store }: Site): Promise<boolean> {
  return (await store.get('notes', ALLOW_LIST))?.value === 'on'
}

/** From the next request on, only listed servers are let in; or all that are not blocked. */
export async function setAllowList(site: Site, on: boolean, by: string): Promise<void> {
  await again(async () => {
    const held = await site.store.get('notes', ALLOW_LIST)
    const note = { ...held, id: ALLOW_LIST, value: on ? 'on' : 'off' }
    const acts = [act(by, on ? 'allow_list_on' : 'allow_list_off', site.origin, site.now())]
    await site.store.commit({ put: { notes: [note], acts } })
  })
}
