/** Lists as people type them on the keyboards of seven languages. */
import { expect } from 'chai'
import {
  asPart,
  asPiece,
  countedIn,
  linesOf,
  partsOf,
  piecesOf,
} from '../../content/typed-lists.ts'
import { readCountries } from '../../server/pages/host/places.ts'
import { readFigures } from '../../server/pages/writing/figures.ts'
import { readPeople } from '../../server/pages/writing/people-lines.ts'
import { readTags } from '../../server/pages/writing/tag-fields.ts'

describe('typed lists', () => {
  it('are separated by Latin, Arabic and full-width marks, and by lines', () => {
    for (const mark of [',', ';', '،', '؛', '，', '；', '、', '\n', ' ； ', '，\n']) {
      expect(piecesOf(`one${mark}two words${mark}`), mark).to.deep.equal(['one', 'two words'])
    }
    for (const mark of [';', '؛', '；'])
      expect(partsOf(`A, B${mark} ${mark}c`)).to.deep.equal(['A, B', '', 'c'])
    expect(linesOf('\na\n\n b ')).to.deep.equal([
      { line: 'a', number: 2 },
      { line: 'b', number: 4 },
    ])
    expect(asPart('a；b\nc')).to.equal('a,b,c')
    expect(piecesOf(asPiece('a、b'))).to.have.length(1)
  })

  it('count in the digits of the script they are written in', () => {
    const found = { name: 'Women', count: 58 }
    for (const line of [
      'Women; 58',
      'Women：58',
      'Women，58',
      'Women،58',
      'Women ５８',
      'Women: ٥٨',
    ])
      expect(countedIn(line), line).to.deep.equal(found)
    expect(countedIn('女性：１２０')).to.deep.equal({ name: '女性', count: 120 })
    expect(countedIn('نساء؛ ٩٠٧')).to.deep.equal({ name: 'نساء', count: 907 })
    expect(countedIn('नारी: ४२')).to.deep.equal({ name: 'नारी', count: 42 })
    for (const line of ['Women', '58', ': 58', 'Women: many'])
      expect(countedIn(line), line).to.equal(undefined)
  })

  it('are read so in every field that takes one', () => {
    const { people, mistakes } = readPeople('陈小川；发言人；河流协会；民间社会；cn')
    expect(mistakes).to.deep.equal([])
    expect(people[0]).to.include({ name: '陈小川', role: 'speaker', country: 'CN' })
    const { figures } = readFigures({ 'participation.genders': '女性：６０\n男性；４０' })
    expect(figures).to.deep.equal({ genders: { 女性: 60, 男性: 40 } })
    expect(readTags({ topics: '海缆、互联互通；数据，隐私' }).tags.topics).to.have.length(4)
    expect(readCountries('法国；德国', 'zh').codes).to.deep.equal(['FR', 'DE'])
  })
})
