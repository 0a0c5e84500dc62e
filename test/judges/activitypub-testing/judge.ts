/** activitypub-testing as a judge: all its rules, run on one actor. */
import { ActorUrlTestRun } from 'activitypub-testing/test-actor'
import { answering } from '../answering.ts'

const quiet = { ...console, debug: () => {}, warn: () => {}, error: () => {}, log: () => {} }

answering({
  /** What came of each rule, by its name. */
  judge: async (actor = '') => {
    const found: Record<string, string> = {}
    for await (const { test, result } of new ActorUrlTestRun(new URL(actor), { console: quiet }))
      found[test.slug] = result.outcome
    return found
  },
})
