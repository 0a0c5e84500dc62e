/** Many servers blocked at once by a list, and the last list taken back. */
import { act } from '../content/moderation.ts'
import type { Note, Peer } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { tryNow } from './peers.ts'
import { again } from './races.ts'
import type { Site } from './site.ts'

const LAST = 'blocks-last'
const PENDING = 'blocks-pending'
const SHOWN_MAX = 20
/** Whoever is let in again is tried at once; of a long list, the others have their turn later. */
const TRIED_MAX = 50

export interface ToBlock {
  id: string
  note: string
}

/** What a list would change here. */
export interface Plan {
  fresh: ToBlock[]
  known: number
  /** Those of them that a person here trusts or follows. */
  close: string[]
}

/** The last list that was brought in: when, and what each of its servers was before. */
export interface LastList {
  at: string
  blocked: { id: string; was?: Peer['standing'] }[]
}

export async function planOf({ store }: Site, list: ToBlock[]): Promise<Plan> {
  const plan: Plan = { fresh: [], known: 0, close: [] }
  for (const each of list) {
    const peer = await store.get('peers', each.id)
    if (peer?.standing === 'blocked') {
      plan.known += 1
      continue
    }
    plan.fresh.push(each)
    const follows = peer ? await store.count('following', { where: { peer: each.id } }) : 0
    if (peer?.standing === 'trusted' || follows > 0) plan.close.push(each.id)
  }
  return plan
}

/** Keep a list until it is said that it is meant. */
export async function keepPending(site: Site, list: ToBlock[], mark: string): Promise<void> {
  await putNote(site, PENDING, { mark, list })
}

/** Block all of the list that was shown under this mark, in one commit. Refusal `conflict` when another was shown since. */
export async function blockPending(site: Site, mark: string, by: string): Promise<number> {
  return again(async () => {
    const note = await site.store.get('notes', PENDING)
    const pending = note && (JSON.parse(note.value) as { mark: string; list: ToBlock[] })
    if (pending?.mark !== mark) throw new Refusal('conflict', 'blocks.changed')
    const { fresh } = await planOf(site, pending.list)
    const held = await Promise.all(fresh.map(({ id }) => site.store.get('peers', id)))
    const at = site.now()
    const peers = fresh.map(({ id, note: why }, i): Peer => {
      const made = { id, inbox: `${id}/inbox`, signs: 'cavage', firstSeenAt: at } as const
      return { ...made, ...held[i], standing: 'blocked', ...(why ? { note: why } : {}) }
    })
    const blocked = fresh.map(({ id }, i) => ({ id, ...(held[i] && { was: held[i].standing }) }))
    const last = { ...(await site.store.get('notes', LAST)), ...noteOf(LAST, { at, blocked }) }
    const named = fresh.slice(0, SHOWN_MAX).map(({ id }) => new URL(id).host)
    const said = `${fresh.length}: ${named.join(', ')}${fresh.length > SHOWN_MAX ? ' …' : ''}`
    const acts = [act(by, 'blocks_imported', site.origin, at, said)]
    await site.store.commit({ put: { peers, notes: [last], acts }, drop: { notes: [PENDING] } })
    return fresh.length
  })
}

export async function lastList({ store }: Site): Promise<LastList | undefined> {
  const note = await store.get('notes', LAST)
  return note && (JSON.parse(note.value) as LastList)
}

/** Every server that the last list blocked is what it was before, unless somebody has decided otherwise since. */
export async function undoLastList(site: Site, by: string): Promise<void> {
  const freed = await again(async () => {
    const last = await lastList(site)
    if (!last) throw new Refusal('missing', 'page')
    const was = new Map(last.blocked.map((each) => [each.id, each.was]))
    const held = await Promise.all([...was.keys()].map((id) => site.store.get('peers', id)))
    const still = held.filter((peer) => peer?.standing === 'blocked') as Peer[]
    const peers = still
      .filter(({ id }) => was.get(id) !== undefined)
      .map(({ note: _note, ...peer }): Peer => ({
        ...peer,
        standing: was.get(peer.id) ?? 'unknown',
      }))
    const unmade = still.filter(({ id }) => was.get(id) === undefined).map(({ id }) => id)
    const acts = [act(by, 'blocks_undone', site.origin, site.now(), String(still.length))]
    await site.store.commit({ put: { peers, acts }, drop: { peers: unmade, notes: [LAST] } })
    return peers
  })
  for (const { id } of freed.slice(0, TRIED_MAX)) await tryNow(site, id)
}

const noteOf = (id: string, value: unknown): Note => ({ id, value: JSON.stringify(value) })

async function putNote(site: Site, id: string, value: unknown): Promise<void> {
  await again(async () => {
    const held = await site.store.get('notes', id)
    await site.store.commit({ put: { notes: [{ ...held, ...noteOf(id, value) }] } })
  })
}
