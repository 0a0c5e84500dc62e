/** Checkpoints: the head of a log as a signed note, and what witnesses sign of it (C2SP tlog-checkpoint, signed-note, tlog-cosignature; Ed25519). Pure. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { Refusal } from '../content/refusal.ts'
import type { Head } from '../content/store.ts'

const NOTE_LETTERS_MAX = 20_000
const SIGNATURES_MAX = 100
/** C2SP signed-note, signature types: a log signs its head; a witness signs that it saw it. */
const types = { log: Buffer.from([1]), witness: Buffer.from([4]) }
const TIME_BYTES = 8
/** The end of the year 9999: a time beyond it is none. */
const SECONDS_MAX = 253_402_300_799n
const KEY_BYTES = 32
const ID_BYTES = 4

/** What a checkpoint says; `origin` is the name of the log. */
export interface Checkpoint extends Head {
  origin: string
}

const rawOf = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES)

type SignatureType = keyof typeof types

/** C2SP signed-note: the first four bytes that tell a signature line's key from others of the same name. */
function keyHash(name: string, raw: Buffer, type: SignatureType): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(types[type]).update(raw)
  return hash.digest().subarray(0, ID_BYTES)
}

/** The key by which others check what we sign of heads: `<name>+<key hash>+<key>` (C2SP signed-note, vkey). */
export function verifierKey(name: string, key: KeyObject, type: SignatureType = 'log'): string {
  const raw = rawOf(key)
  const encoded = Buffer.concat([types[type], raw]).toString('base64')
  return `${name}+${keyHash(name, raw, type).toString('hex')}+${encoded}`
}

/** The head of the log of this name, signed. */
export function signedCheckpoint({ size, root }: Head, name: string, key: KeyObject): string {
  const text = `${name}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`
  const id = keyHash(name, rawOf(createPublicKey(key)), 'log')
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)])
  return `${text}\n— ${name} ${signature.toString('base64')}\n`
}

/** What a note says, without a look at its signatures. Refusal `invalid` when it is no checkpoint. */
export function readCheckpoint(note: string): Checkpoint {
  const [, origin, size, root] =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*\n(?:— [^\n]+\n)+$/.exec(
      note.slice(0, NOTE_LETTERS_MAX),
    ) ?? []
  if (!origin || !size || !root) throw new Refusal('invalid', 'checkpoint.malformed')
  return { origin, size: Number(size), root: Buffer.from(root, 'base64').toString('hex') }
}

/** Whether a note carries a signature under this name by this key. Other signatures (of witnesses) are passed over. */
export function isSignedBy(note: string, name: string, key: KeyObject): boolean {
  const text = Buffer.from(bodyOf(note))
  const ours = signaturesIn(note, name, keyHash(name, rawOf(key), 'log'))
  return (
    text.length > 0 && ours.length > 0 && ours.every(({ bytes }) => verify(null, text, key, bytes))
  )
}

/** What the signatures of a note are over; nothing when it is no note. */
const bodyOf = (note: string): string =>
  note.slice(0, note.slice(0, NOTE_LETTERS_MAX).lastIndexOf('\n\n') + 1)

/** The signature lines under a name by the key of this hash. */
function signaturesIn(note: string, name: string, id: Buffer): { line: string; bytes: Buffer }[] {
  const lines = note.slice(bodyOf(note).length + 1, NOTE_LETTERS_MAX).split('\n', SIGNATURES_MAX)
  return lines
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => ({ line, bytes: strictly(line.slice(name.length + 3)) }))
    .filter(({ bytes }) => bytes.subarray(0, ID_BYTES).equals(id))
    .map(({ line, bytes }) => ({ line: `${line}\n`, bytes: bytes.subarray(ID_BYTES) }))
}

/** Base64 in its one form (RFC 4648, section 3.5); no bytes at all for any other. */
function strictly(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : Buffer.alloc(0)
}

/** C2SP tlog-cosignature, section "Ed25519 signed message". */
const seen = (body: string, seconds: bigint) =>
  Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`)

/**
 * C2SP tlog-cosignature: the line under a checkpoint by which a witness says that this was, at that time, the
 * largest head it had seen of the log, and that it goes on from all it saw before.
 */
export function cosignature(note: string, name: string, key: KeyObject, at: string): string {
  const seconds = BigInt(Math.floor(Date.parse(at) / 1000))
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(seconds)
  const id = keyHash(name, rawOf(createPublicKey(key)), 'witness')
  const signature = sign(null, seen(bodyOf(note), seconds), key)
  return `— ${name} ${Buffer.concat([id, time, signature]).toString('base64')}\n`
}

/** The newest cosignature of a note under this name by this key that holds, and its time; nothing when there is none. */
export function cosignatureIn(
  note: string,
  name: string,
  key: KeyObject,
): { line: string; at: string } | undefined {
  const body = bodyOf(note)
  const all = signaturesIn(note, name, keyHash(name, rawOf(key), 'witness'))
  const holding = all.flatMap(({ line, bytes }) => {
    const seconds = bytes.length > TIME_BYTES ? bytes.readBigUInt64BE() : SECONDS_MAX + 1n
    const right = seconds <= SECONDS_MAX && body !== ''
    return right && verify(null, seen(body, seconds), key, bytes.subarray(TIME_BYTES))
      ? [{ line, at: new Date(Number(seconds) * 1000).toISOString() }]
      : []
  })
  return holding.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)
}
