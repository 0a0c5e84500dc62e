/** Markdown as plain parts: headings, paragraphs, items and tables of runs of letters, for papers that are not HTML. */
import { type Token, type Tokens, tokensIn } from './markdown.ts'
import { decoded, plainText } from './text.ts'

/** Letters that look alike and lead to one place. */
export interface Run {
  text: string
  bold?: true
  italic?: true
  code?: true
  struck?: true
  /** An address on the web or of a mailbox. */
  href?: string
}

export type Look = 'lead' | 'soft' | 'quote' | 'code'

/** One paragraph's worth of a paper, or a table. `language` is what its words are in. */
export type Part = { language: string } & (
  | { kind: 'title'; runs: Run[] }
  | { kind: 'heading'; level: number; runs: Run[]; newPage?: boolean }
  | { kind: 'paragraph'; runs: Run[]; look?: Look; inset?: boolean }
  | { kind: 'item'; runs: Run[]; depth: number; mark?: string }
  | { kind: 'message'; number: string; runs: Run[] }
  | { kind: 'table'; rows: Run[][][] }
)

const DEPTH_MAX = 8
/** As text.ts cuts it: more is not printed as a page either. */
const LETTERS_MAX = 200_000

/** All that a text of Markdown says, in order; its own headings begin at `level`. HTML inside it gives its words alone. */
export const partsIn = (markdown: string, language: string, level = 2): Part[] =>
  tokensIn(markdown.slice(0, LETTERS_MAX)).flatMap((token) => partOf(token, { language, level }))

interface Place {
  language: string
  level: number
  look?: Look
  depth?: number
}

function partOf(token: Token, place: Place): Part[] {
  const read = readers[token.type]
  return read ? read(token as never, place) : paragraph(token, place)
}

const readers: Record<string, (token: never, place: Place) => Part[]> = {
  space: () => [],
  def: () => [],
  hr: () => [],
  heading: ({ depth, tokens }: Tokens.Heading, { language, level }) => [
    {
      kind: 'heading',
      language,
      level: Math.min(6, Math.max(depth, 2) - 2 + level),
      runs: runsOf(tokens),
    },
  ],
  code: ({ text }: Tokens.Code, { language }) =>
    text.split('\n').map((line) => ({
      kind: 'paragraph',
      language,
      look: 'code',
      runs: [{ text: line, code: true }],
    })),
  html: ({ raw }: Tokens.HTML, { language }) => {
    const text = plainText(raw)
    return text === '' ? [] : [{ kind: 'paragraph', language, runs: [{ text }] }]
  },
  blockquote: ({ tokens }: Tokens.Blockquote, place) =>
    tokens.flatMap((each) => partOf(each, { ...place, look: 'quote' })),
  list: (list: Tokens.List, place) =>
    list.items.flatMap((item, i) => itemParts(list, item, i, place)),
  table: ({ header, rows }: Tokens.Table, { language }) => [
    {
      kind: 'table',
      language,
      rows: [header, ...rows].map((row) => row.map(({ tokens }) => runsOf(tokens))),
    },
  ],
}

function paragraph(token: Token, { language, look }: Place): Part[] {
  const runs = runsOf('tokens' in token && token.tokens ? token.tokens : [token])
  return runs.length === 0 ? [] : [{ kind: 'paragraph', language, runs, ...(look ? { look } : {}) }]
}

/** The first paragraph of an item carries its mark; what follows stands below it. */
function itemParts(list: Tokens.List, item: Tokens.ListItem, i: number, place: Place): Part[] {
  const { language, depth = 0 } = place
  const mark = list.ordered ? { mark: `${Number(list.start || 1) + i}.` } : {}
  const [first, ...rest] = item.tokens
  const inside = { ...place, depth: Math.min(DEPTH_MAX, depth + 1) }
  const isLine = first !== undefined && (first.type === 'text' || first.type === 'paragraph')
  const runs = isLine ? runsOf('tokens' in first && first.tokens ? first.tokens : [first]) : []
  const below = isLine ? rest : item.tokens
  return [
    { kind: 'item', language, depth, ...mark, runs },
    ...below.flatMap((each) => partOf(each, inside)),
  ]
}

type Manner = Omit<Run, 'text'>

/** The runs of what stands inside a paragraph. */
export function runsOf(tokens: Token[], look: Manner = {}): Run[] {
  return tokens.flatMap((token) => {
    const within = looks[token.type]
    if (within)
      return runsOf((token as Tokens.Strong).tokens, { ...look, ...within(token as never) })
    const text = letters[token.type]?.(token as never) ?? decoded(String(token.raw ?? ''))
    if ('tokens' in token && token.tokens && token.type === 'text')
      return runsOf(token.tokens, look)
    const code = token.type === 'codespan' ? { code: true as const } : {}
    return text === '' ? [] : [{ text, ...look, ...code }]
  })
}

const looks: Record<string, (token: never) => Manner> = {
  strong: () => ({ bold: true }),
  em: () => ({ italic: true }),
  del: () => ({ struck: true }),
  link: ({ href }: Tokens.Link) => (/^(?:https?|mailto):/i.test(href) ? { href } : {}),
}

const letters: Record<string, (token: never) => string> = {
  text: ({ text }: Tokens.Text) => decoded(text),
  escape: ({ text }: Tokens.Escape) => decoded(text),
  codespan: ({ text }: Tokens.Codespan) => text,
  br: () => '\n',
  image: ({ text }: Tokens.Image) => decoded(text),
  html: () => '',
  checkbox: () => '',
}
