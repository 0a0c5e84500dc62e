/** A call for issues: who may propose what until when, and what the host makes of it. */
import { expect } from 'chai'
import * as calls from '../../content/calls.ts'
import type { Doing } from '../../content/doing.ts'
import { refusalOf, sentenceOf } from '../store/refused.ts'
import { at, by, origin } from './written.ts'

const id = `${origin}/calls/2026`
const written = {
  language: 'en',
  title: { en: 'Call for issues' },
  text: 'Tell us **what matters**.',
  year: 2026,
  opensAt: at(2),
  closesAt: at(20),
  vocabulary: 'eurodig-categories',
  categories: [{ slug: 'rivers', label: 'Rivers' }],
}
const issue = {
  language: 'en',
  title: 'Gauges for all',
  text: 'They should be public.',
  categories: ['rivers', 'human-rights'],
  stakeholderGroup: 'civil_society',
  residence: 'ML',
}
const ana = { id: `${origin}/people/ana`, name: 'Ana' }

const callIn = ({ put }: Doing) => put?.calls?.[0] as calls.Call
const one = ({ put }: Doing) => put?.proposals?.[0] as calls.Proposal
const call = callIn(calls.writeCall(id, written, by(1)))
const made = () => one(calls.propose(call, issue, ana, [], at(3)))
const fieldOf = async (act: () => unknown) => {
  const [mistake] = (await refusalOf(act)).mistakes
  return `${mistake?.field} ${mistake?.sentence}`
}

describe('a call for issues', () => {
  it('is open between its dates, and takes three proposals from each person', async () => {
    expect(call).to.include({ perPerson: 3, showing: 'at_once' })
    for (const day of [1, 20, 25]) {
      const late = () => calls.propose(call, issue, ana, [], at(day))
      expect(await sentenceOf(late)).to.equal('conflict call.closed')
    }
    const mine = [1, 2, 3].reduce<calls.Proposal[]>(
      (all) => [...all, one(calls.propose(call, issue, ana, all, at(3)))],
      [],
    )
    expect(new Set(mine.map((each) => each.id)).size).to.equal(3)
    const fourth = (all: calls.Proposal[]) => calls.propose(call, issue, ana, all, at(4))
    expect(await sentenceOf(() => fourth(mine))).to.equal('conflict call.enough')
    const [first, ...rest] = mine as [calls.Proposal]
    const gone = one(calls.takeBack(call, first, at(4)))
    expect(one(fourth([gone, ...rest])).id).to.match(/-4$/)
  })

  it('names what is wrong with a call and with a proposal', async () => {
    const change = (more: object) =>
      fieldOf(() => calls.writeCall(id, { ...written, ...more }, by(1)))
    expect(await change({ closesAt: at(1) })).to.equal('closesAt field.end_before_start')
    expect(await change({ perPerson: 0 })).to.equal('perPerson field.required')
    const past = () => calls.writeCall(id, written, by(25))
    expect(await fieldOf(past)).to.equal('closesAt field.in_the_past')
    const used = () => calls.writeCall(id, written, by(5), call, ['gone'])
    expect(await fieldOf(used)).to.equal('categories call.category_used')
    const wrong: [object, string][] = [
      [{ title: 'x'.repeat(121) }, 'title field.too_big'],
      [{ text: 'x'.repeat(3001) }, 'text field.too_big'],
      [{ categories: [] }, 'categories field.required'],
      [{ categories: ['rivers', 'rivers', 'rivers', 'rivers'] }, 'categories field.too_big'],
      [{ categories: ['elsewhere'] }, 'categories field.wrong'],
      [{ stakeholderGroup: 'youth' }, 'stakeholderGroup field.wrong'],
      [{ residence: 'XX' }, 'residence field.wrong'],
    ]
    for (const [more, said] of wrong) {
      const act = () => calls.propose(call, { ...issue, ...more }, ana, [], at(3))
      expect(await fieldOf(act)).to.equal(said)
    }
  })

  it('keeps nothing of the words or the person’s data of what was withdrawn', () => {
    const gone = one(calls.takeBack(call, made(), at(4)))
    expect(gone).to.include({ standing: 'withdrawn', name: '' })
    expect(gone).not.to.have.any.keys('title', 'text', 'residence', 'affiliation')
  })

  it('merges proposals into a session, sets them aside with a reason, and takes either back', async () => {
    const session = `${origin}/sessions/rivers`
    const merged = one(calls.merge([made()], session, at(21)))
    expect(merged).to.include({ standing: 'merged', session, title: 'Gauges for all' })
    expect(await sentenceOf(() => calls.amend(call, merged, issue, at(5)))).to.equal(
      'conflict call.decided',
    )
    expect(await fieldOf(() => calls.setAside([merged], ' ', at(22)))).to.equal(
      'reason field.required',
    )
    const aside = one(calls.setAside([merged], 'Said by another', at(22)))
    expect(aside).to.include({ reason: 'Said by another' }).and.not.to.have.key('session')
    expect(one(calls.show([aside], at(23)))).not.to.have.any.keys('reason', 'session')
    const gone = one(calls.takeBack(call, made(), at(4)))
    expect(await sentenceOf(() => calls.merge([gone], session, at(22)))).to.equal(
      'conflict call.taken_back',
    )
  })
})
