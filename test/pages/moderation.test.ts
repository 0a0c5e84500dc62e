/** Contributions: held, shown, refused, removed, reported, answered by the drafters; and the public record of it. */
import { expect } from 'chai'
import type { Contribution, Item } from '../../content/model.ts'
import { act } from '../../content/moderation.ts'
import { contribute } from '../../content/discussions.ts'
import { contributionId, groupId, outcomeId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { filledNode } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { fromElsewhere, signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const PATH = '/host/contributions'
const SLUG = 'data-for-fishing-communities'
const ANSWERS = `/host/outcomes/${SLUG}/contributions`

describe('moderating', () => {
  let node: TestServer
  let boss: Visitor
  let outcome: Item
  const reader = () => visitor(node.origin)

  before(async () => {
    node = await filledNode('coast', testClock())
    boss = await signedIn(node)
    outcome = (await node.site.store.get('items', outcomeId(node, SLUG))) as Item
  })
  after(endServers)

  const held = (name: string, changes: Partial<Contribution> = {}) =>
    fromElsewhere(node.site, name, outcome, changes)
  const item = async (id: string) => (await node.site.store.get('items', id)) as Contribution
  const lastTold = async () => {
    const last = await node.site.store.last('public')
    return (await node.site.store.log('public', last - 1, 1))[0]
  }

  async function send(path: string, fields: Record<string, string>) {
    return boss.send(path, fields, tokenIn((await boss.get('/host/account')).text))
  }

  it('shows what is held with why, and what was shown stands on the page and is announced', async () => {
    const id = await held('ines')
    const { text } = await boss.get(PATH)
    expect(text).to.include('Words of ines').and.include('@ines@social.example')
    expect(text).to.include('The first contribution of somebody new waits to be read.')
    expect(text).to.include(`href="/outcomes/${SLUG}"`)
    expect((await reader().get(`/outcomes/${SLUG}`)).text).not.to.include('Words of ines')
    const done = await send(PATH, { do: 'shown', id, view: 'held' })
    expect(done.text).to.include('It is shown').and.not.include('Words of ines')
    expect((await reader().get(`/outcomes/${SLUG}`)).text).to.include('Words of ines')
    expect(await lastTold()).to.include({ verb: 'Announce', item: id })
  })

  it('refuses only with a reason, which everybody can read without the words or the name', async () => {
    const id = await held('spammer')
    const unsaid = await send(PATH, { do: 'refused', id, view: 'held', reason: ' ' })
    expect(unsaid.status).to.equal(400)
    expect(unsaid.text).to.match(/<details class="folded" open>/)
    await send(PATH, { do: 'refused', id, view: 'held', reason: 'It advertises a shop' })
    const { text } = await reader().get('/moderation')
    expect(text).to.include('It advertises a shop').and.include('social.example')
    expect(text).to.match(/sha-256:[0-9a-f]{64}/)
    expect(text).not.to.include('spammer')
    const late = await send(PATH, { do: 'shown', id, view: 'refused' })
    expect(late.status).to.equal(200)
    expect((await reader().get('/moderation')).text).to.include('shown later')
  })

  it('removes what was shown for good, and takes the announcement back', async () => {
    const id = await held('rude', { visibility: 'shown' })
    await send(PATH, { do: 'removed', id, view: 'shown', reason: 'It insults somebody' })
    expect(await item(id)).to.include({ visibility: 'removed', text: '' })
    expect(await lastTold()).to.include({ verb: 'Undo', item: id })
    expect((await send(PATH, { do: 'shown', id, view: 'shown' })).status).to.equal(409)
    const { text } = await reader().get('/moderation')
    expect(text).to.include('It insults somebody').and.not.include('Words of rude')
  })

  it('deletes a removed contribution of this server everywhere, in its author’s name', async () => {
    const [person] = await node.site.store.find('people', { limit: 1 })
    const id = contributionId(node, 'ours')
    const author = { id: String(person?.id), name: 'Ours', handle: 'ours@here' }
    const under = { about: outcome.id, inReplyTo: outcome.id, initiative: groupId(node) }
    const by = { actor: groupId(node), at: node.site.now(), open: true }
    const said = contribute(id, { text: 'Ours', language: 'en' }, under, author, by)
    await record(node.site, said)
    await send(PATH, { do: 'removed', id, view: 'shown', reason: 'Asked for by its author' })
    expect(await lastTold()).to.include({ verb: 'Delete', item: id, actor: person?.id })
  })

  it('shows reports until somebody has looked at them, and again when new ones come', async () => {
    const id = await held('odd', { visibility: 'shown' })
    const report = async (by: string) => {
      const reported = act(
        `https://far.example/${by}`,
        'reported',
        id,
        node.site.now(),
        `${by} <b>`,
      )
      await node.site.store.commit({ put: { acts: [reported] } })
    }
    await report('first')
    const view = `${PATH}?view=reported`
    expect((await boss.get(view)).text)
      .to.include('first &lt;b&gt;')
      .and.include('Words of odd')
    await send(PATH, { do: 'settle', id, view: 'reported' })
    expect((await boss.get(view)).text).to.include('Nothing is reported')
    await report('second')
    const { text } = await boss.get(view)
    expect(text).to.include('second').and.not.include('first')
    await send(PATH, { do: 'removed', id, view: 'reported', reason: 'Rightly reported' })
    expect((await boss.get(view)).text).to.include('Nothing is reported')
  })

  it('does nothing with what is not there, not in its own threads, or not a decision', async () => {
    const other = await held('far', { initiative: 'https://other.example/actor' })
    for (const id of [other, 'https://social.example/posts/nobody', outcome.id, '', 'x'])
      expect((await send(PATH, { do: 'shown', id })).status, id).to.equal(404)
    expect((await send(PATH, { do: 'dance', id: other })).status).to.equal(400)
    expect((await item(other)).visibility).to.equal('held')
  })

  it('answers a contribution for all to read, and tells it as a reply of the initiative', async () => {
    const id = await held('drafted', { visibility: 'shown' })
    expect((await send(ANSWERS, { id, kind: '' })).text).to.include('kind-error')
    const unsaid = await send(ANSWERS, { id, kind: 'rejected', reason: '' })
    expect(unsaid.status).to.equal(400)
    expect(unsaid.text).to.match(/value="rejected" checked/)
    await send(ANSWERS, { id, kind: 'partly', reason: 'Only the *zebra* half' })
    const { text } = await reader().get(`/outcomes/${SLUG}`)
    expect(text).to.include('Partly accepted by the drafters.')
    expect(text.split('zebra').length, 'shown once').to.equal(2)
    const entry = await lastTold()
    expect(entry).to.include({ verb: 'Create', actor: groupId(node) })
    const { object } = JSON.parse(entry?.wire ?? '{}') as { object: Record<string, unknown> }
    expect(object).to.include({
      type: 'Note',
      inReplyTo: id,
      attributedTo: groupId(node),
      disposition: 'partly',
      reason: 'Only the *zebra* half',
    })
    const headers = { accept: 'application/activity+json' }
    const served = await fetch(String(object.id), { headers })
    expect(await served.json()).to.include({ disposition: 'partly' })
    await send(ANSWERS, { id, kind: 'accepted', reason: '' })
    expect((await lastTold())?.verb).to.equal('Update')
    expect((await item(id)).disposition?.kind).to.equal('accepted')
    const [said] = await node.site.store.find('acts', { where: { item: id }, limit: 1 })
    expect(said?.verb).to.equal('disposed_accepted')
  })

  it('puts contributions in the order of the messages they are about', async () => {
    const draft = await node.site.store.get('drafts', outcome.id)
    const [first, , third] = draft?.statements ?? []
    const on = (key = '') => ({
      message: `${outcome.id}/messages/${key}`,
      visibility: 'shown' as const,
    })
    await held('to-third', on(third?.key))
    await held('to-first', on(first?.key))
    await held('to-old', on('m-gone'))
    const { text } = await boss.get(ANSWERS)
    const places = ['on-whole', 'to-first', 'to-third', 'to-old'].map((name) => text.indexOf(name))
    expect(places.slice(1)).to.deep.equal(places.slice(1).toSorted((a, b) => a - b))
    expect(text).to.include('On messages that no longer stand')
  })
})
