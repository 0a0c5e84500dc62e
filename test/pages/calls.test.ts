/** A call for issues from both sides: the host who makes it and decides, and those who propose, read and count. */
import { expect } from 'chai'
import { propose as makeProposal } from '../../content/calls.ts'
import { callId } from '../../federation/addresses.ts'
import { addPerson } from '../../server/people.ts'
import { filledNode } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import { type Visitor, visitor } from '../help/visitor.ts'

const DAY_MS = 24 * 3600_000
const HOST = '/host/calls/call-2026'
const CALL = '/calls/call-2026'
const password = 'rivers run to the sea'

const call = {
  'title.en': 'What should we talk about?',
  text: 'Tell us what **matters** on the coast.',
  slug: 'call-2026',
  opensAt: '2026-11-20T00:00',
  closesAt: '2026-12-20T23:59',
  categories: 'Rivers\nHarbours',
  perPerson: '2',
}
const issue = {
  title: 'Gauges for all',
  text: 'The river gauges should be public.',
  categories: ['rivers', 'human-rights'],
  stakeholderGroup: 'civil_society',
  affiliation: 'River Watch',
  residence: 'Kenya',
  origin: 'Mali',
}

describe('a call for issues', () => {
  let clock: ReturnType<typeof testClock>
  let node: TestServer
  let keeper: Visitor
  let people = 0

  before(async () => {
    clock = testClock()
    node = await filledNode('coast', clock)
    keeper = await signedIn(node)
    const made = await keeper.fill('/host/calls/new', '/host/calls/new', call)
    expect(made.url).to.equal(HOST)
    expect(made.text).to.include('The call is published.')
  })
  after(endServers)

  async function somebody(): Promise<Visitor> {
    people += 1
    const email = `p${people}@test.example`
    const account = {
      name: `Person ${people}`,
      email,
      role: 'participant',
      language: 'en',
    } as const
    await addPerson(node.site, { ...account, password })
    return signedIn(node, { email, password })
  }

  const propose = (guest: Visitor, changes: Record<string, string | string[]> = {}) =>
    guest.fill(CALL, CALL, { ...issue, ...changes })

  /** As `propose`, without an account for each. */
  async function proposedDirectly(i: number) {
    const { site } = node
    const held = await site.store.get('calls', callId(site, 'call-2026'))
    if (!held) throw new Error('no call')
    const { residence: _r, origin: _o, ...written } = issue
    const input = { ...written, title: `Gauge ${i}`, language: 'en', residence: 'KE' }
    const person = { id: `${site.origin}/people/gauge-${i}`, name: `Gauger ${i}` }
    const { put = {} } = makeProposal(held, input, person, [], site.now())
    await site.store.commit({ put })
  }

  const firstPath = (text: string, title: string) =>
    new RegExp(`href="(${CALL}/proposals/[^"]+)"><bdi[^>]*>${title}`).exec(text)?.[1] ?? ''

  /** The short names of proposals with this title, as the host's form offers them. */
  const keysOf = (text: string, title: string) =>
    [...text.matchAll(/name="proposals" value="([^"]+)"[^>]*><label[^>]*>([^<]*)/g)]
      .filter(([, , said = '']) => said.startsWith(title))
      .map(([, key = '']) => key)

  const decide = async (title: string, fields: Record<string, string>) => {
    const { text } = await keeper.get(HOST)
    return keeper.fill(HOST, HOST, { ...fields, proposals: keysOf(text, title) })
  }

  it('is on the front page and says how to propose to whoever is not signed in', async () => {
    const guest = visitor(node.origin)
    expect((await guest.get('/')).text).to.include(`href="${CALL}"`)
    expect((await guest.get('/calls')).text).to.include('What should we talk about?')
    const { text, status } = await guest.get(CALL)
    expect(status).to.equal(200)
    expect(text).to.include('<strong>matters</strong>').and.include('23:59 UTC')
    expect(text).to.include('Sign in to propose an issue')
    expect((await guest.send(CALL, issue)).url).to.equal('/login')
  })

  it('takes so many proposals from each person, and loses nothing of what it refuses', async () => {
    const ana = await somebody()
    const wrong = await propose(ana, { title: '', categories: [], residence: 'Nowhereland' })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('The river gauges should be public.').and.include('Nowhereland')
    expect(wrong.text).to.include('Name one country')
    const many = ['rivers', 'harbours', 'human-rights', 'media-content']
    expect((await propose(ana, { categories: many })).text).to.include('at most 3')
    const first = await propose(ana)
    expect(first.text).to.include('Your proposal stands in the public list.')
    expect(first.text).to.include('made 1 of 2 proposals')
    const { text: form } = await ana.get(CALL)
    const second = await propose(ana, { title: 'Tide tables' })
    expect(second.text)
      .to.include('made 2 of 2 proposals')
      .and.not.include('name="stakeholderGroup"')
    const token = /name="_token" value="([^"]*)"/.exec(form)?.[1] ?? ''
    const third = await ana.send(CALL, { ...issue, title: 'A third one', language: 'en' }, token)
    expect(third.status).to.equal(409)
    expect(third.text).to.include('A third one').and.include('all the proposals this call takes')
  })

  it('takes one of two that arrive at once, and gives the other back', async () => {
    const twice = await somebody()
    const { text } = await twice.get(CALL)
    const token = /name="_token" value="([^"]*)"/.exec(text)?.[1] ?? ''
    const send = (title: string) => twice.send(CALL, { ...issue, title, language: 'en' }, token)
    const answers = await Promise.all(['One', 'Two', 'Three'].map((name) => send(`Race ${name}`)))
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).not.to.have.length(0)
    for (const each of refused)
      expect(each.text)
        .to.match(/value="Race \w+"/)
        .and.include('role="alert"')
    const taken = answers.length - refused.length
    expect((await twice.get(CALL)).text).to.include(`made ${taken} of 2 proposals`)
  })

  it('lets people change and withdraw their own until it closes, and nobody else', async () => {
    const ben = await somebody()
    const path = firstPath((await propose(ben, { title: 'Ferries' })).text, 'Ferries')
    const { text } = await visitor(node.origin).get(path)
    expect(text).to.include('River Watch').and.not.include('Mali').and.not.include('Kenya')
    const stranger = await somebody()
    expect((await stranger.fill(CALL, path, { ...issue, language: 'en' })).status).to.equal(403)
    const { text: form } = await ben.get(path)
    expect(form).to.include('value="Kenya"')
    const changed = await ben.fill(path, path, { title: 'Ferries and bridges' })
    expect(changed.text).to.include('Your proposal was changed.').and.include('Ferries and bridges')
    const token = /name="_token" value="([^"]*)"/.exec(form)?.[1] ?? ''
    const late = await ben.send(
      path,
      { ...issue, title: 'Old words', language: 'en', rev: '1' },
      token,
    )
    expect(late.status).to.equal(409)
    expect(late.text).to.include('Old words')
    const gone = await ben.fill(path, `${path}?do=withdraw`, {})
    expect(gone.text).to.include('made 0 of 2 proposals')
    expect((await visitor(node.origin).get(path)).status).to.equal(410)
    expect((await visitor(node.origin).get(CALL)).text).not.to.include('Ferries')
  })

  it('counts by category and group, keeps the list to either, and names no country of few', async () => {
    const guest = visitor(node.origin)
    await propose(await somebody(), {
      title: 'Pilots',
      categories: 'harbours',
      stakeholderGroup: 'private_sector',
      residence: 'Ghana',
    })
    const { text } = await guest.get(CALL)
    expect(text).to.include('Proposals by category').and.not.include('Proposals by country')
    for (const query of ['category=harbours', 'group=private_sector']) {
      const kept = await guest.get(`${CALL}?${query}`)
      expect(kept.text)
        .to.include('Pilots')
        .and.include('One proposal<')
        .and.not.include('Tide tables')
    }
    for (const i of [0, 1, 2, 3]) await proposedDirectly(i)
    const counted = (await guest.get(CALL)).text
    expect(counted).to.match(/Kenya<\/bdi><\/th><td>\d/)
    expect(counted)
      .to.include('fewer than 5 people each')
      .and.not.include('Ghana')
      .and.not.include('Mali')
  })

  it('gives the public list as CSV and JSON, without the countries', async () => {
    const guest = visitor(node.origin)
    const csv = await guest.get(`${CALL}.csv`)
    expect(csv.text).to.include('Tide tables').and.include('Rivers; Human rights')
    const { text } = await guest.get(`${CALL}.json`)
    expect(JSON.parse(text).proposals[0]).to.include({ title: 'Gauges for all', standing: 'shown' })
    for (const each of [csv.text, text]) expect(each).not.to.match(/"?(KE|ML|GH)"?[,\r}]/)
  })

  it('sets aside with a reason that everybody reads, and takes from the list what should not be there', async () => {
    const nothing = await decide('Pilots', { decision: 'set_aside', reason: '' })
    expect(nothing.status).to.equal(400)
    const done = await decide('Pilots', {
      decision: 'set_aside',
      reason: 'Too late for <this> year',
    })
    expect(done.text).to.include('What you decided stands beside the proposals.')
    const guest = visitor(node.origin)
    expect((await guest.get(`${CALL}?category=harbours`)).text).to.include(
      'It was set aside because: <bdi>Too late for &lt;this&gt; year',
    )
    await decide('Gauge 3', { decision: 'hold' })
    expect((await guest.get(CALL)).text).not.to.include('Gauge 3')
    expect((await keeper.get('/host')).text).to.include('one proposal waits for a decision')
  })

  it('makes several into a new session that lists the issues it came from, and adds more to it', async () => {
    const { text } = await keeper.get(HOST)
    const chosen = [...keysOf(text, 'Gauges for all'), ...keysOf(text, 'Tide tables')]
    const form = await keeper.fill(HOST, HOST, { decision: 'merge_new', proposals: chosen })
    expect(form.url).to.equal(`${HOST}/session`)
    expect(form.text).to.include('value="Gauges for all"').and.include('proposals become part')
    const query = `${HOST}/session?proposals=${chosen.join('+')}`
    const empty = await keeper.fill(query, `${HOST}/session`, { 'title.en': '' })
    expect(empty.status).to.equal(400)
    const made = await keeper.fill(query, `${HOST}/session`, { slug: 'river-data' })
    expect(made.url).to.equal('/host/sessions/river-data')
    const session = await visitor(node.origin).get('/sessions/river-data')
    expect(session.text).to.include('The issues it came from').and.include('Tide tables')
    await decide('Gauge 1', { decision: 'merge', session: `${node.origin}/sessions/river-data` })
    const shown = await visitor(node.origin).get(CALL)
    expect(shown.text).to.include('href="/sessions/river-data"')
    expect((await visitor(node.origin).get('/sessions/river-data')).text).to.include('Gauge 1')
  })

  it('is edited without losing categories that are in use, and closed and opened by hand', async () => {
    const edit = `${HOST}/edit`
    const lost = await keeper.fill(edit, edit, { vocabulary: '' })
    expect(lost.status).to.equal(400)
    expect(lost.text).to.include('no longer in the list')
    const stale = await keeper.fill(edit, edit, { perPerson: '5', rev: '99' })
    expect(stale.status).to.equal(409)
    expect((await keeper.fill(edit, edit, { perPerson: '3' })).text).to.include('are saved')
    const closed = await keeper.fill(HOST, `${HOST}?do=close`, {})
    expect(closed.text).to.include('The call is closed.')
    const guest = await somebody()
    expect((await guest.get(CALL)).text).to.include('takes no proposals at the moment')
    const refused = await guest.fill(CALL, CALL, { ...issue, title: 'Too late', language: 'en' })
    expect(refused.status).to.be.oneOf([403, 409])
    expect((await visitor(node.origin).get('/')).text).not.to.include(CALL)
    expect((await keeper.get('/host')).text).to.include('wait for a decision')
    expect((await visitor(node.origin).get('/discussions')).text).to.include('href="/calls"')
    expect((await keeper.get('/host/trail')).text).to.include(`href="${HOST}"`)
  })

  it('is in the annual report with its counts', async () => {
    await keeper.fill('/host/reports', '/host/reports', { year: '2026', language: 'en' })
    const { text } = await keeper.get('/host/reports/2026')
    expect(text).to.include('Call for issues “What should we talk about?”')
    expect(text).to.include('Became part of a session')
  })

  it('shows what waits for a look to the host and its author alone', async () => {
    clock.forward(DAY_MS)
    keeper = await signedIn(node)
    const second = {
      ...call,
      slug: 'looked-at',
      showing: 'after_look',
      opensAt: '2026-11-01T00:00',
    }
    await keeper.fill('/host/calls/new', '/host/calls/new', {
      ...second,
      closesAt: '2026-11-28T00:00',
    })
    const eva = await somebody()
    const sent = await eva.fill('/calls/looked-at', '/calls/looked-at', issue)
    expect(sent.text).to.include('when the host has looked at it')
    const path = /href="(\/calls\/looked-at\/proposals\/[^"]+)"/.exec(sent.text)?.[1] ?? ''
    expect((await eva.get(path)).status).to.equal(200)
    for (const each of [path, `${path}?lang=ar`])
      expect((await visitor(node.origin).get(each)).status).to.equal(404)
    expect((await visitor(node.origin).get('/calls/looked-at.json')).text).not.to.include('Gauges')
    const front = await keeper.get('/host')
    expect(front.text).to.include('href="/host/calls/looked-at"')
  })

  it('stays light with a page of long proposals in Arabic', async () => {
    const { site } = node
    const held = await site.store.get('calls', callId(site, 'looked-at'))
    if (!held) throw new Error('no call')
    const long = { title: 'م'.repeat(120), text: 'كلمة '.repeat(590), language: 'ar' }
    const input = { ...long, categories: ['rivers', 'harbours'], affiliation: 'ق'.repeat(80) }
    for (let i = 0; i < 20; i += 1) {
      const person = { id: `${site.origin}/people/long-${i}`, name: 'ن'.repeat(30) }
      const asked = { ...input, stakeholderGroup: 'government' }
      const { put = {} } = makeProposal(
        { ...held, showing: 'at_once' },
        asked,
        person,
        [],
        site.now(),
      )
      await site.store.commit({ put })
    }
    const guest = await signedInAs(node, 'moderator')
    const { text } = await guest.get('/calls/looked-at?lang=ar')
    expect(text.split('كلمة').length).to.be.above(400)
    expect(Buffer.byteLength(text)).to.be.below(50 * 1024)
  })

  it('is the host’s and the editors’ to decide', async () => {
    const rapporteur = await signedInAs(node, 'rapporteur')
    expect((await rapporteur.get(HOST)).status).to.equal(403)
    expect((await visitor(node.origin).get(HOST)).url).to.equal('/login')
    expect((await visitor(node.origin).get('/calls/none')).status).to.equal(404)
  })
})
