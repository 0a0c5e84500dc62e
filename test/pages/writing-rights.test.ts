/** Who may do what on the pages where a host writes: each role at each address. */
import { expect } from 'chai'
import type { Role } from '../../content/parties.ts'
import { filledNode } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedInAs } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const OPEN = '/host/outcomes/data-for-fishing-communities'
const PUBLISHED = '/host/outcomes/messages-from-port-argent'

const writers: Role[] = ['host', 'editor', 'rapporteur']
const editors: Role[] = ['host', 'editor']
const moderators: Role[] = ['host', 'editor', 'moderator']

/** Each address, and who gets in. */
const addresses: [string, Role[]][] = [
  ['/host/outcomes', writers],
  ['/host/outcomes/new', writers],
  [OPEN, writers],
  [`${OPEN}/texts/fr`, writers],
  [`${OPEN}/contributions`, writers],
  [`${OPEN}/steps/revise`, editors],
  [`${OPEN}/steps/agree`, editors],
  [`${OPEN}/steps/publish`, ['host']],
  [`${PUBLISHED}/steps/correct`, ['host']],
  [`${OPEN}/steps/withdraw`, ['host']],
  ['/host/meetings', editors],
  ['/host/meetings/new', editors],
  ['/host/meetings/meeting-2026', editors],
  ['/host/sessions/new', editors],
  ['/host/discussions', editors],
  ['/host/discussions/new', editors],
  ['/host/discussions/what-should-2027-be-about', editors],
  ['/host/contributions', moderators],
]

/** Lists take no form. */
const lists = ['/host/outcomes', '/host/meetings', '/host/discussions']
const roles: Role[] = ['host', 'editor', 'rapporteur', 'moderator', 'participant']

describe('rights where a host writes', () => {
  let node: TestServer
  const people = new Map<Role, Visitor>()

  before(async () => {
    node = await filledNode()
    for (const role of roles) people.set(role, await signedInAs(node, role))
  })
  after(endServers)

  for (const role of roles) {
    it(`let a ${role} in where that role works, and nowhere else`, async () => {
      const person = people.get(role)
      const token = tokenIn((await person?.get('/host/account'))?.text ?? '')
      for (const [path, allowed] of addresses) {
        const read = await person?.get(path)
        const isIn = allowed.includes(role)
        expect(read?.status === 403, `${role} reads ${path}`).to.equal(!isIn)
        if (lists.includes(path)) continue
        const sent = await person?.send(path, { do: 'preview' }, token)
        expect(sent?.status === 403, `${role} sends to ${path}`).to.equal(!isIn)
      }
    })
  }

  it('send whoever is not signed in to the sign-in, and show the public record to everybody', async () => {
    const guest = visitor(node.origin)
    for (const [path] of addresses) expect((await guest.get(path)).url, path).to.equal('/login')
    for (const [path] of addresses.filter(([each]) => !lists.includes(each)))
      expect((await guest.send(path, { do: 'preview' })).url, path).to.equal('/login')
    expect((await guest.get('/moderation')).status).to.equal(200)
  })

  it('show each role only the steps it may take', async () => {
    const steps = async (role: Role) => {
      const { text = '' } = (await people.get(role)?.get(OPEN)) ?? {}
      return [...text.matchAll(/\/steps\/(\w+)/g)].map(([, name]) => name)
    }
    expect(await steps('host')).to.deep.equal(['revise', 'agree', 'withdraw'])
    expect(await steps('editor')).to.deep.equal(['revise', 'agree'])
    expect(await steps('rapporteur')).to.deep.equal([])
  })

  it('want the token of the sign-in with every form', async () => {
    for (const [path] of addresses.filter(([each]) => !lists.includes(each)))
      expect((await people.get('host')?.send(path, {}))?.status, path).to.equal(403)
  })
})
