/** Starting with little memory: code that was made ready before, and a small nursery for young objects. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../server/folder.ts'

const CACHE = 'NODE_COMPILE_CACHE'
/**
 * A nursery for young objects of 4 MB instead of 16 saves memory; with less, a server under load would spend
 * most of its time collecting garbage.
 */
const FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=60']
/** glibc keeps what each thread has freed for that thread: with one arena for all it comes back to use. */
const MEMORY = { MALLOC_ARENA_MAX: '1' }
const WARM_MS_MAX = 20_000

/**
 * Become the same program with compiled code from the data folder's cache; once there, do nothing. Taking the
 * types off TypeScript needs a WebAssembly module that stays in memory: about 25 MB that a server which runs
 * for months should not carry. The first start makes the cache in a process of its own. The cache lies in the
 * data folder, since code is read from it and only this user may write there. Where a process cannot be
 * replaced (Windows), the program runs as it is. Refusal `unavailable` when the folder cannot be written.
 */
export function becomeLean(data: string): void {
  if (process.env[CACHE] !== undefined || typeof process.execve !== 'function') return
  const cache = join(data, 'cache')
  const env = { ...MEMORY, ...process.env, [CACHE]: cache }
  if (!existsSync(cache)) {
    makeFolder(cache)
    spawnSync(process.execPath, [...FLAGS, join(import.meta.dirname, 'warm.ts')], {
      env,
      timeout: WARM_MS_MAX,
    })
  }
  const args = [process.execPath, ...FLAGS, ...process.execArgv, ...process.argv.slice(1)]
  process.execve(process.execPath, args, env)
}
