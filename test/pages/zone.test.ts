/** The time zone of whoever reads: chosen on the page and kept in a cookie, or offered by the browser; no clock is shown twice. */
import { expect } from 'chai'
import { writeDiscussion } from '../../content/discussions.ts'
import { writeMeeting, writeSession } from '../../content/meetings.ts'
import { discussionId, groupId, meetingId, sessionId } from '../../federation/addresses.ts'
import { record } from '../../federation/record.ts'
import { expectFine } from '../help/accessibility.ts'
import { openBrowser } from '../help/browser.ts'
import { foundedServer } from '../help/community.ts'
import { endServers, testClock, type TestServer } from '../help/servers.ts'
import { visitor } from '../help/visitor.ts'

const plain = (text: string) => text.replace(/<[^>]*>/g, '')

describe('the time zone of the reader', () => {
  let node: TestServer
  before(async () => {
    node = await foundedServer('node', testClock('2026-01-05T10:00:00.000Z'))
    const { site } = node
    const by = () => ({ by: 'Noor', actor: groupId(site), at: site.now() })
    for (const [slug, timeZone] of [
      ['accra', 'Africa/Accra'],
      ['london', 'Europe/London'],
      ['nairobi', 'Africa/Nairobi'],
    ] as const) {
      const common = { language: 'en', timeZone, tags: {}, title: { en: slug } }
      const times = { startsAt: '2026-01-16T21:30:00.000Z', endsAt: '2026-01-16T22:30:00.000Z' }
      const meeting = { ...common, ...times, year: 2026, mode: 'online' as const }
      await record(site, writeMeeting(meetingId(site, slug), meeting, by()))
      const session = { ...common, ...times, meeting: meetingId(site, slug) }
      await record(
        site,
        writeSession(sessionId(site, slug), { ...session, sessionType: 'workshop' }, by()),
      )
    }
  })
  after(endServers)

  it('is not needed to see that the clocks of a meeting are those of UTC, which stand there once', async () => {
    const reader = visitor(node.origin)
    for (const path of ['/meetings/accra', '/sessions/london']) {
      const text = plain((await reader.get(path)).text)
      expect(text.match(/21:30 – 22:30/g), path).to.have.length(1)
      expect(text).to.include('UTC').and.not.include('GMT')
    }
    const away = plain((await reader.get('/meetings/nairobi')).text)
    expect(away).to.include('GMT+3').and.include('UTC')
  })

  it('is chosen once, kept in a cookie, and used on every programme and session', async () => {
    const reader = visitor(node.origin)
    const fields = { zone: 'Asia/Kathmandu', back: '/meetings/nairobi' }
    const page = await reader.fill('/meetings/nairobi', '/zone', fields)
    expect(page.url).to.equal('/meetings/nairobi')
    expect(plain(page.text)).to.include('03:15 – 04:15 GMT+5:45')
    const session = await reader.get('/sessions/accra')
    expect(plain(session.text)).to.include('GMT+5:45')
    expect(session.text).to.include('value="Asia/Kathmandu"')
    const here = await visitor(node.origin).get('/sessions/accra')
    expect(plain(here.text)).not.to.include('GMT+5:45')
    await reader.fill('/sessions/accra', '/zone', { zone: '' })
    expect(reader.cookies.size).to.equal(0)
    expect(plain((await reader.get('/sessions/accra')).text)).not.to.include('GMT+5:45')
  })

  it('is used for deadlines, too, beside UTC', async () => {
    const { site } = node
    const by = { by: 'Noor', actor: groupId(site), at: site.now() }
    const talk = { language: 'en', title: { en: 'Talk' }, text: 'What now?', tags: {} }
    const closesAt = '2026-02-01T23:59:00.000Z'
    const id = discussionId(site, 'talk')
    await record(site, writeDiscussion(id, { ...talk, closesAt }, by))
    const reader = visitor(node.origin)
    expect(plain((await reader.get('/discussions/talk')).text)).to.include('at 23:59 UTC ·')
    await reader.send('/zone', { zone: 'Asia/Tokyo' })
    for (const path of ['/discussions/talk', '/discussions'])
      expect(plain((await reader.get(path)).text), path).to.match(
        /23:59 UTC \(February 2, 2026 at 08:59 GMT\+9\)/,
      )
  })

  it('that is none is named as a mistake, and nothing is kept', async () => {
    const reader = visitor(node.origin)
    const wrong = await reader.fill('/meetings/nairobi', '/zone', { zone: 'Mars/Olympus' })
    expect(wrong.status).to.equal(400)
    expect(wrong.text).to.include('This time zone is not known').and.include('Mars/Olympus')
    expect(wrong.text).to.include('name="back" value="/meetings/nairobi#programme"')
    expect(reader.cookies.size).to.equal(0)
  })

  it('is offered by a browser with scripts, and taken at one press, in both directions', async function () {
    this.timeout(60_000)
    const browser = await openBrowser(this)
    for (const locale of ['en', 'ar']) {
      const timezoneId = 'Asia/Tokyo'
      const viewport = { width: 360, height: 740 }
      const context = await browser.newContext({ locale, timezoneId, viewport })
      const page = await context.newPage()
      await page.goto(`${node.origin}/meetings/nairobi`)
      const offer = page.getByRole('button', { name: timezoneId })
      await offer.waitFor()
      await expectFine(page)
      await offer.click()
      await page.waitForURL(`${node.origin}/meetings/nairobi#programme`)
      expect(await page.locator('#programme ~ ul.entries').textContent()).to.match(/0?6:30/)
      expect(await offer.count()).to.equal(0)
      await context.close()
    }
  })
})
