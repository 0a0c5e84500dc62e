/** The texts of an outcome beside its original: what they were made from, which have fallen behind, and which are whole. */
import { createHash } from 'node:crypto'
import { alignTranslation, proseBlocks } from './blocks.ts'
import type { Block, Draft, OutcomeText, Statement } from './model.ts'
import { Refusal } from './refusal.ts'

type Words = Pick<OutcomeText, 'title' | 'summary' | 'blocks'>

/** `sha-256:<hex>` of the words alone: what is set for a message in braces may change without them. */
export function wordsDigest({ title, summary, blocks }: Words): string {
  return digestOf([title, summary, ...blocks.map(({ markdown }) => markdown)].join('\n\n'))
}

const digestOf = (words: string): string =>
  `sha-256:${createHash('sha256').update(words).digest('hex')}`

interface Original {
  language: string
  statements: Statement[]
  /** The digest of its words. */
  of: string
  blocks: Block[]
  /** It has no messages of its own. */
  unnumbered: boolean
  /** The translation as it was before, when nobody has looked at it now. */
  held?: OutcomeText
}

/**
 * A translation against its original. Untouched, it keeps its messages under their keys and may fall behind;
 * written anew, its nth message is the nth of the original. Refusal `invalid` when it has more or fewer.
 */
export function translated(
  text: Omit<OutcomeText, 'blocks'>,
  { language, statements, of, blocks, unnumbered, held }: Original,
): OutcomeText {
  if (held && isSame(held, text)) {
    const known = new Set(statements.map(({ key }) => key))
    const stands = ({ message }: Block) => message === undefined || known.has(message)
    return { ...held, standing: text.standing, blocks: held.blocks.filter(stands) }
  }
  try {
    if (unnumbered) return { ...text, blocks: proseBlocks(text.markdown), of }
    const aligned = alignTranslation(statements, text.markdown)
    return { ...text, blocks: madeFrom(aligned, blocks), of }
  } catch (error) {
    throw besideText(error, language)
  }
}

/** Each message remembers the words it was made from, so that it can be told which have changed since. */
function madeFrom(translation: Block[], original: Block[]): Block[] {
  const digests = messageDigests(original)
  return translation.map((block) => {
    const of = digests.get(block.message ?? '')
    return of ? { ...block, of } : block
  })
}

const messageDigests = (blocks: Block[]): Map<string, string> =>
  new Map(
    blocks.flatMap(({ message, markdown }) => (message ? [[message, digestOf(markdown)]] : [])),
  )

const isSame = (held: OutcomeText, { title, summary, markdown }: Omit<OutcomeText, 'blocks'>) =>
  held.title === title && held.summary === summary && held.markdown === markdown

/** The same refusal, named beside the field of that text. */
function besideText(error: unknown, language: string): unknown {
  if (!(error instanceof Refusal)) return error
  const { reason, sentence, values } = error
  return new Refusal(reason, sentence, values, [
    { field: `texts.${language}.markdown`, sentence, values },
  ])
}

type Texts = Pick<Draft, 'texts' | 'statements' | 'language'>

/** Whether the original has changed since this translation was made. Not known of what says nothing about it. */
export function isBehind({ texts, language }: Omit<Texts, 'statements'>, each: string): boolean {
  const [original, text] = [texts[language], texts[each]]
  return text?.of !== undefined && original !== undefined && text.of !== wordsDigest(original)
}

/**
 * The keys of the messages whose translation was made from other words than the original has now. Where a
 * translation does not say it message by message and is behind as a whole, each of them.
 */
export function behindIn(of: Omit<Texts, 'statements'>, each: string): Set<string> {
  const [original, text] = [of.texts[of.language], of.texts[each]]
  if (!original || !text || each === of.language) return new Set()
  const now = messageDigests(original.blocks)
  const whole = isBehind(of, each)
  const behind = text.blocks.flatMap(({ message, of: from }) =>
    message && (from === undefined ? whole : from !== now.get(message)) ? [message] : [],
  )
  return new Set(behind)
}

/** The numbers of the messages that a translation lacks. */
export function missingIn({ texts, statements }: Texts, each: string): number[] {
  const there = new Set(texts[each]?.blocks.map(({ message }) => message))
  return statements.filter(({ key }) => !there.has(key)).map(({ number }) => number)
}

/** The texts that have every message in its order: what can be published. */
export function wholeTexts(draft: Texts): Draft['texts'] {
  const keys = draft.statements.map(({ key }) => key).join()
  const whole = Object.entries(draft.texts).filter(
    ([, { blocks }]) => blocks.flatMap(({ message }) => message ?? []).join() === keys,
  )
  return Object.fromEntries(whole)
}
