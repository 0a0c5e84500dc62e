/** Checkpoints: the head of a log as a signed note (C2SP tlog-checkpoint and signed-note, Ed25519). Pure. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { Refusal } from '../content/refusal.ts'
import type { Head } from '../content/store.ts'

const NOTE_LETTERS_MAX = 20_000
const SIGNATURES_MAX = 100
const ED25519 = Buffer.from([1])
const KEY_BYTES = 32
const ID_BYTES = 4

/** What a checkpoint says; `origin` is the name of the log. */
export interface Checkpoint extends Head {
  origin: string
}

const rawOf = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES)

/** C2SP signed-note: the first four bytes that tell a signature line's key from others of the same name. */
function keyHash(name: string, raw: Buffer): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(ED25519).update(raw)
  return hash.digest().subarray(0, ID_BYTES)
}

/** The key by which others check our checkpoints: `<name>+<key hash>+<key>` (C2SP signed-note, vkey). */
export function verifierKey(name: string, key: KeyObject): string {
  const raw = rawOf(key)
  const encoded = Buffer.concat([ED25519, raw]).toString('base64')
  return `${name}+${keyHash(name, raw).toString('hex')}+${encoded}`
}

/** The head of the log of this name, signed. */
export function signedCheckpoint({ size, root }: Head, name: string, key: KeyObject): string {
  const text = `${name}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`
  const id = keyHash(name, rawOf(createPublicKey(key)))
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
  const end = note.slice(0, NOTE_LETTERS_MAX).lastIndexOf('\n\n')
  const text = Buffer.from(note.slice(0, end + 1))
  const id = keyHash(name, rawOf(key))
  const lines = note.slice(end + 2, NOTE_LETTERS_MAX).split('\n', SIGNATURES_MAX)
  const ours = lines
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => Buffer.from(line.slice(name.length + 3), 'base64'))
    .filter((bytes) => bytes.subarray(0, ID_BYTES).equals(id))
  return (
    end >= 0 && ours.length > 0 && ours.every((each) => verify(null, text, key, each.subarray(4)))
  )
}
