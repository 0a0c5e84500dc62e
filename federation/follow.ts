/** What we ask of others: to follow them, to be listed by them; and what we answer when we are asked to list. */
import { act } from '../content/moderation.ts'
import type { Actor, Following, Pull, RegistryEntry } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { groupId, originOf } from './addresses.ts'
import { findActor, findByAddress } from './discovery.ts'
import { fetchDocument } from './documents.ts'
import { asPeer } from './peers.ts'
import { type Effect, newActivityId, record } from './record.ts'
import type { Site } from './site.ts'
import { actorToInitiative } from './translate/actors.ts'

const FOLLOWS_MAX = 1000
const APPLICATIONS_MAX = 100
/** A Follow without an answer is asked again: some servers remember a first failure for an hour, some people approve by hand. */
const AGAIN_MS = 10 * 60_000
const AGAIN_MAX_MS = 7 * 24 * 3600_000

/**
 * Follow an initiative by handle, id or the address of its site; its whole history comes by pull, at once.
 * Refusal when it cannot be found. Following somebody twice is harmless.
 */
export async function follow(
  site: Site,
  address: string,
  by: string = groupId(site),
): Promise<Following> {
  const actor = await findByAddress(site, address)
  const held = await site.store.get('following', actor.id)
  if (held && held.state !== 'rejected') return held
  const effect = await followLetter(site, actor)
  const acts = [act(by, 'followed', actor.id, site.now())]
  await record(site, { ...effect, put: { ...effect.put, acts } })
  site.wake('sync')
  return (await site.store.get('following', actor.id)) as Following
}

/** The Follow, and all we keep of whom we follow. */
export async function followLetter(site: Site, actor: Actor): Promise<Effect> {
  const [held, pull, known] = await Promise.all([
    site.store.get('following', actor.id),
    site.store.get('pulls', actor.id),
    site.store.get('initiatives', actor.id),
  ])
  const initiative = known
    ? undefined
    : actorToInitiative(await fetchDocument(site, actor.id), site.now())
  const at = site.now()
  const activity = newActivityId(site)
  const asked: Following = {
    ...(held ?? {}),
    id: actor.id,
    activity,
    state: 'requested',
    peer: originOf(actor.id),
    askedAt: at,
    tries: (held?.tries ?? 0) + 1,
    retryAt: later(at, Math.min(AGAIN_MS * 2 ** (held?.tries ?? 0), AGAIN_MAX_MS)),
  }
  return {
    put: {
      ...(await asPeer(site, actor, false)),
      following: [asked],
      ...(pull || !actor.outbox ? {} : { pulls: [newPull(actor, at)] }),
      ...(initiative ? { initiatives: [initiative] } : {}),
    },
    letters: [
      {
        id: activity,
        to: actor.id,
        type: 'Follow',
        actor: groupId(site),
        object: actor.id,
        recipient: actor.id,
      },
    ],
  }
}

const later = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()

const newPull = (actor: Actor, at: string): Pull => ({
  id: actor.id,
  peer: originOf(actor.id),
  outbox: actor.outbox ?? '',
  after: 0,
  size: 0,
  root: '',
  frontier: [],
  held: 0,
  refused: 0,
  refusals: [],
  standing: 'new',
  failures: 0,
  retryAt: at,
})

/** Ask again where nobody has answered. Answers how many were asked. */
export async function retryFollows(site: Site): Promise<number> {
  const until = site.now()
  const where = { state: 'requested' }
  const due = await site.store.find('following', {
    where,
    until,
    order: 'oldest',
    limit: FOLLOWS_MAX,
  })
  for (const each of due) await askAgain(site, each)
  return due.length
}

/** Whoever cannot be found now is asked later, and keeps nobody else from being asked. */
async function askAgain(site: Site, held: Following): Promise<void> {
  try {
    await record(site, await followLetter(site, await findActor(site, held.id)))
  } catch (error) {
    if (!(error instanceof Refusal))
      site.log.error('following', { id: held.id, why: String(error) })
    const wait = Math.min(AGAIN_MS * 2 ** held.tries, AGAIN_MAX_MS)
    const next = { ...held, tries: held.tries + 1, retryAt: later(site.now(), wait) }
    await site.store.commit({ put: { following: [next] } }).catch(() => undefined)
  }
}

/** Stop following. What was received stays; nothing new is taken in. */
export async function unfollow(
  site: Site,
  address: string,
  by: string = groupId(site),
): Promise<void> {
  const held = (await site.store.get('following', address)) ?? (await heldAt(site, address))
  if (!held) throw new Refusal('missing', 'follow.unknown', { address })
  const actor = groupId(site)
  const object = { id: held.activity, type: 'Follow', actor, object: held.id }
  await record(site, {
    put: { acts: [act(by, 'unfollowed', held.id, site.now())] },
    drop: { following: [held.id], pulls: [held.id] },
    letters: [{ to: held.id, type: 'Undo', actor, object, recipient: held.id }],
  })
}

async function heldAt({ store }: Site, address: string): Promise<Following | undefined> {
  const peer = URL.parse(address)?.origin ?? ''
  return (await store.find('following', { where: { peer }, limit: 1 }))[0]
}

/** Ask an aggregator to list this initiative. Its address may be that of its site. */
export async function applyTo(
  site: Site,
  address: string,
  by: string = groupId(site),
): Promise<void> {
  const aggregator = await findByAddress(site, address)
  const actor = groupId(site)
  await record(site, {
    put: {
      ...(await asPeer(site, aggregator, false)),
      acts: [act(by, 'applied', aggregator.id, site.now())],
    },
    letters: [
      { to: aggregator.id, type: 'Join', actor, object: aggregator.id, recipient: aggregator.id },
    ],
  })
}

export interface Application {
  /** The aggregator's actor id. */
  aggregator: string
  standing: 'applied' | 'accepted' | 'declined'
  askedAt: string
  answeredAt?: string
}

const answers = { application_accepted: 'accepted', application_declined: 'declined' } as const

/** To whom we applied, and what came of it: the trail holds both. Newest first. */
export async function applications({ store }: Site): Promise<Application[]> {
  const asked = await store.find('acts', { where: { verb: 'applied' }, limit: APPLICATIONS_MAX })
  const latest = [...new Map(asked.toReversed().map((each) => [each.item, each])).values()]
  const found = latest.map(async ({ item, at }): Promise<Application> => {
    const where = { verb: Object.keys(answers), item }
    const [answer] = await store.find('acts', { where, since: at, limit: 1 })
    if (!answer) return { aggregator: item, standing: 'applied', askedAt: at }
    const standing = answers[answer.verb as keyof typeof answers]
    return { aggregator: item, standing, askedAt: at, answeredAt: answer.at }
  })
  return (await Promise.all(found)).toReversed()
}

/** What an aggregator says about an initiative, with a line on the record. Listing one follows it. */
export async function setStanding(
  site: Site,
  initiative: string,
  standing: RegistryEntry['standing'],
  { by, note = '' }: { by: string; note?: string },
): Promise<void> {
  const held = await site.store.get('registry', initiative)
  const at = site.now()
  const entry: RegistryEntry = { ...(held ?? {}), id: initiative, standing, at, by, note }
  const following = await site.store.get('following', initiative)
  const asks = standing === 'listed' && !following
  const effect = asks ? await followLetter(site, await findActor(site, initiative, true)) : {}
  const answer = held?.standing === 'applied' ? [answerTo(site, held, standing)] : []
  await record(site, {
    put: {
      ...effect.put,
      registry: [entry],
      acts: [act(by, `registry_${standing}`, initiative, at, note)],
    },
    letters: [...(effect.letters ?? []), ...answer],
  })
  if (asks) site.wake('sync')
}

/** The applicant is told; what is said about it stays here. */
function answerTo(
  site: Site,
  { id, application }: RegistryEntry,
  standing: RegistryEntry['standing'],
) {
  const actor = groupId(site)
  const object = { id: application, type: 'Join', actor: id, object: actor }
  return { to: id, type: standing === 'listed' ? 'Accept' : 'Reject', actor, object, recipient: id }
}

/** Accept or decline an application. */
export const answerApplication = (
  site: Site,
  initiative: string,
  answer: 'listed' | 'declined',
  by: string,
  note = '',
) => setStanding(site, initiative, answer, { by, note })
