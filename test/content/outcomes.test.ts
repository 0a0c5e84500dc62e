/** The life of an outcome: every step from every state, what each needs, and what each alters. */
import { expect } from 'chai'
import { OutcomeState } from '../../content/values.ts'
import {
  nextSteps,
  publishImported,
  type StepInput,
  type StepName,
  steps,
  take,
  write,
} from '../../content/outcomes.ts'
import { Refusal } from '../../content/refusal.ts'
import { project } from '../../content/versions.ts'
import { refusalOf, sentenceOf } from '../store/refused.ts'
import {
  afterSteps,
  at,
  by,
  identity,
  inputs,
  newDraft,
  rewritten,
  roads,
  written,
} from './written.ts'

/** What may follow what, as PRODUCT says it: state, then the steps from there. */
const allowed: Record<(typeof OutcomeState.options)[number], StepName[]> = {
  draft: ['present', 'open'],
  presented: ['take_back', 'open'],
  open_for_comment: ['revise', 'agree', 'withdraw'],
  revised: ['open', 'revise', 'agree', 'withdraw'],
  agreed: ['publish', 'withdraw'],
  published: ['correct', 'withdraw'],
  corrected: ['correct', 'withdraw'],
  withdrawn: [],
}

const names = Object.keys(steps) as StepName[]

describe('the steps of an outcome', () => {
  for (const state of OutcomeState.options) {
    it(`from ${state}: ${allowed[state].join(', ') || 'none'}; every other is refused`, async () => {
      const draft = afterSteps(roads[state])
      expect(draft.state).to.equal(state)
      expect(nextSteps(draft)).to.have.members(allowed[state])
      for (const name of names) {
        const step = () => take(draft, name, inputs[name], by(20))
        if (!allowed[state].includes(name)) {
          expect(await sentenceOf(step), name).to.equal('conflict outcome.step')
          continue
        }
        const [next] = step().put?.drafts ?? []
        expect(next?.state, name).to.equal(steps[name].to)
        expect(next?.steps.at(-1), name).to.include({
          state: steps[name].to,
          at: at(20),
          by: 'Awa',
        })
      }
    })
  }

  const wrong: [StepName, StepInput, string, string][] = [
    ['open', {}, 'closesAt', 'field.required'],
    ['open', { closesAt: ' ' }, 'closesAt', 'field.required'],
    ['open', { closesAt: 'soon' }, 'closesAt', 'field.bad_date'],
    ['open', { closesAt: at(28), opensAt: 'now' }, 'opensAt', 'field.bad_date'],
    ['open', { closesAt: at(9) }, 'closesAt', 'field.in_the_past'],
    ['open', { closesAt: at(10) }, 'closesAt', 'field.in_the_past'],
    ['open', { closesAt: at(12), opensAt: at(12) }, 'closesAt', 'field.end_before_start'],
    ['agree', {}, 'method', 'field.required'],
    ['agree', { method: '  ' }, 'method', 'field.required'],
    ['agree', { method: 'x'.repeat(1001) }, 'method', 'field.too_big'],
    ['correct', {}, 'reason', 'field.required'],
    ['withdraw', { reason: '\n' }, 'reason', 'field.required'],
    ['withdraw', { reason: 'x'.repeat(2001) }, 'reason', 'field.too_big'],
  ]
  const before: Record<string, StepName[]> = {
    open: roads.draft,
    agree: roads.revised,
    correct: roads.published,
    withdraw: roads.published,
  }
  for (const [name, input, field, sentence] of wrong) {
    it(`${name} with ${JSON.stringify(input).slice(0, 60)} says what is wrong with ${field}`, async () => {
      const draft = afterSteps(before[name] ?? [])
      const { reason, mistakes } = await refusalOf(() => take(draft, name, input, by(10)))
      expect(reason).to.equal('invalid')
      expect(mistakes[0]).to.include({ field, sentence })
    })
  }

  it('use only what they ask for', () => {
    const all = { ...inputs.open, ...inputs.agree, ...inputs.correct }
    const [draft] = take(newDraft(), 'present', all, by(2)).put?.drafts ?? []
    expect(draft).not.to.have.any.keys('comment', 'agreed', 'reason')
  })

  it('record what they were given', () => {
    const draft = afterSteps(['open', 'revise', 'agree', 'publish', 'correct'])
    expect(draft.comment).to.deep.equal({ opensAt: at(2), closesAt: at(28) })
    expect(draft.agreed).to.deep.equal({ method: inputs.agree.method, by: 'Awa', at: at(4) })
    expect(draft.reason).to.equal(inputs.correct.reason)
    expect(draft.steps.map(({ state, version }) => [state, version ?? 0])).to.deep.equal([
      ['draft', 0],
      ['open_for_comment', 1],
      ['revised', 2],
      ['agreed', 3],
      ['published', 4],
      ['corrected', 5],
    ])
    const named = take(
      afterSteps(['open']),
      'agree',
      { method: 'm', agreedBy: 'The plenary' },
      by(5),
    )
    expect(named.put?.drafts?.[0]?.agreed?.by).to.equal('The plenary')
  })
})

describe('what leaves the node', () => {
  it('is nothing before the comment period: no version, not a word', () => {
    for (const doing of [
      write(written(), identity, by(1)),
      take(newDraft(), 'present', {}, by(2)),
      take(afterSteps(['present']), 'take_back', {}, by(3)),
    ]) {
      expect(Object.keys(doing.put ?? {})).to.deep.equal(['drafts'])
      expect(doing.tell).to.equal(undefined)
    }
  })

  it('is a new version at each public step: made known, then changed, in the end taken back', () => {
    const verbs: [StepName[], StepName, string][] = [
      [[], 'open', 'create'],
      [['open'], 'revise', 'update'],
      [['open', 'agree'], 'publish', 'update'],
      [roads.published, 'correct', 'update'],
      [roads.published, 'withdraw', 'delete'],
    ]
    for (const [road, name, verb] of verbs) {
      const draft = afterSteps(road)
      const { put, tell } = take(draft, name, inputs[name], by(20))
      expect(tell).to.deep.equal([{ verb, item: identity.id, actor: by(1).actor, at: at(20) }])
      expect(put?.versions).to.have.length(1)
      expect(put?.versions?.[0]).to.include({
        id: `${identity.id}/versions/${draft.version + 1}`,
        version: draft.version + 1,
        at: at(20),
        state: steps[name].to,
      })
      expect(put?.versions?.[0]).not.to.have.any.keys('slug', 'rev', 'updated')
    }
  })

  it('is dated by the day it was made public, not by the day it was begun', () => {
    const opened = take(newDraft(), 'open', inputs.open, by(15)).put?.versions?.[0]
    expect(opened?.published).to.equal(at(15))
    const draft = afterSteps(['open', 'agree'])
    const published = take(draft, 'publish', {}, by(20)).put?.versions?.[0]
    expect(published).to.include({ published: at(2), at: at(20) })
  })

  it('never changes what a version said: an edit alters the working copy alone', () => {
    const { put } = take(afterSteps(['open', 'agree']), 'publish', {}, by(10))
    const frozen = structuredClone(put?.versions?.[0])
    const [draft] = put?.drafts ?? []
    if (!draft) throw new Error('no draft')
    const edited = rewritten(draft, written('- Other\n- Words'))
    expect(edited.state).to.equal('published')
    const corrected = take(edited, 'correct', inputs.correct, by(21)).put?.versions?.[0]
    expect(put?.versions?.[0]).to.deep.equal(frozen)
    expect(corrected?.id).not.to.equal(frozen?.id)
    expect(corrected?.texts.en?.markdown).to.equal('- Other\n- Words')
  })
})

describe('an outcome that comes from elsewhere', () => {
  it('is published at once, with its own date', () => {
    const { put, tell } = publishImported(newDraft(), '2012-07-04T12:00:00.000Z', by(9))
    expect(put?.versions?.[0]).to.include({
      state: 'published',
      version: 1,
      published: '2012-07-04T12:00:00.000Z',
      at: at(9),
    })
    expect(tell?.[0]?.verb).to.equal('create')
  })

  it('cannot be what was public here already', async () => {
    const draft = afterSteps(['open'])
    expect(await sentenceOf(() => publishImported(draft, at(1), by(9)))).to.equal(
      'conflict outcome.step',
    )
  })
})

describe('writing and editing', () => {
  const mistakes: [string, object, string, string][] = [
    [
      'no title',
      { texts: { en: { title: ' ', markdown: '- a' } } },
      'texts.en.title',
      'field.required',
    ],
    ['no text', { texts: { en: { title: 'T', markdown: ' \n' } } }, 'markdown', 'field.required'],
    ['no original', { language: 'fr' }, 'language', 'outcome.no_original'],
    ['no such year', { year: 1900 }, 'year', 'field.too_small'],
    ['a source that is no page', { source: 'javascript:alert(1)' }, 'source', 'field.bad_url'],
    ['a source that is no address', { source: 'a report' }, 'source', 'field.bad_url'],
    [
      'a language that is none',
      { texts: { 'e n': { title: 'T', markdown: 'x' } } },
      'texts.e n',
      'field.wrong',
    ],
    [
      'a standing that is none',
      { texts: { en: { title: 'T', markdown: 'x', standing: 'x' } } },
      'texts.en.standing',
      'field.wrong',
    ],
  ]
  for (const [what, change, field, sentence] of mistakes) {
    it(`names ${what}`, async () => {
      const input = { ...written(), ...change }
      const refusal = await refusalOf(() => write(input, identity, by(1)))
      expect(refusal.reason).to.equal('invalid')
      expect(refusal.mistakes[0]).to.include({ field, sentence })
    })
  }

  it('takes translations that have each message, and names the one that has not', async () => {
    const texts = {
      en: { title: 'Messages', markdown: '- One\n- Two' },
      ar: { title: 'رسائل', markdown: '- واحد\n- اثنان', standing: 'official' as const },
    }
    const draft = newDraft(written('', { texts }))
    const keyOf = (language: string, n: number) =>
      draft.texts[language]?.blocks.filter(({ message }) => message)[n]?.message
    expect(keyOf('ar', 1)).to.equal(keyOf('en', 1))
    expect(draft.texts.en?.standing).to.equal('original')
    expect(draft.texts.ar?.standing).to.equal('official')
    const short = { ...texts, ar: { ...texts.ar, markdown: '- واحد' } }
    const refusal = await refusalOf(() => write(written('', { texts: short }), identity, by(1)))
    expect(refusal.sentence).to.equal('outcome.translation_count')
  })

  it('keeps the keys of messages, also when a translation becomes the original', () => {
    const texts = {
      en: { title: 'Messages', markdown: '- One\n- Two' },
      fr: { title: 'Messages', markdown: '- Un\n- Deux' },
    }
    const draft = newDraft(written('', { texts }))
    const [one, two] = draft.statements.map(({ key }) => key)
    const edited = rewritten(draft, written('- Two\n- One\n- Three'))
    expect(edited.statements.map(({ key }) => key).slice(0, 2)).to.deep.equal([two, one])
    const french = rewritten(draft, written('', { texts, language: 'fr' }))
    expect(french.statements.map(({ key }) => key)).to.deep.equal([one, two])
  })

  it('lets go of a meeting, session or source that is no longer named', () => {
    const source = 'https://igf.example/report'
    const draft = newDraft(written('- One', { meeting: 'https://igf.example/meetings/1', source }))
    expect(draft).to.include({ source })
    expect(rewritten(draft, written('- One'))).not.to.have.any.keys('meeting', 'source')
  })

  it('is over once an outcome is withdrawn', async () => {
    const draft = afterSteps(roads.withdrawn)
    expect(await sentenceOf(() => rewritten(draft, written()))).to.equal(
      'conflict outcome.withdrawn',
    )
  })

  it('refuses without altering what it was given', () => {
    const draft = afterSteps(['open'])
    const copy = structuredClone(draft)
    expect(() => take(draft, 'agree', {}, by(5))).to.throw(Refusal)
    expect(draft).to.deep.equal(copy)
  })
})

describe('the face of a version', () => {
  const tagged = written('- One {.recommendation C2 topic:fish}\n- Two', {
    tags: { actionLines: ['C2', 'C5'], sdgs: ['9'] },
  })

  it('is one outcome, and one item for each of its messages with the tags of both', () => {
    const version = take(newDraft(tagged), 'open', inputs.open, by(2)).put?.versions?.[0]
    if (!version) throw new Error('no version')
    const { outcome, messages } = project(version)
    expect(outcome).to.deep.include({
      id: identity.id,
      title: { en: 'Messages' },
      languages: ['en'],
      messages: 2,
      version: 1,
      text: 'One\nTwo',
    })
    expect(outcome).not.to.have.property('updated')
    expect(messages.map(({ number, kind }) => `${number} ${kind}`)).to.deep.equal([
      '1 recommendation',
      '2 message',
    ])
    expect(messages[0]?.id).to.equal(`${identity.id}/messages/${version.statements[0]?.key}`)
    expect(messages[0]?.tags.actionLines).to.deep.equal(['C2', 'C5'])
    expect(messages[0]?.tags.topics).to.deep.equal(['fish'])
    expect(messages[1]?.tags.sdgs).to.deep.equal(['9'])
    expect(messages[1]?.texts.en?.html).to.equal('<p>Two</p>')
  })

  it('of a later version says when it changed', () => {
    const version = take(afterSteps(['open']), 'revise', {}, by(9)).put?.versions?.[0]
    if (!version) throw new Error('no version')
    expect(project(version).outcome).to.include({
      published: at(2),
      updated: at(9),
      state: 'revised',
    })
  })
})
