/** tributary verify <url or file>: check an entry of somebody's log, offline once it is here. */
import { readFileSync, statSync } from 'node:fs'
import { Refusal } from '../../content/refusal.ts'
import { bundleAt, originOf, versionId } from '../../federation/addresses.ts'
import { createGuardedFetch } from '../../federation/fetch.ts'
import { checkBundle } from '../../federation/verify.ts'
import { isObject } from '../../federation/wire.ts'
import { userAgent } from '../../server/config.ts'
import { version } from '../../server/health.ts'
import { say, words } from '../terminal.ts'
import { type Command, needed, option } from './command.ts'

const BYTES_MAX = 16 * 1024 * 1024

export const verify: Command = {
  name: 'verify',
  usage: '<address or file> [--key <key>]',
  options: { key: { type: 'string' } },
  run: async (args, options) => {
    const place = needed(args, 0, 'file')
    const bundle = /^https?:/.test(place) ? await fetched(place) : fromFile(place)
    const at = new Date().toISOString()
    const { checks, witnesses, ...facts } = await checkBundle(bundle, at, option(options, 'key'))
    for (const { question, right } of checks)
      say(`${right ? '✓' : '✗'} ${words(`terminal.verify.${question}.${right ? 'yes' : 'no'}`)}`)
    for (const { name, at: when, key } of witnesses)
      say(`✓ ${words('terminal.verify.witness', { name, at: when, key })}`)
    say(words('terminal.verify.facts', facts))
    if (checks.some(({ right }) => !right)) throw new Refusal('invalid', 'verify.failed')
  },
}

function fromFile(path: string): unknown {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new Refusal('missing', 'terminal.no_file', { path })
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new Refusal('invalid', 'verify.bundle')
  }
}

/**
 * A bundle, or the bundle of the entry that tells of what stands at an address: from the server of that address,
 * also when it is not the origin of what it shows.
 */
async function fetched(address: string): Promise<unknown> {
  const out = createGuardedFetch({
    allowPrivate: () => true,
    userAgent: userAgent(originOf(address), version),
    now: () => new Date().toISOString(),
    key: () => Promise.reject(new Refusal('unavailable', 'verify.bundle')),
  })
  const accept = ['application/json', 'application/activity+json']
  const get = async (url: string) =>
    (await out.json(url, { accept, signed: false, maxBytes: BYTES_MAX })).body
  try {
    const found = await get(address)
    if (!isObject(found) || found.inclusion !== undefined) return found
    const id = typeof found.id === 'string' ? found.id : address
    const entry = typeof found.version === 'number' ? versionId(id, found.version) : id
    return await get(bundleAt(originOf(address), entry))
  } finally {
    await out.close()
  }
}
