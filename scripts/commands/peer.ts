/** tributary peer …: who we follow, who follows us, whom we block. */
import { Refusal } from '../../content/refusal.ts'
import type { Peer } from '../../content/parties.ts'
import { applyTo, follow, unfollow } from '../../federation/follow.ts'
import { acceptLog } from '../../federation/pasts.ts'
import { setPaused, setPeerStanding } from '../../federation/peers.ts'
import type { Site } from '../../federation/site.ts'
import { say, words } from '../terminal.ts'
import { needed, type Run } from './command.ts'
import { withSite } from './with-site.ts'

const PEERS_MAX = 1000

type Act = (site: Site, address: string) => Promise<unknown>

/** The server that any address of it names. */
function originIn(address: string): string {
  const origin = URL.parse(address)?.origin
  if (!origin) throw new Refusal('invalid', 'terminal.address', { value: address })
  return origin
}

const standing =
  (to: Peer['standing']): Act =>
  async (site, address) =>
    setPeerStanding(site, originIn(address), to, 'terminal')

const paused =
  (to: boolean): Act =>
  async (site, address) =>
    setPaused(site, originIn(address), to, 'terminal')

const acts: Record<string, Act> = {
  follow: (site, address) => follow(site, address, 'terminal'),
  unfollow: (site, address) => unfollow(site, address, 'terminal'),
  apply: (site, address) => applyTo(site, address, 'terminal'),
  block: standing('blocked'),
  unblock: standing('unknown'),
  trust: standing('trusted'),
  pause: paused(true),
  resume: paused(false),
  'accept-log': (site, address) => acceptLog(site, address, 'terminal'),
}

export const peer: Run = async (args) => {
  const verb = args[0] ?? 'list'
  if (verb === 'list') return withSite(list)
  const act = acts[verb]
  if (!act)
    throw new Refusal('invalid', 'terminal.unknown', {
      name: verb,
      known: ['list', ...Object.keys(acts)].join(', '),
    })
  const address = needed(args, 1, 'address')
  await withSite((site) => act(site, address))
  say(words('terminal.peer.done', { verb, address }))
}

async function list({ store }: Site): Promise<void> {
  const [cursors, following, head] = await Promise.all([
    store.find('cursors', { limit: PEERS_MAX }),
    store.find('following', { limit: PEERS_MAX }),
    store.head(),
  ])
  for (const each of cursors) {
    say(
      words('terminal.peer.cursor', {
        id: each.id,
        state: each.state,
        log: each.log,
        size: head.size,
        why: each.why ?? '',
      }),
    )
  }
  for (const each of following)
    say(words('terminal.peer.following', { id: each.id, state: each.state }))
  if (cursors.length + following.length === 0) say(words('terminal.peer.none'))
}
