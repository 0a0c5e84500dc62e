/** What is set for a message in braces at its end. */
import { expect } from 'chai'
import fc from 'fast-check'
import { attributesOf, writtenAttributes } from '../../content/attributes.ts'
import type { Statement } from '../../content/model.ts'
import { terms } from '../../content/vocabulary.ts'

const none = { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] }

describe('a group in braces', () => {
  it('says kind, consensus, key and tags, in any order', () => {
    const { text, attributes } = attributesOf(
      'Open networks {gdc:5 C7.egov .divergent_view #my-key sdg:9 SDG:17 theme:2025:digital-cooperation topic:fish topic:"small islands" .none_recorded C2}',
    )
    expect(text).to.equal('Open networks')
    expect(attributes).to.deep.equal({
      key: 'm-my-key',
      kind: 'divergent_view',
      consensus: 'none_recorded',
      tags: {
        themes: ['2025:digital-cooperation'],
        actionLines: ['C7.egov', 'C2'],
        sdgs: ['9', '17'],
        gdc: ['5'],
        topics: ['fish', 'small islands'],
      },
    })
  })

  const plain = [
    'no group',
    'a group {in the} middle',
    'unknown words {see annex}',
    'one unknown word among known ones {C2 .song}',
    'an empty group {}',
    'a goal that is none {sdg:18}',
    'an objective that is none {gdc:0}',
    'a line that is none {C12}',
    'a part of C7 that is none {C7.evoting}',
    'a key that is none {#My_Key}',
    'a theme without its year {theme:digital}',
    'unfinished {C2',
    'a formula {x}',
    '{',
    '}',
    '{{C2}',
    '',
  ]
  for (const text of plain) {
    it(`is text where it is not one: "${text}"`, () => {
      const read = attributesOf(text)
      expect(read.attributes.kind).to.equal(undefined)
      if (text !== '{{C2}') expect(read).to.deep.equal({ text, attributes: {} })
    })
  }

  it('takes each tag once, and says nothing of tags when it holds a key alone', () => {
    expect(attributesOf('a {C2 C2}').attributes.tags?.actionLines).to.deep.equal(['C2'])
    expect(attributesOf('a {#m-x}').attributes).to.deep.equal({ key: 'm-x' })
    expect(attributesOf('a {.finding}').attributes.tags).to.deep.equal(none)
  })

  it('is read in no time, however it is made', () => {
    const long = ['{'.repeat(100_000), `${'{"'.repeat(50_000)}}`, `{${'topic:"'.repeat(20_000)}}`]
    const start = performance.now()
    for (const text of long) expect(attributesOf(text).text).to.equal(text)
    expect(performance.now() - start).to.be.below(1000)
  })

  it('is read back as it was written, for any statement', () => {
    const some = (list: string) => fc.subarray(terms(list).map(({ slug }) => slug))
    const topic = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter(
        (text) =>
          text.trim() === text && !/["\s]/u.test(text.replaceAll(' ', '')) && !text.includes('  '),
      )
    const statement = fc.record({
      key: fc.constantFrom('m-a', 'm-3f9a1c02', 'm-very-long-key'),
      number: fc.constant(1),
      kind: fc.constantFrom('message', 'recommendation', 'divergent_view', 'finding'),
      consensus: fc.constantFrom('consensus', 'rough_consensus', 'none_recorded'),
      relations: fc.constant([]),
      tags: fc.record({
        themes: some('themes'),
        actionLines: some('action-lines'),
        sdgs: some('sdgs'),
        gdc: some('gdc'),
        topics: fc.uniqueArray(topic, { maxLength: 5 }),
      }),
    }) as fc.Arbitrary<Statement>
    fc.assert(
      fc.property(statement, (said) => {
        const { number: _number, relations: _relations, ...set } = said
        const { text, attributes } = attributesOf(`Open networks ${writtenAttributes(said)}`)
        expect(text).to.equal('Open networks')
        expect(attributes).to.deep.equal(set)
      }),
      { seed: 2026 },
    )
  })
})
