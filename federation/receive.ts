/** THE WAY IN: pushed to our inbox or pulled from a log, an activity is judged and applied here. */
import type { Change, Table, Tables } from '../content/store.ts'
import { announce } from './activities/announce.ts'
import { flag } from './activities/flag.ts'
import { accept, follow, reject } from './activities/follow.ts'
import { join } from './activities/join.ts'
import { move } from './activities/move.ts'
import { create, remove, update } from './activities/post.ts'
import { undo } from './activities/undo.ts'
import { letInActor } from './admission.ts'
import { notQuarantined } from './pasts.ts'
import type { Json } from './proofs.ts'
import { speaksIn } from './joined.ts'
import { type Effect, record } from './record.ts'
import type { Site } from './site.ts'
import { sameActor, sameOrigin } from './trust.ts'
import { type Activity, readActivity } from './wire.ts'

/** How an activity came, and who was proven to have sent it. */
export interface From {
  /** The actor whose signature was checked; or, when pulled, the initiative whose own log it stands in. */
  actor: string
  /** Pulled: its position in that log. Whoever is of that host may speak in it. */
  seq?: number
  /** Where it stands in its log and what stands there, whole, once it was read there: also where it had to wait since. */
  place?: { seq: number; entry: Json } | undefined
}

/** What an activity alters here, or undefined when it is none of our business. */
export type Handler = (
  site: Site,
  activity: Activity,
  json: Json,
  from: From,
) => Promise<Effect | undefined>

/** Understood, and of no consequence here: nobody's support is counted, nobody's block is ours to keep. */
const nothing: Handler = async () => undefined

const handlers: Record<string, Handler> = {
  Create: create,
  Update: update,
  Delete: remove,
  Follow: follow,
  Accept: accept,
  Reject: reject,
  Undo: undo,
  Announce: announce,
  Flag: flag,
  Join: join,
  Move: move,
  Like: nothing,
  Block: nothing,
}

export type Received = 'done' | 'ignored'

/** A document that is written in the same commit, whatever comes of the activity: its line in the journal, for one. */
export type Alongside = { [T in Table]?: Tables[T][] }

/**
 * Apply one activity. Refusal when it is understood and will not be done; any other error means that it may
 * be tried again. `alongside` is told what came of it and answers what to write in the same commit.
 */
export async function receive(
  site: Site,
  json: Json,
  from: From,
  alongside: (what: Received) => Alongside = () => ({}),
): Promise<Received> {
  const activity = readActivity(json)
  sameOrigin(activity.id, activity.actor)
  if (from.seq === undefined) sameActor(activity.actor, from.actor)
  else await speaksIn(site, json, activity.actor, from.actor)
  await letInActor(site, activity.actor)
  if (from.seq === undefined) await notQuarantined(site, activity.type, activity.actor)
  const handler = Object.hasOwn(handlers, activity.type) ? handlers[activity.type] : undefined
  const effect = await handler?.(site, activity, json, from)
  const what = effect ? 'done' : 'ignored'
  await record(site, { ...effect, put: joined(effect?.put, alongside(what)) })
  return what
}

function joined(a: Change['put'] = {}, b: Alongside): NonNullable<Change['put']> {
  const tables = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<Table>
  return Object.fromEntries(
    [...tables].map((table) => [table, [...(a[table] ?? []), ...(b[table] ?? [])]]),
  )
}
