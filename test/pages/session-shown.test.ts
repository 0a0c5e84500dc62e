/** What stands on the page of a session beside its times, and the hubs of a meeting from the form to the page and the wire. */
import { expect } from 'chai'
import { foundedServer } from '../help/community.ts'
import { endServers, type TestServer } from '../help/servers.ts'
import { signedIn } from '../help/signed-in.ts'
import { visitor, type Visitor } from '../help/visitor.ts'

const plain = (text: string) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

describe('a session and its meeting', () => {
  let node: TestServer
  let host: Visitor
  before(async () => {
    node = await foundedServer()
    host = await signedIn(node)
  })
  after(endServers)

  const meeting = {
    ...{ 'title.en': 'Eighth Forum', year: '2026', timeZone: 'Africa/Banjul', mode: 'hybrid' },
    ...{ startsAt: '2026-10-05T09:00', endsAt: '2026-10-06T17:00', slug: 'eighth' },
  }

  it('has remote hubs, typed one a line, shown on its page and told to others', async () => {
    const form = '/host/meetings/new'
    const long = await host.fill(form, form, { ...meeting, hubs: 'x'.repeat(201) })
    expect(long.status).to.equal(400)
    expect(long.text).to.include('Remote hubs')
    const page = await host.fill(form, form, { ...meeting, hubs: 'Dakar, Senegal\n\nPraia\n' })
    expect(page.text).to.include('Dakar, Senegal\nPraia')
    const { text } = await visitor(node.origin).get('/meetings/eighth')
    expect(plain(text)).to.include('Remote hubs Dakar, Senegal · Praia')
    const headers = { accept: 'application/activity+json' }
    const told = await visitor(node.origin).get('/meetings/eighth', { headers })
    const { meetingRecord } = JSON.parse(told.text) as { meetingRecord: { hubs: string[] } }
    expect(meetingRecord.hubs).to.deep.equal(['Dakar, Senegal', 'Praia'])
    const edited = await host.fill('/host/meetings/eighth', '/host/meetings/eighth', { hubs: '' })
    expect(edited.status).to.equal(200)
    expect(plain((await visitor(node.origin).get('/meetings/eighth')).text)).not.to.include('hubs')
  })

  it('says how long it takes and in which language its transcript is, in the words of the reader', async () => {
    const form = `/host/sessions/new?meeting=${encodeURIComponent(`${node.origin}/meetings/eighth`)}`
    await host.fill(form, '/host/sessions/new', {
      ...{ 'title.en': 'Cables', startsAt: '2026-10-05T10:00', endsAt: '2026-10-05T11:30' },
      ...{ slug: 'cables', transcriptUrl: 'https://text.example/75', 'transcript.language': 'fr' },
    })
    const english = plain((await visitor(node.origin).get('/sessions/cables')).text)
    expect(english).to.include('1 hour, 30 minutes').and.include('Transcript (French)')
    const arabic = plain((await visitor(node.origin, 'ar').get('/sessions/cables')).text)
    expect(arabic).to.include('ساعة').and.include('(الفرنسية)')
  })
})
