/** The two roles of the one program, and everything that differs between them. */
import type { Policy } from '../federation/site.ts'
import type { Config } from './config.ts'

export const roles: Record<Config['role'], Policy> = {
  node: { publishes: true, gathers: false, lists: false },
  aggregator: { publishes: false, gathers: true, lists: true },
}
