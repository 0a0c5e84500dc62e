/** How a command comes to the server that the settings name. */
import { existsSync } from 'node:fs'
import { Refusal } from '../../content/refusal.ts'
import { settle } from '../../federation/former.ts'
import type { Site } from '../../federation/site.ts'
import { type Config, databaseIn, readConfig } from '../../server/config.ts'
import { createSite, openStore } from '../../server/site.ts'

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
