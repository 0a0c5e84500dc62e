/** Meetings, sessions, discussions and contributions, as people write them. */
import { expect } from 'chai'
import {
  contribute,
  isOpen,
  writeDiscussion,
  WrittenDiscussion,
} from '../../content/discussions.ts'
import { writeMeeting, writeSession, WrittenMeeting } from '../../content/meetings.ts'
import type { Discussion, Meeting, Outcome } from '../../content/model.ts'
import { isTimeZone } from '../../content/values.ts'
import { refusalOf, sentenceOf } from '../store/refused.ts'
import { at, by, origin } from './written.ts'

const id = `${origin}/meetings/2026`
const meeting = {
  language: 'en',
  year: 2026,
  title: { en: 'Seventh Forum' },
  startsAt: at(16),
  endsAt: at(17),
  timeZone: 'Africa/Nairobi',
  mode: 'hybrid' as const,
  tags: {},
}
const { mode: _mode, year: _year, ...times } = meeting
const session = { ...times, meeting: id, sessionType: 'workshop' }
const discussion = { language: 'en', title: { en: 'What next?' }, text: 'Say **it**.', tags: {} }

const mistakeOf = async (act: () => unknown) => {
  const { reason, mistakes } = await refusalOf(act)
  expect(reason).to.equal('invalid')
  return `${mistakes[0]?.field} ${mistakes[0]?.sentence}`
}

describe('a meeting', () => {
  it('is written, told as new, and told as changed when it is written again', () => {
    const { put, tell } = writeMeeting(id, { ...meeting, text: '*Welcome*' }, by(1))
    const [item] = put?.items ?? []
    expect(item).to.include({ id, type: 'meeting', local: true, published: at(1) })
    expect(item).to.include({ html: '<p><em>Welcome</em></p>', timeZone: 'Africa/Nairobi' })
    const told = { verb: 'create', item: id, actor: by(1).actor, at: at(1) }
    expect(tell).to.deep.equal([told, { ...told, as: 'announcement' }])
    const again = writeMeeting(id, meeting, by(3), { ...(item as Meeting), rev: 4 })
    expect(again.put?.items?.[0]).to.include({ published: at(1), updated: at(3), rev: 4 })
    expect(again.tell?.[0]?.verb).to.equal('update')
  })

  const wrong: [string, Partial<Record<keyof typeof meeting, unknown>>, string][] = [
    ['no title', { title: { en: '  ' } }, 'title field.required'],
    ['no title at all', { title: {} }, 'title field.required'],
    ['an end before its beginning', { endsAt: at(15) }, 'endsAt field.end_before_start'],
    ['a day that is none', { startsAt: '2026-02-30T10:00:00Z' }, 'startsAt field.bad_date'],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, 'timeZone field.bad_zone'],
    ['an offset for a zone', { timeZone: '+03:00' }, 'timeZone field.bad_zone'],
    ['a mode that is none', { mode: 'dream' }, 'mode field.wrong'],
    ['a language that is none', { language: 'English' }, 'language field.wrong'],
  ]
  for (const [what, change, mistake] of wrong) {
    it(`with ${what} is refused, and the field is named`, async () => {
      const input = { ...meeting, ...change } as typeof meeting
      expect(await mistakeOf(() => writeMeeting(id, input, by(1)))).to.equal(mistake)
    })
  }

  it('may be online at an address of the web only', async () => {
    for (const onlineUrl of ['javascript:alert(1)', 'data:text/html,x', 'room 1']) {
      const act = () => writeMeeting(id, { ...meeting, onlineUrl }, by(1))
      expect(await mistakeOf(act), onlineUrl).to.equal('onlineUrl field.bad_url')
    }
    expect(
      WrittenMeeting.safeParse({ ...meeting, onlineUrl: 'https://a.example' }).success,
    ).to.equal(true)
  })

  it('is at any time zone that exists', () => {
    for (const zone of ['UTC', 'Asia/Kathmandu', 'America/Argentina/Buenos_Aires', 'Pacific/Apia'])
      expect(isTimeZone(zone), zone).to.equal(true)
    for (const zone of ['', '+03:00', '-0330', 'Nairobi', 'x'.repeat(100), 'Africa/Nairobi\u0000'])
      expect(isTimeZone(zone), zone).to.equal(false)
  })
})

describe('a session', () => {
  it('is part of a meeting, with its people', () => {
    const people = [{ name: 'Ana', role: 'moderator' as const, country: 'KE' }]
    const [item] =
      writeSession(`${origin}/sessions/1`, { ...session, people }, by(1)).put?.items ?? []
    expect(item).to.deep.include({ type: 'session', meeting: id, people })
  })

  it('names what is wrong with one of its people, and with its links', async () => {
    const people = [{ name: '', role: 'moderator' as const }]
    const write = (more: object) => () =>
      writeSession(`${origin}/sessions/1`, { ...session, ...more }, by(1))
    expect(await mistakeOf(write({ people }))).to.equal('people.0.name field.required')
    expect(await mistakeOf(write({ recordingUrl: 'javascript:x' }))).to.equal(
      'recordingUrl field.bad_url',
    )
    expect(await mistakeOf(write({ meeting: 'the first' }))).to.equal('meeting field.bad_url')
    expect(await mistakeOf(write({ sessionType: '' }))).to.equal('sessionType field.required')
  })
})

const open = (more: Partial<Discussion>) =>
  ({
    ...writeDiscussion(`${origin}/discussions/1`, discussion, by(1)).put?.items?.[0],
    ...more,
  }) as Discussion

describe('a discussion', () => {
  it('is open between its two moments, the first of them included', () => {
    expect(isOpen(open({}), at(5))).to.equal(true)
    const between = open({ opensAt: at(4), closesAt: at(6) })
    expect([3, 4, 5, 6, 7].map((day) => isOpen(between, at(day)))).to.deep.equal([
      false,
      true,
      true,
      false,
      false,
    ])
    expect(isOpen(open({ closesAt: at(6) }), at(1))).to.equal(true)
    expect(isOpen(open({ opensAt: at(6) }), at(7))).to.equal(true)
  })

  it('needs words, and an end after its beginning', async () => {
    const write = (more: object) => () =>
      writeDiscussion(`${origin}/discussions/1`, { ...discussion, ...more }, by(1))
    expect(await mistakeOf(write({ text: ' \n ' }))).to.equal('text field.required')
    expect(await mistakeOf(write({ title: { en: '' } }))).to.equal('title field.required')
    expect(await mistakeOf(write({ opensAt: at(5), closesAt: at(5) }))).to.equal(
      'closesAt field.end_before_start',
    )
  })

  it('compares moments as moments, however they were written', () => {
    const { opensAt, closesAt } = WrittenDiscussion.parse({
      ...discussion,
      opensAt: '2026-05-01T10:00:00Z',
      closesAt: '2026-05-01T10:00:00.5Z',
    })
    expect([opensAt, closesAt]).to.deep.equal([
      '2026-05-01T10:00:00.000Z',
      '2026-05-01T10:00:00.500Z',
    ])
  })
})

describe('an outcome', () => {
  it('takes contributions while its comment period runs', () => {
    const comment = { opensAt: at(2), closesAt: at(9) }
    const outcome = { type: 'outcome', state: 'open_for_comment', comment } as Outcome
    expect([1, 2, 8, 9].map((day) => isOpen(outcome, at(day)))).to.deep.equal([
      false,
      true,
      true,
      false,
    ])
    expect(isOpen({ ...outcome, state: 'agreed' }, at(5))).to.equal(false)
    const { comment: _comment, ...without } = outcome
    expect(isOpen(without, at(5))).to.equal(false)
  })
})

describe('a contribution', () => {
  const under = {
    about: `${origin}/discussions/1`,
    inReplyTo: `${origin}/discussions/1`,
    initiative: `${origin}/actor`,
  }
  const author = { id: `${origin}/people/ana`, name: 'Ana', handle: 'ana@igf.example' }
  const say = (text: string, more = {}, place = under, isNowOpen = true) =>
    contribute(`${origin}/contributions/1`, { text, language: 'en', ...more }, place, author, {
      actor: `${origin}/actor`,
      at: at(5),
      open: isNowOpen,
    })

  it('is told by its author, and announced by the initiative when it stands on its pages', () => {
    const { put, tell } = say('Yes <script>x</script>')
    expect(put?.items?.[0]).to.include({
      html: '<p>Yes </p>',
      visibility: 'shown',
      authorName: 'Ana',
    })
    expect(tell?.map(({ verb, actor }) => [verb, actor])).to.deep.equal([
      ['create', author.id],
      ['announce', `${origin}/actor`],
    ])
    const elsewhere = say('Yes', {}, { ...under, initiative: 'https://other.example/actor' })
    expect(elsewhere.tell?.map(({ verb }) => verb)).to.deep.equal(['create'])
  })

  it('needs words, not too many, and a stakeholder group that exists', async () => {
    expect(await mistakeOf(() => say('  '))).to.equal('text field.required')
    expect(await mistakeOf(() => say('x'.repeat(20_001)))).to.equal('text field.too_big')
    expect(await mistakeOf(() => say('Yes', { stakeholderGroup: 'pirates' }))).to.equal(
      'stakeholderGroup field.wrong',
    )
    expect(say('Yes', { stakeholderGroup: 'civil_society' }).put?.items?.[0]).to.include({
      stakeholderGroup: 'civil_society',
    })
  })

  it('is not taken when nothing is open', async () => {
    expect(await sentenceOf(() => say('Yes', {}, under, false))).to.equal(
      'conflict discussion.closed',
    )
  })
})
