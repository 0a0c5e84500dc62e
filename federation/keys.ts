/** The keys of local actors: made on first use, kept in the store, old ones published with their end. */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Key } from '../content/parties.ts'
import type { Store } from '../content/store.ts'
import { proofKeyId, rsaKeyId } from './addresses.ts'
import { toMultikey } from './multikey.ts'
import type { SigningKey } from './site.ts'

const KEYS_MAX = 50
const CACHE_MAX = 1000
const pair = promisify(generateKeyPair)

type Kind = SigningKey['kind']

/** Answers the current key of an actor; makes it when there is none. Two who ask at once get the same. */
export function createKeychain(store: Store, now: () => string) {
  const known = new Map<string, Promise<SigningKey>>()
  return (actor: string, kind: Kind): Promise<SigningKey> => {
    const name = `${kind} ${actor}`
    const found = known.get(name) ?? current(store, actor, kind, now())
    if (known.size >= CACHE_MAX) known.clear()
    known.set(name, found)
    found.catch(() => known.delete(name))
    return found
  }
}

async function current(store: Store, owner: string, kind: Kind, at: string): Promise<SigningKey> {
  const keys = await store.find('keys', { where: { owner, kind }, limit: KEYS_MAX })
  const valid = keys.find(({ until }) => !until)
  if (valid) return signing(valid)
  const made = await make(owner, kind, at)
  await store.commit({ put: { keys: [made] } })
  return signing(made)
}

const signing = ({ id, kind, privatePem }: Key): SigningKey => ({
  id,
  kind,
  private: createPrivateKey(privatePem),
})

async function make(owner: string, kind: Kind, from: string): Promise<Key> {
  const { publicKey, privateKey } =
    kind === 'rsa' ? await pair('rsa', { modulusLength: 2048 }) : await pair('ed25519')
  const multibase = kind === 'ed25519' ? toMultikey(publicKey) : undefined
  return {
    id: multibase ? proofKeyId(owner, multibase) : rsaKeyId(owner),
    owner,
    kind,
    publicPem: pem(publicKey, 'spki'),
    ...(multibase ? { multibase } : {}),
    privatePem: pem(privateKey, 'pkcs8'),
    from,
  }
}

const pem = (key: KeyObject, type: 'spki' | 'pkcs8') => String(key.export({ format: 'pem', type }))

/** All keys of an actor, as its document shows them: current ones first. */
export async function publicKeysOf(
  store: Store,
  owner: string,
): Promise<Omit<Key, 'privatePem'>[]> {
  const keys = await store.find('keys', { where: { owner }, limit: KEYS_MAX })
  return keys
    .map(({ privatePem: _private, ...shown }) => shown)
    .sort((a, b) => Number(Boolean(a.until)) - Number(Boolean(b.until)))
}
