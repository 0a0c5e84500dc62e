/** Peers and receipts as a host sees and steers them, between real servers. */
import { expect } from 'chai'
import { writeDiscussion } from '../../content/discussions.ts'
import { discussionId, groupId } from '../../federation/addresses.ts'
import { answerApplication, follow } from '../../federation/follow.ts'
import { record } from '../../federation/record.ts'
import { foundedServer, host } from '../help/community.ts'
import { endServers, realClock, type TestServer, until } from '../help/servers.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

describe('peers and receipts', () => {
  let node: TestServer
  let river: TestServer
  let second: TestServer
  let guest: Visitor

  before(async () => {
    ;[node, river, second] = await Promise.all([
      foundedServer('node'),
      foundedServer('aggregator'),
      foundedServer('aggregator'),
    ])
    guest = await signedIn(node)
  })
  after(endServers)

  async function signedIn(server: TestServer): Promise<Visitor> {
    const one = visitor(server.origin)
    await one.send('/login', { email: host.email, password: host.password })
    return one
  }

  const peers = (fields: Record<string, string>) => guest.fill('/host/peers', '/host/peers', fields)
  const peerPath = (server: TestServer) =>
    `/host/peers/peer?id=${encodeURIComponent(server.origin)}`
  const onPeer = (name: string, server = river) =>
    guest.fill(peerPath(server), '/host/peers/peer', { id: server.origin, do: name })

  async function write(slug: string): Promise<string> {
    const id = discussionId(node.site, slug)
    const input = {
      language: 'en',
      title: { en: `On ${slug}` },
      text: 'What do you think?',
      tags: {},
    }
    const by = { by: 'Noor', actor: groupId(node.site), at: realClock.now() }
    await record(node.site, writeDiscussion(id, input, by))
    return id
  }

  const receipts = async (id: string) =>
    (await guest.get(`/host/receipts?item=${encodeURIComponent(id)}`)).text

  it('say what will be here while nobody is', async () => {
    expect((await guest.get('/host/peers')).text).to.include('There are no peers yet.')
    expect((await guest.get('/host/receipts')).text).to.include('Nothing has been published yet.')
    expect((await guest.get('/host')).text).to.include('Nothing waits for you.')
  })

  it('begin with an address; a wrong one comes back with what was wrong', async () => {
    for (const [address, sentence] of [
      ['', 'Please fill this in.'],
      ['not an address at all', 'is not an address'],
      ['http://127.0.0.1:1', 'could not be reached'],
      ['@nobody@127.0.0.1:1', 'could not be reached'],
    ]) {
      const { status, text } = await peers({ do: 'follow', follow: address ?? '' })
      expect(status, address).to.equal(400)
      expect(text, address).to.include(sentence)
    }
  })

  it('apply to an aggregator, and the answer of a person there is seen here', async () => {
    const { text } = await peers({ do: 'apply', apply: river.origin })
    expect(text).to.include('The application was sent.').and.include('no answer yet')
    await until(() => river.site.store.get('registry', groupId(node.site)))
    const front = await (await signedIn(river)).get('/host')
    expect(front.text).to.include('1 initiative asks to be listed')
    await answerApplication(river.site, groupId(node.site), 'listed', 'Noor')
    await until(async () => (await guest.get('/host/peers')).text.includes('listed since'))
    await peers({ do: 'apply', apply: second.origin })
    await until(() => second.site.store.get('registry', groupId(node.site)))
    await answerApplication(second.site, groupId(node.site), 'declined', 'Noor')
    await until(async () => (await guest.get('/host/peers')).text.includes('declined on'))
    expect((await guest.get('/host/trail')).text).to.include('Application declined')
  })

  it('take no answer to an application that was never sent', async () => {
    const before = await node.site.store.count('acts', {})
    const object = { id: `${node.origin}/activities/invented`, type: 'Join' }
    await record(second.site, {
      letters: [
        {
          to: groupId(node.site),
          type: 'Accept',
          actor: groupId(second.site),
          object,
          recipient: groupId(node.site),
        },
      ],
    })
    await until(
      async () => (await node.site.store.count('journal', { where: { state: 'ignored' } })) > 0,
    )
    expect(await node.site.store.count('acts', {})).to.equal(before)
  })

  it('shows of each thing that was published when it arrived, and with what answer', async () => {
    await until(async () => (await node.site.store.count('followers', {})) > 0)
    const id = await write('cables')
    await until(async () => (await receipts(id)).includes('answer 202'))
    const text = await receipts(id)
    expect(text).to.include('On cables').and.include('answer 202').and.include('1 try')
    expect(text).to.include(`<bdi>${new URL(river.origin).host}</bdi>`)
    const list = (await guest.get('/host/receipts')).text
    expect(list).to.include('On cables').and.include('Arrived at 1 of 1 server')
    expect((await guest.get(peerPath(river))).text).to.include('Everything has arrived.')
  })

  it('shows what has not arrived, since when and why, until it has', async () => {
    await river.close()
    const id = await write('schools')
    await until(async () => (await receipts(id)).includes('Next try'))
    const text = await receipts(id)
    expect(text).to.include('Waiting since').and.include('could not be reached (ECONNREFUSED)')
    expect((await guest.get('/host')).text).to.include('1 server cannot be reached')
    const failing = (await guest.get('/host/peers')).text
    expect(failing)
      .to.include('Need a look')
      .and.match(/Tried \d time/)
    expect((await guest.get(peerPath(river))).text).to.include('1 of 2 delivered')
    river = await river.restart()
    const { text: tried } = await onPeer('try')
    expect(tried).to.include('It is being tried now.')
    await until(async () => (await receipts(id)).includes('answer 202'))
    expect((await guest.get('/host')).text).to.include('Nothing waits for you.')
  })

  it('sends nothing to a blocked server and takes nothing from it, until it is let in again', async () => {
    const { text } = await onPeer('block')
    expect(text).to.include('Nothing is taken from there or sent there any more.')
    const id = await write('harbours')
    const follower = `${groupId(river.site)} ${groupId(node.site)}`
    const letter = {
      type: 'Undo',
      actor: groupId(river.site),
      object: { type: 'Follow', actor: groupId(river.site), object: groupId(node.site) },
    }
    await record(river.site, {
      letters: [{ ...letter, to: groupId(node.site), recipient: groupId(node.site) }],
    })
    await until(
      async () => (await river.site.store.get('cursors', node.origin))?.why === 'HTTP 403',
    )
    expect(await node.site.store.get('followers', follower)).not.to.equal(undefined)
    expect(await river.site.store.get('items', id)).to.equal(undefined)
    expect(await receipts(id)).to.include('It is blocked here')
    await onPeer('neutral')
    await until(async () => (await receipts(id)).includes('answer 202'))
    expect(await river.site.store.get('items', id)).not.to.equal(undefined)
    expect((await guest.get('/host/trail')).text).to.include('Server blocked')
  })

  it('reads the log of a blocked initiative only after it is let in, and then all of it', async () => {
    const away = await signedIn(second)
    await follow(second.site, node.origin)
    const there = groupId(node.site)
    await until(async () => (await second.site.store.get('following', there))?.state === 'accepted')
    await until(
      async () => (await second.site.store.get('pulls', there))?.standing === 'consistent',
    )
    const on = (name: string) =>
      away.fill(peerPath(node), '/host/peers/peer', { id: node.origin, do: name })
    await on('block')
    const id = await write('beacons')
    await on('try')
    const pulled = await second.site.store.get('pulls', there)
    expect(pulled?.refused).to.equal(0)
    await on('neutral')
    await until(() => second.site.store.get('items', id))
    const { text } = await away.get(peerPath(node))
    expect(text).to.include('our copy is the same as its own').and.include('Silver Coast')
    expect(text).to.include('What we follow there').and.include('Accepted on')
  })

  it('can be blocked before they ever came, trusted, and followed no more', async () => {
    const blocked = await peers({ do: 'block', block: 'https://Spam.example/some/page' })
    expect(blocked.text).to.include('<bdi>spam.example</bdi>').and.include('Blocked')
    expect((await onPeer('trust')).text).to.include('shown without waiting')
    expect((await node.site.store.get('peers', river.origin))?.standing).to.equal('trusted')
    await peers({ do: 'follow', follow: second.origin })
    const { text } = await guest.get(peerPath(second))
    expect(text).to.include('What we follow there')
    await onPeer('unfollow', second)
    expect((await guest.get(peerPath(second))).text).not.to.include('What we follow there')
  })
})
