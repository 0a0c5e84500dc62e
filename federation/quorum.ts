/** A quorum of witnesses: who reads a log says whom to trust, and how many of them must have signed a head (C2SP tlog-cosignature). Pure. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Actor } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { cosignatureIn, readCheckpoint, verifierKey } from './checkpoints.ts'
import { fromMultikey, toMultikey } from './multikey.ts'

/** C2SP signed-note: the signature type of a witness stands before the 32 bytes of its key. */
const WITNESS_TYPE = 4
const KEY_BYTES = 32
const NAMES_MAX = 100

/** One witness as somebody named it, with the keys that are taken for its own. */
export interface Trusted {
  /** Its name in a log; a Multikey alone is taken under any. */
  name?: string
  keys: TrustedKey[]
}

interface TrustedKey {
  key: KeyObject
  from?: string | undefined
  until?: string | undefined
}

export interface Quorum {
  witnesses: Trusted[]
  /** So many of them, each counted once. */
  needed: number
}

/** A witness by its verifier key (C2SP signed-note, vkey of type 0x04) or its Multikey. Refusal `invalid` for anything else. */
export function trustedKey(text: string): Trusted {
  if (/^z[1-9A-HJ-NP-Za-km-z]+$/.test(text)) return { keys: [{ key: fromMultikey(text) }] }
  const [, name = '', encoded = ''] =
    /^([^+\s]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  const key = bytes.length === KEY_BYTES + 1 && bytes[0] === WITNESS_TYPE && keyIn(bytes)
  if (key && verifierKey(name, key, 'witness') === text) return { name, keys: [{ key }] }
  throw new Refusal('invalid', 'verify.witness', { witness: text })
}

const keyIn = (bytes: Buffer): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') },
    format: 'jwk',
  })

/** A witness by the document that it serves itself: its keys, each for the time in which it was valid. */
export const trustedActor = ({ id, keys }: Actor): Trusted => ({
  name: new URL(id).host,
  keys: keys
    .filter(({ kind }) => kind === 'ed25519')
    .map(({ publicPem, from, until }) => ({ key: createPublicKey(publicPem), from, until })),
})

/**
 * The names of those who signed this head, at a time that has passed. A name counts once, and so does a key,
 * whatever names and keys were given; the log is no witness of itself.
 */
export function signers(note: string, { witnesses }: Quorum, at: string): string[] {
  const log = readCheckpoint(note).origin
  const lines = [...note.matchAll(/^— (\S+) /gm)].map(([, name = '']) => name)
  const names = [...new Set(lines)].filter((name) => name !== log).slice(0, NAMES_MAX)
  const found = new Map<string, string>()
  for (const { name: wanted, keys } of witnesses)
    for (const name of names.filter((each) => wanted === undefined || each === wanted))
      for (const { key, from = '', until = '~' } of keys) {
        const time = cosignatureIn(note, name, key)?.at
        const holds = time && time <= at && time >= from.slice(0, 19) && time < until
        const text = toMultikey(key)
        if (holds && !found.has(text) && ![...found.values()].includes(name)) found.set(text, name)
      }
  return [...found.values()]
}
