/** What other servers were seen to do, kept to by what we send: each line is an accident that happened to somebody. */
import { expect } from 'chai'
import { groupId, serverId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import {
  activity,
  endHostiles,
  type Hostile,
  hostileServer,
  type Json,
  send,
} from '../help/hostile.ts'
import { answerFrom, publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'

const ACTIVITY = { headers: { accept: 'application/activity+json' } }

describe('other servers', () => {
  let node: TestServer

  before(async () => {
    node = await filledNode()
  })
  after(async () => {
    await endHostiles()
    await endServers()
  })

  const textOf = async (id: string) => (await fetch(id, ACTIVITY)).text()
  const documentOf = async (id: string) => JSON.parse(await textOf(id)) as Json
  const follows = async (far: Hostile, name: string) => {
    const by = far.actor(name)
    const ask = () =>
      send(by, `${node.origin}/inbox`, activity(by, 'Follow', groupId(node.site)), {
        at: node.site.now(),
      })
    expect((await ask()).status).to.equal(202)
    await until(async () => far.delivered('Accept').length === 1)
    return ask
  }
  const schemes = (far: Hostile) =>
    far.heard
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => (headers['signature-input'] ? 'rfc9421' : 'cavage'))

  it('cut ids at a question mark (snac): no id or key of ours has one', async () => {
    const { size } = await node.site.store.head()
    const log = await node.site.store.log('public', 0, size)
    const actors = [groupId(node.site), serverId(node.site)]
    const texts = [...log.map(({ wire }) => wire), ...(await Promise.all(actors.map(textOf)))]
    for (const text of texts) {
      const ids = [
        ...text.matchAll(
          /"(?:id|actor|object|owner|attributedTo|inReplyTo|verificationMethod)":"([^"]*)"/g,
        ),
      ]
      expect(ids.length).to.be.above(0)
      for (const [, id] of ids) expect(id).not.to.include('?')
    }
  })

  it('answer no GET without a signature (GoToSocial): each of ours is by the server itself', async () => {
    const far = await hostileServer()
    await follows(far, 'gus')
    const asked = far.heard.filter(({ method }) => method === 'GET')
    expect(asked.length).to.be.above(0)
    for (const { headers } of asked)
      expect(headers.signature).to.include(`keyId="${serverId(node.site)}#main-key"`)
  })

  it('take 202 for an answer and drop RFC 9421 (snac): the first knock is draft-cavage', async () => {
    const far = await hostileServer()
    await follows(far, 'sam')
    await publish(node.site, 'first-knock', '- Knock.')
    await until(async () => far.delivered('Create').length === 1)
    expect(schemes(far)).to.deep.equal(['cavage', 'cavage'])
  })

  for (const status of [400, 401]) {
    it(`let one scheme in and answer ${status} to the other: the second knock is the other, and remembered`, async () => {
      const far = await hostileServer()
      far.serve('/inbox', ({ headers }) => ({ status: headers['signature-input'] ? 202 : status }))
      const by = far.actor('nora')
      const asked = activity(by, 'Follow', groupId(node.site))
      await send(by, `${node.origin}/inbox`, asked, { at: node.site.now() })
      await until(async () => far.delivered('Accept').length === 2)
      const outcome = await publish(node.site, `second-knock-${status}`, '- Knock.')
      await until(async () => far.delivered('Create').length === 1)
      expect(far.delivered('Create')[0]?.object).to.include({ id: outcome })
      expect(schemes(far)).to.deep.equal(['cavage', 'rfc9421', 'rfc9421'])
    })
  }

  it('keep an actor for a day (WordPress): nobody sees one of ours without its keys', async () => {
    const fresh = await foundedServer('node')
    const [person] = await fresh.site.store.find('people', { limit: 1 })
    for (const id of [groupId(fresh.site), serverId(fresh.site), person?.id ?? '']) {
      const { publicKey, assertionMethod } = await documentOf(id)
      expect((publicKey as Json | undefined)?.owner, id).to.equal(id)
      expect(assertionMethod, id).to.have.lengthOf(1)
    }
  })

  it('lose an Accept (WordPress): a repeated Follow gets a new one', async () => {
    const far = await hostileServer()
    const again = await follows(far, 'wim')
    await again()
    await until(async () => far.delivered('Accept').length === 2)
    expect(new Set(far.delivered('Accept').map(({ id }) => id))).to.have.lengthOf(2)
  })

  it('discard what names a group elsewhere as audience (NodeBB): nothing of ours has one', async () => {
    const far = await hostileServer()
    const group = far.actor('guild', { type: 'Group' })
    await follow(node.site, group.id)
    const about = { id: `${far.origin}/topic`, initiative: group.id }
    await answerFrom(node.site, 'ours', about, 'We agree.')
    await until(async () => far.delivered('Create').length === 1)
    const [reply] = far.delivered('Create')
    expect((reply?.object as Json).inReplyTo).to.equal(about.id)
    expect(JSON.stringify(reply)).not.to.include('"audience"')
  })

  it('show only the content of an Event (GoToSocial): date and place stand in it', async () => {
    for (const type of ['meeting', 'session']) {
      const [item] = await node.site.store.find('items', { where: { type }, limit: 1 })
      const { content, startTime, location } = await documentOf(item?.id ?? '')
      expect(content).to.include(String(startTime).slice(0, 10))
      expect(content).to.include((location as Json).name)
    }
  })
})
