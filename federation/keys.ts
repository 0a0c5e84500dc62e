/** The keys of local actors: made on first use, kept in the store, old ones published with their end. */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Key } from '../content/parties.ts'
import type { Store } from '../content/store.ts'
import { proofKeyId, rsaKeyId } from './addresses.ts'
import { toMultikey } from './multikey.ts'
import { again } from './races.ts'
import type { SigningKey } from './site.ts'

/** Of one actor. */
export const KEYS_MAX = 50
const CACHE_MAX = 1000
const newPair = promisify(generateKeyPair)

type Kind = SigningKey['kind']

type Pair = Record<Kind, SigningKey>

/** How often keys were replaced by this process; what others do is seen by the store's generation. */
const turns = new WeakMap<Store, number>()

/** Let no keychain of this store go on with a key that has been replaced. */
export function forgetKeys(store: Store): void {
  turns.set(store, (turns.get(store) ?? 0) + 1)
}

/**
 * Answers the current key of an actor. An actor without keys gets both kinds at once, since whoever reads its
 * document may keep what it found there for a while. Two who ask at once get the same.
 */
export function createKeychain(store: Store, now: () => string) {
  const known = new Map<string, Promise<Pair>>()
  let seen = ''
  return async (actor: string, kind: Kind): Promise<SigningKey> => {
    const state = `${await store.generation()} ${turns.get(store) ?? 0}`
    if (state !== seen) known.clear()
    seen = state
    const found = known.get(actor) ?? again(() => current(store, actor, now()))
    if (known.size >= CACHE_MAX) known.clear()
    known.set(actor, found)
    found.catch(() => known.delete(actor))
    return (await found)[kind]
  }
}

async function current(store: Store, owner: string, at: string): Promise<Pair> {
  const held = await store.find('keys', { where: { owner }, limit: KEYS_MAX })
  const valid = (kind: Kind) => held.find((key) => key.kind === kind && !key.until)
  const [rsa, ed25519] = [valid('rsa'), valid('ed25519')]
  const pair = {
    rsa: rsa ?? (await makeKey(owner, 'rsa', at)),
    ed25519: ed25519 ?? (await makeKey(owner, 'ed25519', at)),
  }
  const made = [...(rsa ? [] : [pair.rsa]), ...(ed25519 ? [] : [pair.ed25519])]
  if (made.length > 0) await store.commit({ put: { keys: made } })
  return { rsa: signing(pair.rsa), ed25519: signing(pair.ed25519) }
}

const signing = ({ id, kind, privatePem }: Key): SigningKey => ({
  id,
  kind,
  private: createPrivateKey(privatePem),
})

/** A new pair, not yet stored. `number` counts an actor's RSA keys, whose ids must differ. */
export async function makeKey(owner: string, kind: Kind, from: string, number = 1): Promise<Key> {
  const { publicKey, privateKey } =
    kind === 'rsa' ? await newPair('rsa', { modulusLength: 2048 }) : await newPair('ed25519')
  const multibase = kind === 'ed25519' ? toMultikey(publicKey) : undefined
  return {
    id: multibase ? proofKeyId(owner, multibase) : rsaKeyId(owner, number),
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
