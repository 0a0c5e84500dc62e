/** Inviting by link, and where one is signed in: what lets somebody in, and what no longer does. */
import { expect } from 'chai'
import { invite } from '../../server/invitations.ts'
import { addPerson, removePerson } from '../../server/people.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000
const ana = { name: 'Ana Lima', email: 'ana@demo.example', password: 'boats on the estuary' }

describe('invitations by link', () => {
  let node: TestServer
  let boss: Visitor
  const clock = testClock()

  before(async () => {
    node = await foundedServer('node', clock)
    boss = await signedIn(node)
  })
  after(endServers)

  async function linkFor(role: string, days = '14'): Promise<string> {
    const fields = { role, note: 'For Ana', days }
    const { text } = await boss.fill('/host/invitations', '/host/invitations', fields)
    return /\/invite\/[\w-]{27}/.exec(text)?.[0] ?? ''
  }

  const join = (link: string, fields = {}) =>
    visitor(node.origin).fill(link, link, { ...ana, ...fields })

  it('show the link once, keep its digest alone, and let in whoever opens it first', async () => {
    const link = await linkFor('editor')
    const token = link.slice('/invite/'.length)
    expect((await boss.get('/host/invitations')).text)
      .to.include('For Ana')
      .and.not.include(token)
    const [kept] = await node.site.store.find('invitations', {})
    expect(JSON.stringify(kept)).not.to.include(token)
    const guest = visitor(node.origin)
    const shown = await guest.get(link)
    expect(shown.text).to.include('You were invited to take this role').and.not.include('For Ana')
    expect(shown.headers.get('referrer-policy')).to.equal('strict-origin')
    expect(shown.headers.get('cache-control')).to.equal('no-store')
    const joined = await guest.fill(link, link, ana)
    expect(joined.url).to.equal('/host/account')
    expect(joined.text).to.include('Editor')
    const again = await join(link, { email: 'second@demo.example' })
    expect(again.status).to.equal(410)
    expect(again.text).to.include('has been used already')
    expect(await node.site.store.count('people', {})).to.equal(2)
    const { text } = await boss.get('/host/trail')
    expect(text).to.include('Invitation made for an editor').and.include('accepted')
  })

  it('come back filled when something is wrong, and are still good', async () => {
    const link = await linkFor('rapporteur')
    const wrong = await join(link, { name: 'Bo Reed', email: 'bo@demo.example', password: 'short' })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('value="Bo Reed"')
    const right = await join(link, { name: 'Bo Reed', email: 'bo@demo.example' })
    expect(right.url).to.equal('/host/account')
  })

  it('say that they are over, withdrawn or unknown, and change nothing', async () => {
    const before = await node.site.store.count('people', {})
    const [old, gone] = [await linkFor('editor', '1'), await linkFor('moderator')]
    const open = await node.site.store.find('invitations', { where: { state: 'open' } })
    const moderator = open.find(({ role }) => role === 'moderator')
    const { text: page } = await boss.get('/host/invitations')
    const token = /name="_token" value="([^"]*)"/.exec(page)?.[1] ?? ''
    const withdrawing = { do: 'withdraw', invitation: String(moderator?.id) }
    expect((await boss.send('/host/invitations', withdrawing, token)).status).to.equal(200)
    clock.forward(DAY_MS)
    boss = await signedIn(node)
    for (const [link, said] of [
      [old, 'is over'],
      [gone, 'was withdrawn'],
      ['/invite/AAAAAAAAAAAAAAAAAAAAAAAAAAA', 'no invitation at this address'],
    ] as const) {
      expect((await visitor(node.origin).get(link)).text).to.include(said)
      const sent = await visitor(node.origin).send(link, { ...ana, email: 'late@demo.example' })
      expect(sent.text).to.include(said)
    }
    expect(await node.site.store.count('people', {})).to.equal(before)
  })

  it('are no longer good when whoever made them may not invite any more', async () => {
    const fields = {
      name: 'Second Host',
      email: 'second-host@demo.example',
      password: ana.password,
    }
    const other = await addPerson(node.site, { ...fields, role: 'host', language: 'en' })
    const { token } = await invite(node.site, { role: 'host' }, other)
    await removePerson(node.site, other, 'setup')
    expect((await visitor(node.origin).get(`/invite/${token}`)).status).to.equal(410)
  })

  it('are made by hosts alone', async () => {
    const editor = await signedInAs(node, 'editor')
    expect((await editor.get('/host/invitations')).status).to.equal(403)
  })
})
