/** A blocked server does not come back by another way (SECURITY-CLASSES H, CVE-2026-23961). */
import { Refusal } from '../content/refusal.ts'
import { originOf } from './addresses.ts'
import type { Site } from './site.ts'

/** Refusal `forbidden` for whatever comes from an actor of a blocked server, whoever brings it. */
export async function notBlocked({ store }: Site, actor: string): Promise<void> {
  const peer = await store.get('peers', originOf(actor))
  if (peer?.standing === 'blocked') throw new Refusal('forbidden', 'inbox.blocked')
}
