/** The store of activitypub-express in memory: what its own does with MongoDB. */
import { randomBytes } from 'node:crypto'
import type { Thing } from 'activitypub-express'
import { contexts } from './contexts.ts'

interface Delivery {
  actorId: string
  body: string
  address: string
  signingKey: string
  attempt: number
  after: Date
}

const copy = <T>(value: T): T => structuredClone(value)

/** Without what is only for the node itself. */
const shown = ({ _meta: _, ...rest }: Thing): Thing => copy(rest as Thing)

const isIn = (activity: Thing, collection: string) =>
  [activity._meta?.collection ?? []].flat().includes(collection)

function deliveries() {
  const queue: Delivery[] = []
  return {
    deliveryEnqueue: async (actorId: string, body: string, to: string[], signingKey: string) => {
      const rest = { actorId, body, signingKey, attempt: 0, after: new Date() }
      queue.push(...to.map((address) => ({ ...rest, address })))
      return true
    },
    deliveryDequeue: async () => queue.shift() ?? null,
    deliveryRequeue: async (delivery: Delivery) => queue.push(delivery) > 0,
  }
}

export function memoryStore() {
  const objects = new Map<string, Thing>()
  const activities = new Map<string, Thing>()

  const read = (from: Map<string, Thing>, id: string, whole?: boolean) => {
    const found = from.get(id)
    return found && (whole === true ? copy(found) : shown(found))
  }
  const add = (to: Map<string, Thing>, thing: Thing): boolean => {
    if (to.has(thing.id)) return false
    to.set(thing.id, copy(thing))
    return true
  }
  const alter = (within: Map<string, Thing>, thing: Thing, replace?: boolean) => {
    const held = within.get(thing.id)
    if (!held) return undefined
    const meta = held._meta ? { _meta: held._meta } : {}
    const next = replace ? { ...thing, ...meta } : { ...held, ...thing, ...meta }
    within.set(thing.id, copy(next))
    return copy(next)
  }

  return {
    objects,
    setup: async (actor?: Thing) => void (actor && objects.set(actor.id, copy(actor))),
    getObject: async (id: string, whole?: boolean) => read(objects, id, whole),
    saveObject: async (thing: Thing) => add(objects, thing),
    updateObject: async (thing: Thing, _actor: string, replace?: boolean) =>
      alter(objects, thing, replace),
    getActivity: async (id: string, whole?: boolean) => read(activities, id, whole),
    saveActivity: async (thing: Thing) => add(activities, thing),
    updateActivity: async (thing: Thing, replace?: boolean) => alter(activities, thing, replace),
    removeActivity: async ({ id }: Thing) => activities.delete(id),
    updateActivityMeta: async ({ id }: Thing, key: string, value: string, remove?: boolean) => {
      const held = activities.get(id)
      if (!held) throw new Error('not found')
      const values = [held._meta?.[key] ?? []].flat().filter((each) => each !== value)
      held._meta = { ...held._meta, [key]: remove ? values : [...values, value] }
      return copy(held)
    },
    findActivityByCollectionAndObjectId: async (collection: string, id: string) =>
      [...activities.values()].find((each) => isIn(each, collection) && each.object === id),
    findActivityByCollectionAndActorId: async (collection: string, id: string) =>
      [...activities.values()].find((each) => isIn(each, collection) && each.actor === id),
    getStream: async (collection: string) =>
      [...activities.values()].filter((each) => isIn(each, collection)).map(shown),
    getStreamCount: async (collection: string) =>
      [...activities.values()].filter((each) => isIn(each, collection)).length,
    getUserCount: async () => 1,
    getContext: async (documentUrl: string) => {
      const document = contexts[documentUrl]
      return document && { contextUrl: null, documentUrl, document }
    },
    saveContext: async () => undefined,
    generateId: () => randomBytes(12).toString('hex'),
    ...deliveries(),
  }
}
