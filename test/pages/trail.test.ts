/** The trail of a contribution: to the version it changed, the message as it stands, and what cites it; and back. */
import { expect } from 'chai'
import { edit, take, write } from '../../content/outcomes.ts'
import type { Contribution } from '../../content/model.ts'
import { dispose } from '../../content/moderation.ts'
import { act } from '../../content/moderation.ts'
import { contributionId, groupId, messageId, outcomeId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { fromElsewhere } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'
import { shortKey } from '../../content/short-key.ts'

describe('the trail of a contribution', () => {
  let node: TestServer
  let reader: Visitor
  let id: string
  let said: string
  let key: string

  const by = () => ({ by: 'Noor', actor: groupId(node), at: node.site.now() })
  const written = (markdown: string) => ({
    language: 'en',
    texts: { en: { title: 'Messages of the Marsh', markdown } },
    year: 2026,
    tags: {},
  })
  const draft = async () => {
    const found = await node.site.store.get('drafts', id)
    if (!found) throw new Error('no draft')
    return found
  }
  const revise = async (markdown: string) => {
    await record(node.site, edit(await draft(), written(markdown), by()))
    await record(node.site, take(await draft(), 'revise', {}, by()))
  }

  before(async () => {
    const clock = testClock()
    node = await foundedServer('node', clock)
    reader = visitor(node.origin)
    id = outcomeId(node, 'marsh')
    const initiative = groupId(node)
    const text = '1. Count the birds.\n2. Keep the reeds.'
    await record(node.site, write(written(text), { id, slug: 'marsh', initiative }, by()))
    await record(node.site, take(await draft(), 'present', {}, by()))
    const closesAt = new Date(Date.parse(node.site.now()) + 86_400_000).toISOString()
    await record(node.site, take(await draft(), 'open', { closesAt }, by()))
    key = (await draft()).statements[0]?.key ?? ''
    const face = { id, initiative }
    said = await fromElsewhere(node.site, 'ines', face, {
      message: messageId(id, key),
      version: 1,
      visibility: 'shown',
    })
    await fromElsewhere(node.site, 'quoter', face, {
      visibility: 'shown',
      quotes: [said, messageId(id, key)],
    })
  })
  after(endServers)

  const accepted = async () => {
    const item = (await node.site.store.get('items', said)) as Contribution
    const disposition = {
      kind: 'accepted',
      reason: 'It is so',
      by: 'Noor',
      at: node.site.now(),
    } as const
    const note = contributionId(node, 'answer')
    const drafters = {
      name: 'Coast',
      handle: 'coast@here',
      language: 'en',
      words: 'Accepted',
      id: note,
    }
    await record(
      node.site,
      dispose(item, disposition, { ...drafters, actor: groupId(node), person: 'Noor' }),
    )
  }
  const page = () => reader.get(`/contributions/${shortKey(said)}`)

  it('shows what a contribution answers, word for word, before anything came of it', async () => {
    const { status, text } = await page()
    expect(status).to.equal(200)
    expect(text).to.include('Count the birds.').and.include('/outcomes/marsh/versions/1')
    expect(text).to.include('The drafters have not answered it yet')
    expect(text).to.include(`/outcomes/marsh#c-${shortKey(said)}`)
    await accepted()
    expect((await page()).text)
      .to.include('No version that takes it in')
      .and.include('It is so')
  })

  it('leads to the version that took it in with the difference, and to the message as it stands', async () => {
    const text = '1. Count the birds and the *nests*.\n2. Keep the reeds.'
    await revise(text)
    const shown = (await page()).text
    expect(shown).to.include('/outcomes/marsh/versions/2/changes').and.include('<ins>')
    expect(shown).to.include('Count the birds and the <em>nests</em>')
    const changes = (await reader.get('/outcomes/marsh/versions/2/changes')).text
    expect(changes)
      .to.include('Because of:')
      .and.include(`/contributions/${shortKey(said)}`)
  })

  it('says on the page of the message what changed because of whom, and who cites it', async () => {
    const { text } = await reader.get(`/outcomes/marsh/messages/${key}`)
    expect(text)
      .to.include('What changed because of whom')
      .and.include(`/contributions/${shortKey(said)}`)
    expect(text).to.include('Cited by').and.include('Quoted by')
    expect((await page()).text).to.include('Quoted by')
  })

  it('leads to an aggregator that lists the initiative and has the outcome, and to no other', async () => {
    const at = node.site.now()
    const river = 'https://river.example'
    const receipt = (peer: string) => ({
      ...{ id: `${peer} public 1`, peer, stream: 'public', seq: 1, item: id, status: 202 },
      ...{ activity: `${node.origin}/activities/x`, tries: 1, at },
    })
    const acts = [
      act('Noor', 'applied', `${river}/actor`, at),
      act(`${river}/actor`, 'application_accepted', `${river}/actor`, node.site.now()),
    ]
    const receipts = [receipt(river), receipt('https://friend.example')]
    await node.site.store.commit({ put: { acts, receipts } })
    const { text } = await reader.get(`/outcomes/marsh/messages/${key}`)
    expect(text).to.include(`${river}/at?id=${encodeURIComponent(id)}`)
    expect(text).not.to.include('friend.example')
  })

  it('is gone with what was removed', async () => {
    const item = (await node.site.store.get('items', said)) as Contribution
    await record(node.site, {
      put: { items: [{ ...item, visibility: 'removed', text: '', html: '' }] },
    })
    expect((await page()).status).to.equal(410)
  })
})
