/** tributary verify <url or file>: check an entry of somebody's log, offline once it is here. */
import { readFileSync, statSync } from 'node:fs'
import { Refusal } from '../../content/refusal.ts'
import { bundleAt, originOf, serverId, versionId } from '../../federation/addresses.ts'
import { readActor } from '../../federation/discovery.ts'
import { createGuardedFetch } from '../../federation/fetch.ts'
import { type Quorum, type Trusted, trustedActor, trustedKey } from '../../federation/quorum.ts'
import { checkBundle } from '../../federation/verify.ts'
import { isObject } from '../../federation/wire.ts'
import { userAgent } from '../../server/version.ts'
import { say, words } from '../terminal.ts'
import { every, needed, option, type Options, type Run } from './command.ts'

const BYTES_MAX = 16 * 1024 * 1024
const NAMED_MAX = 50

export const verify: Run = async (args, options) => {
  const place = needed(args, 0, 'file')
  const bundle = /^https?:/.test(place) ? await fetched(place) : fromFile(place)
  const at = new Date().toISOString()
  const quorum = await quorumIn(options, at)
  const wanted = { pinned: option(options, 'key'), quorum }
  const { checks, witnesses, quorum: by, ...facts } = await checkBundle(bundle, at, wanted)
  const counts = { count: by.length, needed: quorum?.needed ?? 0, names: words.list(by) }
  for (const { question, right } of checks) {
    const said = words(`terminal.verify.${question}.${right ? 'yes' : 'no'}`, counts)
    say(`${right ? '✓' : '✗'} ${said}`)
  }
  for (const { name, at: when, key } of witnesses)
    say(`✓ ${words('terminal.verify.witness', { name, at: when, key })}`)
  say(words('terminal.verify.facts', facts))
  if (checks.some(({ right }) => !right)) throw new Refusal('invalid', 'verify.failed')
}

/** The witnesses that were named, and how many of them must have signed: all, where no number is said. */
async function quorumIn(options: Options, at: string): Promise<Quorum | undefined> {
  const named = every(options, 'witness')
  const said = option(options, 'quorum')
  if (named.length === 0 && said === undefined) return undefined
  const needed = said === undefined ? named.length : Number(said)
  if (!Number.isInteger(needed) || needed < 1 || needed > named.length || named.length > NAMED_MAX)
    throw new Refusal('invalid', 'verify.quorum', { named: named.length })
  const witnesses: Trusted[] = []
  for (const each of named)
    witnesses.push(/^https?:/.test(each) ? await askedFor(each, at) : trustedKey(each))
  return { witnesses, needed }
}

/** A witness by its address: its keys are those of the server's own actor, as it says them itself. */
async function askedFor(address: string, at: string): Promise<Trusted> {
  const id = serverId({ origin: originOf(address) })
  const document = await withFetch(id, (get) => get(id))
  const actor = isObject(document) ? readActor(document, at) : undefined
  if (actor?.id !== id) throw new Refusal('invalid', 'verify.witness', { witness: address })
  return trustedActor(actor)
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
const fetched = (address: string): Promise<unknown> =>
  withFetch(address, async (get) => {
    const found = await get(address)
    if (!isObject(found) || found.inclusion !== undefined) return found
    const id = typeof found.id === 'string' ? found.id : address
    const entry = typeof found.version === 'number' ? versionId(id, found.version) : id
    return get(bundleAt(originOf(address), entry))
  })

async function withFetch(
  address: string,
  act: (get: (url: string) => Promise<unknown>) => Promise<unknown>,
): Promise<unknown> {
  const out = createGuardedFetch({
    allowPrivate: () => true,
    userAgent: userAgent(originOf(address)),
    now: () => new Date().toISOString(),
    key: () => Promise.reject(new Refusal('unavailable', 'verify.bundle')),
  })
  const accept = ['application/json', 'application/activity+json']
  try {
    return await act(
      async (url) => (await out.json(url, { accept, signed: false, maxBytes: BYTES_MAX })).body,
    )
  } finally {
    await out.close()
  }
}
