/** The marks between words, as each language writes them, and sentences that say what they are about. */
import { expect } from 'chai'
import { aside, inARow, pair, quoted } from '../../server/marks.ts'
import { html } from '../../server/html.ts'
import { richInARow, richPair } from '../../server/marks.ts'
import { languages, wordsFor } from '../../server/words.ts'

describe('marks between words', () => {
  it('are those of the language', () => {
    const all = (language: string) => {
      const words = wordsFor(language)
      return [pair(words, 'a', 'b'), aside(words, 'a', 'b'), inARow(words, ['a', 'b', 'c'])]
    }
    expect(all('en')).to.deep.equal(['a: b', 'a (b)', 'a, b, c'])
    expect(all('fr')).to.deep.equal(['a\u00a0: b', 'a (b)', 'a, b, c'])
    expect(all('ar')).to.deep.equal(['a: b', 'a (b)', 'a، b، c'])
    expect(all('zh')).to.deep.equal(['a：b', 'a（b）', 'a、b、c'])
    expect(quoted(wordsFor('ru'), 'a')).to.equal('«a»')
    expect(inARow(wordsFor('en'), [])).to.equal('')
  })

  it('keep Html as it is and escape the rest', () => {
    const words = wordsFor('en')
    expect(richPair(words, html`<b>a</b>`, '<i>').text).to.equal('<b>a</b>: &lt;i&gt;')
    expect(richInARow(words, [html`<b>a</b>`, html`{next}`]).text).to.equal('<b>a</b>, {next}')
  })

  it('are not all that a step for a second person says', () => {
    for (const language of languages) {
      const said = wordsFor(language)('second.step.open_invitation', { role: '', what: '' })
      expect(said.replace(/[^\p{L}]/gu, ''), language).not.to.equal('')
    }
  })
})
