/** Token buckets: how fast somebody may come. In memory, and never more of them than a fixed number. */

const BUCKETS_MAX = 10_000

interface Bucket {
  left: number
  atMs: number
}

/** Answers 0 when one may pass, else how many milliseconds to wait. */
export function tokenBuckets({ burst, perSecond }: { burst: number; perSecond: number }) {
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
