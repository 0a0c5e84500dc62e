/** A device that keeps passkeys, in a few lines: answers as WebAuthn Level 3 says, or wrongly where it is told to. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { tokenIn, type Visitor } from './visitor.ts'

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()
const url = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url')

interface Options {
  challenge: string
  user?: { id: string }
}

/** What is to be wrong with an answer. */
export interface Spoiled {
  /** The site that the browser says it is at. */
  origin?: string
  /** Of the authenticator data: 1 somebody was there, 4 the device made sure who, 64 a new key follows. */
  flags?: number
  counter?: number
  userHandle?: string
  key?: KeyObject
}

/** One device for one site. It counts what it signs. */
export function authenticator(origin: string) {
  const id = randomBytes(16)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let counter = 0
  let user = ''

  const clientData = (type: string, challenge: string, at: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: at, crossOrigin: false }))

  function data(flags: number, count: number, key = Buffer.alloc(0)): Buffer {
    const head = Buffer.alloc(5)
    head.writeUInt8(flags)
    head.writeUInt32BE(count, 1)
    return Buffer.concat([sha256(new URL(origin).hostname), head, key])
  }

  /** The public key as COSE: EC2, ES256, P-256. */
  function cose(): Buffer {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const start = Buffer.from('a5010203262001215820', 'hex')
    const middle = Buffer.from('225820', 'hex')
    return Buffer.concat([start, Buffer.from(x, 'base64url'), middle, Buffer.from(y, 'base64url')])
  }

  /** A new passkey, without attestation. */
  function create(options: Options, spoiled: Spoiled = {}): string {
    user = options.user?.id ?? ''
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const key = Buffer.concat([Buffer.alloc(16), length, id, cose()])
    const authData = data(spoiled.flags ?? 69, counter, key)
    const size = Buffer.from([0x58, authData.length])
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
      size,
      authData,
    ])
    const said = clientData('webauthn.create', options.challenge, spoiled.origin ?? origin)
    const response = { clientDataJSON: url(said), attestationObject: url(attestation) }
    return JSON.stringify({ id: url(id), rawId: url(id), type: 'public-key', response })
  }

  function get({ challenge }: Options, spoiled: Spoiled = {}): string {
    counter += 1
    const authData = data(spoiled.flags ?? 5, spoiled.counter ?? counter)
    const said = clientData('webauthn.get', challenge, spoiled.origin ?? origin)
    const signed = Buffer.concat([authData, sha256(said)])
    const response = {
      clientDataJSON: url(said),
      authenticatorData: url(authData),
      signature: url(sign('sha256', signed, spoiled.key ?? privateKey)),
      userHandle: spoiled.userHandle ?? user,
    }
    return JSON.stringify({ id: url(id), rawId: url(id), type: 'public-key', response })
  }

  return { create, get, id: url(id) }
}

export type Authenticator = ReturnType<typeof authenticator>

/** As the script of our pages does it: ask, let the device answer, send the form. */
export async function addPasskey(
  guest: Visitor,
  device: Authenticator,
  password: string,
  spoiled?: Spoiled,
) {
  const token = tokenIn((await guest.get('/host/account')).text)
  const typed = { passkey_name: 'My phone', passkey_password: password }
  const asked = await guest.send('/host/account/passkey', typed, token)
  const response = device.create(JSON.parse(asked.text) as Options, spoiled)
  return guest.send('/host/account', { do: 'passkey_add', response, ...typed }, token)
}

/** What the site wants signed of whoever wants to sign in. */
export async function challengeOf(guest: Visitor): Promise<Options> {
  const { text } = await guest.send('/login/passkey/challenge', {})
  return JSON.parse(text) as Options
}
