/** The usual mistakes of a set-up, each a row: what must be so, looked at from inside and through the public address. */
import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { Refusal } from '../content/refusal.ts'
import { groupId, serverId } from '../federation/addresses.ts'
import { AS_TYPES } from '../federation/documents.ts'
import { newActivityId } from '../federation/record.ts'
import type { Site } from '../federation/site.ts'
import { groupName } from '../federation/translate/actors.ts'
import { CONTEXT } from '../federation/wire.ts'
import { hoursSince, lastBackup } from './backups.ts'
import { type Config, databaseIn } from './config.ts'
import { tryMail } from './mail.ts'
import { isSetUp } from './setup.ts'
import { serversHere } from './presence.ts'

const FREE_BYTES_MIN = 200 * 1024 * 1024
const BACKUP_HOURS_MAX = 48
const CLOCK_MS_MAX = 60_000
const PEERS_ASKED = 3
const NODE_MIN = 24

export interface Finding {
  /** Its sentences are `doctor.<name>.what` and `doctor.<name>.do`. */
  name: string
  well: boolean
  /** What the sentence about the remedy names. */
  values: Record<string, string>
}

/** What several checks look at, asked for once. */
interface Seen {
  /** What this server answers about itself at its public address. */
  health?: Answer
  actor?: Answer
  /** How a request through the public address looks when it arrives. */
  arrived?: Answer
}

interface Answer {
  body: Record<string, unknown>
  text: string
  date?: string
}

/** True when all is well. What cannot be known for another mistake's sake is not held to be one. */
type Check = (site: Site, config: Config, seen: Seen) => Promise<boolean>

const fromInside: Record<string, Check> = {
  setup: isSetUp,
  node: async () => Number(process.versions.node.split('.')[0]) >= NODE_MIN,
  writable: async (_site, { data }) => isWritable(data) && isWritable(databaseIn(data)),
  disk: async (_site, { data }) => {
    const { bavail, bsize } = statfsSync(data)
    return bavail * bsize > FREE_BYTES_MIN
  },
  permissions: async (_site, { data }) => isPrivate(data) || isPrivate(databaseIn(data)),
  two_servers: async (site) => (await serversHere(site)) < 2,
  host: async ({ store }) => (await store.count('people', { where: { role: 'host' } })) > 0,
  one_host: async ({ store }) => (await store.count('people', { where: { role: 'host' } })) !== 1,
  same_origin: async ({ store, origin }) =>
    (await store.count('keys', {})) === 0 ||
    (await store.count('keys', { where: { owner: groupId({ origin }) } })) > 0,
  backup: async (site) =>
    hoursSince(site, (await lastBackup(site)) ?? '2000-01-01T00:00:00.000Z') < BACKUP_HOURS_MAX,
  mail: async (_site, { mail }) => !mail || tryMail(mail).then(() => true),
  backlog: async ({ store }) =>
    (await store.count('journal', { where: { state: 'waiting' } })) < 1000,
  peers: async ({ store }) => (await store.count('cursors', { where: { state: 'waiting' } })) === 0,
  origin: async ({ origin }) => origin.startsWith('https://'),
  private_peers: async ({ origin }, config) =>
    !config.privatePeers || origin.startsWith('http://127.0.0.1'),
}

const fromOutside: Record<string, Check> = {
  running: async (_site, _config, { health }) => health !== undefined,
  other_server: async (site, _config, { health, actor }) =>
    !health || !actor || (await isOurs(site, actor)),
  actor: async (site, _config, { actor }) => actor?.body.id === groupId(site),
  webfinger: async (site) => !(await isSetUp(site)) || (await isFound(site)),
  proxy_host: async ({ origin }, _config, { arrived }) =>
    !arrived || arrived.body.host === new URL(origin).host,
  proxy_scheme: async ({ origin }, _config, { arrived }) =>
    !arrived || !origin.startsWith('https:') || arrived.body.scheme === 'https',
  proxy_address: async (_site, { proxies }, { arrived }) =>
    !arrived || arrived.body.forwarded === proxies,
  clock: async (site, _config, { health }) => {
    const dates = [health?.date, ...(await datesOfPeers(site))]
    return dates.every((date) => isAbout(site.now(), date))
  },
  bodies: async (site, _config, { health }) => !health || (await isUnchanged(site)),
  loop: async (site, _config, { health, actor }) => !health || !actor || (await isHeard(site)),
}

/** Of a server that has moved: the names it had, as long as they are kept. */
const fromBefore: Record<string, Check> = {
  settings_origin: async ({ origin }, config) => config.origin === origin,
  former: async (site) => all(site, async (at) => (await why(site, at)) === undefined),
  former_certificate: async (site) =>
    all(site, async (at) => !CERTIFICATE.test((await why(site, at)) ?? '')),
}

const CERTIFICATE = /CERT|TLS|SSL|ALTNAME|SIGNATURE|ISSUER/

const all = async ({ former }: Site, is: (origin: string) => Promise<boolean>) =>
  (await Promise.all(former.map(is))).every(Boolean)

/** Why a former address does not lead here, in a word of the network's where it has one. */
async function why(site: Site, origin: string): Promise<string | undefined> {
  const id = groupId({ origin })
  try {
    const { body } = await site.fetch.json(id, { accept: AS_TYPES, signed: false })
    return Reflect.get(Object(body), 'movedTo') === groupId(site) ? undefined : 'other'
  } catch (error) {
    return String((error instanceof Refusal && error.values.code) || 'none')
  }
}

const TABLE: Record<string, Check> = { ...fromInside, ...fromOutside, ...fromBefore }

/** Every check in turn. It alters nothing; a check that fails is a mistake found. */
export async function examine(site: Site, config: Config): Promise<Finding[]> {
  const { origin } = site
  const [health, actor, arrived] = await Promise.all([
    answer(site, `${origin}/healthz`, ['application/json']),
    answer(site, groupId(site)),
    answer(site, `${origin}/healthz/seen`, ['application/json']),
  ])
  const seen = {
    ...(health ? { health } : {}),
    ...(actor ? { actor } : {}),
    ...(arrived ? { arrived } : {}),
  }
  const values = {
    origin,
    data: config.data,
    host: new URL(origin).host,
    proxies: String(config.proxies),
    former: site.former.join(', '),
    set: config.origin,
  }
  const found: Finding[] = []
  for (const [name, check] of Object.entries(TABLE)) {
    const well = await check(site, config, seen).catch(() => false)
    found.push({
      name,
      well,
      values: {
        ...values,
        seen: String(arrived?.body.host ?? ''),
        forwarded: String(arrived?.body.forwarded ?? ''),
      },
    })
  }
  return found
}

const isPrivate = (path: string): boolean => (statSync(path).mode & 0o077) === 0

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Whether the actor at the public address has the keys of this store: else somebody else answers there. */
async function isOurs(site: Site, { body }: Answer): Promise<boolean> {
  const { id } = await site.key(groupId(site), 'rsa')
  const held = await site.store.get('keys', id)
  return JSON.stringify(body.publicKey ?? '').includes(JSON.stringify(held?.publicPem ?? '-'))
}

async function isFound(site: Site): Promise<boolean> {
  const profile = await site.store.get('initiatives', groupId(site))
  if (!profile) return true
  const account = `acct:${groupName(profile)}@${new URL(site.origin).host}`
  const url = `${site.origin}/.well-known/webfinger?resource=${encodeURIComponent(account)}`
  const found = await answer(site, url, ['application/jrd+json', 'application/json'])
  return found?.text.includes(groupId(site)) ?? false
}

async function datesOfPeers({ store, fetch }: Site): Promise<(string | undefined)[]> {
  const peers = await store.find('peers', {
    where: { standing: ['unknown', 'trusted'] },
    limit: PEERS_ASKED,
  })
  const asked = peers.map(({ id }) =>
    fetch
      .text(`${id}/.well-known/nodeinfo`, { accept: ['application/json'], signed: false })
      .then(({ date }) => date)
      .catch(() => undefined),
  )
  return Promise.all(asked)
}

function isAbout(now: string, date: string | undefined): boolean {
  const ms = Date.parse(date ?? '')
  return !Number.isFinite(ms) || Math.abs(ms - Date.parse(now)) <= CLOCK_MS_MAX
}

/** The last thing we said comes out of the public address to the letter as it was signed. */
async function isUnchanged(site: Site): Promise<boolean> {
  const last = await site.store.last('public')
  const [entry] = last > 0 ? await site.store.log('public', last - 1, 1) : []
  if (!entry) return true
  return (await answer(site, entry.id))?.text === entry.wire
}

/**
 * A delivery to ourselves through the public address, by the gate that everybody passes: signed, digested, its key
 * fetched from outside. What it says is understood by nobody and ignored. With an allow-list we are not on it.
 */
async function isHeard(site: Site): Promise<boolean> {
  if (await site.store.get('notes', 'allow-list')) return true
  const actor = serverId(site)
  const activity = {
    '@context': CONTEXT,
    id: newActivityId(site),
    type: 'View',
    actor,
    object: groupId(site),
  }
  const key = await site.key(actor, 'rsa')
  const { status } = await site.fetch.post(`${site.origin}/inbox`, JSON.stringify(activity), {
    key,
    scheme: 'cavage',
  })
  return status === 202
}

async function answer(
  site: Site,
  url: string,
  accept = ['application/activity+json'],
): Promise<Answer | undefined> {
  try {
    const { body, text, date } = await site.fetch.json(url, { accept, signed: false })
    return { body: { ...Object(body) } as Record<string, unknown>, text, ...(date ? { date } : {}) }
  } catch {
    return undefined
  }
}
