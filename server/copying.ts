/** A process of its own that copies a store into one new file, and ends: what it took of memory is given back whole. */
import { Refusal } from '../content/refusal.ts'
import { SqliteStore } from '../content/store/sqlite.ts'

/** What went wrong, told to the process that asked; it hears nothing when all went well. */
export type Told = Pick<Refusal, 'reason' | 'sentence' | 'values'>

/** Ctrl-C reaches every process of a terminal; the one that asked waits for this one to finish. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

const [from = '', to = ''] = process.argv.slice(2)
try {
  const store = new SqliteStore(from)
  await store.backup(to).finally(() => store.close())
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  const { reason, sentence, values } = error
  const told: Told = { reason, sentence, values }
  process.send?.(told)
}
process.disconnect?.()
