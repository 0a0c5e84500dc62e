/** Libraries that are read at their first use: an idle server carries none of them. */
import { createRequire } from 'node:module'

const read = createRequire(import.meta.url)

/** A library, read when it is first asked for. */
export function lazily<T>(name: string): () => T {
  let known: T | undefined
  return () => (known ??= read(name) as T)
}
