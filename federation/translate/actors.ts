/** Local actors as documents, and an initiative's own facts out of its document. */
import * as z from 'zod'
import { Initiative } from '../../content/model.ts'
import type { Actor, ActorKey, Key, Person } from '../../content/parties.ts'
import { markdownToHtml, plainName } from '../../content/text.ts'
import {
  followersOf,
  followingOf,
  groupId,
  inboxOf,
  originOf,
  outboxOf,
  serverId,
} from '../addresses.ts'
import { nameNow } from '../former.ts'
import type { Json } from '../proofs.ts'
import { isObject } from '../wire.ts'
import { AS, NS } from '../wire.ts'
import { localized } from './common.ts'

const ACTOR_CONTEXT = [
  AS,
  'https://w3id.org/security/v1',
  'https://w3id.org/security/multikey/v1',
  {
    tributary: NS,
    toot: 'http://joinmastodon.org/ns#',
    discoverable: 'toot:discoverable',
    indexable: 'toot:indexable',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
    movedTo: { '@id': 'as:movedTo', '@type': '@id' },
    assertionMethod: {
      '@id': 'https://w3id.org/security#assertionMethod',
      '@type': '@id',
      '@container': '@set',
    },
    initiativeRecord: { '@id': 'tributary:initiativeRecord', '@type': '@json' },
  },
]

type PublicKeys = Omit<Key, 'privatePem'>[]
type Origin = { origin: string }
/** Where it was before, and where it has gone. */
type Home = Origin & { former?: string[]; movedTo?: string }

/** The name an initiative goes by in handles: letters and digits of its acronym. */
export function groupName({ acronym }: Pick<Initiative, 'acronym'>): string {
  const letters = acronym
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return letters || 'initiative'
}

/** The initiative: a Group that anybody may follow (FEP-1b12). */
export function groupToActor(site: Home, initiative: Initiative, keys: PublicKeys): Json {
  const id = groupId(site)
  const { name, summary, languages } = initiative
  const first = languages[0] ?? 'en'
  const about = Object.fromEntries(
    Object.entries(summary).map(([language, text]) => [language, markdownToHtml(text)]),
  )
  return {
    ...common(site, id, keys),
    type: 'Group',
    preferredUsername: groupName(initiative),
    ...localized('name', name, first),
    ...localized('summary', about, first),
    url: `${site.origin}/about`,
    published: initiative.published,
    discoverable: true,
    indexable: true,
    manuallyApprovesFollowers: false,
    ...places(site, groupId),
    initiativeRecord: recordOf(initiative),
  }
}

/** Both ends say so (FEP-7628): the present address names the former ones, and each of those names it. */
function places({ origin, former = [], movedTo }: Home, named: (home: Origin) => string): Json {
  const others = former.filter((each) => each !== origin)
  const alsoKnownAs = others.map((each) => named({ origin: each }))
  return {
    ...(alsoKnownAs.length > 0 ? { alsoKnownAs } : {}),
    ...(movedTo ? { movedTo: named({ origin: originOf(movedTo) }) } : {}),
  }
}

/** The server itself (FEP-2677). */
export function serverToActor(site: Origin, keys: PublicKeys): Json {
  return {
    ...common(site, serverId(site), keys),
    type: 'Application',
    preferredUsername: 'server',
    name: new URL(site.origin).host,
    url: `${site.origin}/`,
  }
}

export function personToActor(site: Home, person: Person, keys: PublicKeys): Json {
  const preferredUsername = person.id.split('/').at(-1)
  return {
    ...common(site, person.id, keys),
    ...places(site, (home) => nameNow(home, person.id)),
    type: 'Person',
    preferredUsername,
    name: person.name,
    url: person.id,
  }
}

/** An actor of another server, as far as it takes to check what it signed: what we hold of its document. */
export function actorAsHeld({ id, type, name, inbox, outbox, keys }: Actor): Json {
  const rsa = keys.find(({ kind, until }) => kind === 'rsa' && !until)
  return {
    '@context': ACTOR_CONTEXT,
    id,
    type,
    name,
    inbox,
    ...(outbox ? { outbox } : {}),
    ...(rsa ? { publicKey: { id: rsa.id, owner: id, publicKeyPem: rsa.publicPem } } : {}),
    assertionMethod: keys.flatMap((key) => multikey({ ...key, owner: id })),
  }
}

function common(site: Origin, id: string, keys: PublicKeys): Json {
  const rsa = keys.find(({ kind, until }) => kind === 'rsa' && !until)
  return {
    '@context': ACTOR_CONTEXT,
    id,
    inbox: `${id}/inbox`,
    outbox: outboxOf(id),
    followers: followersOf(id),
    following: followingOf(id),
    endpoints: { sharedInbox: inboxOf(site) },
    ...(rsa ? { publicKey: { id: rsa.id, owner: id, publicKeyPem: rsa.publicPem } } : {}),
    assertionMethod: keys.flatMap(multikey),
  }
}

const multikey = ({ id, owner, multibase, from, until }: ActorKey & { owner: string }): Json[] =>
  multibase
    ? [
        {
          id,
          type: 'Multikey',
          controller: owner,
          publicKeyMultibase: multibase,
          ...(from ? { created: from } : {}),
          ...(until ? { revoked: until } : {}),
        },
      ]
    : []

const Record = Initiative.omit({ id: true, rev: true, local: true })
const recordOf = (initiative: Initiative): Json =>
  JSON.parse(JSON.stringify(Record.parse(initiative))) as Json

const Plain = z.looseObject({
  id: z.url(),
  type: z.string(),
  name: z.string().max(300).nullish(),
  preferredUsername: z.string().max(300).nullish(),
})

/** What an initiative says about itself. An actor of other software has a name, and that is all we know of it. */
export function actorToInitiative(document: Json, at: string): Initiative | undefined {
  const plain = Plain.safeParse(document)
  if (!plain.success || plain.data.type === 'Application') return undefined
  const { id, name, preferredUsername } = plain.data
  const record = isObject(document.initiativeRecord)
    ? Record.safeParse(document.initiativeRecord)
    : undefined
  if (record?.success) return { ...record.data, id, local: false }
  const called = plainName(name || preferredUsername || new URL(id).host)
  return Initiative.parse({
    id,
    local: false,
    name: { und: called },
    acronym: plainName(preferredUsername || called).slice(0, 40),
    kind: 'regional',
    languages: ['und'],
    published: at,
  })
}
