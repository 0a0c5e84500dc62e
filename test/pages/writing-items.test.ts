/** Writing meetings, sessions and discussions, as a host without scripts does it. */
import { expect } from 'chai'
import type { Discussion, Meeting, Session } from '../../content/model.ts'
import { discussionId, meetingId, sessionId } from '../../federation/addresses.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { tokenIn, type Visitor, visitor } from '../help/visitor.ts'

const NEW = '/host/meetings/new'

const fields = {
  year: '2027',
  timeZone: 'Africa/Nairobi',
  startsAt: '2027-05-03T09:00',
  endsAt: '2027-05-04T17:30',
  mode: 'hybrid',
  place: 'Kisumu',
  language: 'en',
}

describe('writing meetings, sessions and discussions', () => {
  let node: TestServer
  let boss: Visitor

  let heard = 0
  let slug = ''
  let meeting = { ...fields, 'title.en': '' }

  before(async () => {
    node = await foundedServer('node', testClock())
    boss = await signedIn(node)
  })
  beforeEach(async () => {
    heard = await node.site.store.last('public')
    slug = `forum-${heard}`
    meeting = { ...fields, 'title.en': slug }
  })
  after(endServers)

  const item = async <T>(id: string) => (await node.site.store.get('items', id)) as T
  const told = async () => (await node.site.store.log('public', heard, 100)).map(({ verb }) => verb)

  it('publishes a meeting with the times of its own clocks, shown in UTC', async () => {
    expect((await boss.get('/host/sessions/new')).status).to.equal(409)
    const looked = await boss.fill(NEW, NEW, { ...meeting, do: 'preview' })
    expect(looked.text).to.include('class="preview"')
    expect(looked.text).to.match(/= <time[^>]*>May 3, 2027[^<]*06:00 UTC/)
    expect(await told()).to.deep.equal([])
    const done = await boss.fill(NEW, NEW, meeting)
    expect(done.url).to.equal(`/host/meetings/${slug}`)
    const held = await item<Meeting>(meetingId(node, slug))
    expect(held.startsAt).to.equal('2027-05-03T06:00:00.000Z')
    expect((await visitor(node.origin).get(`/meetings/${slug}`)).text).to.include('Kisumu')
    expect(await told()).to.deep.equal(['Create', 'Create'])
    await boss.fill(done.url, done.url, { place: 'Nakuru' })
    const changed = await item<Meeting>(meetingId(node, slug))
    expect(changed).to.include({ place: 'Nakuru', startsAt: held.startsAt })
    expect(await told()).to.deep.equal(['Create', 'Create', 'Update', 'Update'])
  })

  it('comes back filled with every mistake named, a time that no clock shows among them', async () => {
    const { status, text } = await boss.fill(NEW, NEW, {
      ...meeting,
      'title.en': '',
      year: '12',
      timeZone: 'Europe/Berlin',
      startsAt: '2027-03-28T02:30',
      endsAt: 'later',
      mode: 'by post',
      onlineUrl: 'x',
      'participation.total': '-3',
      place: 'By the <lake>',
    })
    expect(status).to.equal(400)
    for (const field of 'title.en year startsAt endsAt mode onlineUrl participation.total'.split(
      ' ',
    ))
      expect(text, field).to.include(`id="f-${field}-error"`)
    expect(text).to.include('clocks were set forward over it')
    expect(text).to.include('value="By the &lt;lake&gt;"')
    expect((await boss.fill(NEW, NEW, { ...meeting, timeZone: 'Atlantis' })).text).to.include(
      'id="f-timeZone-error"',
    )
    const back = await boss.fill(NEW, NEW, { ...meeting, endsAt: '2027-05-02T09:00' })
    expect(back.text).to.include('The end is before the beginning')
  })

  it('keeps what was typed for its writer alone, and tells nobody', async () => {
    const kept = await boss.fill(NEW, NEW, { ...meeting, do: 'keep' })
    expect(kept.text).to.include('Kept for you alone')
    expect(kept.text).to.include('value="forum-')
    expect(await item(meetingId(node, slug))).to.equal(undefined)
    expect(await told()).to.deep.equal([])
    const later = await (await signedIn(node)).get(NEW)
    expect(later.text).to.include('Go on with it').and.not.include('value="forum-')
    const { url } = await boss.fill(`${NEW}?kept=1`, NEW, {})
    expect(url).to.equal(`/host/meetings/${slug}`)
    expect((await boss.get(NEW)).text).not.to.include('Go on with it')
    const notes = await node.site.store.find('notes', { limit: 100 })
    expect(notes.filter(({ id }) => id.startsWith('form '))).to.deep.equal([])
  })

  it('publishes a session with its people, one a line, and says which line is not understood', async () => {
    await boss.fill(NEW, NEW, meeting)
    const path = '/host/sessions/new'
    const from = `${path}?meeting=${encodeURIComponent(meetingId(node, slug))}`
    const people = 'Awa Ceesay; Moderator; Coast Radio; Civil society; gm\nBen Otieno; speaker'
    const typed = { 'title.en': 'Cables', sessionType: 'workshop', startsAt: '2027-05-03T10:00' }
    const times = { ...typed, endsAt: '2027-05-03T11:30' }
    const wrong = await boss.fill(from, path, { ...times, people: `${people}\nCy; King` })
    expect(wrong.text).to.include('The role “King” in line 3 is not known')
    const { url } = await boss.fill(from, path, { ...times, people, actionLines: ['C2', 'C5'] })
    expect(url).to.equal('/host/sessions/cables')
    const session = await item<Session>(sessionId(node, 'cables'))
    expect(session.startsAt).to.equal('2027-05-03T07:00:00.000Z')
    expect(session.tags.actionLines).to.deep.equal(['C2', 'C5'])
    expect(session.people[0]).to.deep.equal({
      name: 'Awa Ceesay',
      role: 'moderator',
      affiliation: 'Coast Radio',
      stakeholderGroup: 'civil_society',
      country: 'GM',
    })
    const again = await boss.fill(url, url, {})
    expect(again.url).to.equal(url)
    expect((await item<Session>(session.id)).people).to.deep.equal(session.people)
    expect((await boss.get('/host/meetings')).text).to.include('/host/sessions/cables')
  })

  it('opens a discussion between two moments in UTC', async () => {
    const path = '/host/discussions/new'
    const typed = { 'title.en': 'What next?', text: 'Say **what**.', opensAt: '2026-12-01T08:00' }
    const wrong = await boss.fill(path, path, { ...typed, text: ' ', closesAt: '2026-11-30T08:00' })
    expect(wrong.text).to.include('id="f-text-error"')
    const { url } = await boss.fill(path, path, { ...typed, closesAt: '2026-12-31T08:00' })
    expect(url).to.equal('/host/discussions/what-next')
    const held = await item<Discussion>(discussionId(node, 'what-next'))
    expect(held).to.include({
      opensAt: '2026-12-01T08:00:00.000Z',
      closesAt: '2026-12-31T08:00:00.000Z',
    })
    expect((await boss.get('/host/discussions')).text).to.include('/host/discussions/what-next')
  })

  it('does not publish over what somebody else has published meanwhile', async () => {
    const { url } = await boss.fill(NEW, NEW, meeting)
    const old = await boss.get(url)
    await boss.fill(url, url, { place: 'Nakuru' })
    const mine = { ...meeting, place: 'Eldoret', rev: '1' }
    const refused = await boss.send(url, mine, tokenIn(old.text))
    expect(refused.status).to.equal(409)
    expect(refused.text).to.include('<dd><bdi>Nakuru</bdi></dd>').and.include('value="Eldoret"')
    const { text } = refused
    const rev = /name="rev" value="(\d+)"/.exec(text)?.[1] ?? ''
    await boss.send(url, { ...mine, rev }, tokenIn(text))
    expect((await item<Meeting>(meetingId(node, slug))).place).to.equal('Eldoret')
  })

  it('withdraws a meeting with its sessions, for a reason that stands in the public record', async () => {
    const { url } = await boss.fill(NEW, NEW, meeting)
    const path = '/host/sessions/new'
    const id = meetingId(node, slug)
    await boss.fill(path, path, { 'title.en': 'Nets', meeting: id })
    expect((await boss.fill(url, `${url}?do=withdraw`, {})).status).to.equal(400)
    expect((await boss.get(url)).text).to.include('1 session goes with it.')
    const done = await boss.fill(url, `${url}?do=withdraw`, { reason: 'It will not take place' })
    expect(done.url).to.equal('/host/meetings')
    expect(await told()).to.deep.equal(['Create', 'Create', 'Create', 'Delete', 'Delete', 'Delete'])
    const reader = visitor(node.origin)
    expect((await reader.get(`/meetings/${slug}`)).status).to.equal(410)
    expect((await reader.get('/sessions/nets')).status).to.equal(410)
    expect((await boss.get(url)).status).to.equal(410)
    const { text } = await reader.get('/moderation')
    expect(text).to.include('It will not take place').and.include(`/meetings/${slug}`)
    expect(text).to.match(/sha-256:[0-9a-f]{64}/)
    expect((await boss.fill(NEW, NEW, { ...meeting, slug })).text).to.include(
      'This address is in use, or was once',
    )
  })
})
