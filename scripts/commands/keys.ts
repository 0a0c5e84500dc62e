/** tributary keys …: which keys this server signs with, new ones, and the end of one that may be in other hands. */
import { Refusal } from '../../content/refusal.ts'
import { groupId } from '../../federation/addresses.ts'
import { revokeKey, rotateKeys } from '../../federation/rotation.ts'
import type { Site } from '../../federation/site.ts'
import { keysHeld } from '../../server/keyring.ts'
import { say, words } from '../terminal.ts'
import { needed, option, type Options, type Run } from './command.ts'
import { withSite } from './with-site.ts'

type Act = (site: Site, args: string[], options: Options) => Promise<unknown>

const acts: Record<string, Act> = {
  list,
  rotate: async (site, args) => {
    const owner = args[1] ?? groupId(site)
    await site.key(groupId(site), 'ed25519')
    for (const { id } of await rotateKeys(site, owner, 'terminal'))
      say(words('terminal.keys.made', { id }))
  },
  revoke: async (site, args, options) => {
    const id = needed(args, 1, 'key')
    const made = await revokeKey(site, id, option(options, 'since'), 'terminal')
    say(words('terminal.keys.revoked', { id }))
    for (const each of made) say(words('terminal.keys.made', { id: each.id }))
  },
}

export const keys: Run = async (args, options) => {
  const verb = args[0] ?? 'list'
  const act = Object.hasOwn(acts, verb) ? acts[verb] : undefined
  const known = Object.keys(acts).join(', ')
  if (!act) throw new Refusal('invalid', 'terminal.unknown', { name: verb, known })
  await withSite((site) => act(site, args, options))
}

async function list(site: Site): Promise<void> {
  const all = await keysHeld(site)
  for (const { id, kind, from, until } of all)
    say(words('terminal.keys.line', { id, kind, from, until: until ?? '' }))
  if (all.length === 0) say(words('terminal.keys.none'))
}
