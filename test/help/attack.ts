/** Where attacks take place: a node, an aggregator that follows a foreign initiative, two foreign servers; and how a row of the suite is run. */
import { expect } from 'chai'
import type { Table } from '../../content/store.ts'
import { groupId } from '../../federation/addresses.ts'
import { findActor } from '../../federation/discovery.ts'
import { applyJournal } from '../../federation/journal.ts'
import type { Site } from '../../federation/site.ts'
import { filledNode, foundedServer } from './community.ts'
import {
  endHostiles,
  type Foreigner,
  type Hostile,
  hostileServer,
  type Json,
  note,
  PUBLIC,
  proven,
  type Reply,
  send,
  type Sending,
} from './hostile.ts'
import { endServers, testClock, type TestServer, until } from './servers.ts'

export interface Arena {
  clock: ReturnType<typeof testClock>
  /** It is answered by anybody. */
  node: TestServer
  /** It follows `guild`, an initiative on the server `far`. */
  river: TestServer
  /** The attacker's server, and that of a victim. */
  far: Hostile
  near: Hostile
  guild: Foreigner
  mallory: Foreigner
  victim: Foreigner
  /** A discussion of the node, open to all. */
  talk: string
  /** Send an activity to the node's inbox; to that of the aggregator. */
  post: (by: Foreigner, json: Json, how?: Partial<Sending>) => Promise<Reply>
  tell: (by: Foreigner, json: Json, how?: Partial<Sending>) => Promise<Reply>
}

export async function openArena(): Promise<Arena> {
  const clock = testClock()
  const node = await filledNode('coast', clock)
  const river = await foundedServer('aggregator', clock)
  const [far, near] = [await hostileServer(), await hostileServer()]
  const sending =
    (to: TestServer) =>
    (by: Foreigner, json: Json, how: Partial<Sending> = {}) =>
      send(by, `${to.origin}/inbox`, json, { at: clock.now(), ...how })
  const guild = far.actor('guild', { type: 'Group' })
  await followed(river.site, guild)
  return {
    clock,
    node,
    river,
    far,
    near,
    guild,
    mallory: far.actor('mallory'),
    victim: near.actor('victim'),
    talk: `${node.origin}/discussions/what-should-2027-be-about`,
    post: sending(node),
    tell: sending(river),
  }
}

export async function closeArena(): Promise<void> {
  await endHostiles()
  await endServers()
}

/** As if a person had followed an initiative that answered. Nothing is pulled. */
export async function followed(site: Site, { id }: Foreigner): Promise<void> {
  await findActor(site, id)
  const at = site.now()
  const state = { state: 'accepted', tries: 1, askedAt: at, retryAt: at } as const
  const peer = new URL(id).origin
  const activity = `${groupId(site)}/activities/${peer.length}`
  await site.store.commit({ put: { following: [{ id, activity, peer, ...state }] } })
}

/** The guild's log as the aggregator knows it before it has read anything. */
export async function unread({ river, far, guild, clock }: Arena): Promise<void> {
  const shared = { size: 0, root: '', frontier: [], held: 0, refused: 0, refusals: [], failures: 0 }
  const pull = { id: guild.id, peer: far.origin, outbox: `${guild.id}/outbox`, after: 0 }
  const held = await river.site.store.get('pulls', guild.id)
  const standing = 'new' as const
  const next = {
    ...shared,
    ...pull,
    standing,
    retryAt: clock.now(),
    ...(held ? { rev: held.rev } : {}),
  }
  await river.site.store.commit({ put: { pulls: [next] } })
}

/** One attack: what is sent, what is answered, what becomes of it, and what must not change. */
export interface Row {
  /** Begins with the class of SECURITY-CLASSES.md it belongs to. */
  name: string
  /** Whatever is sent; the last answer is looked at. */
  does: (arena: Arena) => Promise<Reply>
  /** Status, and the last part of the Problem Details type: `401 signature.digest`. */
  answers: string
  /** What the journal says of the last activity that was let in: `refused proof.changed`. */
  becomes?: string
  /** It may change something; `after` says what. */
  changes?: true
  /** What else must be so afterwards. */
  after?: (arena: Arena) => Promise<void>
}

const tables: Table[] = [
  ...(['items', 'versions', 'initiatives', 'followers', 'following'] as const),
  ...(['peers', 'cursors', 'registry', 'acts', 'people', 'drafts'] as const),
]

const counted = ({ store }: Site) => Promise.all(tables.map((table) => store.count(table, {})))

/** Each row as a test. Time goes on between them, so that nothing that was remembered is in the way. */
export function attacks(rows: Row[], arena: () => Arena): void {
  for (const row of rows) {
    it(row.name, async () => {
      const here = arena()
      here.clock.forward(25 * 3600_000)
      const sites = [here.node.site, here.river.site]
      const before = await Promise.all(sites.map(counted))
      const reply = await row.does(here)
      expect(`${reply.status} ${reply.problem}`.trim()).to.equal(row.answers)
      revealsNothing(reply)
      for (const site of sites) await settled(site)
      if (row.becomes) expect(await lastLine(sites)).to.equal(row.becomes)
      if (!row.changes) expect(await Promise.all(sites.map(counted))).to.deep.equal(before)
      await row.after?.(here)
    })
  }
}

/** Until everything that can be dealt with now has been. */
export async function settled(site: Site): Promise<void> {
  await until(async () => {
    await applyJournal(site)
    const where = { state: 'waiting' }
    return (await site.store.count('journal', { where, until: site.now() })) === 0
  })
}

/** An answer names its reason, and says nothing of how things are here. */
export function revealsNothing({ status, text, headers }: Reply): void {
  expect(status).to.be.below(600).and.not.equal(500)
  expect(headers).not.to.include.keys('x-powered-by', 'server')
  expect(text).not.to.match(/node_modules|\.ts:|\bat \w+ \(|sqlite|SQLITE|\/tmp\/|ECONN|ENOTFOUND/)
  if (status < 400) return
  expect(headers['content-type']).to.match(/^application\/problem\+json/)
  expect(Object.keys(JSON.parse(text) as Json)).to.have.members(['type', 'title', 'status'])
}

/** What became of the line of the journal that was dealt with last. */
export async function lastLine(sites: Site[]): Promise<string> {
  const where = { state: ['done', 'ignored', 'refused', 'waiting'] }
  const found = await Promise.all(
    sites.map(({ store }) => store.find('journal', { where, limit: 1 })),
  )
  const [last] = found.flat().sort((a, b) => b.at.localeCompare(a.at))
  const sentence = /: ([\w.]+)/.exec(last?.why ?? '')?.[1] ?? ''
  return `${last?.state ?? ''} ${sentence}`.trim()
}

/** A public note of somebody that answers the node's discussion. */
export const answerOf = (by: { id: string }, { talk }: Arena, content: string, more: Json = {}) =>
  note(by, talk, content, more)

const TITLE = 'Messages of the guild'

/** A version of an outcome as an initiative of the same software would sign it. */
export function outcomeOf(
  by: Foreigner,
  slug: string,
  version: number,
  at: string,
  more: Json = {},
) {
  const id = `${new URL(by.id).origin}/outcomes/${slug}`
  const markdown = `Statement ${version} of ${slug}.`
  const blocks = [{ kind: 'message', markdown, message: 'm-1' }]
  const text = { title: TITLE, summary: '', standing: 'original', markdown, blocks }
  const tags = { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] }
  const statement = { key: 'm-1', number: 1, kind: 'message', consensus: 'consensus', tags }
  const document: Json = {
    '@context': [
      'https://www.w3.org/ns/activitystreams',
      { tributary: 'https://w3id.org/tributary/ns#' },
    ],
    id,
    type: 'Article',
    attributedTo: by.id,
    name: TITLE,
    content: markdown,
    published: at,
    updated: at,
    to: [PUBLIC],
    version,
    outcomeRecord: {
      version,
      state: version === 1 ? 'published' : 'corrected',
      outcomeType: 'messages',
      language: 'en',
      texts: { en: text },
      statements: [{ ...statement, relations: [] }],
      tags,
      year: 2026,
      methodNote: '',
      disclaimer: '',
      licence: 'CC BY 4.0',
      steps: [],
      published: at,
      at,
    },
    ...more,
  }
  return proven(by, document, at) as Json & { id: string }
}
