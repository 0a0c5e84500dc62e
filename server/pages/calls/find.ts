/** What the pages of calls read from the store: calls, and what was proposed to them. */
import type { Request } from 'express'
import { type Call, isTaking, type Proposal, publicStandings } from '../../../content/calls.ts'
import type { Person } from '../../../content/parties.ts'
import { Refusal } from '../../../content/refusal.ts'
import { callId, proposalId } from '../../../federation/addresses.ts'
import type { Site } from '../../../federation/site.ts'
import { part } from '../reading/find.ts'

const OPEN_MAX = 20
const MINE_MAX = 100
/** A session is made from so many at most. */
const MERGED_MAX = 200

/** The call of an address. */
export async function callOf({ store, origin }: Site, req: Request): Promise<Call> {
  const call = await store.get('calls', callId({ origin }, part(req, 'slug')))
  if (!call) throw new Refusal('missing', 'page')
  return call
}

/** The proposal of an address, whatever became of it. */
export async function proposalOf({ store }: Site, call: Call, req: Request): Promise<Proposal> {
  const proposal = await store.get('proposals', proposalId(call.id, part(req, 'key')))
  if (!proposal) throw new Refusal('missing', 'page')
  return proposal
}

/** Those that take proposals now, the first to close first; of one meeting when it is named. */
export async function openCalls({ store, now }: Site, meeting?: string): Promise<Call[]> {
  const at = now()
  const where = meeting ? { meeting } : {}
  const found = await store.find('calls', { where, since: at, order: 'oldest', limit: OPEN_MAX })
  return found.filter((call) => isTaking(call, at))
}

/** All that somebody ever proposed to a call, the first first. */
export const proposedBy = ({ store }: Site, call: Call, { id }: Person): Promise<Proposal[]> =>
  store.find('proposals', {
    where: { call: call.id, person: id },
    order: 'oldest',
    limit: MINE_MAX,
  })

/** What everybody may read of a call. */
export const publicOf = (call: Call): Record<string, string | string[]> => ({
  call: call.id,
  standing: publicStandings,
})

/** The issues that a session came from. */
export const mergedInto = ({ store }: Site, session: string): Promise<Proposal[]> =>
  store.find('proposals', {
    where: { session, standing: 'merged' },
    order: 'oldest',
    limit: MERGED_MAX,
  })
