/** A chapter of a booklet as plain parts: what server/docx.ts makes a Word file of. */
import { type Part, partsIn } from '../../../content/parts.ts'
import type { Block, Statement } from '../../../content/model.ts'
import type { Context } from '../../context.ts'
import type { Words } from '../../words.ts'
import { type Chapter, type Fact, factsOf, kindLine } from './chapters.ts'

/** One outcome from its title, a heading of this level, to its record. */
export function chapterParts(context: Context, chapter: Chapter, level: 1 | 2): Part[] {
  const { words } = context
  const { text, language, version } = chapter
  const first: Part =
    level === 1
      ? { kind: 'title', language, runs: [{ text: text.title }] }
      : { kind: 'heading', level: 1, language, newPage: true, runs: [{ text: text.title }] }
  return [
    first,
    plain(kindLine(words, chapter), words.language, 'soft'),
    ...(text.summary === '' ? [] : [plain(text.summary, language, 'lead')]),
    ...textParts(words, chapter, level),
    ...note(words, 'outcome.method', version.methodNote, chapter, level),
    ...note(words, 'outcome.disclaimer', version.disclaimer, chapter, level),
    heading(words('booklet.record'), words.language, level),
    factTable(words, factsOf(context, chapter)),
  ]
}

export const plain = (text: string, language: string, look?: 'lead' | 'soft'): Part => ({
  kind: 'paragraph',
  language,
  runs: [{ text }],
  ...(look ? { look } : {}),
})

export const heading = (text: string, language: string, level: number): Part => ({
  kind: 'heading',
  language,
  level,
  runs: [{ text }],
})

/** Two columns: what a fact is called, and what it is. */
export const factTable = (words: Words, facts: Fact[]): Part => ({
  kind: 'table',
  language: words.language,
  rows: [
    [[{ text: words('booklet.fact') }], [{ text: words('booklet.value') }]],
    ...facts.map(({ name, value, code }) => [
      [{ text: name, bold: true as const }],
      [{ text: value, ...(code ? { code } : {}) }],
    ]),
  ],
})

function note(
  words: Words,
  key: string,
  text: string,
  { version }: Chapter,
  level: number,
): Part[] {
  if (text === '') return []
  return [heading(words(key), words.language, level), plain(text, version.language)]
}

/** Headings, prose and numbered messages in reading order. */
export function textParts(
  words: Words,
  { text, version, language }: Chapter,
  level: number,
): Part[] {
  const known = new Map(version.statements.map((each) => [each.key, each]))
  let last = level - 1
  return text.blocks.flatMap((block) => {
    if (block.kind === 'heading') {
      last = Math.min((block.depth ?? 2) + level - 2, last + 1, 6)
      return headingParts(block, language, last)
    }
    const statement = known.get(block.message ?? '')
    if (!statement) return partsIn(block.markdown, language, level)
    return messageParts(words, block, statement, language)
  })
}

const headingParts = ({ markdown }: Block, language: string, level: number): Part[] =>
  partsIn(markdown, language).map((part) =>
    part.kind === 'paragraph' ? { kind: 'heading', language, level, runs: part.runs } : part,
  )

/** The number and the first paragraph; what more the message says below it; then what it is, in the reader's words. */
function messageParts(words: Words, block: Block, statement: Statement, language: string): Part[] {
  const { number, kind, consensus } = statement
  const [first, ...rest] = partsIn(block.markdown, language)
  const leads = first?.kind === 'paragraph'
  const more = leads ? rest : first ? [first, ...rest] : []
  const is = [
    ...(kind === 'message' ? [] : [words(`message.kind.${kind}`)]),
    words(`message.consensus.${consensus}`),
  ]
  return [
    { kind: 'message', language, number: words.number(number), runs: leads ? first.runs : [] },
    ...more.map((part) => (part.kind === 'paragraph' ? { ...part, inset: true } : part)),
    { ...plain(is.join(' · '), words.language, 'soft'), inset: true },
  ] as Part[]
}
