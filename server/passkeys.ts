/** Passkeys: somebody signs in with what their device or password manager keeps for them (WebAuthn Level 3). */
import { createHash, randomBytes } from 'node:crypto'
import { isIP } from 'node:net'
import * as z from 'zod'
import type { Challenge, Passkey } from '../content/accounts.ts'
import { checked } from '../content/checked.ts'
import { act } from '../content/moderation.ts'
import type { Person } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import type { Site } from '../federation/site.ts'

/** Long enough to find a phone. */
export const CHALLENGE_MS = 5 * 60_000
const PASSKEYS_MAX = 20
/** Questions that one invitation may leave open. */
const JOINING_MAX = 20
const FORGOTTEN_AT_ONCE = 1000
const RANDOM_BYTES = 32
/** Ed25519, ES256 and RS256, as COSE names them: what the devices of today can do. */
const ALGORITHMS = [-8, -7, -257]

/** Loaded when somebody first uses a passkey: most servers never need it. */
const webauthn = () => import('@simplewebauthn/server')

/**
 * The name that passkeys of this site are bound to (its RP ID): the host of its address. None where browsers
 * allow no passkey: at an IP address, and without TLS anywhere but on localhost.
 */
export function passkeyHost(origin: string): string | undefined {
  const { protocol, hostname } = new URL(origin)
  const local = hostname === 'localhost' || hostname.endsWith('.localhost')
  const named = isIP(hostname) === 0 && !hostname.startsWith('[')
  return named && (local || protocol === 'https:') ? hostname : undefined
}

function hostFor({ origin }: Site): string {
  const host = passkeyHost(origin)
  if (!host) throw new Refusal('unavailable', 'passkey.address')
  return host
}

/** What the browser is to ask the device, and the secret for its cookie. */
export interface Asked<T> {
  options: T
  secret: string
}

const digest = (secret: string) => createHash('sha256').update(secret).digest('base64url')
const random = () => randomBytes(RANDOM_BYTES).toString('base64url')

/** A challenge for the browser that gets this secret as a cookie, and for no other. */
async function challengeFor({ store, now }: Site, whose: Pick<Challenge, 'adds' | 'joins'> = {}) {
  const secret = random()
  const challenge: Challenge = {
    id: digest(secret),
    challenge: random(),
    ...whose,
    until: new Date(Date.parse(now()) + CHALLENGE_MS).toISOString(),
    spent: false,
  }
  await store.commit({ put: { challenges: [challenge] } })
  return { secret, bytes: Buffer.from(challenge.challenge, 'base64url') }
}

/**
 * The challenge of a cookie, which is good once: it is spent before anything is checked, and of two who use it
 * at once one is refused, since both write the same row.
 */
async function spend({ store, now }: Site, secret: string | undefined): Promise<Challenge> {
  const found = secret ? await store.get('challenges', digest(secret)) : undefined
  if (!found || found.spent || found.until <= now()) throw new Refusal('gone', 'passkey.challenge')
  try {
    await store.commit({ put: { challenges: [{ ...found, spent: true }] } })
    return found
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'conflict') throw error
    throw new Refusal('gone', 'passkey.challenge')
  }
}

/** Challenges whose time is over are forgotten, some at a time. */
export async function forgetChallenges({ store, now }: Site): Promise<void> {
  const limit = FORGOTTEN_AT_ONCE
  const over = await store.find('challenges', { until: now(), order: 'oldest', limit })
  if (over.length > 0) await store.commit({ drop: { challenges: over.map(({ id }) => id) } })
}

/** The passkeys of somebody, oldest first. */
export const passkeysOf = ({ store }: Site, { id }: Person): Promise<Passkey[]> =>
  store.find('passkeys', { where: { person: id }, order: 'oldest', limit: PASSKEYS_MAX })

/** What a browser is asked for a new passkey of this person. Refusal `conflict` for one too many. */
export async function askToAdd(site: Site, person: Person, siteName: string) {
  const host = hostFor(site)
  const held = await passkeysOf(site, person)
  refuseTooMany(held)
  const user = held[0]?.user ?? random()
  const challenge = await challengeFor(site, { adds: { person: person.id, user } })
  return registration({ host, siteName, held }, { ...person, user }, challenge)
}

/**
 * The same for somebody who has no account yet and comes in by this invitation. Refusal `slow_down` for one
 * that leaves too many questions open.
 */
export async function askToJoin(
  site: Site,
  invitation: string,
  newcomer: { name: string; email: string },
  siteName: string,
) {
  const host = hostFor(site)
  if ((await site.store.count('challenges', { where: { invitation } })) >= JOINING_MAX)
    throw new Refusal('slow_down', 'login.slow_down', { count: CHALLENGE_MS / 60_000 })
  const user = random()
  const challenge = await challengeFor(site, { joins: { invitation, user } })
  return registration({ host, siteName, held: [] }, { ...newcomer, user }, challenge)
}

interface Place {
  host: string
  siteName: string
  /** What this person has already: no device is to hold two. */
  held: Passkey[]
}

async function registration(
  { host, siteName, held }: Place,
  { name, email, user }: { name: string; email: string; user: string },
  { secret, bytes }: Awaited<ReturnType<typeof challengeFor>>,
) {
  const { generateRegistrationOptions } = await webauthn()
  const options = await generateRegistrationOptions({
    rpName: siteName,
    rpID: host,
    userName: email,
    userDisplayName: name,
    userID: new Uint8Array(Buffer.from(user, 'base64url')),
    challenge: new Uint8Array(bytes),
    timeout: CHALLENGE_MS,
    attestationType: 'none',
    excludeCredentials: held.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  })
  return { options, secret } satisfies Asked<unknown>
}

function refuseTooMany(held: Passkey[]) {
  if (held.length >= PASSKEYS_MAX)
    throw new Refusal('conflict', 'passkey.too_many', { most: PASSKEYS_MAX })
}

const Base64url = z.string().regex(/^[\w-]*$/)
const Credential = z.object({
  id: Base64url.min(1).max(1400),
  rawId: Base64url.max(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).default({}),
})
const Added = Credential.extend({
  response: z.object({
    clientDataJSON: Base64url.max(10_000),
    attestationObject: Base64url.max(100_000),
    transports: z.array(z.string().max(30)).max(10).default([]),
  }),
})
const Signed = Credential.extend({
  response: z.object({
    clientDataJSON: Base64url.max(10_000),
    authenticatorData: Base64url.max(10_000),
    signature: Base64url.max(10_000),
    userHandle: Base64url.min(1).max(100),
  }),
})

/** What a browser answered, if it is of the form that it should be; else Refusal `invalid`. */
function answered<T>(schema: z.ZodType<T>, text: string): T {
  try {
    return checked(schema, JSON.parse(text))
  } catch {
    throw new Refusal('invalid', 'passkey.wrong')
  }
}

/** The library throws plain errors, a sentence for a programmer each: for whoever signs in they all mean one thing. */
async function proved<T extends { verified: boolean }>(check: () => Promise<T>): Promise<T> {
  const result = await check().catch(() => undefined)
  if (!result?.verified) throw new Refusal('forbidden', 'passkey.wrong')
  return result
}

/** What comes back from a browser: its cookie's secret, and the device's answer as JSON. */
export interface Answer {
  secret: string | undefined
  response: string
}

const Named = z.object({ passkey_name: z.string().trim().min(1).max(100) })

/** What somebody calls a passkey. Refusal `invalid` with a mistake beside `passkey_name`. */
export const namedPasskey = (typed: string): string =>
  checked(Named, { passkey_name: typed }).passkey_name

/** A new passkey for whoever asked for it, with a device that made sure who they are. */
export async function addPasskey(
  site: Site,
  person: Person,
  { secret, response }: Answer,
  input: string,
): Promise<void> {
  const name = namedPasskey(input)
  const { challenge, adds } = await spend(site, secret)
  if (adds?.person !== person.id) throw new Refusal('gone', 'passkey.challenge')
  const made = await registered(site, challenge, response)
  refuseTooMany(await passkeysOf(site, person))
  const passkey: Passkey = { ...made, person: person.id, name, user: adds.user }
  const acts = [act(person.id, 'added_passkey', person.id, made.at, name)]
  await site.store.commit({ put: { passkeys: [passkey], acts } })
}

/** The passkey of whoever comes in by this invitation, not yet stored. */
export async function joiningPasskey(
  site: Site,
  invitation: string,
  { secret, response }: Answer,
  name: string,
): Promise<Omit<Passkey, 'person'>> {
  const { challenge, joins } = await spend(site, secret)
  if (joins?.invitation !== invitation) throw new Refusal('gone', 'passkey.challenge')
  return { ...(await registered(site, challenge, response)), name, user: joins.user }
}

/** What a device made for this challenge. Refusal `conflict` for a passkey that somebody has here already. */
async function registered(site: Site, challenge: string, response: string) {
  const answer = answered(Added, response)
  const { verifyRegistrationResponse } = await webauthn()
  const { registrationInfo } = await proved(() =>
    verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: hostFor(site),
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  if (!registrationInfo) throw new Refusal('forbidden', 'passkey.wrong')
  const { id, publicKey, counter } = registrationInfo.credential
  if (await site.store.get('passkeys', id)) throw new Refusal('conflict', 'passkey.known')
  return {
    id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: answer.response.transports,
    at: site.now(),
  }
}

/** What a browser is asked to sign in: for any passkey of this site that it has. */
export async function askToEnter(site: Site) {
  const host = hostFor(site)
  const { secret, bytes } = await challengeFor(site)
  const { generateAuthenticationOptions } = await webauthn()
  const options = await generateAuthenticationOptions({
    rpID: host,
    challenge: new Uint8Array(bytes),
    timeout: CHALLENGE_MS,
    userVerification: 'required',
  })
  return { options, secret } satisfies Asked<unknown>
}

/**
 * Whoever signs in with a passkey. Refusal `gone` for a challenge that was used or is over, `missing` for a
 * passkey that was removed, `forbidden` for an answer that does not hold.
 */
export async function enterBy(site: Site, { secret, response }: Answer): Promise<Person> {
  const { challenge, adds, joins } = await spend(site, secret)
  if (adds || joins) throw new Refusal('gone', 'passkey.challenge')
  const answer = answered(Signed, response)
  const passkey = await site.store.get('passkeys', answer.id)
  const person = passkey && (await site.store.get('people', passkey.person))
  if (!person) throw new Refusal('missing', 'passkey.unknown')
  if (answer.response.userHandle !== passkey.user) throw new Refusal('forbidden', 'passkey.wrong')
  const { verifyAuthenticationResponse } = await webauthn()
  const { authenticationInfo } = await proved(() =>
    verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: hostFor(site),
      // How often it has signed is compared below, where a person is told what it means.
      credential: { id: passkey.id, publicKey: bytesOf(passkey.publicKey), counter: 0 },
    }),
  )
  await count(site, passkey, authenticationInfo.newCounter)
  return person
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))

/** A device that counts must count on: one that does not may be a copy (WebAuthn, section 6.1.1). */
async function count({ store, now }: Site, passkey: Passkey, counter: number): Promise<void> {
  const counts = counter > 0 || passkey.counter > 0
  if (!counts || counter > passkey.counter)
    return store.commit({ put: { passkeys: [{ ...passkey, counter, usedAt: now() }] } })
  const { person, name } = passkey
  await store.commit({ put: { acts: [act('program', 'refused_passkey', person, now(), name)] } })
  throw new Refusal('forbidden', 'passkey.copied')
}

/** One passkey of one's own. Refusal `missing` for any other. */
async function ownPasskey({ store }: Site, person: Person, id: string): Promise<Passkey> {
  const passkey = await store.get('passkeys', id)
  if (passkey?.person !== person.id) throw new Refusal('missing', 'passkey.unknown')
  return passkey
}

export async function renamePasskey(
  site: Site,
  person: Person,
  id: string,
  input: string,
): Promise<void> {
  const passkey = await ownPasskey(site, person, id)
  const name = namedPasskey(input)
  const acts = [act(person.id, 'renamed_passkey', person.id, site.now(), name)]
  await site.store.commit({ put: { passkeys: [{ ...passkey, name }], acts } })
}

/**
 * It opens nothing any more. Refusal `conflict` when it is the last way in; of two who remove the last two at
 * once one is refused, since both write the person.
 */
export async function removePasskey(site: Site, person: Person, id: string): Promise<void> {
  const passkey = await ownPasskey(site, person, id)
  const held = await passkeysOf(site, person)
  if (person.password === '' && held.length < 2) throw new Refusal('conflict', 'passkey.last')
  const acts = [act(person.id, 'removed_passkey', person.id, site.now(), passkey.name)]
  await site.store.commit({ put: { people: [person], acts }, drop: { passkeys: [id] } })
}
