/** An outcome's Markdown as blocks and numbered messages: what is read, what is written back, and which keys stay. */
import { expect } from 'chai'
import fc from 'fast-check'
import {
  alignTranslation,
  type Previous,
  type Read,
  readOutcomeText,
  writeOutcomeText,
} from '../../content/blocks.ts'
import { sentenceOf } from '../store/refused.ts'

const kinds = ({ blocks }: Read) => blocks.map(({ kind, markdown }) => `${kind}: ${markdown}`)
const said = ({ blocks }: Read) =>
  blocks.flatMap(({ message, markdown }) => (message ? markdown : []))
const keys = ({ statements }: Read) => statements.map(({ key }) => key)

/** The key of each message by its words. */
const byWords = ({ blocks }: Read) =>
  Object.fromEntries(blocks.map(({ markdown, message }) => [markdown, message]))

const list = (...items: string[]) => items.map((item) => `- ${item}`).join('\n')
let edits = 0
const edited = (before: Read, markdown: string): Read =>
  readOutcomeText(markdown, { ...before, at: `edit ${(edits += 1)}` } satisfies Previous)

describe('an outcome written in Markdown', () => {
  it('has a message for each item of its lists; the rest frames them', () => {
    const read = readOutcomeText(
      '# Title\n\nPreamble.\n\n1. First\n2. Second\n\n## More\n\n* Third\n\n> Quoted\n\nEnd.',
    )
    expect(kinds(read)).to.deep.equal([
      'heading: Title',
      'prose: Preamble.',
      'message: First',
      'message: Second',
      'heading: More',
      'message: Third',
      'prose: > Quoted',
      'prose: End.',
    ])
    expect(read.statements.map(({ number }) => number)).to.deep.equal([1, 2, 3])
    expect(read.blocks[0]?.depth).to.equal(2)
    expect(read.blocks[2]?.html).to.equal('<p>First</p>')
  })

  it('has a message for each paragraph where there is no list', () => {
    const read = readOutcomeText(
      'Title\n=====\n\nFirst,\nstill first.\n\nSecond.\n\n---\n\n    code',
    )
    expect(kinds(read)).to.deep.equal([
      'heading: Title',
      'message: First,\nstill first.',
      'message: Second.',
      'prose: ---',
      'prose:     code',
    ])
  })

  const texts: [string, string, string[]][] = [
    ['nested lists', '- a\n  - a1\n  - a2\n- b', ['a\n- a1\n- a2', 'b']],
    ['several paragraphs in an item', '- a\n\n  more\n\n- b', ['a\n\nmore', 'b']],
    ['lists that start at any number', '7. a\n8. b', ['a', 'b']],
    ['other markers', '1) a\n2) b', ['a', 'b']],
    ['empty items', '- a\n-\n- b', ['a', 'b']],
    ['a table beside it', '| x | y |\n|---|---|\n| 1 | 2 |\n\n- a', ['a']],
    ['raw HTML beside it', '<div onclick="x">hello</div>\n\n- a', ['a']],
    ['what looks like front matter', '---\ntitle: x\n---\n\n- a', ['a']],
    ['Windows line ends', '- a\r\n- b\r\n', ['a', 'b']],
    ['Chinese', '一、引言\n\n- 互联网治理\n- 数据安全', ['互联网治理', '数据安全']],
    ['Arabic', '1. حوكمة الإنترنت\n2. الأمن', ['حوكمة الإنترنت', 'الأمن']],
    [
      'addresses named elsewhere',
      '- see [the report][1] [here]\n\n[1]: https://a.example',
      ['see [the report](<https://a.example>) [here]'],
    ],
    ['nothing', ' \n\n', []],
  ]
  for (const [what, markdown, messages] of texts) {
    it(`is read with ${what}`, () => {
      expect(said(readOutcomeText(markdown))).to.deep.equal(messages)
    })
  }

  it('prints raw HTML cleaned', () => {
    const [block] = readOutcomeText('<div onclick="x">hi<script>y</script></div>\n\n- a').blocks
    expect(block?.html).to.equal('hi')
  })

  it('is refused when it has too many parts, and read when it has 2,000 messages', () => {
    const items = Array.from({ length: 2000 }, (_, i) => `Message ${i} ${'words '.repeat(30)}${i}`)
    const first = readOutcomeText(list(...items))
    const second = edited(first, list(...items.map((item) => `${item} and more`).reverse()))
    expect(new Set(keys(second)).size).to.equal(2000)
    expect(second.statements).to.have.length(2000)
  })

  it('is refused when it has more than 2,000 parts', async () => {
    const many = list(...Array.from({ length: 2001 }, (_, i) => `m ${i}`))
    expect(await sentenceOf(() => readOutcomeText(many))).to.equal(
      'invalid outcome.too_many_blocks',
    )
  })
})

describe('the key of a message', () => {
  const first = readOutcomeText(
    list('Open networks for all', 'Mend cables faster', '互联网向所有人开放'),
  )

  it('looks like m-3f9a1c02, and each is its own', () => {
    for (const key of keys(first)) expect(key).to.match(/^m-[0-9a-f]{8}$/)
    const twins = readOutcomeText(list('same words', 'same words'))
    expect(new Set(keys(twins)).size).to.equal(2)
  })

  const stays: [string, string[], Record<string, number>][] = [
    [
      'edits elsewhere',
      ['New beginning', 'Open networks for all', 'Another', '互联网向所有人开放'],
      { 'Open networks for all': 0, 互联网向所有人开放: 2 },
    ],
    [
      'moves',
      ['互联网向所有人开放', 'Mend cables faster', 'Open networks for all'],
      { 'Open networks for all': 0, 'Mend cables faster': 1, 互联网向所有人开放: 2 },
    ],
    [
      'small rewordings',
      ['Open networks for everybody', 'Please mend cables faster', '互联网应向所有人开放'],
      { 'Open networks for everybody': 0, 'Please mend cables faster': 1, 互联网应向所有人开放: 2 },
    ],
    [
      'other accents, case and punctuation',
      ['OPEN Networks, for all!', 'Ménd cables; faster'],
      { 'OPEN Networks, for all!': 0, 'Ménd cables; faster': 1 },
    ],
    ['other white space', ['Open  networks\n  for all'], { 'Open  networks\nfor all': 0 }],
  ]
  for (const [what, items, expected] of stays) {
    it(`stays through ${what}`, () => {
      const second = edited(first, list(...items))
      for (const [words, n] of Object.entries(expected)) {
        expect(byWords(second)[words], words).to.equal(keys(first)[n])
      }
      expect(new Set(keys(second)).size).to.equal(items.length)
    })
  }

  it('goes to the message most like the old one, though another like it stands before', () => {
    const before = readOutcomeText(list('The forum asks for open cables near the coast'))
    const after = edited(
      before,
      list(
        'The forum asks for open schools near the hills',
        'The forum asks for open cables at the coast',
      ),
    )
    expect(keys(after)[1]).to.equal(keys(before)[0])
    expect(keys(after)[0]).not.to.equal(keys(before)[0])
  })

  it('stays with its own twin when several messages say the same', () => {
    const before = readOutcomeText(list('same {.recommendation}', 'same {.finding}', 'other words'))
    const after = edited(before, list('other words', 'same', 'same'))
    expect(after.statements.map(({ kind }) => kind)).to.deep.equal([
      'message',
      'recommendation',
      'finding',
    ])
  })

  it('is kept by two hundred messages that all change a little while sixty others go', () => {
    const items = Array.from(
      { length: 260 },
      (_, i) => `Point ${i} says word${i} and sense${i} here`,
    )
    const before = readOutcomeText(list(...items))
    const after = edited(before, list(...items.slice(60).map((item) => `${item} now`)))
    expect(keys(after).filter((key, i) => key === keys(before)[i + 60])).to.have.length(200)
  })

  it('is never given again: not to other words, and not to the same words later', () => {
    const reworded = edited(first, list('Open networks for many people'))
    const gone = edited(reworded, list('Nothing of that kind'))
    const back = edited(gone, list('Nothing of that kind', 'Open networks for all'))
    for (const key of keys(first)) expect(keys(back)).not.to.include(key)
  })

  it('is the one written beside it, and a copy of it is a new message', () => {
    const read = edited(
      first,
      list(`Quite other words {#${keys(first)[0]}}`, 'B {#same}', 'C {#same}'),
    )
    expect(keys(read)[0]).to.equal(keys(first)[0])
    expect(keys(read)[1]).to.equal('m-same')
    expect(keys(read)[2]).to.match(/^m-[0-9a-f]{8}$/)
  })
})

describe('what is set for a message', () => {
  it('is kept while its text changes, until the text says otherwise', () => {
    const before = readOutcomeText(
      list('Open networks for all {.recommendation .consensus C2 sdg:9}'),
    )
    const kept = edited(before, list('Open networks for all people'))
    expect(kept.statements[0]).to.deep.include({ kind: 'recommendation', consensus: 'consensus' })
    expect(kept.statements[0]?.tags.actionLines).to.deep.equal(['C2'])
    const [key] = keys(kept)
    const cleared = edited(kept, list(`Open networks for all {#${key} .recommendation .consensus}`))
    expect(cleared.statements[0]?.tags.actionLines).to.deep.equal([])
    const keyed = edited(kept, list(`Open networks for all {#${key}}`))
    expect(keyed.statements[0]?.tags.sdgs).to.deep.equal(['9'])
  })

  it('stands at the end of the message or of its first paragraph', () => {
    const ways = [
      'a {.finding}\n  - b',
      'a\n  - b {.finding}',
      'a {.finding}\n\n  b',
      'a\n\n  {.finding}',
    ]
    for (const way of ways) {
      const [statement] = readOutcomeText(`- ${way}`).statements
      expect(statement?.kind, way).to.equal('finding')
    }
  })
})

describe('a translation', () => {
  const { statements } = readOutcomeText(list('One', 'Two'))

  it('has the keys of the original, message by message', () => {
    const blocks = alignTranslation(statements, '# Titre\n\n1. Un {.finding}\n2. Deux')
    expect(blocks.flatMap(({ message }) => message ?? [])).to.deep.equal(
      statements.map((s) => s.key),
    )
    expect(blocks.map(({ markdown }) => markdown)).to.deep.equal(['Titre', 'Un', 'Deux'])
  })

  it('is refused with more or fewer messages', async () => {
    for (const markdown of [list('Un'), list('Un', 'Deux', 'Trois'), '']) {
      expect(await sentenceOf(() => alignTranslation(statements, markdown))).to.equal(
        'invalid outcome.translation_count',
      )
    }
  })
})

const word = fc.constantFrom('cable', 'sea', 'شبكة', '网络', 'côte', '**bold**', 'x_y', '`code`')
const words = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(' '))
const extra = fc.constantFrom(
  '',
  '\n- nested\n- twice',
  '\n\nmore text',
  '\n\n```\ncode }\n```',
  '\n\n| a | b |\n|---|---|\n| 1 | 2 |',
  '\n\n> quoted',
)
const group = fc.constantFrom(
  '',
  ' {.recommendation}',
  ' {#mine .finding .rough_consensus C7.egov sdg:17 gdc:5 theme:2025:digital-cooperation}',
  ' {topic:"open {web} names" topic:fish}',
)
const item = fc.tuple(words, extra, group).map(([text, more, set]) => `${text}${set}${more}`)
const frame = fc.constantFrom(
  '## A heading',
  'Some prose.',
  '> A quotation.',
  '| a |\n|---|\n| b |',
)
const text = fc
  .array(fc.tuple(fc.array(item, { minLength: 1, maxLength: 12 }), frame), { minLength: 1 })
  .map((parts) =>
    parts
      .map(([items, between]) => `${between}\n\n${items.map(numbered).join('\n\n')}`)
      .join('\n\n'),
  )
const numbered = (each: string, i: number) => {
  const mark = `${i + 1}. `
  return mark + each.replaceAll('\n', `\n${' '.repeat(mark.length)}`)
}

describe('what an editor shows', () => {
  it('is read back as it was: blocks, keys and what is set, for any text', () => {
    fc.assert(
      fc.property(text, (markdown) => {
        const read = readOutcomeText(markdown)
        const shown = writeOutcomeText(read.blocks, read.statements)
        expect(readOutcomeText(shown, read)).to.deep.equal(read)
        expect(readOutcomeText(shown)).to.deep.equal(read)
      }),
      { numRuns: 100, seed: 2026 },
    )
  })

  it('is any text at all without a crash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (markdown) => {
        const read = readOutcomeText(markdown)
        expect(new Set(keys(read)).size).to.equal(read.statements.length)
      }),
      { numRuns: 300, seed: 2026 },
    )
  })
})
