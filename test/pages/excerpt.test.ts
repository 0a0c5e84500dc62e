/** The words around what was found: near the match however long the text is, and marked in the reader's own spelling. */
import { expect } from 'chai'
import { excerpt } from '../../server/pages/search/results.ts'

const filling = (letters: number) => 'lorem party '.repeat(letters / 12)

describe('the words around a find', () => {
  it('are those of the match, also far down in a long text', () => {
    const { text } = excerpt(`${filling(60_000)}the Árt of rivers ${filling(60_000)}`, 'art')
    expect(text).to.match(/^… .*the <mark>Árt<\/mark> of rivers .* …$/)
    expect(text.length).to.be.below(500)
  })

  it('are found in a text without spaces', () => {
    const { text } = excerpt(`${'水'.repeat(5_000)}河流治理${'水'.repeat(5_000)} 完`, '治理')
    expect(text).to.include('河流<mark>治理</mark>')
  })

  it('are the beginning when nothing of it was asked for', () => {
    const { text } = excerpt('A short text.', '')
    expect(text).to.equal('A short text.')
  })

  it('cut no letter in two', () => {
    const { text } = excerpt(`${'😀'.repeat(2_001)} sea`, 'sea')
    expect(text)
      .to.include('<mark>sea</mark>')
      .and.not.match(/(?<![\ud800-\udbff])[\udc00-\udfff]/)
  })
})
