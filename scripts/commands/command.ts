/** What a command is: its words are in the catalogs below `terminal.<name>`. */
import { existsSync } from 'node:fs'
import { type Config, databaseIn, readConfig } from '../../server/config.ts'
import { settle } from '../../federation/former.ts'
import { createSite, openStore } from '../../server/main.ts'
import type { Site } from '../../federation/site.ts'
import { Refusal } from '../../content/refusal.ts'

export interface Command {
  name: string
  /** What follows the name, as printed by --help. */
  usage: string
  /** Flags with a value (`string`) or without one (`boolean`). */
  options?: Record<string, { type: 'string' | 'boolean'; multiple?: true }>
  run: (args: string[], options: Options) => Promise<void>
}

export type Options = Record<string, string | boolean | (string | boolean)[] | undefined>

/**
 * Do something with the store of a server, whether or not the server runs meanwhile. Refusal `missing` when the
 * settings name no server: a command does not make one by looking for it.
 */
export async function withSite<T>(
  act: (site: Site, config: Config) => Promise<T>,
  config: Config = existing(readConfig()),
): Promise<T> {
  const store = openStore(config)
  const site = createSite(config, store)
  await settle(site)
  try {
    return await act(site, config)
  } finally {
    await site.fetch.close()
    await store.close()
  }
}

function existing(config: Config): Config {
  if (existsSync(databaseIn(config.data))) return config
  throw new Refusal('missing', 'terminal.no_server', { path: config.data })
}

/** An argument that must be there, else one sentence that names it. */
export function needed(args: string[], at: number, name: string): string {
  const value = args[at]
  if (value) return value
  throw new Refusal('invalid', 'terminal.needed', { name })
}

/** All values of a flag that may be given again. */
export const every = (options: Options, name: string): string[] =>
  [options[name] ?? []].flat().flatMap((each) => (typeof each === 'string' && each ? [each] : []))

/** A flag's value as text. */
export function option(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
