/** Multikey (FEP-521a, W3C Controlled Identifiers 1.0): Ed25519 public keys as base58btc text, and back. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { Refusal } from '../content/refusal.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const TEXT_LETTERS_MAX = 200

/** Multicodec ed25519-pub, as a varint. */
const ED25519 = Buffer.from([0xed, 0x01])
/** SubjectPublicKeyInfo of an Ed25519 key up to the 32 bytes of the key (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

export function base58(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = (ALPHABET[Number(number % 58n)] ?? '') + text
  const zeros = bytes.findIndex((byte) => byte !== 0)
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text
}

/** Refusal `invalid` when the text is not base58btc or is too long for a key or signature. */
export function unbase58(text: string): Buffer {
  if (text.length > TEXT_LETTERS_MAX || !/^[1-9A-HJ-NP-Za-km-z]+$/.test(text)) {
    throw new Refusal('invalid', 'proof.base58')
  }
  let number = 0n
  for (const letter of text) number = number * 58n + BigInt(ALPHABET.indexOf(letter))
  const hex = number.toString(16)
  const zeros = text.length - text.replace(/^1+/, '').length
  const body = number === 0n ? '' : hex.padStart(hex.length + (hex.length % 2), '0')
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(body, 'hex')])
}

export function toMultikey(key: KeyObject): string {
  const spki = key.export({ format: 'der', type: 'spki' })
  return `z${base58(Buffer.concat([ED25519, spki.subarray(SPKI.length)]))}`
}

/** Few keys sign most of what is read: making one ready takes longer than looking it up. */
const ready = new Map<string, KeyObject>()
const READY_MAX = 1000

/** Refusal `invalid` for anything but an Ed25519 key in base58btc. */
export function fromMultikey(text: string): KeyObject {
  const key = ready.get(text) ?? madeReady(text)
  if (ready.size >= READY_MAX) ready.clear()
  ready.set(text, key)
  return key
}

function madeReady(text: string): KeyObject {
  const bytes = text.startsWith('z') ? unbase58(text.slice(1)) : Buffer.alloc(0)
  if (bytes.length !== 34 || !bytes.subarray(0, 2).equals(ED25519)) {
    throw new Refusal('invalid', 'proof.multikey')
  }
  return createPublicKey({
    key: Buffer.concat([SPKI, bytes.subarray(2)]),
    format: 'der',
    type: 'spki',
  })
}
