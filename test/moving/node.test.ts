/** A server that has moved, once, twice and back: who follows it where, what is delivered at its former addresses, and who else moves. */
import { expect } from 'chai'
import type { Item } from '../../content/model.ts'
import { groupId } from '../../federation/addresses.ts'
import { follow } from '../../federation/follow.ts'
import { movesSoFar, moveTo, sayAgain } from '../../federation/moving.ts'
import type { Site } from '../../federation/site.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { endFronts, type Front, front } from '../help/fronts.ts'
import {
  activity,
  endHostiles,
  type Foreigner,
  type Hostile,
  hostileServer,
  type Json,
  note,
  send,
} from '../help/hostile.ts'
import { answerFrom, discuss, publish } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

describe('a server that has moved', () => {
  let names: Front[]
  let node: TestServer
  let friend: TestServer
  let far: Hostile
  let ana: Foreigner
  let talk: string

  const [first, second, third] = [0, 1, 2].map((at) => () => names[at]?.origin ?? '')
  const group = (of: (() => string) | undefined) => groupId({ origin: of?.() ?? '' })
  const tell = (by: Foreigner, json: Json, at = first?.() ?? '', scheme?: 'rfc9421') =>
    send(by, `${at}/inbox`, json, {
      at: new Date().toISOString(),
      ...(scheme ? { scheme } : {}),
    })
  const follower = (by: Foreigner, of: string) => node.site.store.get('followers', `${by.id} ${of}`)
  const follows = async ({ store }: Site, id: string) =>
    (await store.get('following', id))?.state === 'accepted'
  const heard = (type: string, of: (each: Json) => boolean = () => true) =>
    until(async () => far.delivered(type).find(of))

  before(async () => {
    names = await Promise.all([front(), front(), front()])
    node = await filledNode('coast', undefined, { origin: first?.() ?? '' })
    for (const each of names) each.leadTo(node.port)
    friend = await foundedServer('aggregator')
    far = await hostileServer()
    ana = far.actor('ana')
    talk = await discuss(node.site, 'talk', 'What now?')
    const here = (await node.site.store.get('items', talk)) as Item
    await answerFrom(node.site, 'amira', here, 'I was here before.')
    await follow(friend.site, first?.() ?? '')
    await until(() => follows(friend.site, group(first)))
    await tell(ana, activity(ana, 'Follow', group(first)))
    await until(() => follower(ana, group(first)))
    await moveTo(node.site, second?.() ?? '', 'test')
  })
  after(async () => {
    await endServers()
    await endFronts()
    await endHostiles()
  })

  it('tells followers of other software by a Move of the old actor, with a key that they know', async () => {
    const move = await heard('Move')
    const of = { actor: group(first), object: group(first), target: group(second) }
    expect(move).to.include(of)
    const delivery = far.heard.find(({ body }) => body.includes('"Move"'))
    expect(String(delivery?.headers.signature)).to.include(`keyId="${group(first)}#main-key"`)
  })

  it('knows who has come along: a Follow of the new address ends the one of the old', async () => {
    expect((await movesSoFar(node.site)).left[0]).to.include({ before: 2 })
    await tell(ana, activity(ana, 'Follow', group(second)), second?.())
    await until(() => follower(ana, group(second)))
    expect(await follower(ana, group(first))).to.equal(undefined)
    await tell(ana, activity(ana, 'Undo', activity(ana, 'Follow', group(first))))
    await tell(ana, activity(ana, 'Like', talk))
    await until(async () => (await movesSoFar(node.site)).left[0]?.left === 0)
    expect(await follower(ana, group(second))).not.to.equal(undefined)
    const id = await publish(node.site, 'for-ana', '- Once.')
    await heard('Create', ({ object }) => (object as Json).id === id)
    const copies = far.delivered('Create').filter(({ object }) => (object as Json).id === id)
    expect(copies.map(({ actor }) => actor)).to.deep.equal([group(second)])
  })

  it('refuses to say it again when everybody has come along, and says it to who has not', async () => {
    const refusal = await sayAgain(node.site, 'test').catch((error: Error) => error)
    expect(Reflect.get(Object(refusal), 'sentence')).to.equal('move.nobody_left')
    const late = far.actor('late')
    await tell(late, activity(late, 'Follow', group(first)))
    const accepted = await heard('Accept', ({ object }) => (object as Json).actor === late.id)
    expect(accepted).to.include({ actor: group(first) })
    const before = far.delivered('Move').length
    await sayAgain(node.site, 'test')
    await until(async () => far.delivered('Move').length > before)
    await tell(late, activity(late, 'Undo', activity(late, 'Follow', group(first))))
    await until(async () => !(await follower(late, group(first))))
  })

  it('takes answers at its former address, by either signature scheme', async () => {
    for (const scheme of [undefined, 'rfc9421'] as const) {
      const said = note(ana, talk, `Onward, ${scheme ?? 'cavage'}.`)
      expect((await tell(ana, activity(ana, 'Create', said), first?.(), scheme)).status).to.equal(
        202,
      )
      await until(() => node.site.store.get('items', said.id))
    }
  })

  it('lets people with an account from before speak under the new name, which says who they were', async () => {
    const about = (await node.site.store.get('items', talk)) as Item
    const id = await answerFrom(node.site, 'amira', about, 'I go on here.')
    const [older, newer] = [first, second].map((of) => `${of?.()}/people/amira`)
    expect(await node.site.store.get('items', id)).to.include({ author: newer })
    const actor = async (at: string | undefined) => {
      const answer = await fetch(String(at), { headers: { accept: 'application/activity+json' } })
      return (await answer.json()) as Json
    }
    expect(await actor(newer)).to.deep.include({ id: newer, alsoKnownAs: [older] })
    expect(await actor(older)).to.include({ id: older, movedTo: newer })
    const page = (await visitor(second?.() ?? '').get('/people/amira')).text
    for (const each of ['I was here before.', 'I go on here.']) expect(page).to.include(each)
    const create = await heard('Announce', ({ object }) => object === id)
    expect(create.actor).to.equal(group(second))
    await until(async () => (await friend.site.store.get('items', id))?.visibility === 'shown')
  })

  it('keeps somebody who follows it and moves elsewhere until they say otherwise', async () => {
    const fresh = far.actor('fresh', { alsoKnownAs: [ana.id] })
    const move = activity(ana, 'Move', ana.id, { target: fresh.id })
    await tell(ana, move, second?.())
    const line = () => node.site.store.get('journal', `${ana.id} ${String(move.id)}`)
    await until(async () => (await line())?.state === 'ignored')
    expect(await follower(ana, group(second))).not.to.equal(undefined)
    await tell(fresh, activity(fresh, 'Follow', group(second)), second?.())
    await until(() => follower(fresh, group(second)))
    await tell(ana, activity(ana, 'Undo', activity(ana, 'Follow', group(second))), second?.())
    await until(async () => !(await follower(ana, group(second))))
    expect(await follower(fresh, group(second))).not.to.equal(undefined)
  })

  it('moves a second time: both former addresses say where it is now', async () => {
    await until(() => follows(friend.site, group(second)))
    await moveTo(node.site, third?.() ?? '', 'test')
    await until(() => follows(friend.site, group(third)))
    for (const each of [first, second]) {
      const answer = await fetch(group(each), { headers: { accept: 'application/activity+json' } })
      expect(((await answer.json()) as Json).movedTo).to.equal(group(third))
      const page = await fetch(`${each?.()}/discussions/talk`, { redirect: 'manual' })
      expect(page.headers.get('location')).to.equal(`${third?.()}/discussions/talk`)
    }
    const moves = await friend.site.store.find('moves', {})
    expect(moves.map(({ to }) => to)).to.deep.equal([group(third), group(third)])
    await complete()
  })

  it('moves back: the old address is the present one again, and everything is still there once', async () => {
    await moveTo(node.site, first?.() ?? '', 'test')
    expect(node.site.origin).to.equal(first?.())
    await until(() => follows(friend.site, group(first)))
    await publish(node.site, 'home', '- Home again.')
    await complete()
    const items = await friend.site.store.find('items', { where: { initiative: group(third) } })
    expect(items).to.deep.equal([])
  })

  /** The friend has read all of the log where the server is now, and holds what is shown, once. */
  async function complete(): Promise<void> {
    const id = groupId(node.site)
    await until(async () => {
      const { size } = await node.site.store.head()
      const pull = await friend.site.store.get('pulls', id)
      if (pull && pull.after < size) friend.site.wake('sync')
      return pull?.standing === 'consistent' && pull.after >= size - 1
    })
    expect(await friend.site.store.get('pulls', id)).to.include({ refused: 0 })
    await until(async () => {
      const ids = async ({ store }: Site) => {
        const where = { initiative: id, visibility: 'shown', type: ['outcome', 'discussion'] }
        return (await store.find('items', { where, limit: 1000 })).map((each) => each.id).sort()
      }
      const [mine, theirs] = await Promise.all([ids(node.site), ids(friend.site)])
      return mine.join() === theirs.join()
    })
  }
})
