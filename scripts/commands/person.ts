/** tributary person …: accounts, for when nobody can sign in. */
import { Role } from '../../content/parties.ts'
import { Refusal } from '../../content/refusal.ts'
import type { Site } from '../../federation/site.ts'
import { addPerson, freshPassword, removePerson, setPassword } from '../../server/people.ts'
import { say, words } from '../terminal.ts'
import { needed, option, type Options, type Run } from './command.ts'
import { withSite } from './with-site.ts'

const PEOPLE_MAX = 1000
/** How the trail calls whoever acts from here. */
const BY = 'terminal'

type Act = (site: Site, args: string[], options: Options) => Promise<void>

const acts: Record<string, Act> = {
  list: async ({ store }) => {
    const people = await store.find('people', { order: 'oldest', limit: PEOPLE_MAX })
    for (const { name, email, role } of people) say(`${role}\t${email}\t${name}`)
  },
  add: async (site, args, options) => {
    const email = needed(args, 0, 'email')
    const role = Role.safeParse(option(options, 'role') ?? 'editor')
    if (!role.success)
      throw new Refusal('invalid', 'terminal.role', { known: Role.options.join(', ') })
    const password = freshPassword()
    const name = option(options, 'name') ?? email
    await addPerson(site, { name, email, role: role.data, password, language: 'en' }, BY)
    say(words('terminal.person.added', { email, role: role.data, password }))
  },
  password: async (site, args) => {
    const email = needed(args, 0, 'email')
    const person = await personOf(site, email)
    const password = freshPassword()
    await setPassword(site, person, password, BY)
    say(words('terminal.person.password', { email, password }))
  },
  remove: async (site, args) => {
    const email = needed(args, 0, 'email')
    const person = await personOf(site, email)
    await removePerson(site, person, BY)
    say(words('terminal.person.removed', { email }))
  },
}

async function personOf({ store }: Site, email: string) {
  const [person] = await store.find('people', { where: { email: email.toLowerCase() }, limit: 1 })
  if (!person) throw new Refusal('missing', 'terminal.no_person', { email })
  return person
}

export const person: Run = async ([verb = 'list', ...rest], options) => {
  const act = acts[verb]
  if (!act)
    throw new Refusal('invalid', 'terminal.unknown', {
      name: verb,
      known: Object.keys(acts).join(', '),
    })
  await withSite((site) => act(site, rest, options))
}
