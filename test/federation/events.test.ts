/** Meetings and sessions as events: what other servers read of them, and what our own reader gets back. */
import { expect } from 'chai'
import { writeMeeting, writeSession } from '../../content/meetings.ts'
import { Meeting, Session } from '../../content/model.ts'
import { cancel, isMoved, reinstate } from '../../content/programme.ts'
import { eventToMeeting, meetingToEvent, meetingToNote } from '../../federation/translate/events.ts'
import { at, by, origin } from '../content/written.ts'
import { refusalOf } from '../store/refused.ts'

const meetingInput = {
  language: 'en',
  year: 2026,
  title: { en: 'Seventh Forum', ar: 'المنتدى السابع' },
  startsAt: at(16),
  endsAt: at(17),
  timeZone: 'Africa/Nairobi',
  mode: 'hybrid' as const,
  place: 'Port <Argent>',
  onlineUrl: 'https://rooms.example/forum',
  hubs: ['Library of the valley'],
  text: 'Come **all**.',
  tags: {},
}
const meeting = Meeting.parse(
  writeMeeting(`${origin}/meetings/2026`, meetingInput, by(1)).put?.items?.[0],
)
const sessionInput = {
  language: 'en',
  meeting: meeting.id,
  title: { en: 'Cables' },
  sessionType: 'workshop',
  startsAt: at(16),
  endsAt: at(17),
  timeZone: 'Africa/Nairobi',
  room: 'Room 2',
  onlineUrl: 'https://rooms.example/2',
  externalRef: 'WS #75',
  transcript: {
    url: 'https://text.example/75',
    provider: 'Captions & Co',
    language: 'en',
    copyright: 'For study only',
  },
  text: 'About *cables*.',
  tags: { topics: ['cables'] },
}
const session = Session.parse(
  writeSession(`${origin}/sessions/75`, sessionInput, by(1)).put?.items?.[0],
)

describe('a meeting or session as an event', () => {
  it('has the fields that Mobilizon, Gancio and FEP-8a8e ask for', () => {
    const event = meetingToEvent(meeting)
    expect(event).to.deep.include({
      type: 'Event',
      name: 'Seventh Forum',
      startTime: at(16),
      endTime: at(17),
      timezone: 'Africa/Nairobi',
      'ical:status': 'CONFIRMED',
      eventStatus: 'EventScheduled',
      joinMode: 'external',
      category: 'MEETING',
      location: {
        type: 'Place',
        name: 'Port <Argent>',
        address: { type: 'PostalAddress', streetAddress: 'Port <Argent>' },
      },
      attachment: [
        {
          ...{ type: 'Link', href: 'https://rooms.example/forum' },
          ...{ mediaType: 'text/html', name: 'Website' },
        },
      ],
      organizers: {
        ...{ type: 'OrganizersCollection', totalItems: 1 },
        items: [{ type: 'Group', id: meeting.initiative }],
      },
    })
    expect(String(event.content)).to.include('Port &lt;Argent&gt;').and.include('UTC')
    expect(meetingToEvent(session).superEvent).to.equal(meeting.id)
  })

  it('says where it is as one location that Mobilizon reads, also when it is only online or nowhere yet', () => {
    const { place: _place, ...online } = meeting
    expect(meetingToEvent({ ...online, mode: 'online' })).to.deep.include({
      location: {
        type: 'VirtualLocation',
        name: 'rooms.example',
        url: 'https://rooms.example/forum',
      },
      isOnline: true,
    })
    const { onlineUrl: _url, ...nowhere } = online
    expect(meetingToEvent({ ...nowhere, mode: 'onsite' })).not.to.have.any.keys(
      'location',
      'attachment',
    )
    for (const event of [meeting, session, online].map((each) => meetingToEvent(each))) {
      const { to, location, attachment } = event as Record<string, { address?: unknown }[]>
      expect(to).to.be.an('array')
      expect(location).to.be.an('object')
      expect(Reflect.get(location ?? {}, 'address') ?? {}).to.be.an('object')
      expect(attachment).to.be.an('array')
    }
  })

  it('is nothing to our reader as Mobilizon sends it: it has no record of ours', () => {
    const at = 'https://events.example/events/7'
    const theirs = {
      ...{ '@context': ['https://www.w3.org/ns/activitystreams'], type: 'Event', id: at, url: at },
      ...{ uuid: '7', name: 'A walk', content: '<p>Come.</p>', mediaType: 'text/html' },
      ...{ to: ['https://www.w3.org/ns/activitystreams#Public'], cc: [`${at}/followers`] },
      ...{ actor: 'https://events.example/@ana', attributedTo: 'https://events.example/@walkers' },
      ...{ published: '2026-05-01T10:00:00Z', updated: '2026-05-02T10:00:00Z', draft: false },
      ...{ startTime: '2026-06-01T10:00:00+02:00', endTime: '2026-06-01T12:00:00+02:00' },
      ...{ timezone: 'Europe/Paris', category: 'OUTDOORS_ADVENTURE', inLanguage: 'fr' },
      ...{ joinMode: 'free', externalParticipationUrl: null, maximumAttendeeCapacity: 0 },
      ...{ remainingAttendeeCapacity: null, participantCount: 3, isOnline: false, contacts: [] },
      ...{ repliesModerationOption: 'allow_all', commentsEnabled: true, status: 'CONFIRMED' },
      ...{ anonymousParticipationEnabled: false, 'ical:status': 'CONFIRMED' },
      tag: [{ type: 'Hashtag', name: '#walk', href: 'https://events.example/tags/walk' }],
      attachment: [{ type: 'Document', mediaType: 'image/png', name: 'Banner', url: `${at}.png` }],
      location: {
        ...{ type: 'Place', id: 'https://events.example/address/1', name: 'The lake' },
        address: { type: 'PostalAddress', streetAddress: null, addressLocality: 'Port Argent' },
        ...{ latitude: 1.5, longitude: 2.5 },
      },
    }
    expect(eventToMeeting(theirs)).to.equal(undefined)
    const stolen = { ...theirs, meetingRecord: meetingToEvent(meeting).meetingRecord }
    expect(eventToMeeting(stolen)?.initiative).to.equal('https://events.example/@walkers')
  })

  it('comes back from the wire as it was', () => {
    for (const item of [meeting, session]) {
      const back = eventToMeeting(meetingToEvent(item))
      expect(back).to.deep.equal({ ...item, local: false })
    }
  })

  it('is announced by a note of its own, with when, where and the address', () => {
    const note = meetingToNote(meeting)
    expect(note).to.deep.include({ type: 'Note', id: `${meeting.id}/announcement` })
    expect(String(note.content)).to.include('Seventh Forum').and.include(`href="${meeting.id}"`)
    expect(writeMeeting(meeting.id, meetingInput, by(1)).tell?.map(({ as }) => as)).to.deep.equal([
      undefined,
      'announcement',
    ])
  })

  it('is cancelled with a reason that travels, and takes place again', async () => {
    const { put, tell } = cancel(session, 'The speaker is ill', by(3))
    const cancelled = Session.parse(put?.items?.[0])
    expect(tell?.[0]?.verb).to.equal('update')
    const event = meetingToEvent(cancelled)
    expect(event).to.include({ 'ical:status': 'CANCELLED', eventStatus: 'EventCancelled' })
    expect(String(event.content)).to.include('The speaker is ill')
    expect(eventToMeeting(event)).to.deep.equal({ ...cancelled, local: false })
    const again = Session.parse(reinstate(cancelled, by(4)).put?.items?.[0])
    expect(meetingToEvent(again)['ical:status']).to.equal('CONFIRMED')
    expect((await refusalOf(() => cancel(session, ' ', by(3)))).reason).to.equal('invalid')
  })

  it('stays cancelled when it is edited, and says for a week that its time was changed', () => {
    const cancelled = Session.parse(cancel(session, 'Ill', by(3)).put?.items?.[0])
    const later = { ...sessionInput, endsAt: at(18) }
    const moved = Session.parse(writeSession(session.id, later, by(4), cancelled).put?.items?.[0])
    expect(moved.cancelled?.reason).to.equal('Ill')
    expect(moved.moved).to.deep.equal({ at: at(4), startsAt: at(16), endsAt: at(17) })
    expect([5, 10, 12].map((day) => isMoved(moved, at(day)))).to.deep.equal([true, true, false])
  })
})
