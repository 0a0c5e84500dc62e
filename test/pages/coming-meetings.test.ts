/** Posts of an older site under the meetings they speak of: those that are here, and those of their years. */
import { expect } from 'chai'
import type { Discussion, Meeting, Outcome } from '../../content/model.ts'
import { groupId, meetingId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { writeMeeting } from '../../content/meetings.ts'
import { foundedServer } from '../help/community.ts'
import { wordpressExport } from '../help/exports.ts'
import { begin, rows, settled } from '../help/importing.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn, signedInAs } from '../help/signed-in.ts'
import type { Visitor } from '../help/visitor.ts'

describe('the meetings of posts', () => {
  let node: TestServer
  let host: Visitor

  before(async () => {
    node = await foundedServer()
    host = await signedIn(node)
    const { site } = node
    const times = { startsAt: '2012-05-01T08:00:00Z', endsAt: '2012-05-03T16:00:00Z' }
    const fields = { language: 'en', year: 2012, title: { en: 'Third forum' }, tags: {} }
    const more = { ...times, timeZone: 'UTC', mode: 'onsite' as const }
    const by = { by: 'Noor', actor: groupId(site), at: site.now() }
    await record(site, writeMeeting(meetingId(site, 'third'), { ...fields, ...more }, by))
  })
  after(endServers)

  const bring = (posts: number, who = host): Promise<string> =>
    begin(node, who, { text: wordpressExport(posts) })
  /** A form of the page is sent with other values. */
  async function act(path: string, fields: Record<string, string>, who = host) {
    const { text } = await who.get(path)
    const answer = await who.send(path, fields, /name="_token" value="([^"]*)"/.exec(text)?.[1])
    await settled(node, path)
    return answer
  }
  const items = async <T>(type: string) =>
    (await node.site.store.find('items', { where: { type }, limit: 100 })) as T[]

  it('all of them at once go under the meeting of their year, and what is missing is made once', async () => {
    const path = await bring(31)
    expect((await host.get(path)).text).to.include('Those of 2012 (2)')
    await act(path, { do: 'meeting', which: 'all', meeting: 'year' })
    expect((await rows(node, path)).every(({ meeting }) => meeting === 'year')).to.equal(true)
    await host.fill(`${path}/2`, `${path}/2`, { meeting: '' })
    await act(path, { do: 'write' })
    const meetings = await items<Meeting>('meeting')
    const years = meetings.map(({ year }) => year).sort()
    expect(years).to.deep.equal(Array.from({ length: 15 }, (_, i) => 2010 + i))
    const made = meetings.find(({ year }) => year === 2013)
    expect(made).to.deep.include({ id: `${node.origin}/meetings/meeting-2013` })
    expect(made?.title.en).to.equal('Meeting of 2013')
    for (const item of [
      ...(await items<Outcome>('outcome')),
      ...(await items<Discussion>('discussion')),
    ]) {
      const year = 'year' in item ? item.year : Number(item.published.slice(0, 4))
      const own = item.id.endsWith('report-of-the-day-2-2012')
      const there = meetings.find((each) => each.year === year)?.id
      expect(item.meeting, item.id).to.equal(own ? undefined : there)
    }
    const page = await host.get('/meetings/third')
    expect(page.text).to.include('Report of the day 17')
    const { text } = await host.get(path)
    expect(text).to.include('Until you correct them').and.include('/host/meetings/meeting-2013')
  })

  it('those of one year or category go under a meeting that is here, and what is not here is refused', async () => {
    const path = await bring(1)
    expect((await act(path, { do: 'meeting', which: 'all', meeting: 'nowhere' })).status).to.equal(
      400,
    )
    expect((await act(path, { do: 'meeting', which: 'text:x', meeting: '' })).status).to.equal(400)
    await act(path, { do: 'meeting', which: 'year:1999', meeting: 'third' })
    expect((await rows(node, path))[0]?.meeting).to.equal(undefined)
    await act(path, { do: 'meeting', which: 'category:broadband', meeting: 'third' })
    expect((await rows(node, path))[0]?.meeting).to.equal('third')
    expect((await host.get(path)).text).to.include('under: third')
  })

  it('whoever may not write meetings makes none, and sees why', async () => {
    const rapporteur = await signedInAs(node, 'rapporteur')
    const before = await node.site.store.count('items', {})
    const text = 'Messages from the hill of 2003\n\n- Keep the line.\n'
    const { url } = await rapporteur.fill('/host/import', '/host/import', { text, address: [] })
    await settled(node, url)
    await rapporteur.fill(`${url}/1`, `${url}/1`, { meeting: 'year', year: '2003' })
    await act(url, { do: 'write' }, rapporteur)
    const [row] = await rows(node, url)
    expect(row?.state).to.equal('refused')
    expect(row?.why?.sentence).to.equal('login.forbidden')
    expect(await node.site.store.count('items', {})).to.equal(before)
  })
})
