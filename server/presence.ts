/** That a server runs on this store, written down every minute: two at once would each deliver what the other has. */
import { randomUUID } from 'node:crypto'
import type { Site } from '../federation/site.ts'
import type { Work } from './jobs.ts'

const EVERY_MS = 60_000
/** A server that is not heard of for so long runs no more. */
const SILENT_MS = 150_000
const NOTE = 'servers'

const names = new WeakMap<Site, string>()

/** When each server that may run was last heard of, by a name it gave itself. */
type Present = Record<string, string>

const read = (value: string | undefined): Present => JSON.parse(value ?? '{}') as Present

/** How many servers have said within the last minutes that they run on this store. */
export async function serversHere(site: Site): Promise<number> {
  const present = read((await site.store.get('notes', NOTE))?.value)
  return Object.keys(recent(site, present)).length
}

function recent(site: Site, present: Present): Present {
  const since = new Date(Date.parse(site.now()) - SILENT_MS).toISOString()
  return Object.fromEntries(Object.entries(present).filter(([, at]) => at > since))
}

/** Say that this server is here. Whoever writes at the same moment is there a minute later. */
async function sayHere(site: Site): Promise<void> {
  const name = names.get(site) ?? randomUUID()
  names.set(site, name)
  const held = await site.store.get('notes', NOTE)
  const present = { ...recent(site, read(held?.value)), [name]: site.now() }
  const note = { ...held, id: NOTE, value: JSON.stringify(present) }
  await site.store.commit({ put: { notes: [note] } }).catch(() => undefined)
}

/** Say that it goes, so that the next is not taken for a second one. */
export async function sayGone(site: Site): Promise<void> {
  const held = await site.store.get('notes', NOTE)
  const { [names.get(site) ?? '']: _gone, ...others } = read(held?.value)
  const note = { ...held, id: NOTE, value: JSON.stringify(others) }
  await site.store.commit({ put: { notes: [note] } }).catch(() => undefined)
}

export const presence: Work = { run: sayHere, everyMs: EVERY_MS }
