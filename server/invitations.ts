/** Invitations: a link that lets one person in, in one role, once. Only its digest is kept. */
import { createHash, randomBytes } from 'node:crypto'
import * as z from 'zod'
import type { Invitation, Passkey } from '../content/accounts.ts'
import { checked } from '../content/checked.ts'
import { act } from '../content/moderation.ts'
import { type Person, Role } from '../content/parties.ts'
import { Refusal } from '../content/refusal.ts'
import { mayGive } from '../content/rights.ts'
import type { Site } from '../federation/site.ts'
import { freshPassword, type NewPerson, personFrom } from './people.ts'
import { perform } from './second-person.ts'

const DAY_MS = 24 * 3600_000
/** 160 bits: nobody guesses one. */
const TOKEN_BYTES = 20

export const NewInvitation = z.object({
  role: Role,
  note: z.string().trim().max(200).default(''),
  days: z.coerce.number().int().min(1).max(60).default(14),
})

const digest = (token: string) => createHash('sha256').update(token).digest('hex')

/**
 * A new invitation and the token of its link, which nothing shows again. Where the host wants a second person
 * for hosts, it opens nothing before that one has confirmed it. Refusal `forbidden` for a role above one's own.
 */
export async function invite(
  site: Site,
  input: z.input<typeof NewInvitation>,
  by: Person,
): Promise<{ token: string; came: 'done' | 'waits' }> {
  const { id, role, token } = await askedInvitation(site, input, by)
  const came = await perform(site, { verb: 'open_invitation', item: id, args: { role } }, by)
  return { token, came }
}

/** An invitation that opens nothing before it is opened, and the token of its link. Refusal as of `invite`. */
export async function askedInvitation(
  site: Site,
  input: z.input<typeof NewInvitation>,
  by: Person,
): Promise<Invitation & { token: string }> {
  const { role, note, days } = checked(NewInvitation, input)
  if (!mayGive(by, role)) throw new Refusal('forbidden', 'people.more_than_own')
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const at = site.now()
  const until = new Date(Date.parse(at) + days * DAY_MS).toISOString()
  const id = digest(token)
  const invitation: Invitation = { id, role, note, by: by.id, at, until, state: 'asked' }
  await site.store.commit({ put: { invitations: [invitation] } })
  return { ...invitation, token }
}

/** It opens nothing any more. Refusal `gone` when it was used or withdrawn already. */
export async function withdrawInvitation(site: Site, id: string, by: Person): Promise<void> {
  const invitation = await site.store.get('invitations', id)
  if (!invitation) throw new Refusal('missing', 'page')
  if (invitation.state === 'used' || invitation.state === 'withdrawn')
    throw new Refusal('gone', `invite.${invitation.state}`)
  const acts = [act(by.id, 'withdrew_invitation', id, site.now(), invitation.note)]
  await site.store.commit({ put: { invitations: [{ ...invitation, state: 'withdrawn' }], acts } })
}

/**
 * The invitation of a link. Refusal `missing` for a link that never was, `gone` for one that is used, withdrawn,
 * over or made by somebody who may not invite to this any more, `conflict` for one not yet confirmed.
 */
export async function invitationOf(site: Site, token: string): Promise<Invitation> {
  const invitation = await site.store.get('invitations', digest(token))
  if (!invitation) throw new Refusal('missing', 'invite.unknown')
  const { state, until, by, role } = invitation
  if (state === 'used' || state === 'withdrawn') throw new Refusal('gone', `invite.${state}`)
  if (until <= site.now()) throw new Refusal('gone', 'invite.expired')
  if (!mayGive(await site.store.get('people', by), role))
    throw new Refusal('gone', 'invite.withdrawn')
  if (state === 'asked') throw new Refusal('conflict', 'invite.asked')
  return invitation
}

/** Who comes in: the role is that of the invitation, whatever else was sent. */
export type Newcomer = Omit<NewPerson, 'role'>

/**
 * The account of whoever was invited, and the end of the invitation, in one commit: of two who use it at once
 * one is refused. With a passkey they have no password.
 */
export async function accept(
  site: Site,
  token: string,
  newcomer: Newcomer,
  passkey?: Omit<Passkey, 'person'>,
): Promise<Person> {
  const invitation = await invitationOf(site, token)
  const { role } = invitation
  const password = passkey ? freshPassword() : newcomer.password
  const made = await personFrom(site, { ...newcomer, password, role })
  const person = passkey ? { ...made, password: '' } : made
  const added = passkey
    ? [act(person.id, 'added_passkey', person.id, site.now(), passkey.name)]
    : []
  const acts = [act(person.id, `accepted_${role}`, invitation.id, site.now(), invitation.note)]
  await site.store.commit({
    put: {
      people: [person],
      invitations: [{ ...invitation, state: 'used', person: person.id }],
      ...(passkey ? { passkeys: [{ ...passkey, person: person.id }] } : {}),
      acts: [...acts, ...added, act(invitation.by, `added_${role}`, person.id, site.now())],
    },
  })
  return (await site.store.get('people', person.id)) ?? person
}
