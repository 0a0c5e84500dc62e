/** Compiled code for the processes that tests start, kept from one to the next. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** With it a process starts in half the time, and makes no cache of its own in its data folder (scripts/lean.ts). */
export const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), 'tributary-test-compiled') }
