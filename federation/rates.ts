/** Token buckets: how fast somebody may come. In memory, and never more of them than a fixed number. */
import { Refusal } from '../content/refusal.ts'
import type { Site } from './site.ts'

const BUCKETS_MAX = 10_000

interface Bucket {
  left: number
  atMs: number
}

/** A burst, then so many a second. */
export interface Rate {
  burst: number
  perSecond: number
}

/** Answers 0 when one may pass, else how many milliseconds to wait. */
export function tokenBuckets({ burst, perSecond }: Rate) {
  const buckets = new Map<string, Bucket>()
  return (name: string, nowMs: number): number => {
    const { left, atMs } = buckets.get(name) ?? { left: burst, atMs: nowMs }
    const now = Math.min(burst, left + ((nowMs - atMs) / 1000) * perSecond)
    buckets.delete(name)
    if (buckets.size >= BUCKETS_MAX) buckets.delete(buckets.keys().next().value ?? '')
    buckets.set(name, { left: Math.max(0, now - 1), atMs: nowMs })
    return now >= 1 ? 0 : ((1 - now) / perSecond) * 1000
  }
}

/** The same for each server by itself: Refusal `slow_down` with this sentence for a name that comes too often. */
export function notTooOften(rate: Rate, sentence: string): (site: Site, name: string) => void {
  const kept = new WeakMap<Site, ReturnType<typeof tokenBuckets>>()
  return (site, name) => {
    const allow = kept.get(site) ?? tokenBuckets(rate)
    kept.set(site, allow)
    const waitMs = allow(name, Date.parse(site.now()))
    if (waitMs === 0) return
    throw new Refusal('slow_down', sentence, { retryAfter: Math.ceil(waitMs / 1000) })
  }
}
