/** tributary doctor: looks for the usual mistakes of a set-up, and says for each what to do. */
import { statfsSync } from 'node:fs'
import { Refusal } from '../../content/refusal.ts'
import { groupId } from '../../federation/addresses.ts'
import type { Site } from '../../federation/site.ts'
import type { Config } from '../../server/config.ts'
import { isSetUp } from '../../server/setup.ts'
import { explain, say, words } from '../terminal.ts'
import { type Command, withSite } from './command.ts'

const FREE_BYTES_MIN = 200 * 1024 * 1024

/** Answers true when all is well; the sentence about what to do is `terminal.doctor.<name>.do`. */
type Check = (site: Site, config: Config) => Promise<boolean>

const checks: Record<string, Check> = {
  setup: isSetUp,
  origin: async ({ origin }) => origin.startsWith('https://'),
  private_peers: async ({ origin }, config) =>
    !config.privatePeers || origin.startsWith('http://127.0.0.1'),
  disk: async (_site, { data }) => {
    const { bavail, bsize } = statfsSync(data)
    return bavail * bsize > FREE_BYTES_MIN
  },
  host: async ({ store }) => (await store.count('people', { where: { role: 'host' } })) > 0,
  same_origin: async (site) => {
    const [known] = await site.store.find('keys', { limit: 1 })
    return !known || known.owner.startsWith(`${site.origin}/`)
  },
  running: async (site) => (await health(site)) !== undefined,
  actor: async (site) => (await answer(site, groupId(site)))?.id === groupId(site),
  backlog: async ({ store }) =>
    (await store.count('journal', { where: { state: 'waiting' } })) < 1000,
  peers: async ({ store }) => (await store.count('cursors', { where: { state: 'waiting' } })) === 0,
}

export const doctor: Command = {
  name: 'doctor',
  usage: '',
  run: () =>
    withSite(async (site, config) => {
      let wrong = 0
      for (const [name, check] of Object.entries(checks)) {
        const well = await check(site, config).catch((error: unknown) => {
          say(explain(error))
          return false
        })
        say(`${well ? '✓' : '✗'} ${words(`terminal.doctor.${name}.what`)}`)
        if (!well)
          say(
            `    ${words(`terminal.doctor.${name}.do`, { origin: site.origin, data: config.data })}`,
          )
        if (!well) wrong += 1
      }
      if (wrong > 0) throw new Refusal('unavailable', 'terminal.doctor', { count: wrong })
    }),
}

const health = (site: Site) => answer(site, `${site.origin}/healthz`, ['application/json'])

async function answer(
  site: Site,
  url: string,
  accept = ['application/activity+json'],
): Promise<Record<string, unknown> | undefined> {
  try {
    const { body } = await site.fetch.json(url, { accept, signed: false })
    return Object.fromEntries(Object.entries(Object(body)))
  } catch {
    return undefined
  }
}
