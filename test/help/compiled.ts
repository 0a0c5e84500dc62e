/** Compiled code, kept from one run of the tests to the next. Read first by .mocharc.json. */
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = join(tmpdir(), 'tributary-test-compiled')

/** For the tests themselves. */
enableCompileCache(folder)

/** With it a process starts in half the time, and makes no cache of its own in its data folder (scripts/lean.ts). */
export const compiled = { NODE_COMPILE_CACHE: folder }
