/** The first run: whoever started the program proves it with a code that only the terminal shows. */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { checked } from '../content/checked.ts'
import { act } from '../content/moderation.ts'
import { Initiative } from '../content/model.ts'
import type { Person } from '../content/parties.ts'
import { groupId, serverId } from '../federation/addresses.ts'
import type { Site } from '../federation/site.ts'
import { type NewPerson, personFrom } from './people.ts'

const digest = (code: string) => createHash('sha256').update(code.replace(/\D/g, '')).digest('hex')

/** True once the server has a name and an account. */
export const isSetUp = async ({ store, origin }: Site): Promise<boolean> =>
  (await store.get('initiatives', groupId({ origin }))) !== undefined

/** A new code for a server that is not set up yet; the one before it is no longer good. */
export async function setupCode(site: Site): Promise<string | undefined> {
  if (await isSetUp(site)) return undefined
  const code = [1, 2, 3].map(() => String(randomInt(1000)).padStart(3, '0')).join('-')
  const known = await site.store.get('notes', 'setup-code')
  await site.store.commit({
    put: { notes: [{ ...known, id: 'setup-code', value: digest(code) }] },
  })
  return code
}

export async function isSetupCode({ store }: Site, code: string): Promise<boolean> {
  const known = await store.get('notes', 'setup-code')
  const wanted = Buffer.from(known?.value ?? '')
  const sent = Buffer.from(digest(code))
  return wanted.length === sent.length && timingSafeEqual(wanted, sent)
}

/** What a host says of the initiative at setup. */
export const Founding = Initiative.omit({
  id: true,
  rev: true,
  local: true,
  published: true,
  updated: true,
}).extend({
  name: Initiative.shape.name.refine(
    (names) => Object.values(names).some((name) => name.trim()),
    'field.required',
  ),
  acronym: z.string().trim().min(1).max(40),
})

export type WrittenFounding = z.input<typeof Founding>

/**
 * Give the server its name and its first account, in one commit, with all keys made before anybody can
 * ask for them. Refusal `invalid` names each wrong field.
 */
export async function setUp(
  site: Site,
  founding: WrittenFounding,
  first: NewPerson,
): Promise<Person> {
  const fields = checked(Founding, founding)
  const person = await personFrom(site, first)
  const at = site.now()
  const initiative: Initiative = { ...fields, id: groupId(site), local: true, published: at }
  await Promise.all([
    site.key(groupId(site), 'rsa'),
    site.key(groupId(site), 'ed25519'),
    site.key(serverId(site), 'rsa'),
    site.key(serverId(site), 'ed25519'),
  ])
  await site.store.commit({
    put: {
      initiatives: [initiative],
      people: [person],
      acts: [act(person.id, 'set_up', groupId(site), at)],
    },
    drop: { notes: ['setup-code'] },
  })
  return (await site.store.get('people', person.id)) ?? person
}
