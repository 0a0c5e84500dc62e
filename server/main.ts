/** One running server: a site, its pages and its jobs put together, and taken apart again in order. */
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Refusal } from '../content/refusal.ts'
import type { SqliteStore } from '../content/store/sqlite.ts'
import { keepConduct, recallConduct } from '../federation/conduct.ts'
import { settle } from '../federation/former.ts'
import { resume } from '../federation/peers.ts'
import type { Site } from '../federation/site.ts'
import { createApp } from './app.ts'
import { backups } from './backups.ts'
import { importRounds } from './imports/work.ts'
import type { Config } from './config.ts'
import { door } from './door.ts'
import { createServer } from './http.ts'
import { startJobs } from './jobs.ts'
import { loginSecret } from './login.ts'
import { createMailing } from './mailing/mailing.ts'
import { mailRounds } from './mailing/queue.ts'
import { createMetrics } from './metrics.ts'
import { presence, sayGone } from './presence.ts'
import { setupCode } from './setup.ts'
import { clock, createSite, openStore } from './site.ts'

export interface Running {
  site: Site
  config: Config
  /** The code that the first-run setup asks for; none once the server is set up. */
  setupCode?: string
  close: () => Promise<void>
}

/** How often letters are looked for without being woken. */
const MAIL_EVERY_MS = 5_000

/** How often an import that was broken off is looked for. */
const IMPORT_EVERY_MS = 5_000

/**
 * Start a server and resolve when it answers. Refusal `unavailable` with a sentence for the operator when
 * the folder cannot be written, the database is from a newer version, or the port is in use.
 */
export async function startServer(config: Config, now: () => string = clock): Promise<Running> {
  const store = openStore(config)
  const server = createServer()
  const answerWith = patience(server)
  try {
    await listening(server.listen(config.port, config.host), config)
    return await serve(
      server,
      answerWith,
      { ...config, port: portOf(server), origin: originOf(config, server) },
      store,
      now,
    )
  } catch (error) {
    server.close()
    await store.close()
    throw error
  }
}

/** Who asks before all is ready waits, and is answered then: a request that nobody listens to would hang for ever. */
function patience(server: Server): (answer: RequestListener) => void {
  const waiting: Parameters<RequestListener>[] = []
  const wait: RequestListener = (...request) => void waiting.push(request)
  server.on('request', wait)
  return (answer) => {
    server.off('request', wait).on('request', answer)
    for (const request of waiting) answer(...request)
  }
}

async function serve(
  server: Server,
  answerWith: (answer: RequestListener) => void,
  config: Config,
  store: SqliteStore,
  now: () => string,
): Promise<Running> {
  const site = createSite(config, store, now)
  await settle(site)
  await Promise.all([resume(site), recallConduct(site)])
  const secret = await loginSecret(store)
  const metrics = createMetrics()
  site.count = metrics.count
  const mailing = createMailing(site, secret, config.mail)
  const options = { secret, mailing, proxies: config.proxies, metrics, openMetrics: config.metrics }
  answerWith(door(site, createApp(site, options), options))
  const mail = { run: mailRounds(mailing), everyMs: MAIL_EVERY_MS }
  const coming = { run: importRounds(() => mailing.closing), everyMs: IMPORT_EVERY_MS }
  const jobs = startJobs(site, { backup: backups, presence, mail, import: coming })
  site.wake = jobs.wake
  const code = await setupCode(site)
  return {
    site,
    config,
    ...(code ? { setupCode: code } : {}),
    close: async () => {
      mailing.closing = true
      server.close()
      server.closeAllConnections()
      const stopped = jobs.stop()
      await site.fetch.close()
      await stopped
      await keepConduct(site).catch(() => undefined)
      await sayGone(site)
      mailing.post?.close()
      await store.close()
    },
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** With port 0 the system chooses; the address is known only then. */
const originOf = ({ origin }: Config, server: Server) =>
  origin.endsWith(':0') ? `${origin.slice(0, -1)}${portOf(server)}` : origin

async function listening(server: Server, { host, port }: Config): Promise<Server> {
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'EADDRINUSE') {
      throw new Refusal('unavailable', 'config.port_in_use', { host, port: String(port) })
    }
    throw new Refusal('unavailable', 'config.cannot_listen', { host, port: String(port) })
  }
}
