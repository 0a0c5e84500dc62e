/** How a node hears strangers: who waits for a person, who is shown at once, and what its code of conduct says. Pure. */
import * as z from 'zod'
import { At, Language } from './values.ts'

/**
 * `strangers`: the first contribution of somebody new waits. `unlisted`: everybody waits who is not on the list, each time.
 * `listed`: only who is on the list is heard at all.
 */
export const HearingMode = z.enum(['strangers', 'unlisted', 'listed'])

const LISTED_MAX = 1000

export const Hearing = z.object({
  mode: HearingMode.default('strangers'),
  /** Actors by id or handle, servers by name. */
  listed: z.array(z.string().max(400)).max(LISTED_MAX).default([]),
})

export type Hearing = z.infer<typeof Hearing>

/** Somebody who speaks, by all the names that a list may know them by. */
export interface Speaker {
  id: string
  handle: string
}

/** Whether a list names this actor, or the server it is on. */
export function isListed({ listed }: Hearing, { id, handle }: Speaker): boolean {
  const names = new Set([id, handle.toLowerCase(), URL.parse(id)?.host ?? ''])
  return listed.some((each) => names.has(each))
}

/** What somebody typed, one a line, as it is compared: `@Ana@Social.example` and `https://social.example/` as names. */
export function readListed(typed: string): { listed: string[]; wrong: string[] } {
  const lines = typed
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const read = lines.map((line) => ({ line, name: nameOf(line) }))
  return {
    listed: [...new Set(read.flatMap(({ name }) => name ?? []))].slice(0, LISTED_MAX),
    wrong: read.filter(({ name }) => name === undefined).map(({ line }) => line.slice(0, 100)),
  }
}

function nameOf(line: string): string | undefined {
  const [, handle] = /^@?([^@\s/]{1,100}@[^@\s/]{1,253})$/.exec(line) ?? []
  if (handle) return handle.toLowerCase()
  const url = URL.parse(line.includes('://') ? line : `https://${line}`)
  if (!url || !/^https?:$/.test(url.protocol) || !/[.:]/.test(url.host)) return undefined
  return url.pathname === '/' ? url.host : url.href
}

/** A code of conduct as the host wrote it, numbered and dated: who answers can say which one they read. */
export const Conduct = z.object({
  version: z.number().int().positive(),
  at: At,
  /** Markdown, by language. */
  texts: z.record(Language, z.string().max(50_000)),
})

export type Conduct = z.infer<typeof Conduct>
