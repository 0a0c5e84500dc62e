/** Writing an outcome and moving it through its life, as a host without scripts does it. */
import { expect } from 'chai'
import type { Draft, Version } from '../../content/model.ts'
import { outcomeId, versionId } from '../../federation/addresses.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { fromElsewhere, signedIn, signedInAs } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const NEW = '/host/outcomes/new'
const text =
  '## Access\n\n1. Connect schools first. {.recommendation .consensus C2 sdg:4}\n2. Share the cost.'

describe('writing an outcome', () => {
  const clock = testClock()
  let node: TestServer
  let boss: Visitor

  before(async () => {
    node = await foundedServer('node', clock)
    boss = await signedIn(node)
  })
  after(endServers)

  const draftOf = async (slug: string): Promise<Draft> => {
    const draft = await node.site.store.get('drafts', outcomeId(node, slug))
    if (!draft) throw new Error(`no draft ${slug}`)
    return draft
  }
  const versionOf = (slug: string, number: number): Promise<Version | undefined> =>
    node.site.store.get('versions', versionId(outcomeId(node, slug), number))

  async function written(slug: string, fields: Record<string, string | string[]> = {}) {
    const whole = { title: slug, slug, markdown: text, ...fields }
    const { url } = await boss.fill(NEW, NEW, whole)
    expect(url).to.equal(`/host/outcomes/${slug}`)
    return url
  }

  const step = (slug: string, name: string, fields = {}) => {
    const path = `/host/outcomes/${slug}/steps/${name}`
    return boss.fill(path, path, fields)
  }

  async function opened(slug: string) {
    const closesAt = '2027-05-03T23:59'
    const look = await step(slug, 'open', { closesAt })
    expect(look.text).to.match(/Open for comment until [^<]*2027[^<]*23:59 UTC/)
    const path = `/host/outcomes/${slug}/steps/open`
    return boss.send(path, { closesAt, rev: revIn(look.text), do: 'go' }, tokenIn(look.text))
  }

  const revIn = (page: string) => /name="rev" value="(\d+)"/.exec(page)?.[1] ?? ''

  it('shows the messages as readers will see them, saves nothing, and keeps what was typed', async () => {
    const fields = { title: 'Looked at', markdown: text, do: 'preview' }
    const { text: page, status } = await boss.fill(NEW, NEW, fields)
    expect(status).to.equal(200)
    expect(page).to.include('class="preview"')
    expect(page).to.match(/data-kind="recommendation"/)
    expect(page).to.include('Connect schools first.')
    expect(page).to.include('value="Looked at"')
    expect(await node.site.store.count('drafts', {})).to.equal(0)
    const again = await boss.get(NEW)
    expect(again.text).to.include('You typed something here on')
    expect((await boss.get(`${NEW}?kept=1`)).text).to.include('value="Looked at"')
    const other = await signedInAs(node, 'editor')
    expect((await other.get(NEW)).text).not.to.include('You typed something')
    expect((await boss.fill(NEW, `${NEW}?do=discard`, {})).text).not.to.include('You typed')
  })

  it('comes back filled with every mistake named', async () => {
    const { status, text: page } = await boss.fill(NEW, NEW, {
      title: ' ',
      markdown: '',
      year: 'soon',
      source: 'nowhere',
      slug: 'Not A Slug',
      meeting: 'https://elsewhere.example/meetings/1',
      sdgs: ['9', '99'],
      methodNote: 'By <b>all</b>',
    })
    expect(status).to.equal(400)
    for (const field of ['title', 'markdown', 'year', 'source', 'slug', 'meeting', 'sdgs'])
      expect(page, field).to.include(`id="f-${field}-error"`)
    expect(page).to.include('By &lt;b&gt;all&lt;/b&gt;')
    expect(page).to.match(/value="9" checked/)
  })

  it('makes the address from the title, sets it apart from those in use, and refuses one that is taken', async () => {
    const first = await boss.fill(NEW, NEW, { title: 'Same name', markdown: text })
    const second = await boss.fill(NEW, NEW, { title: 'Same name', markdown: text })
    expect([first.url, second.url]).to.deep.equal([
      '/host/outcomes/same-name',
      '/host/outcomes/same-name-2',
    ])
    const taken = await boss.fill(NEW, NEW, { title: 'Same', slug: 'same-name', markdown: text })
    expect(taken.text).to.include('This address is in use')
    const reserved = await boss.fill(NEW, NEW, { title: 'Same', slug: 'new', markdown: text })
    expect(reserved.status).to.equal(400)
  })

  it('keeps the keys of messages when their words change', async () => {
    const path = await written('keys')
    const before = (await draftOf('keys')).statements.map(({ key }) => key)
    const { text: page } = await boss.get(path)
    expect(page).to.include(`#${before[0]}`)
    const typed = (await draftOf('keys')).texts.en?.markdown ?? ''
    await boss.fill(path, path, { markdown: `- Something new.\n${typed.replace('first', 'last')}` })
    const after = (await draftOf('keys')).statements.map(({ key }) => key)
    expect(after.slice(1)).to.deep.equal(before)
  })

  it('does not save over what somebody else has saved, and shows both', async () => {
    const path = await written('both')
    const { text: page } = await boss.get(path)
    await boss.fill(path, path, { summary: 'The other one was faster.' })
    const seen = /name="seen" value="(\w+)"/.exec(page)?.[1] ?? ''
    const fields = { language: 'en', title: 'Mine', markdown: text, outcomeType: 'messages' }
    const mine = { ...fields, year: '2026', licence: 'CC BY 4.0', seen }
    const refused = await boss.send(path, mine, tokenIn(page))
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('The other one was faster.')
    expect(refused.text).to.include('value="Mine"')
    expect((await draftOf('both')).texts.en?.title).to.equal('both')
    const now = /name="seen" value="(\w+)"/.exec(refused.text)?.[1] ?? ''
    await boss.send(path, { ...mine, seen: now }, tokenIn(refused.text))
    expect((await draftOf('both')).texts.en?.title).to.equal('Mine')
  })

  it('moves from draft to published and corrected, saying each time what will happen', async () => {
    await written('road')
    expect((await step('road', 'present')).text).to.include('It is recorded as presented.')
    expect((await opened('road')).text).to.include('It is open for comment')
    expect((await visitor(node.origin).get('/outcomes/road')).status).to.equal(200)
    const path = '/host/outcomes/road'
    await boss.fill(path, path, { markdown: text.replace('the cost', 'all costs') })
    const revise = await boss.get(`${path}/steps/revise`)
    expect(revise.text).to.include('What will be published: version 2')
    expect(revise.text).to.match(/<ins>.*all costs.*<\/ins>/)
    expect(revise.text).to.include('A version cannot be changed')
    await step('road', 'revise')
    const unsaid = await step('road', 'agree', { method: ' ' })
    expect(unsaid.text).to.include('id="f-method-error"')
    await step('road', 'agree', { method: 'rough consensus in the hall', agreedBy: 'The chair' })
    const { text: done } = await step('road', 'publish')
    expect(done).to.include('href="/outcomes/road"')
    expect(done).to.include(`/host/receipts?item=${encodeURIComponent(outcomeId(node, 'road'))}`)
    await step('road', 'correct', { reason: 'A number was wrong' })
    const last = await versionOf('road', 5)
    expect(last).to.include({ state: 'corrected', reason: 'A number was wrong' })
    expect(last?.agreed).to.include({ method: 'rough consensus in the hall', by: 'The chair' })
    expect(last?.steps.map(({ state }) => state)).to.deep.equal(
      'draft presented open_for_comment revised agreed published corrected'.split(' '),
    )
  })

  it('withdraws for good, with a reason', async () => {
    await written('gone')
    await opened('gone')
    expect((await step('gone', 'withdraw', { reason: '' })).status).to.equal(400)
    await step('gone', 'withdraw', { reason: 'It was never agreed' })
    const page = await boss.get('/host/outcomes/gone')
    expect(page.text).not.to.include('<textarea')
    expect((await visitor(node.origin).get('/outcomes/gone')).status).to.equal(410)
    expect((await boss.get('/host/outcomes/gone/steps/open')).status).to.equal(409)
  })

  it('refuses a comment period that is over, backwards or no time, and keeps what was typed', async () => {
    await written('times')
    const past = await step('times', 'open', { closesAt: '2020-01-01T00:00' })
    expect(past.text).to.include('This moment has passed already')
    expect(past.text).to.include('value="2020-01-01T00:00"')
    const back = { opensAt: '2027-05-01T00:00', closesAt: '2027-04-01T00:00' }
    expect((await step('times', 'open', back)).text).to.include('The end is before the beginning')
    expect((await step('times', 'open', { closesAt: 'soon' })).text).to.include(
      'id="f-closesAt-error"',
    )
    expect((await step('times', 'open', { closesAt: '' })).text).to.include('Please fill this in')
    expect((await draftOf('times')).state).to.equal('draft')
  })

  it('takes no step when the outcome was changed since the page was opened', async () => {
    const path = await written('meanwhile')
    const page = await boss.get(`${path}/steps/present`)
    await boss.fill(path, path, { title: 'Another title' })
    const sent = { rev: revIn(page.text) }
    const late = await boss.send(`${path}/steps/present`, sent, tokenIn(page.text))
    expect(late.status).to.equal(409)
    expect(late.text).to.include('so nothing was done')
    expect((await draftOf('meanwhile')).state).to.equal('draft')
  })

  it('lists every working copy with what waits at it and what can follow', async () => {
    await written('listed')
    await opened('listed')
    const item = await node.site.store.get('items', outcomeId(node, 'listed'))
    if (!item) throw new Error('not listed')
    await fromElsewhere(node.site, 'ines', item)
    await fromElsewhere(node.site, 'jo', item, { visibility: 'shown' })
    const { text: page } = await boss.get('/host/outcomes?state=open_for_comment')
    expect(page).to.include('1 contribution waits to be read · 1 contribution has no answer')
    expect(page).to.include('/host/outcomes/listed/steps/revise')
    expect(page).not.to.include('/host/outcomes/times')
  })

  it('answers addresses and forms that do not exist with a page, and does nothing', async () => {
    for (const path of [
      'nowhere',
      'nowhere/steps/open',
      'road/steps/dance',
      'road/texts/en',
      'road/texts/%20',
    ])
      expect((await boss.get(`/host/outcomes/${path}`)).status, path).to.equal(404)
    const { text: page } = await boss.get(NEW)
    expect((await boss.send(NEW, { title: 'No token', markdown: text })).status).to.equal(403)
    const bare = await boss.send(NEW, {}, tokenIn(page))
    expect(bare.status).to.equal(400)
    expect((await visitor(node.origin).get(NEW)).url).to.equal('/login')
  })
})
