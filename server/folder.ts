/** The folder that holds everything: made for this user alone. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Refusal } from '../content/refusal.ts'

/** It and those above it. Refusal `unavailable` where that cannot be. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    // One level at a time: with `recursive`, Node never comes back from a file system such as /proc.
    mkdirSync(path, { mode: 0o700 })
  } catch {
    throw new Refusal('unavailable', 'store.unwritable', { path })
  }
}
