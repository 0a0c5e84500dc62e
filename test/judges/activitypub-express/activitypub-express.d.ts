/** What is used of activitypub-express, which has no types. */
declare module 'activitypub-express' {
  import type { RequestHandler } from 'express'

  export type Thing = Record<string, unknown> & { id: string; _meta?: Record<string, unknown> }
  type Handlers = RequestHandler[]

  export interface Apex extends RequestHandler {
    consts: { jsonldTypes: string[] }
    net: Record<string, { get: Handlers; post: Handlers }>
    createActor: (name: string, shown: string, about: string) => Promise<Thing>
    buildActivity: (type: string, by: string, to: string[], more: object) => Promise<Thing>
    acceptFollow: (actor: Thing, follow: Thing) => Promise<unknown>
    addToOutbox: (actor: Thing, activity: Thing) => Promise<unknown>
  }

  const create: (settings: object) => Apex
  export default create
}
