/** Where an entry of our log goes at a peer: to its shared inbox, or where there is none to each inbox that is meant. */
import type { Follower, Peer } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Entry } from '../content/store.ts'
import { findActor } from './discovery.ts'
import type { Site } from './site.ts'

/** So many followers of one peer are looked at; with a shared inbox one is enough. */
const FOLLOWERS_MAX = 200
/** So many actors are asked whether they are still there. */
const ASKED_MAX = 5

/** The inboxes for an entry: that of whom a letter is for; for the public log those of all who follow. */
export async function inboxesFor(site: Site, peer: Peer, entry: Entry): Promise<string[]> {
  if (entry.stream !== 'public') return [(await inboxOf(site, entry.item)) ?? peer.inbox]
  const followers = await followersAt(site, peer.id)
  const inboxes = await Promise.all(
    followers.map(async ({ actor, inbox }) => (await inboxOf(site, actor)) ?? inbox),
  )
  return inboxes.length > 0 ? [...new Set(inboxes)] : [peer.inbox]
}

/** As the actor's document says now: an inbox may have moved. */
async function inboxOf({ store }: Site, actor: string): Promise<string | undefined> {
  const known = await store.get('actors', actor)
  return known?.sharedInbox ?? known?.inbox
}

const followersAt = ({ store }: Site, peer: string): Promise<Follower[]> =>
  store.find('followers', { where: { peer }, order: 'oldest', limit: FOLLOWERS_MAX })

/** What an inbox that is not there means: the actor itself is asked for, and only its own 404 or 410 counts. */
export interface Gone {
  /** Followers that are no more. */
  followers: string[]
  /** Nobody is left to whom it could be delivered. */
  all: boolean
}

export async function goneAt(
  site: Site,
  peer: Peer,
  entry: Entry,
  inbox: string,
): Promise<Gone | undefined> {
  if (entry.stream !== 'public') {
    return (await isGone(site, entry.item)) ? { followers: [], all: true } : undefined
  }
  const followers = await followersAt(site, peer.id)
  const gone: string[] = []
  for (const { id, actor, inbox: told } of followers) {
    if (gone.length >= ASKED_MAX) break
    const theirs = ((await inboxOf(site, actor)) ?? told) === inbox
    if (theirs && (await isGone(site, actor))) gone.push(id)
  }
  return gone.length > 0 ? { followers: gone, all: gone.length === followers.length } : undefined
}

async function isGone(site: Site, actor: string): Promise<boolean> {
  try {
    await findActor(site, actor, true)
    return false
  } catch (error) {
    return error instanceof Refusal && ['gone', 'missing'].includes(error.reason)
  }
}
