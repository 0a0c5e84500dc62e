/** The nouns of getting in: where somebody is signed in, who is invited, which passkeys a person holds. */
import * as z from 'zod'
import { Role } from './parties.ts'
import { At, Id } from './values.ts'

const rev = z.number().int().optional()

/** One place where somebody is signed in. It ends when it is dropped, with its time, or with the epoch of its person. */
export const KnownLogin = z.object({
  /** A digest of the login's name: the name itself is in the cookie alone. */
  id: z.string(),
  rev,
  person: Id,
  epoch: z.number().int(),
  at: At,
  until: At,
  /** Which browser on which system, as it said: `Firefox · Linux`. */
  browser: z.string().max(100),
})

/** A link by which one person comes in. Only a digest of its secret is kept. */
export const Invitation = z.object({
  /** SHA-256 of the token in the link, in hex. */
  id: z.string(),
  rev,
  role: Role,
  /** Whom it is for, as the host notes it. */
  note: z.string().max(200),
  by: z.string().max(2000),
  at: At,
  until: At,
  /** asked: it opens nothing before a second person has confirmed it. */
  state: z.enum(['asked', 'open', 'used', 'withdrawn']),
  /** Who came in by it. */
  person: Id.optional(),
})

/** A public key of somebody's device or password manager (WebAuthn Level 3). */
export const Passkey = z.object({
  /** The credential's id, base64url. */
  id: z.string().max(1400),
  rev,
  person: Id,
  name: z.string().min(1).max(100),
  /** What the device knows its owner by: random, base64url. */
  user: z.string().max(100),
  /** COSE, base64url. */
  publicKey: z.string().max(10_000),
  /** How often it has signed, as it said last; 0 for ever where the device does not count. */
  counter: z.number().int().nonnegative(),
  transports: z.array(z.string().max(30)).max(10).default([]),
  at: At,
  usedAt: At.optional(),
})

/** What a browser is to sign with a passkey: for a few minutes, once, and for whoever has the secret of its cookie. */
export const Challenge = z.object({
  /** SHA-256 of the cookie's secret, base64url. */
  id: z.string(),
  rev,
  /** Random, base64url. */
  challenge: z.string().max(100),
  /** Whose account the new passkey is for, and what the device is to know them by; none for signing in. */
  adds: z.object({ person: Id, user: z.string().max(100) }).optional(),
  /** The same for somebody whose account begins with it: the invitation that lets them in. */
  joins: z.object({ invitation: z.string(), user: z.string().max(100) }).optional(),
  until: At,
  spent: z.boolean().default(false),
})

export type KnownLogin = z.infer<typeof KnownLogin>
export type Invitation = z.infer<typeof Invitation>
export type Passkey = z.infer<typeof Passkey>
export type Challenge = z.infer<typeof Challenge>
