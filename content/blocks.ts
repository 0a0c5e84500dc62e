/** An outcome written in Markdown, as blocks: headings, prose, and the numbered messages with keys that stay. */
import { createHash } from 'node:crypto'
import type { Token, Tokens } from 'marked'
import { type Attributes, attributesOf, writtenAttributes } from './attributes.ts'
import { blocksIn } from './markdown.ts'
import type { Block, Statement } from './model.ts'
import { Refusal } from './refusal.ts'
import { plainLetters } from './searchable.ts'
import { markdownInline, markdownToHtml } from './text.ts'

const BLOCKS_MAX = 2000
const SIMILAR = 0.5
/** How many unmatched older messages one new text is compared with. */
const NEIGHBOURS_MAX = 60

export interface Read {
  blocks: Block[]
  statements: Statement[]
}

interface Raw {
  kind: Block['kind']
  markdown: string
  attributes: Attributes
  depth?: number
}

/**
 * Read an outcome's text. With a list at the top level, each of its items is a message and the rest frames
 * them; without one, each paragraph is a message. A message keeps its key when its words are the same or
 * much alike, wherever it moved and whatever changed around it. Refusal `invalid` when there are too many.
 */
export function readOutcomeText(markdown: string, previous: Partial<Read> = {}): Read {
  const raws = rawBlocks(markdown)
  if (raws.length > BLOCKS_MAX)
    throw new Refusal('invalid', 'outcome.too_many_blocks', { most: BLOCKS_MAX })
  const messages = raws.filter(({ kind }) => kind === 'message')
  const keys = keysFor(messages, previous)
  const known = new Map(previous.statements?.map((statement) => [statement.key, statement]))
  const statements = messages.map(({ attributes }, i) =>
    statementOf(keys[i] ?? '', i + 1, attributes, known.get(keys[i] ?? '')),
  )
  return { blocks: withKeys(raws, keys), statements }
}

/** The blocks of a translation: its nth message is the nth of the original. Refusal `invalid` when it has more or fewer. */
export function alignTranslation(statements: Statement[], markdown: string): Block[] {
  const raws = rawBlocks(markdown)
  const found = raws.filter(({ kind }) => kind === 'message').length
  if (found !== statements.length) {
    throw new Refusal('invalid', 'outcome.translation_count', {
      expected: statements.length,
      found,
    })
  }
  return withKeys(
    raws,
    statements.map(({ key }) => key),
  )
}

/** Back to Markdown with what was set for each message in braces: what an editor shows. */
export function writeOutcomeText(blocks: Block[], statements: Statement[]): string {
  const known = new Map(statements.map((statement) => [statement.key, statement]))
  const lines = blocks.map((block) => {
    const statement = known.get(block.message ?? '')
    if (block.kind === 'heading') return `${'#'.repeat(block.depth ?? 2)} ${block.markdown}`
    if (block.kind === 'prose' || !statement) return block.markdown
    const text = `${block.markdown} ${writtenAttributes(statement)}`
    return `${statement.number}. ${text.replaceAll('\n', '\n   ')}`
  })
  return `${lines.join('\n\n')}\n`
}

function rawBlocks(markdown: string): Raw[] {
  const tokens = blocksIn(markdown)
  const listed = tokens.some(({ type }) => type === 'list')
  return tokens.flatMap((token) => rawOf(token, listed)).filter(({ markdown: text }) => text !== '')
}

function rawOf(token: Token, listed: boolean): Raw[] {
  if (token.type === 'space' || token.type === 'def') return []
  if (token.type === 'heading') {
    const { depth, text } = token as Tokens.Heading
    return [{ kind: 'heading', markdown: text, attributes: {}, depth: Math.max(2, depth) }]
  }
  if (token.type === 'list') {
    return (token as Tokens.List).items.map((item) => message(item.text))
  }
  if (token.type === 'paragraph' && !listed) return [message(token.raw)]
  return [{ kind: 'prose', markdown: token.raw.trim(), attributes: {} }]
}

function message(raw: string): Raw {
  const { text, attributes } = attributesOf(raw.trim())
  return { kind: 'message', markdown: text, attributes }
}

function withKeys(raws: Raw[], keys: string[]): Block[] {
  let next = 0
  return raws.map(({ kind, markdown, depth }) => ({
    kind,
    markdown,
    html: htmlOf(kind, markdown),
    ...(kind === 'message' ? { message: keys[next++] } : {}),
    ...(depth ? { depth } : {}),
  })) as Block[]
}

const htmlOf = (kind: Block['kind'], markdown: string) =>
  kind === 'heading' ? markdownInline(markdown) : markdownToHtml(markdown)

function statementOf(key: string, number: number, set: Attributes, before?: Statement): Statement {
  return {
    key,
    number,
    kind: set.kind ?? before?.kind ?? 'message',
    consensus: set.consensus ?? before?.consensus ?? 'none_recorded',
    tags: set.tags ?? before?.tags ?? noTags(),
    relations: before?.relations ?? [],
  }
}

const noTags = () => ({ themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] })

/** A key for each message: written beside it, kept from before, or new. */
function keysFor(messages: Raw[], { blocks = [], statements = [] }: Partial<Read>): string[] {
  const before = blocks.flatMap(({ message: key, markdown }) => (key ? [{ key, markdown }] : []))
  const taken = new Set(messages.flatMap(({ attributes }) => attributes.key ?? []))
  const keys = messages.map(({ attributes }) => attributes.key)
  const free = () => before.filter(({ key }) => !taken.has(key))
  const take = (i: number, key: string | undefined) => {
    if (!key) return
    taken.add(key)
    keys[i] = key
  }
  const same = new Map(free().map(({ key, markdown }) => [folded(markdown), key]))
  for (const [i, { markdown }] of messages.entries()) {
    const key = same.get(folded(markdown))
    if (!keys[i] && key && !taken.has(key)) take(i, key)
  }
  const left = free().map(({ key, markdown }) => ({ key, words: wordSet(markdown) }))
  for (const [i, { markdown }] of messages.entries()) {
    if (!keys[i]) take(i, mostAlike(wordSet(markdown), left, taken))
  }
  const used = new Set([...taken, ...statements.map(({ key }) => key)])
  return messages.map(({ markdown }, i) => keys[i] ?? newKey(markdown, used))
}

const folded = (text: string) => text.replace(/\s+/g, ' ').trim()
const wordSet = (text: string) =>
  new Set(plainLetters(text).match(/[\p{L}\p{N}]/u) ? tokens(text) : [])

/** Words, or letters where words are not separated. */
const tokens = (text: string) => plainLetters(text).match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? []

function mostAlike(
  words: Set<string>,
  before: { key: string; words: Set<string> }[],
  taken: Set<string>,
): string | undefined {
  const candidates = before.filter(({ key }) => !taken.has(key)).slice(0, NEIGHBOURS_MAX)
  const rated = candidates.map(({ key, words: old }) => ({ key, alike: overlap(words, old) }))
  const best = rated.reduce((a, b) => (b.alike > a.alike ? b : a), { key: '', alike: 0 })
  return best.alike >= SIMILAR ? best.key : undefined
}

function overlap(a: Set<string>, b: Set<string>): number {
  const common = a.intersection(b).size
  return common === 0 ? 0 : (2 * common) / (a.size + b.size)
}

/** Never a key that this outcome has used before. */
function newKey(markdown: string, used: Set<string>): string {
  for (let turn = 0; ; turn += 1) {
    const hash = createHash('sha256')
      .update(`${turn} ${folded(markdown)}`)
      .digest('hex')
    const key = `m-${hash.slice(0, 8)}`
    if (used.has(key)) continue
    used.add(key)
    return key
  }
}
