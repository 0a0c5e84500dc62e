/** The programme of a meeting: its calendars, and what is cancelled, as readers and hosts meet them. */
import { expect } from 'chai'
import { writeMeeting, writeSession } from '../../content/meetings.ts'
import { groupId, meetingId, sessionId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { spanIn } from '../../server/pages/parts/dates.ts'
import { wordsFor } from '../../server/words.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { visitor } from '../help/visitor.ts'

const arabic = 'مستقبل الكابلات البحرية في المنطقة وحماية حقوق المستخدمين والوصول المفتوح للجميع'

describe('the programme of a meeting', () => {
  let node: TestServer
  before(async () => {
    node = await foundedServer('node', testClock('2026-05-01T10:00:00.000Z'))
    const { site } = node
    const by = () => ({ by: 'Noor', actor: groupId(site), at: site.now() })
    const times = { language: 'en', timeZone: 'Africa/Nairobi', tags: {} }
    const [startsAt, endsAt] = ['2026-05-16T21:30:00.000Z', '2026-05-16T22:30:00.000Z']
    const year = { year: 2026, mode: 'hybrid' as const, place: 'Port Argent; old, town' }
    const meeting = { ...times, ...year, title: { en: 'Seventh Forum' }, startsAt, endsAt }
    await record(site, writeMeeting(meetingId(site, 'seventh'), meeting, by()))
    const session = {
      ...{ ...times, startsAt, endsAt, meeting: meetingId(site, 'seventh') },
      ...{ title: { en: 'Cables', ar: arabic }, sessionType: 'workshop', externalRef: 'WS #75' },
      ...{ onlineUrl: 'https://rooms.example/2?a=1,2', text: 'Line one\n\nLine two' },
      transcript: { url: 'https://text.example/75', provider: 'Captions Ltd' },
    }
    await record(site, writeSession(sessionId(site, 'cables'), session, by()))
  })
  after(endServers)

  const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

  it('is a calendar that RFC 5545 allows, folded within 75 octets also in Arabic', async () => {
    const { text, headers, status } = await visitor(node.origin, 'ar').get('/meetings/seventh.ics')
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.equal('text/calendar; charset=utf-8')
    expect(text.endsWith('END:VCALENDAR\r\n')).to.equal(true)
    expect(text.replaceAll('\r\n', '')).not.to.match(/[\r\n]/)
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).to.be.at.most(75)
    const lines = unfolded(text)
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).to.have.length(2)
    expect(lines).to.include(`SUMMARY;LANGUAGE=ar:${arabic}`)
    expect(lines).to.include(`UID:${node.origin}/sessions/cables`)
    expect(lines).to.include('DTSTART:20260516T213000Z')
    expect(lines).to.include('LOCATION;LANGUAGE=en:Port Argent\\; old\\, town')
    expect(lines).to.include('CONFERENCE;VALUE=URI:https://rooms.example/2?a=1%2C2')
    expect(lines.find((line) => line.startsWith('DESCRIPTION;LANGUAGE=ar:'))).to.include(
      'text.example',
    )
  })

  it('marks a transcript as not authoritative on the page and in the calendar', async () => {
    const reader = visitor(node.origin)
    const page = await reader.get('/sessions/cables')
    expect(page.text).to.include('not an authoritative record').and.include('Captions Ltd')
    expect(page.text).to.include('WS #75').and.include(`href="webcal://`)
    const { text } = await reader.get('/sessions/cables.ics')
    expect(unfolded(text).join()).to.include('not an authoritative record')
  })

  it('shows its times in UTC and in the zone of the reader, also past midnight there', async () => {
    const reader = visitor(node.origin)
    const { text } = await reader.get('/meetings/seventh?zone=Asia/Kathmandu')
    const plain = text.replace(/<[^>]*>/g, '')
    expect(plain).to.include('00:30 – 01:30 GMT+3')
    expect(plain).to.match(/16 May[^0-9]*21:30 – 22:30 UTC|May 16[^0-9]*21:30 – 22:30 UTC/)
    expect(plain).to.include('03:15 – 04:15 GMT+5:45')
    expect(text).to.include('href="/sessions/cables?zone=Asia%2FKathmandu"')
    const wrong = await reader.get('/meetings/seventh?zone=Mars')
    expect(wrong.text).to.include('This time zone is not known')
  })

  it('names the zone twice where clocks are set back in between', () => {
    const night = { startsAt: '2026-10-25T00:30:00.000Z', endsAt: '2026-10-25T01:30:00.000Z' }
    const shown = spanIn(wordsFor('en'), night, 'Europe/Brussels', '2026-10-25').text
    expect(shown.replace(/<[^>]*>/g, '')).to.equal('02:30 GMT+2 – 02:30 GMT+1')
  })

  it('is not sent again when nothing has changed', async () => {
    const reader = visitor(node.origin)
    const first = await reader.get('/calendar.ics')
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect((await reader.get('/calendar.ics', { headers })).status).to.equal(304)
  })

  it('says that a session is cancelled, and why, on its page, in calendars and on the wire', async () => {
    const host = await signedIn(node)
    const path = '/host/sessions/cables/cancel'
    expect((await host.fill(path, path, {})).status).to.equal(400)
    const done = await host.fill(path, path, { reason: 'The cable broke.' })
    expect(done.text).to.include('everybody who follows is told why')
    const reader = visitor(node.origin)
    expect((await reader.get('/sessions/cables')).text).to.include('Cancelled: The cable broke.')
    const lines = unfolded((await reader.get('/sessions/cables.ics')).text)
    expect(lines).to.include('STATUS:CANCELLED').and.include('SEQUENCE:2')
    const headers = { accept: 'application/activity+json' }
    const { text } = await reader.get('/sessions/cables', { headers })
    expect(JSON.parse(text)).to.include({ type: 'Event', 'ical:status': 'CANCELLED' })
    const note = await reader.get('/meetings/seventh/announcement')
    expect(JSON.parse(note.text)).to.include({ type: 'Note' })
    await host.fill(path, path, {})
    expect((await reader.get('/sessions/cables')).text).not.to.include('The cable broke.')
  })
})
