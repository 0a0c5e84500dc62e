/** The texts of an outcome beside its original: what they were made from, which have fallen behind, and which are whole. */
import { createHash } from 'node:crypto'
import { alignTranslation } from './blocks.ts'
import type { Block, Draft, OutcomeText, Statement } from './model.ts'
import { Refusal } from './refusal.ts'

type Words = Pick<OutcomeText, 'title' | 'summary' | 'blocks'>

/** `sha-256:<hex>` of the words alone: what is set for a message in braces may change without them. */
export function wordsDigest({ title, summary, blocks }: Words): string {
  const words = [title, summary, ...blocks.map(({ markdown }) => markdown)].join('\n\n')
  return `sha-256:${createHash('sha256').update(words).digest('hex')}`
}

interface Original {
  language: string
  statements: Statement[]
  /** The digest of its words. */
  of: string
  /** The translation as it was before, when nobody has looked at it now. */
  held?: OutcomeText
}

/**
 * A translation against its original. Untouched, it keeps its messages under their keys and may fall behind;
 * written anew, its nth message is the nth of the original. Refusal `invalid` when it has more or fewer.
 */
export function translated(
  text: Omit<OutcomeText, 'blocks'>,
  { language, statements, of, held }: Original,
): OutcomeText {
  if (held && isSame(held, text)) {
    const known = new Set(statements.map(({ key }) => key))
    const stands = ({ message }: Block) => message === undefined || known.has(message)
    return { ...held, standing: text.standing, blocks: held.blocks.filter(stands) }
  }
  try {
    return { ...text, blocks: alignTranslation(statements, text.markdown), of }
  } catch (error) {
    throw besideText(error, language)
  }
}

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
