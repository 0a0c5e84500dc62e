/** Who is heard, what may follow what, and what stays on the record; and who may do what. */
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import type { Contribution } from '../../content/model.ts'
import {
  act,
  decide,
  type Drafters,
  dispose,
  judge,
  readDecision,
  textDigest,
} from '../../content/moderation.ts'
import { Role } from '../../content/parties.ts'
import { may, rights, type Verb } from '../../content/rights.ts'
import { Visibility } from '../../content/values.ts'
import { sentenceOf } from '../store/refused.ts'
import { at, origin } from './written.ts'

const item = (visibility: Contribution['visibility']): Contribution => ({
  id: 'https://social.example/notes/1',
  type: 'contribution',
  initiative: `${origin}/actor`,
  local: false,
  visibility,
  language: 'en',
  tags: { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] },
  published: at(1),
  about: `${origin}/discussions/1`,
  inReplyTo: `${origin}/discussions/1`,
  author: 'https://social.example/users/ana',
  authorName: 'Ana',
  authorHandle: 'ana@social.example',
  text: 'Bad words',
  html: '<p>Bad words</p>',
  why: 'stranger',
  rev: 3,
})
const decision = { by: 'Awa', actor: `${origin}/actor`, at: at(5) }

describe('judging what comes in', () => {
  const table: [Parameters<typeof judge>[0], string][] = [
    [{ knownAuthor: true, open: true }, 'shown '],
    [{ knownAuthor: false, open: true }, 'held stranger'],
    [{ peer: { standing: 'unknown' }, knownAuthor: false, open: true }, 'held stranger'],
    [{ peer: { standing: 'trusted' }, knownAuthor: false, open: true }, 'shown '],
    [{ peer: { standing: 'trusted' }, knownAuthor: true, open: false }, 'held closed'],
    [{ knownAuthor: true, open: false }, 'held closed'],
    [{ peer: { standing: 'blocked' }, knownAuthor: true, open: true }, 'refused blocked'],
    [{ peer: { standing: 'blocked' }, knownAuthor: true, open: false }, 'refused blocked'],
  ]
  for (const [about, expected] of table) {
    it(`${JSON.stringify(about)}: ${expected}`, () => {
      const { visibility, why = '' } = judge(about)
      expect(`${visibility} ${why}`).to.equal(expected)
    })
  }
})

describe('deciding about a contribution', () => {
  const allowed: Record<string, string[]> = {
    held: ['shown', 'refused'],
    shown: ['removed'],
    refused: ['shown'],
    removed: [],
  }
  for (const from of Visibility.options) {
    for (const to of ['shown', 'refused', 'removed'] as const) {
      const isAllowed = allowed[from]?.includes(to)
      it(`from ${from} to ${to} is ${isAllowed ? 'done' : 'refused'}`, async () => {
        const step = () => decide(item(from), to, decision)
        if (!isAllowed) return expect(await sentenceOf(step)).to.equal('conflict moderation.step')
        return expect(step().put?.items?.[0]).to.include({ visibility: to, rev: 3 })
      })
    }
  }

  it('tells the followers what is shown and what is taken back, and nothing of what nobody saw', () => {
    const told = (from: Contribution['visibility'], to: 'shown' | 'refused' | 'removed') =>
      decide(item(from), to, decision).tell?.map(({ verb }) => verb)
    expect(told('held', 'shown')).to.deep.equal(['announce'])
    expect(told('refused', 'shown')).to.deep.equal(['announce'])
    expect(told('shown', 'removed')).to.deep.equal(['undo_announce'])
    expect(told('held', 'refused')).to.equal(undefined)
  })

  it('deletes what was written here in its author’s name, and keeps a digest of what is refused', () => {
    const ours = { ...item('shown'), local: true }
    const told = decide(ours, 'removed', decision).tell ?? []
    expect(told.map(({ verb, actor }) => `${verb} ${actor}`)).to.deep.equal([
      `undo_announce ${origin}/actor`,
      `delete ${ours.author}`,
    ])
    const why = { ...decision, reason: 'a shop · and more' }
    const [kept] = decide(item('held'), 'refused', why).put?.acts ?? []
    const read = { reason: 'a shop · and more', digest: textDigest('Bad words') }
    expect(kept && readDecision(kept)).to.deep.equal(read)
    expect(readDecision({ note: read.digest })).to.deep.equal({ reason: '', digest: read.digest })
    expect(readDecision({})).to.deep.equal({ reason: '' })
  })

  it('takes the words of what is removed and keeps their digest on the record', () => {
    const { put } = decide(item('shown'), 'removed', { ...decision, reason: 'insults' })
    expect(put?.items?.[0]).to.include({ text: '', html: '', why: 'decided' })
    const hex = createHash('sha256').update('Bad words').digest('hex')
    expect(textDigest('Bad words')).to.equal(`sha-256:${hex}`)
    expect(put?.acts).to.deep.equal([
      {
        id: `${at(5)} removed https://social.example/notes/1`,
        by: 'Awa',
        verb: 'removed',
        item: 'https://social.example/notes/1',
        at: at(5),
        note: `insults · sha-256:${hex}`,
      },
    ])
  })

  it('keeps the words of what is refused, so that it can still be shown', () => {
    const [refused] = decide(item('held'), 'refused', decision).put?.items ?? []
    expect(refused).to.include({ text: 'Bad words', visibility: 'refused' })
    expect(refused).not.to.have.property('why')
  })
})

const drafters = (person: string): Drafters => ({
  actor: `${origin}/actor`,
  name: 'Coast IGF',
  handle: 'coast@here',
  language: 'en',
  words: '**Noted.** <b onclick="x()">Thank you</b>',
  id: `${origin}/contributions/answer-1`,
  person,
})

describe('the drafters’ answer', () => {
  it('is told as a reply of the initiative, clean, once, and changed in place', () => {
    const noted = { kind: 'noted' as const, reason: 'Thank you', by: 'Awa', at: at(6) }
    const { put, tell } = dispose(item('shown'), noted, drafters('Awa'))
    const answer = put?.items?.[1] as Contribution
    expect(answer).to.include({
      inReplyTo: item('shown').id,
      author: `${origin}/actor`,
      published: at(6),
    })
    expect(answer.html).not.to.include('onclick')
    expect(answer.disposes).to.deep.equal(noted)
    expect(tell?.map(({ verb, item: id }) => `${verb} ${id}`)).to.deep.equal([
      `create ${answer.id}`,
    ])
    const again = { ...drafters('Awa'), before: { ...answer, rev: 4 } }
    const next = dispose(item('shown'), { ...noted, at: at(7) }, again)
    expect(next.tell?.[0]?.verb).to.equal('update')
    expect(next.put?.items?.[1]).to.include({ rev: 4, published: at(6), updated: at(7) })
  })

  it('stands with the contribution; a new one replaces it and the record keeps both', () => {
    const noted = { kind: 'noted' as const, reason: 'Thank you', by: 'Awa', at: at(6) }
    const accepted = { kind: 'accepted' as const, reason: 'It is in', by: 'Kofi', at: at(7) }
    const first = dispose(item('shown'), noted, drafters('Awa'))
    const before = first.put?.items?.[1] as Contribution
    const answered = { ...item('shown'), disposition: noted }
    const second = dispose(answered, accepted, {
      ...drafters('Kofi'),
      before: { ...before, rev: 1 },
    })
    expect(second.put?.items?.[0]).to.deep.include({ disposition: accepted })
    const acts = [first, second].map(({ put }) => put?.acts?.[0])
    expect(acts.map((each) => `${each?.by} ${each?.verb} ${each?.note}`)).to.deep.equal([
      'Awa disposed_noted Thank you',
      'Kofi disposed_accepted It is in',
    ])
    expect(act('Awa', 'set_up', 'x', at(1))).not.to.have.property('note')
  })
})

/** Every verb, and the roles that may do it. Whoever changes this table changes who can do what. */
const verbs: Record<Verb, string> = {
  see_host_pages: 'host editor rapporteur moderator',
  write_outcome: 'host editor rapporteur',
  write_meeting: 'host editor',
  write_discussion: 'host editor',
  contribute: 'host editor rapporteur moderator participant',
  move_outcome: 'host editor',
  publish_outcome: 'host',
  withdraw_outcome: 'host',
  dispose: 'host editor rapporteur',
  moderate: 'host editor moderator',
  manage_people: 'host',
  manage_initiative: 'host',
  manage_peers: 'host',
  manage_registry: 'host',
}

describe('rights', () => {
  for (const verb of Object.keys(verbs) as Verb[]) {
    it(`${verb}: ${verbs[verb]}`, () => {
      const able = Role.options.filter((role) => may({ role }, verb))
      expect(able.join(' ')).to.equal(verbs[verb])
      expect(may(undefined, verb)).to.equal(false)
    })
  }

  it('know every role and every verb, and no other', () => {
    expect(Object.keys(rights)).to.have.members(Role.options)
    expect([...new Set(Object.values(rights).flat())]).to.have.members(Object.keys(verbs))
    for (const verb of ['', 'toString', '__proto__', 'includes'])
      expect(may({ role: 'host' }, verb as Verb)).to.equal(false)
  })
})
