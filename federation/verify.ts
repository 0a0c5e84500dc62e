/** Check a bundle (bundle.ts) with nothing but what is in it: who says it, with which key, and that it stands in the log. */
import { createPublicKey } from 'node:crypto'
import * as z from 'zod'
import { leafHash, rootFromPath } from '../content/merkle.ts'
import type { Actor, ActorKey } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { BUNDLE_TYPE } from './bundle.ts'
import { cosignatureIn, isSignedBy, readCheckpoint, verifierKey } from './checkpoints.ts'
import { readActor } from './discovery.ts'
import { canonical, checkProof, type Json } from './proofs.ts'
import { type Quorum, signers } from './quorum.ts'
import { isSameOrigin } from './trust.ts'
import { isObject } from './wire.ts'

const HASHES_MAX = 64
const WITNESSES_MAX = 50

const Bundle = z.looseObject({
  type: z.literal(BUNDLE_TYPE),
  entry: z.record(z.string(), z.unknown()),
  actor: z.record(z.string(), z.unknown()),
  inclusion: z.looseObject({
    index: z.number().int().nonnegative(),
    size: z.number().int().positive(),
    hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(HASHES_MAX),
    checkpoint: z.string().max(20_000),
  }),
  witnesses: z.array(z.record(z.string(), z.unknown())).max(WITNESSES_MAX).optional(),
})

type Inclusion = z.infer<typeof Bundle>['inclusion']

/** The questions, in the order in which they are asked. */
export const questions = [
  ...(['owner', 'proof', 'period', 'inclusion', 'checkpoint', 'pinned', 'quorum'] as const),
]

export interface Check {
  question: (typeof questions)[number]
  right: boolean
}

export interface Verdict {
  checks: Check[]
  /** Whose entry it is, the key that signed it and when, for a person to compare. */
  actor: string
  key: string
  created: string
  object: string
  /** Whose cosignatures under the head hold, and since when each had seen it. */
  witnesses: Witnessed[]
  /** Those of the quorum who signed the head. */
  quorum: string[]
}

/** What must hold besides; it is asked for only when it is given. */
export interface Wanted {
  /** A Multikey or a verifier key that the signer must have. */
  pinned?: string | undefined
  quorum?: Quorum | undefined
}

export interface Witnessed {
  name: string
  at: string
  key: string
}

/** Every check of a bundle, and what is wanted besides. Refusal `invalid` when it is no bundle at all. */
export async function checkBundle(
  json: unknown,
  at: string,
  { pinned, quorum }: Wanted = {},
): Promise<Verdict> {
  const parsed = Bundle.safeParse(json)
  if (!parsed.success) throw new Refusal('invalid', 'verify.bundle')
  const { entry, actor: document, inclusion, witnesses = [] } = parsed.data
  const actor = readActor(document, at)
  const { host } = new URL(actor.id)
  const signed = signedIn(entry)
  const signer = keyOf(actor, entry)
  const by: string[] = []
  const right: Record<Check['question'], () => Promise<boolean> | boolean> = {
    owner: () => isOwn(entry, actor.id),
    proof: () => holds(signed, (method) => named(actor, method, false), at),
    period: () => holds(signed, (method) => named(actor, method, true), at),
    inclusion: () => isIn(entry, inclusion),
    checkpoint: () => isSigned(inclusion, host, actor.keys),
    pinned: () =>
      signer?.multibase === pinned ||
      (signer !== undefined && verifierKey(host, createPublicKey(signer.publicPem)) === pinned),
    quorum: () => {
      if (quorum) by.push(...signers(inclusion.checkpoint, quorum, at))
      return by.length >= (quorum?.needed ?? 0)
    },
  }
  const wanted: Partial<Record<Check['question'], unknown>> = { pinned, quorum }
  const asked = questions.filter((each) => !(each in wanted) || wanted[each] !== undefined)
  const checks: Check[] = []
  for (const question of asked) checks.push({ question, right: await passes(right[question]) })
  const { created } = isObject(entry.proof) ? entry.proof : {}
  const object = isObject(entry.object) ? entry.object.id : entry.object
  const [key, when] = [signer?.multibase ?? '', String(created ?? '')]
  const seen = witnesses.flatMap((each) => seenBy(inclusion.checkpoint, each, at))
  const once = [...new Map(seen.map((each) => [each.name, each])).values()]
  const facts = { actor: actor.id, key, created: when, object: String(object) }
  return { checks, ...facts, witnesses: once, quorum: by }
}

/** Cosignatures by keys that this document has, and that were valid then. The log is no witness of itself. */
function seenBy(checkpoint: string, document: Json, at: string): Witnessed[] {
  try {
    const { id, keys } = readActor(document, at)
    const name = new URL(id).host
    if (readCheckpoint(checkpoint).origin === name) return []
    return keys.flatMap(({ kind, publicPem, multibase = '', from = '', until = '~' }) => {
      const found =
        kind === 'ed25519' && cosignatureIn(checkpoint, name, createPublicKey(publicPem))
      return found && found.at >= from.slice(0, 19) && found.at < until && found.at <= at
        ? [{ name, at: found.at, key: multibase }]
        : []
    })
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}

/** What cannot even be read does not pass. */
async function passes(check: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** The entry, and its object where that carries a proof of its own: an outcome version always does. */
function signedIn(entry: Json): Json[] {
  const { object } = entry
  const own = isObject(object) && (object.proof !== undefined || object.outcomeRecord !== undefined)
  return own ? [entry, object] : [entry]
}

const keyOf = (actor: Actor, { proof }: Json): ActorKey | undefined =>
  actor.keys.find(({ id }) => isObject(proof) && id === proof.verificationMethod)

/** An initiative speaks for itself alone: entry, actor and object are of one host, and the object is attributed to the actor. */
function isOwn(entry: Json, actor: string): boolean {
  const object = isObject(entry.object) ? entry.object : {}
  const author = object.attributedTo ?? actor
  return (
    entry.actor === actor &&
    isSameOrigin(String(entry.id), actor) &&
    (object.id === undefined || isSameOrigin(String(object.id), actor)) &&
    (object.outcomeRecord === undefined || [author].flat().includes(actor))
  )
}

async function named({ id: owner, keys }: Actor, method: string, inTime: boolean) {
  const key = keys.find(({ id, multibase }) => id === method && multibase)
  if (!key?.multibase) return undefined
  const period = inTime ? { from: key.from, until: key.until } : {}
  return { multibase: key.multibase, owner, ...period }
}

async function holds(
  documents: Json[],
  find: Parameters<typeof checkProof>[1],
  at: string,
): Promise<boolean> {
  for (const document of documents) await checkProof(document, find, at)
  return true
}

function isIn(entry: Json, { index, size, hashes, checkpoint }: Inclusion): boolean {
  const head = readCheckpoint(checkpoint)
  const path = hashes.map((hash) => Buffer.from(hash, 'hex'))
  const root = rootFromPath(index, size, leafHash(Buffer.from(canonical(entry))), path)
  return head.size === size && root.toString('hex') === head.root
}

function isSigned({ checkpoint }: Inclusion, host: string, keys: ActorKey[]): boolean {
  const current = keys.filter(({ kind, until }) => kind === 'ed25519' && !until)
  return (
    readCheckpoint(checkpoint).origin === host &&
    current.some(({ publicPem }) => isSignedBy(checkpoint, host, createPublicKey(publicPem)))
  )
}
