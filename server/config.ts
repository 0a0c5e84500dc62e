/** The settings of a server: read once from TRIBUTARY_* variables, checked, and handed on as one object. */
import { join, resolve } from 'node:path'
import { Refusal } from '../content/refusal.ts'
import type { Site } from '../federation/site.ts'
import { type Level, levels } from './log.ts'

export interface Config {
  role: 'node' | 'aggregator'
  host: string
  port: number
  /** `https://igf.example`: what the world calls this server. */
  origin: string
  /** Folder of the database and the keys. */
  data: string
  /** Hosts of the local network that may be talked to; only for trials. */
  privatePeers: boolean
  /** How many proxies in front add to X-Forwarded-For. */
  proxies: number
  log: Level
  /** Whether anybody may read /metrics. */
  metrics: boolean
  /** How many daily backups are kept in the data folder; none are made when it is 0 or not given. */
  backups?: number
  /** Where e-mail is handed over, and from which address; without it none is sent. */
  mail?: MailConfig
  /** Binary logarithm of what a new password costs (scrypt's N); by passwords.ts when not given. No variable sets it, so that nobody lowers it. */
  passwordCost?: number
}

export interface MailConfig {
  /** `smtps://user:password@mail.example` */
  smtp: string
  from: string
}

/** One setting: its variable, what it is for (also printed by the README and `--help`), its default. */
export interface Setting {
  name: string
  meaning: string
  fallback: string
}

export const settings: Setting[] = [
  {
    name: 'TRIBUTARY_ROLE',
    meaning: '`node` for an initiative, `aggregator` for the global view',
    fallback: 'node',
  },
  {
    name: 'TRIBUTARY_ORIGIN',
    meaning: 'the public address, such as `https://igf.example`',
    fallback: 'http://127.0.0.1:<port>',
  },
  { name: 'TRIBUTARY_HOST', meaning: 'the address to listen on', fallback: '127.0.0.1' },
  { name: 'TRIBUTARY_PORT', meaning: 'the port to listen on', fallback: '8080' },
  { name: 'TRIBUTARY_DATA', meaning: 'the folder that holds everything', fallback: './data' },
  { name: 'TRIBUTARY_PROXIES', meaning: 'how many reverse proxies stand in front', fallback: '0' },
  {
    name: 'TRIBUTARY_PRIVATE_PEERS',
    meaning: '`allow` lets this server talk to private addresses; for trials on one machine only',
    fallback: 'refuse',
  },
  {
    name: 'TRIBUTARY_LOG',
    meaning: 'how much is logged to standard error: `silent`, `error`, `info` or `debug`',
    fallback: 'info',
  },
  {
    name: 'TRIBUTARY_METRICS',
    meaning: '`on` lets anybody read `/metrics`; else only this machine may',
    fallback: 'off',
  },
  {
    name: 'TRIBUTARY_BACKUPS',
    meaning: 'how many daily backups are kept in the data folder; `0` makes none',
    fallback: '7',
  },
  {
    name: 'TRIBUTARY_SMTP',
    meaning: 'the mail server, such as `smtps://user:password@mail.example`',
    fallback: 'no e-mail is sent',
  },
  {
    name: 'TRIBUTARY_MAIL_FROM',
    meaning: 'the address that e-mail comes from; needed with `TRIBUTARY_SMTP`',
    fallback: 'none',
  },
]

type Environment = Record<string, string | undefined>

/** Read the settings, or throw Refusal `invalid` naming the setting and what it should be. */
export function readConfig(environment: Environment = process.env): Config {
  refuseUnknown(environment)
  const value = (name: string, fallback: string) => environment[`TRIBUTARY_${name}`] || fallback
  const port = portOf(value('PORT', '8080'))
  const mail = mailOf(value('SMTP', ''), value('MAIL_FROM', ''))
  const origin = originOf(value('ORIGIN', `http://127.0.0.1:${port}`))
  return {
    role: oneOf('TRIBUTARY_ROLE', value('ROLE', 'node'), ['node', 'aggregator'] as const),
    host: value('HOST', '127.0.0.1'),
    port,
    origin,
    data: resolve(value('DATA', './data')),
    privatePeers:
      oneOf('TRIBUTARY_PRIVATE_PEERS', value('PRIVATE_PEERS', 'refuse'), [
        'allow',
        'refuse',
      ] as const) === 'allow',
    proxies: count('TRIBUTARY_PROXIES', value('PROXIES', '0')),
    log: oneOf('TRIBUTARY_LOG', value('LOG', 'info'), levels),
    metrics: oneOf('TRIBUTARY_METRICS', value('METRICS', 'off'), ['on', 'off'] as const) === 'on',
    backups: count('TRIBUTARY_BACKUPS', value('BACKUPS', '7')),
    ...(mail ? { mail } : {}),
  }
}

/** Both or none: a letter without a sender is refused everywhere. The address of the server holds a password, so it is not repeated. */
function mailOf(smtp: string, from: string): MailConfig | undefined {
  if (smtp === '' && from === '') return undefined
  if (!/^smtps?:$/.test(URL.parse(smtp)?.protocol ?? ''))
    throw new Refusal('invalid', 'config.smtp')
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from)) throw new Refusal('invalid', 'config.mail_from')
  return { smtp, from }
}

/** The file of the database in a data folder. */
export const databaseIn = (folder: string) => join(folder, 'tributary.sqlite')

const configs = new WeakMap<Site, Config>()

/** The settings that a site was made from. */
export function settingsOf(site: Site): Config {
  const config = configs.get(site)
  if (!config) throw new Error('this site was made without settings')
  return config
}

/** Let `settingsOf` answer for a site. */
export const settledBy = (site: Site, config: Config): Site => {
  configs.set(site, config)
  return site
}

function refuseUnknown(environment: Environment) {
  const known = new Set(settings.map(({ name }) => name))
  const wrong = Object.keys(environment).find(
    (name) => name.startsWith('TRIBUTARY_') && !known.has(name),
  )
  if (wrong)
    throw new Refusal('invalid', 'config.unknown', { name: wrong, known: [...known].join(', ') })
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (!found)
    throw new Refusal('invalid', 'config.one_of', { name, value, allowed: allowed.join(', ') })
  return found
}

function portOf(value: string): number {
  const port = Number(value)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new Refusal('invalid', 'config.port', { value })
}

function count(name: string, value: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0 && number < 100) return number
  throw new Refusal('invalid', 'config.count', { name, value })
}

function originOf(value: string): string {
  const url = URL.parse(value)
  if (
    url &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    !url.search &&
    !url.username
  ) {
    return url.origin
  }
  throw new Refusal('invalid', 'config.origin', { value })
}
