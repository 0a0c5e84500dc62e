/** The site of a data folder: its store, keys, network and log put together, for the server and for commands beside it. */
import { SqliteStore } from '../content/store/sqlite.ts'
import { serverId } from '../federation/addresses.ts'
import { createGuardedFetch } from '../federation/fetch.ts'
import { withFormer } from '../federation/former.ts'
import { createKeychain } from '../federation/keys.ts'
import type { Site } from '../federation/site.ts'
import { type Config, databaseIn, settledBy } from './config.ts'
import { makeFolder } from './folder.ts'
import { createLog } from './log.ts'
import { roles } from './roles.ts'
import { userAgent } from './version.ts'

/** The system's clock. */
export const clock = () => new Date().toISOString()

/** The store of a data folder, which is made if it is not there. */
export function openStore({ data }: Pick<Config, 'data'>): SqliteStore {
  makeFolder(data)
  return new SqliteStore(databaseIn(data))
}

/** Everything a command needs to act for a server, without its pages. */
export function createSite(config: Config, store: SqliteStore, now: () => string = clock): Site {
  const known = withFormer(store, () => site)
  const key = createKeychain(known, now)
  const site: Site = {
    origin: config.origin,
    former: [],
    store: known,
    policy: roles[config.role],
    key,
    now,
    fetch: createGuardedFetch({
      allowPrivate: () => config.privatePeers,
      userAgent: userAgent(config.origin),
      now,
      key: () => key(serverId(site), 'rsa'),
    }),
    wake: () => {},
    log: createLog(config.log),
    count: () => {},
  }
  return settledBy(site, config)
}
