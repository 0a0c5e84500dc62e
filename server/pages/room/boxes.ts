/** One box for each message of a session: read from a working copy's text, and written back into the same text. */
import { writeOutcomeText } from '../../../content/blocks.ts'
import type { Block, Draft, Statement } from '../../../content/model.ts'
import { Consensus, MessageKind } from '../../../content/values.ts'
import type { Values } from '../../forms.ts'
import { textIn } from '../writing/values.ts'

/** So many are advised, and so many boxes there are at least. */
export const ADVISED = 3
export const BOXES = 5
const BOXES_MAX = 30

/** One more than there are messages, when the five are full. */
export const boxesFor = (messages: number): number =>
  Math.min(BOXES_MAX, messages < BOXES ? BOXES : messages + 1)

/** The messages of a working copy, each in its box. */
export function boxValues({ texts, language, statements }: Draft): Values {
  const blocks = new Map(texts[language]?.blocks.map((block) => [block.message, block]))
  return Object.fromEntries(
    statements.flatMap(({ key, number, kind, consensus }) => [
      [`text-${number}`, blocks.get(key)?.markdown ?? ''],
      [`kind-${number}`, kind],
      [`consensus-${number}`, consensus],
    ]),
  )
}

/** How many boxes of a form have something in them. */
export const filled = (typed: Values): number =>
  boxNumbers().filter((number) => textIn(typed, `text-${number}`) !== '').length

const boxNumbers = () => Array.from({ length: BOXES_MAX }, (_, i) => i + 1)

/**
 * The text of the working copy with what stands in the boxes: a message keeps its key, its tags and its place, an
 * empty box takes its message away, a new one comes last. What stands around the messages stays.
 */
export function textOf(typed: Values, draft?: Draft): string {
  const blocks = draft?.texts[draft.language]?.blocks ?? []
  const known = new Map(draft?.statements.map((each) => [each.key, each]))
  const kept = blocks.flatMap((block) => {
    const statement = known.get(block.message ?? '')
    return statement ? boxed(typed, block, statement) : [{ block }]
  })
  const first = (draft?.statements.length ?? 0) + 1
  const added = boxNumbers()
    .slice(first - 1)
    .flatMap((number) => boxed(typed, undefined, fresh(number)))
  const all: { block: Block; statement?: Statement }[] = [...kept, ...added]
  const written = writeOutcomeText(
    all.map(({ block }) => block),
    all.flatMap(({ statement }) => statement ?? []),
  )
  return written.replaceAll(/\{#m-new-\d+ /g, '{')
}

/** Its key is given by whoever reads the text. */
const fresh = (number: number): Statement => ({
  key: `m-new-${number}`,
  number,
  kind: 'message',
  consensus: 'none_recorded',
  tags: { themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] },
  relations: [],
})

function boxed(typed: Values, block: Block | undefined, statement: Statement) {
  const { number, key } = statement
  const text = textIn(typed, `text-${number}`)
  const markdown = text === block?.markdown ? text : plainWords(text)
  if (markdown === '') return []
  const kind = MessageKind.safeParse(textIn(typed, `kind-${number}`)).data
  const consensus = Consensus.safeParse(textIn(typed, `consensus-${number}`)).data
  return [
    {
      block: { kind: 'message' as const, markdown, html: '', message: key },
      statement: {
        ...statement,
        kind: kind ?? statement.kind,
        consensus: consensus ?? statement.consensus,
      },
    },
  ]
}

/** One statement: what somebody typed as a list or in paragraphs is one all the same. */
const plainWords = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-+*•]|\d+[.)]|#{1,6}|>)\s+/, '').trim())
    .filter(Boolean)
    .join(' ')
