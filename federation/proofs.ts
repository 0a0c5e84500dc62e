/** Data Integrity proofs, cryptosuite eddsa-jcs-2022 (FEP-8b32, W3C vc-di-eddsa): who says this, for whoever holds it. */
import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import * as z from 'zod'
import { Refusal } from '../content/refusal.ts'
import { base58, fromMultikey, unbase58 } from './multikey.ts'
import type { SigningKey } from './site.ts'

export type Json = Record<string, unknown>

/** How far ahead of ours another clock may be. */
const AHEAD_MS = 5 * 60_000

const Proof = z.looseObject({
  type: z.literal('DataIntegrityProof'),
  cryptosuite: z.literal('eddsa-jcs-2022'),
  created: z.iso.datetime({ offset: true }).optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  verificationMethod: z.string().max(2000),
  proofPurpose: z.literal('assertionMethod'),
  proofValue: z.string().startsWith('z').max(200),
})

/** The JSON of a value in its one canonical form (RFC 8785). Refusal `invalid` for what has none. */
export function canonical(value: unknown): string {
  try {
    return canonicalize(value) ?? 'null'
  } catch {
    throw new Refusal('invalid', 'wire.json')
  }
}

/** `sha-256:<hex>` over the canonical form of a document without its proof. */
export function digestOf({ proof: _proof, ...document }: Json): string {
  return named(sha256(canonical(document)))
}

const DIGEST = 'sha-256:'
const named = (hash: Buffer) => `${DIGEST}${hash.toString('hex')}`

/** A document's canonical form and its digest: each part of it is put into that form once. */
export function sealed(document: Json): { wire: string; digest: string } {
  const parts = partsOf(document)
  const unsigned = parts.filter(([name]) => name !== 'proof')
  return { wire: whole(parts), digest: named(sha256(whole(unsigned))) }
}

/**
 * The document with a proof by this key (W3C vc-di-eddsa, section 3.3.1). Its time has no fraction of a second:
 * Fedify writes `created` anew before it verifies, without the zeros at its end.
 */
export function prove<T extends Json>(
  document: T,
  key: SigningKey,
  created: string,
): T & { proof: Json } {
  return { ...document, proof: proofOf(document, canonical(document), key, created) }
}

/** The same in canonical form: what stands in our log. Each part of it is put into that form once. */
export function proven(document: Json, key: SigningKey, created: string): string {
  const parts = partsOf(document)
  const proof = canonical(proofOf(document, whole(parts), key, created))
  return whole([...parts, ['proof', proof]])
}

/** A name and the canonical form of its value. */
type Part = [string, string]

const partsOf = (document: Json): Part[] =>
  Object.entries(document)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, canonical(value)])

/** RFC 8785, section 3.2.3: names in the order of their UTF-16 code units. */
const whole = (parts: Part[]): string =>
  `{${parts
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${canonical(name)}:${value}`)
    .join(',')}}`

function proofOf(document: Json, text: string, key: SigningKey, created: string): Json {
  const options = {
    '@context': document['@context'],
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    created: created.replace(/\.\d+Z$/, 'Z'),
    verificationMethod: key.id,
    proofPurpose: 'assertionMethod',
  }
  const hashes = Buffer.concat([sha256(canonical(options)), sha256(text)])
  return { ...options, proofValue: `z${base58(sign(null, hashes, key.private))}` }
}

/** A key that a verification method stands for. */
export interface ProofKey {
  multibase: string
  /** The actor whose key it is, as both ends say. */
  owner: string
  from?: string | undefined
  until?: string | undefined
}

export interface Checked {
  method: string
  key: string
  owner: string
  created?: string
}

/**
 * Check a document's proof (section 3.3.2). `findKey` answers the key of a verification method, or nothing.
 * Refusal `unauthorized` says what is wrong: `proof.missing`, `.malformed`, `.expired`, `.future`,
 * `.context`, `.unknown_key`, `.key_period`, `.changed`. `digest` is that of this document, where it is known.
 */
export async function checkProof(
  document: Json,
  findKey: (method: string) => Promise<ProofKey | undefined>,
  at: string,
  digest = digestOf(document),
): Promise<Checked> {
  if (document.proof === undefined) throw new Refusal('unauthorized', 'proof.missing')
  const parsed = Proof.safeParse(document.proof)
  if (!parsed.success) throw new Refusal('unauthorized', 'proof.malformed')
  const { proofValue, ...options } = parsed.data
  inTime(options, at)
  sameContext(options['@context'], document['@context'])
  const key = await findKey(options.verificationMethod)
  if (!key) throw new Refusal('unauthorized', 'proof.unknown_key')
  inPeriod(key, options.created)
  const said = Buffer.concat([sha256(canonical(options)), hashIn(digest)])
  if (!(await isSignedBy(fromMultikey(key.multibase), said, signatureOf(proofValue))))
    throw new Refusal('unauthorized', 'proof.changed')
  const { verificationMethod: method, created } = options
  return { method, key: key.multibase, owner: key.owner, ...(created ? { created } : {}) }
}

function signatureOf(proofValue: string): Buffer {
  const signature = unbase58(proofValue.slice(1))
  if (signature.length !== 64) throw new Refusal('unauthorized', 'proof.malformed')
  return signature
}

function inTime(
  { created, expires }: { created?: string | undefined; expires?: string | undefined },
  at: string,
): void {
  const now = Date.parse(at)
  if (expires && Date.parse(expires) < now) throw new Refusal('unauthorized', 'proof.expired')
  if (created && Date.parse(created) > now + AHEAD_MS)
    throw new Refusal('unauthorized', 'proof.future')
}

/** The proof's own context, where it has one, must be how the document's begins (section 3.3.2, step 4). */
function sameContext(ofProof: unknown, ofDocument: unknown): void {
  if (ofProof === undefined) return
  const [inner, outer] = [[ofProof].flat(), [ofDocument].flat()]
  const same = inner.every((each, i) => canonical(each) === canonical(outer[i]))
  if (!same) throw new Refusal('unauthorized', 'proof.context')
}

/** A key speaks for the time it was valid in: what it signed then stays verified. */
function inPeriod({ from, until }: ProofKey, created: string | undefined): void {
  const at = created ? Date.parse(created) : undefined
  const late = until && (at === undefined || at > Date.parse(until))
  const early = from && at !== undefined && at < Date.parse(from) - AHEAD_MS
  if (late || early) throw new Refusal('unauthorized', 'proof.key_period')
}

const hashIn = (digest: string) => Buffer.from(digest.slice(DIGEST.length), 'hex')

/** Beside the event loop: others go on meanwhile. */
const isSignedBy = (key: KeyObject, said: Buffer, signature: Buffer): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, right: boolean) => (error ? reject(error) : resolve(right))
    verify(null, said, key, signature, done)
  })

const sha256 = (text: string) => createHash('sha256').update(text).digest()
