/** Real nodes and an aggregator over real HTTP: what is published arrives, verified, in order and once. */
import { expect } from 'chai'
import type { Item, Outcome, Version } from '../../content/model.ts'
import { groupId, versionId } from '../../federation/addresses.ts'
import { findActor } from '../../federation/discovery.ts'
import { applyTo, answerApplication, follow, unfollow } from '../../federation/follow.ts'
import { applyJournal } from '../../federation/journal.ts'
import { record } from '../../federation/record.ts'
import { receive } from '../../federation/receive.ts'
import type { Site } from '../../federation/site.ts'
import { filledNode, foundedServer } from '../help/community.ts'
import { type Hostile, activity, endHostiles, hostileServer, note, send } from '../help/hostile.ts'
import { answerFrom, correct, decided, discuss, publish, withdraw } from '../help/publishing.ts'
import { endServers, type TestServer, until } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const itemAt = async ({ store }: Site, id: string) => store.get('items', id)
const countOf = ({ store }: Site, type: Item['type'], initiative: string) =>
  store.count('items', { where: { type, initiative } })

describe('the network', () => {
  let node: TestServer
  let other: TestServer
  let river: TestServer
  let peer: Hostile
  let coast: string

  before(async () => {
    node = await filledNode('coast')
    other = await filledNode('valley')
    river = await foundedServer('aggregator')
    peer = await hostileServer()
    coast = groupId(node.site)
  })
  after(async () => {
    await endHostiles()
    await endServers()
  })

  const arrived = (id: string, version: number) =>
    until(async () => {
      const held = await river.site.store.get('versions', versionId(id, version))
      return held?.verification.result === 'verified' && held
    })
  const inbox = () => `${node.origin}/inbox`
  const deliver = (by: Parameters<typeof send>[0], json: Parameters<typeof send>[2]) =>
    send(by, inbox(), json, { at: new Date().toISOString() })

  it('a Follow is accepted, and the whole history comes by pull', async () => {
    await follow(river.site, node.origin)
    await until(async () => (await river.site.store.get('following', coast))?.state === 'accepted')
    const pull = await until(async () => {
      const held = await river.site.store.get('pulls', coast)
      return held?.standing === 'consistent' && held
    })
    const { size, root } = await node.site.store.head()
    expect(pull).to.include({ size, root, after: size, held: size, refused: 0 })
    for (const type of ['outcome', 'message', 'discussion', 'meeting', 'session'] as const) {
      const here = await countOf(node.site, type, coast)
      expect(here, type).to.be.above(0)
      expect(await countOf(river.site, type, coast), type).to.equal(here)
    }
  })

  it('a new outcome arrives by push, is verified, and re-served word for word', async () => {
    const id = await publish(node.site, 'fresh', '- Rivers belong to all.')
    const held = await arrived(id, 1)
    expect(held.wire).to.equal((await node.site.store.get('versions', held.id))?.wire)
    expect((await itemAt(river.site, id)) as Outcome).to.include({ verified: true, local: false })
  })

  it('a correction, a withdrawal, a rewritten discussion and a deletion arrive', async () => {
    const id = await publish(node.site, 'changing', '- First words.')
    const talk = await discuss(node.site, 'talk', 'What now?')
    await correct(node.site, id, '- Second words.')
    await discuss(node.site, 'talk', 'What then?')
    expect((await arrived(id, 2)).previous).to.equal((await arrived(id, 1)).digest)
    await until(async () => textOf(await itemAt(river.site, talk)).includes('What then?'))
    await withdraw(node.site, id)
    const end = await arrived(id, 3)
    expect(end).to.include({ state: 'withdrawn', reason: 'it was wrong' })
    const there = await node.site.store.get('versions', end.id)
    expect(end.digest).to.equal(there?.digest)
    await record(node.site, gone(node.site, talk))
    await until(async () => (await itemAt(river.site, talk))?.visibility === 'removed')
  })

  it('what comes both by push and by pull is there once', async () => {
    const id = await publish(node.site, 'twice', '- Once only.')
    await arrived(id, 1)
    const entry = (await node.site.store.log('public', 0, 1000)).find(({ item }) => item === id)
    const json = JSON.parse(entry?.wire ?? '') as Record<string, unknown>
    const seq = entry?.seq ?? 0
    await receive(river.site, json, { actor: coast, seq, place: { seq, entry: json } })
    await receive(river.site, json, { actor: coast })
    const versions = await river.site.store.find('versions', { where: { outcome: id } })
    expect(versions.map(({ seq }) => seq)).to.deep.equal([entry?.seq])
  })

  it('versions that come out of order end in the same state', async () => {
    const id = await publish(node.site, 'disorder', '- One.')
    await correct(node.site, id, '- Two.')
    await correct(node.site, id, '- Three.')
    await withdraw(node.site, id)
    const late = await foundedServer('aggregator')
    const { site } = late
    const actor = await findActor(site, coast)
    const at = site.now()
    const state = { state: 'accepted', peer: node.origin, askedAt: at, tries: 1 } as const
    const following = {
      id: actor.id,
      activity: `${late.origin}/activities/1`,
      retryAt: at,
      ...state,
    }
    await site.store.commit({ put: { following: [following] } })
    const entries = (await node.site.store.log('public', 0, 1000)).filter(({ item }) => item === id)
    for (const at of [1, 3, 0, 2]) {
      await receive(site, JSON.parse(entries[at]?.wire ?? '') as Record<string, unknown>, {
        actor: coast,
      })
    }
    const held = await site.store.find('versions', { where: { outcome: id }, order: 'oldest' })
    const here = await node.site.store.find('versions', { where: { outcome: id }, order: 'oldest' })
    expect(byNumber(held)).to.deep.equal(byNumber(here))
    expect((await itemAt(site, id)) as Outcome).to.include({ state: 'withdrawn', version: 4 })
    await late.close()
  })

  it('a contribution from another server is held, approved, announced, and reaches the aggregator', async () => {
    const talk = await discuss(node.site, 'open-talk', 'Who pays?')
    await until(async () => itemAt(river.site, talk))
    const target = await itemAt(node.site, talk)
    await findActor(other.site, coast)
    const id = await answerFrom(other.site, 'aigerim', target as Item, 'All of us *together*.')
    await until(async () => (await itemAt(node.site, id))?.visibility === 'held')
    const { get } = visitor(node.origin)
    expect((await get('/discussions/open-talk')).text).not.to.include('All of us')
    await decided(node.site, id, 'shown')
    expect((await get('/discussions/open-talk')).text).to.include('All of us <em>together</em>')
    await until(async () => (await itemAt(river.site, id))?.visibility === 'shown')
    await decided(node.site, id, 'removed')
    await until(async () => (await itemAt(river.site, id))?.visibility === 'removed')
    expect(textOf(await itemAt(river.site, id))).to.equal('')
  })

  it('an answer from the fediverse stands on the page of the message it answers', async () => {
    const [message] = await node.site.store.find('items', {
      where: { type: 'message', initiative: coast },
      limit: 1,
    })
    const ana = peer.actor('ana')
    const said = note(ana, String(message?.id), '<p>I <b>agree</b> with this.</p>')
    expect((await deliver(ana, activity(ana, 'Create', said))).status).to.equal(202)
    await until(async () => itemAt(node.site, said.id))
    await decided(node.site, said.id, 'shown')
    const { pathname } = new URL(String(message?.id))
    expect((await visitor(node.origin).get(pathname)).text).to.include('<b>agree</b>')
    const edited = { ...said, content: '<p>I doubt it.</p>', updated: new Date().toISOString() }
    await deliver(ana, activity(ana, 'Update', edited))
    await until(async () => textOf(await itemAt(node.site, said.id)) === 'I doubt it.')
    await deliver(ana, activity(ana, 'Delete', { id: said.id, type: 'Tombstone' }))
    await until(async () => (await itemAt(node.site, said.id))?.visibility === 'removed')
  })

  it('a delivery that is repeated changes nothing', async () => {
    const ben = peer.actor('ben')
    const said = note(ben, `${node.origin}/discussions/what-should-2027-be-about`, 'Schools.')
    const create = activity(ben, 'Create', said)
    for (const _ of [1, 2, 3]) expect((await deliver(ben, create)).status).to.equal(202)
    await applyJournal(node.site)
    const item = await until(async () => itemAt(node.site, said.id))
    expect(item.rev).to.equal(1)
    const line = await node.site.store.get('journal', `${ben.id} ${String(create.id)}`)
    expect(line).to.include({ state: 'done', body: '' })
  })

  it('followers at one server without a shared inbox each get everything in their own', async () => {
    const far = await hostileServer()
    const [cleo, dan] = ['cleo', 'dan'].map((name) => far.actor(name, { endpoints: undefined }))
    if (!cleo || !dan) return
    for (const each of [cleo, dan]) await deliver(each, activity(each, 'Follow', coast))
    await until(async () => far.delivered('Accept').length === 2)
    const accepted = far.heard.filter(({ body }) => body.includes('"type":"Accept"'))
    expect(accepted.map(({ url }) => url)).to.have.members(
      ['cleo', 'dan'].map((name) => `/users/${name}/inbox`),
    )
    const id = await publish(node.site, 'for-both', '- For both.')
    const got = () => far.heard.filter(({ body }) => body.includes(`"id":"${id}"`))
    await until(async () => got().length === 2)
    expect(got().map(({ url }) => url)).to.have.members(
      ['cleo', 'dan'].map((name) => `/users/${name}/inbox`),
    )
    await deliver(cleo, activity(cleo, 'Undo', activity(cleo, 'Follow', coast)))
    await until(async () => !(await node.site.store.get('followers', `${cleo.id} ${coast}`)))
    const next = await publish(node.site, 'for-one', '- For one.')
    const said = () => far.heard.filter(({ body }) => body.includes(`"id":"${next}"`))
    await until(async () => said().length > 0)
    expect(said().map(({ url }) => url)).to.deep.equal(['/users/dan/inbox'])
  })

  it('when the last follower of a server leaves, delivery to it ends', async () => {
    const far = await hostileServer()
    const eve = far.actor('eve')
    await deliver(eve, activity(eve, 'Follow', coast))
    await until(async () => far.delivered('Accept').length === 1)
    await deliver(eve, activity(eve, 'Undo', activity(eve, 'Follow', coast)))
    await until(async () => (await node.site.store.get('cursors', far.origin))?.follows === false)
    await arrived(await publish(node.site, 'unheard', '- Not for everybody.'), 1)
    expect(far.delivered('Create')).to.deep.equal([])
  })

  it('an Undo of something else does not end a Follow', async () => {
    const fay = peer.actor('fay')
    await deliver(fay, activity(fay, 'Follow', coast))
    await until(async () => node.site.store.get('followers', `${fay.id} ${coast}`))
    const undo = activity(fay, 'Undo', `${fay.id}/likes/1`)
    await deliver(fay, undo)
    await until(async () => stateOf(node.site, fay.id, undo))
    expect(await node.site.store.get('followers', `${fay.id} ${coast}`)).not.to.equal(undefined)
  })

  it('an actor that deletes itself follows no more', async () => {
    const gil = peer.actor('gil')
    await deliver(gil, activity(gil, 'Follow', coast))
    await until(async () => node.site.store.get('followers', `${gil.id} ${coast}`))
    await deliver(gil, activity(gil, 'Delete', gil.id))
    await until(async () => !(await node.site.store.get('followers', `${gil.id} ${coast}`)))
  })

  it('Like and Block are taken note of by doing nothing, and so is what nobody knows', async () => {
    const hal = peer.actor('hal')
    const target = `${node.origin}/discussions/what-should-2027-be-about`
    const before = await itemAt(node.site, target)
    for (const [type, object] of [
      ['Like', target],
      ['Block', coast],
      ['EmojiReact', target],
      ['Travel', 'https://nowhere.example/'],
    ] as const) {
      const sent = activity(hal, type, object)
      expect((await deliver(hal, sent)).status, type).to.equal(202)
      expect(await until(async () => stateOf(node.site, hal.id, sent)), type).to.equal('ignored')
    }
    expect(await itemAt(node.site, target)).to.deep.equal(before)
  })

  it('an application is listed or declined, and the applicant is told', async () => {
    await applyTo(other.site, river.origin)
    const valley = groupId(other.site)
    const applied = () => river.site.store.get('registry', valley)
    await until(async () => (await applied())?.standing === 'applied')
    await answerApplication(river.site, valley, 'declined', 'Noor', 'not yet')
    await until(async () => told(river.site, valley, 'Reject'))
    expect(await river.site.store.get('following', valley)).to.equal(undefined)
    await applyTo(other.site, river.origin)
    await until(async () => (await applied())?.standing === 'applied')
    await answerApplication(river.site, valley, 'listed', 'Noor')
    await until(async () => told(river.site, valley, 'Accept'))
    await until(async () => (await river.site.store.get('following', valley))?.state === 'accepted')
    await until(async () => (await countOf(river.site, 'message', valley)) > 0)
  })

  it('a Move is followed when both ends say so, and only then', async () => {
    const far = await hostileServer()
    const fresh = far.actor('fresh', { type: 'Group' })
    const old = far.actor('old', { type: 'Group' })
    await follow(river.site, old.id)
    const move = (target: string) => activity(old, 'Move', old.id, { target })
    const first = move(fresh.id)
    const at = new Date().toISOString()
    await send(old, `${river.origin}/inbox`, first, { at })
    const state = await until(async () => stateOf(river.site, old.id, first))
    expect(state).to.equal('refused')
    expect(await river.site.store.get('following', fresh.id)).to.equal(undefined)
    expect(await river.site.store.get('following', old.id)).not.to.equal(undefined)
    far.serve('/users/fresh', { body: { ...fresh.document, alsoKnownAs: [old.id] } })
    await send(old, `${river.origin}/inbox`, move(fresh.id), { at })
    await until(async () => river.site.store.get('following', fresh.id))
    await until(async () => far.delivered('Follow').some(({ object }) => object === fresh.id))
    expect(await river.site.store.get('following', old.id)).to.equal(undefined)
  })

  it('unfollowing ends delivery, and what was received stays', async () => {
    await unfollow(river.site, coast)
    await until(async () => (await node.site.store.get('cursors', river.origin))?.follows === false)
    await publish(node.site, 'too-late', '- Nobody hears this.')
    expect(await countOf(river.site, 'outcome', coast)).to.be.above(3)
    expect(await itemAt(river.site, `${node.origin}/outcomes/too-late`)).to.equal(undefined)
  })
})

const gone = (site: Site, id: string) => ({
  tell: [{ verb: 'delete' as const, item: id, actor: groupId(site), at: site.now() }],
})

const textOf = (item: Item | undefined) => (item && 'text' in item ? item.text : '')

/** What matters of a version, by its number. */
const byNumber = (versions: Version[]) =>
  versions
    .map(({ version, digest, previous, state }) => ({ version, digest, previous, state }))
    .sort((a, b) => a.version - b.version)

/** What became of an activity, once it has been dealt with. */
async function stateOf({ store }: Site, actor: string, sent: { id?: unknown }) {
  const line = await store.get('journal', `${actor} ${String(sent.id)}`)
  return line && line.state !== 'waiting' && line.state
}

/** Whether a letter of this kind has been delivered to an actor. */
async function told({ store }: Site, actor: string, verb: string): Promise<boolean> {
  const letters = await store.log(`to:${new URL(actor).origin}`, 0, 100)
  const letter = letters.findLast((each) => each.verb === verb && each.item === actor)
  const where = { activity: letter?.id ?? '' }
  return (await store.count('receipts', { where })) === 1
}
