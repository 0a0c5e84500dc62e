/** Visitors who have signed in, in every role; and contributions from elsewhere, as the gate takes them in. */
import type { Contribution, Item } from '../../content/model.ts'
import type { Role } from '../../content/parties.ts'
import { record } from '../../federation/record.ts'
import type { Site } from '../../federation/site.ts'
import { addPerson } from '../../server/people.ts'
import { host } from './community.ts'
import type { TestServer } from './servers.ts'
import { type Visitor, visitor } from './visitor.ts'

const password = 'rivers run to the sea'

/** Signed in by the form; as the host when nobody else is named. */
export async function signedIn(
  { origin }: TestServer,
  account: { email: string; password: string } = host,
  language = 'en',
): Promise<Visitor> {
  const guest = visitor(origin, language)
  const { email, password: typed } = account
  const { url } = await guest.fill('/login', '/login', { email, password: typed })
  if (url === '/login') throw new Error(`${email} was not let in`)
  return guest
}

/** A new account of this role, signed in. */
export async function signedInAs(server: TestServer, role: Role): Promise<Visitor> {
  const email = `${role}@test.example`
  await addPerson(server.site, { name: `A ${role}`, email, role, language: 'en', password })
  return signedIn(server, { email, password })
}

/** A contribution by somebody elsewhere, held to be read unless it says otherwise. */
export async function fromElsewhere(
  site: Site,
  name: string,
  under: Pick<Item, 'id' | 'initiative'>,
  changes: Partial<Contribution> = {},
): Promise<string> {
  const id = `https://social.example/posts/${name}`
  const item: Contribution = {
    id,
    type: 'contribution',
    local: false,
    visibility: 'held',
    why: 'stranger',
    initiative: under.initiative,
    about: under.id,
    inReplyTo: changes.message ?? under.id,
    language: 'en',
    author: `https://social.example/users/${name}`,
    authorName: name,
    authorHandle: `${name}@social.example`,
    text: `Words of ${name}`,
    html: `<p>Words of ${name}</p>`,
    tags: { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] },
    published: site.now(),
    ...changes,
  }
  await record(site, { put: { items: [item] } })
  return id
}
