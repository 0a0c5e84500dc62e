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
/** How many unmatched older messages beside it one new text is compared with, and how many share a rare word. */
const NEIGHBOURS_MAX = 60

export interface Read {
  blocks: Block[]
  statements: Statement[]
}

/** The text as it stood before, and when it was written: a key that has gone does not come back for other words. */
export interface Previous extends Partial<Read> {
  at?: string
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
export function readOutcomeText(markdown: string, previous: Previous = {}): Read {
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

/** A text without messages of its own: headings, and prose as it is, lists and tables too. */
export function proseBlocks(markdown: string): Block[] {
  const raws = rawBlocks(markdown, proseOf)
  if (raws.length > BLOCKS_MAX)
    throw new Refusal('invalid', 'outcome.too_many_blocks', { most: BLOCKS_MAX })
  return withKeys(raws, [])
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
    const apart = block.markdown.includes('\n') ? '\n\n' : ' '
    const text = `${block.markdown}${apart}${writtenAttributes(statement)}`
    const mark = `${statement.number}. `
    return `${mark}${text.replaceAll('\n', `\n${' '.repeat(mark.length)}`)}`
  })
  return `${lines.join('\n\n')}\n`
}

function rawBlocks(markdown: string, read = rawOf): Raw[] {
  const tokens = blocksIn(markdown)
  const listed = tokens.some(({ type }) => type === 'list')
  const links = new Map(tokens.flatMap((token) => (isLink(token) ? [[token.tag, token]] : [])))
  return tokens
    .flatMap((token) => read(token, listed))
    .filter(({ markdown: text }) => text !== '')
    .map((raw) => (links.size > 0 ? { ...raw, markdown: linked(raw.markdown, links) } : raw))
}

const isLink = (token: Token): token is Tokens.Def => token.type === 'def'

/** A block stands alone from here on, so that an address given elsewhere in the text is written into it. */
function linked(markdown: string, links: Map<string, Tokens.Def>): string {
  const named = /\[([^[\]\n]{1,500})\](?:\[([^[\]\n]{0,200})\])?(?![([:])/g
  return markdown.replace(named, (whole, words: string, name?: string) => {
    const link = links.get((name || words).toLowerCase().replace(/\s+/g, ' '))
    return link ? `[${words}](<${link.href}>)` : whole
  })
}

function rawOf(token: Token, listed: boolean): Raw[] {
  if (token.type === 'list') {
    return (token as Tokens.List).items.map((item) => message(item.text))
  }
  if (token.type === 'paragraph' && !listed) return [message(token.raw)]
  return proseOf(token)
}

function proseOf(token: Token): Raw[] {
  if (token.type === 'space' || token.type === 'def') return []
  if (token.type === 'heading') {
    const { depth, text } = token as Tokens.Heading
    return [{ kind: 'heading', markdown: text, attributes: {}, depth: Math.max(2, depth) }]
  }
  return [{ kind: 'prose', markdown: token.raw.replace(/^\n+|\s+$/g, ''), attributes: {} }]
}

/** What is set stands at the end of the message, or of its first paragraph when lists or more text follow. */
function message(raw: string): Raw {
  const whole = attributesOf(raw.trim())
  const end = /\n(?=\s*\n|\s*(?:[-+*>]|\d+[.)])\s)/.exec(raw.trim())?.index ?? -1
  const first = attributesOf(raw.trim().slice(0, Math.max(0, end)).trimEnd())
  if (isEmpty(whole.attributes) && !isEmpty(first.attributes))
    return {
      kind: 'message',
      markdown: `${first.text}${raw.trim().slice(end)}`,
      attributes: first.attributes,
    }
  return { kind: 'message', markdown: whole.text, attributes: whole.attributes }
}

const isEmpty = (attributes: Attributes) => Object.keys(attributes).length === 0

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

interface Known {
  key: string
  markdown: string
}

/** A key for each message: written beside it, kept from before, or new. */
function keysFor(messages: Raw[], { blocks = [], statements = [], at = '' }: Previous): string[] {
  const before = blocks.flatMap(({ message: key, markdown }) => (key ? [{ key, markdown }] : []))
  const keys: (string | undefined)[] = firstOfEach(messages.map(({ attributes }) => attributes.key))
  const taken = new Set(keys.filter((key) => key !== undefined))
  const free = () => before.filter(({ key }) => !taken.has(key))
  const take = (i: number, key: string | undefined) => {
    if (!key || keys[i] || taken.has(key)) return
    taken.add(key)
    keys[i] = key
  }
  const same = Map.groupBy(free(), ({ markdown }) => folded(markdown))
  for (const [i, { markdown }] of messages.entries()) {
    if (!keys[i]) take(i, same.get(folded(markdown))?.shift()?.key)
  }
  const open = messages.flatMap(({ markdown }, i) => (keys[i] ? [] : [{ i, markdown }]))
  for (const { i, key } of pairsAlike(open, free())) take(i, key)
  const used = new Set([...taken, ...statements.map(({ key }) => key)])
  return messages.map(({ markdown }, i) => keys[i] ?? newKey(markdown, at, used))
}

/** A message that was copied with its key is a new one. */
const firstOfEach = (keys: (string | undefined)[]) =>
  keys.map((key, i) => (keys.indexOf(key) === i ? key : undefined))

const folded = (text: string) => text.replace(/\s+/g, ' ').trim()
const wordSet = (text: string) =>
  new Set(plainLetters(text).match(/[\p{L}\p{N}]/u) ? tokens(text) : [])

/** Words, or letters where words are not separated. */
const tokens = (text: string) => plainLetters(text).match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? []

/**
 * Newer and older messages that are much alike, the most alike first. Each is compared with those about as far
 * down as itself, and with those that share a word which few have.
 */
function pairsAlike(newer: { i: number; markdown: string }[], older: Known[]) {
  const before = older.map(({ key, markdown }) => ({ key, words: wordSet(markdown) }))
  const having = Map.groupBy(
    before.flatMap(({ words }, place) => [...words].map((word) => ({ word, place }))),
    ({ word }) => word,
  )
  const step = older.length / Math.max(1, newer.length)
  const pairs = newer.flatMap(({ i, markdown }, place) => {
    const words = wordSet(markdown)
    const rare = [...words].map((word) => having.get(word) ?? []).filter(isShort)
    const near = Array.from({ length: NEIGHBOURS_MAX }, (_, n) => Math.round(place * step) + n)
    const places = new Set([
      ...near.map((each) => each - NEIGHBOURS_MAX / 2),
      ...rare.flat().map((each) => each.place),
    ])
    const candidates = [...places].flatMap((each) => before[each] ?? [])
    return candidates.map(({ key, words: old }) => ({ i, key, alike: overlap(words, old) }))
  })
  return pairs.filter(({ alike }) => alike >= SIMILAR).sort((a, b) => b.alike - a.alike)
}

const isShort = ({ length }: unknown[]) => length <= NEIGHBOURS_MAX

function overlap(a: Set<string>, b: Set<string>): number {
  const common = a.intersection(b).size
  return common === 0 ? 0 : (2 * common) / (a.size + b.size)
}

/** Never a key that this outcome has used before: neither now, nor (with the time in it) at another time. */
function newKey(markdown: string, at: string, used: Set<string>): string {
  for (let turn = 0; ; turn += 1) {
    const hash = createHash('sha256')
      .update(`${at} ${turn} ${folded(markdown)}`)
      .digest('hex')
    const key = `m-${hash.slice(0, 8)}`
    if (used.has(key)) continue
    used.add(key)
    return key
  }
}
