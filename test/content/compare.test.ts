/** What changed between two texts: block by block, and word by word inside a changed block. */
import { expect } from 'chai'
import { readOutcomeText } from '../../content/blocks.ts'
import { type Compared, compareBlocks, isSameText } from '../../content/compare.ts'

const first = readOutcomeText('# Title\n\nBefore.\n\n1. One fish\n2. Two fish\n3. Red fish')
const after = (markdown: string) => readOutcomeText(markdown, { ...first, at: 'later' }).blocks
const seen = (compared: Compared[]) =>
  compared.map(({ kind, block }) => `${kind} ${block.markdown}`)

const newer = (markdown: string) => compareBlocks(first.blocks, after(markdown))

describe('a comparison of two texts', () => {
  it('finds nothing between a text and itself', () => {
    expect(isSameText(first.blocks, first.blocks)).to.equal(true)
    expect(
      newer('# Title\n\nBefore.\n\n1. One fish\n2. Two fish\n3. Red fish').map((c) => c.kind),
    ).to.deep.equal(Array(5).fill('same'))
    expect(compareBlocks([], [])).to.deep.equal([])
  })

  it('shows what is new and what is gone where it stood', () => {
    expect(
      seen(newer('# Title\n\nAfter.\n\n1. One fish\n2. Red fish\n3. Whales and dolphins')),
    ).to.deep.equal([
      'same Title',
      'removed Before.',
      'added After.',
      'same One fish',
      'removed Two fish',
      'same Red fish',
      'added Whales and dolphins',
    ])
  })

  it('shows a changed message word by word, and both texts can be read from it', () => {
    const [, , changed] = newer('# Title\n\nBefore.\n\n1. One big fish\n2. Two fish\n3. Red fish')
    expect(changed?.kind).to.equal('changed')
    const reads = (without: string) =>
      changed?.parts
        ?.filter(({ kind }) => kind !== without)
        .map(({ text }) => text)
        .join('')
    expect(reads('added')).to.equal('One fish')
    expect(reads('removed')).to.equal('One big fish')
  })

  it('follows a message that moved, and shows it once', () => {
    const moved = newer('# Title\n\nBefore.\n\n1. Red fish\n2. One fish\n3. Two fish')
    expect(moved.filter(({ kind }) => kind !== 'same')).to.deep.equal([])
    expect(moved).to.have.length(5)
  })

  it('shows everything of the newer text once, whatever was done', () => {
    const texts = [
      '- Red fish\n- Two fish',
      '# T\n\n1. x y z',
      '',
      '- One fish\n\nBefore.\n\nBefore.\n\n- Two',
    ]
    for (const markdown of texts) {
      const blocks = after(markdown)
      const shown = compareBlocks(first.blocks, blocks)
      const kept = shown.filter(({ kind }) => kind !== 'removed').map(({ block }) => block)
      expect(kept, markdown).to.deep.equal(blocks)
    }
  })

  it('compares two texts with nothing in common, and very long ones', () => {
    const many = (word: string) =>
      readOutcomeText(Array.from({ length: 1500 }, (_, i) => `- ${word} ${i}`).join('\n')).blocks
    expect(compareBlocks(many('fish'), many('whale'))).to.have.length(3000)
    const [long] = readOutcomeText(`- ${'a b '.repeat(5000)}`).blocks
    const [other] = readOutcomeText(`- ${'c d '.repeat(5000)}`).blocks
    if (!long || !other) throw new Error('no block')
    const [changed] = compareBlocks([{ ...long, message: 'm-1' }], [{ ...other, message: 'm-1' }])
    expect(changed?.parts).to.have.length(2)
  })
})
