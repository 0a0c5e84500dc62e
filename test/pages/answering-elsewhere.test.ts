/** Answering one node from an account on another, and from any other server of the fediverse. */
import { expect } from 'chai'
import type { Contribution } from '../../content/model.ts'
import { groupId } from '../../federation/addresses.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { activity, endHostiles, type Hostile, hostileServer, note, send } from '../help/hostile.ts'
import { decided, publish } from '../help/publishing.ts'
import { endServers, realClock, type TestServer, until } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const PATH = '/authorize_interaction'

describe('answering from elsewhere', () => {
  let home: TestServer
  let there: TestServer
  let far: Hostile
  let mona: Visitor
  let outcome: string
  let message: string

  before(async () => {
    home = await foundedServer()
    there = await filledNode('oases')
    far = await hostileServer()
    mona = await signedInAs(home, 'participant')
    outcome = await publish(there.site, 'wells', '1. Share the wells.\n2. Map them.')
    const where = { outcome, type: 'message' }
    const [found] = await there.site.store.find('items', { where, limit: 1 })
    message = String(found?.id)
  })
  after(endHostiles)
  after(endServers)

  const contributionAt = async (server: TestServer, by: string) => {
    const where = { type: 'contribution', author: by }
    const [found] = await server.site.store.find('items', { where, limit: 1 })
    return found as Contribution | undefined
  }

  it('leads from the page of a message to one’s own node, opens it there, and brings the answer back', async () => {
    const { pathname } = new URL(message)
    const handle = `@a-participant@${new URL(home.origin).host}`
    const guest = visitor(there.origin)
    expect((await guest.get(pathname)).text).to.include('#CivilSociety')
    const led = await guest.send('/interact', { uri: message, address: handle })
    const href = `${home.origin}${PATH}?uri=${encodeURIComponent(message)}`
    expect(led.text).to.include(`href="${href}"`)
    const unknown = await visitor(home.origin).get(`${PATH}?uri=${encodeURIComponent(message)}`)
    expect(unknown.url).to.equal('/login')
    const path = `${PATH}?uri=${encodeURIComponent(message)}`
    const opened = await mona.get(path)
    expect(opened.text).to.include(new URL(there.origin).host).and.include('wells')
    const empty = await mona.fill(path, PATH, { text: ' ' })
    expect(empty.status).to.equal(400)
    const sent = await mona.fill(path, PATH, {
      text: 'And *fence* them.',
      stakeholderGroup: 'civil_society',
      affiliation: 'Well Keepers',
    })
    expect(sent.status).to.equal(200)
    const author = `${home.origin}/people/a-participant`
    const held = await until(() => contributionAt(there, author))
    expect(held).to.include({
      visibility: 'held',
      message,
      about: outcome,
      version: 1,
      stakeholderGroup: 'civil_society',
      affiliation: 'Well Keepers',
    })
    await decided(there.site, held.id, 'shown')
    const shown = await guest.get(pathname)
    expect(shown.text).to.include('<em>fence</em>').and.include('Well Keepers')
  })

  it('refuses to open what is no address, not there, or not meant for everybody', async () => {
    const user = far.actor('quiet')
    const quiet = note(user, message, 'psst', { to: [`${user.id}/followers`], cc: [] })
    far.serve('/quiet', {
      headers: { 'content-type': 'application/activity+json' },
      body: {
        '@context': 'https://www.w3.org/ns/activitystreams',
        ...quiet,
        id: `${far.origin}/quiet`,
      },
    })
    for (const [uri, status] of [
      ['', 400],
      ['javascript:alert(1)', 400],
      ['file:///etc/passwd', 400],
      [`${far.origin}/nothing`, 404],
      [`${far.origin}/quiet`, 403],
    ] as const)
      expect((await mona.get(`${PATH}?uri=${encodeURIComponent(uri)}`)).status, uri).to.equal(
        status,
      )
  })

  it('lets a host follow an initiative with this initiative, and nobody else', async () => {
    const group = groupId(there)
    const path = `${PATH}?uri=${encodeURIComponent(group)}`
    expect((await mona.get(path)).text).not.to.include('Follow with this initiative')
    const forced = await mona.fill(path, PATH, { uri: group, do: 'follow' })
    expect(forced.status).to.equal(403)
    const boss = await signedIn(home)
    expect((await boss.get(path)).text).to.include('Follow with this initiative')
    await boss.fill(path, PATH, { uri: group, do: 'follow' })
    await until(async () => (await home.site.store.get('following', group))?.state === 'accepted')
  })

  it('reads a stakeholder group from a hashtag, and takes edits and deletions from the fediverse', async () => {
    const ana = far.actor('ana')
    const post = (type: string, object: Record<string, unknown>) =>
      send(ana, `${there.origin}/inbox`, activity(ana, type, object), {
        at: realClock.now(),
      })
    const tagged = (content: string, name: string, more = {}) =>
      note(ana, message, content, {
        id: `${far.origin}/posts/7`,
        tag: [{ type: 'Hashtag', name }],
        ...more,
      })
    await post('Create', tagged('<p>Yes</p>', '#civil_society'))
    const held = await until(() => contributionAt(there, ana.id))
    expect(held.stakeholderGroup).to.equal('civil_society')
    await decided(there.site, held.id, 'shown')
    const later = new Date(Date.parse(held.published) + 60_000).toISOString()
    await post('Update', tagged('<p>Yes, all of them</p>', '#Government', { updated: later }))
    const edited = await until(async () => {
      const now = await contributionAt(there, ana.id)
      return now?.text.includes('all of them') ? now : undefined
    })
    expect(edited).to.include({ stakeholderGroup: 'government', visibility: 'shown' })
    await post('Delete', { id: edited.id, type: 'Tombstone' })
    await until(async () => (await contributionAt(there, ana.id))?.visibility === 'removed')
  })
})
