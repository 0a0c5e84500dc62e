/** What is set for a message in the text itself: a group in braces at its end, such as {.recommendation C2 sdg:9 #my-key}. */
import type { Statement } from './model.ts'
import { Consensus, MessageKind, type Tags } from './values.ts'
import { isTerm } from './vocabulary.ts'

const GROUP_LETTERS_MAX = 5000

export interface Attributes {
  key?: string
  kind?: Statement['kind']
  consensus?: Statement['consensus']
  tags?: Tags
}

/** The text without its group, and what the group says. A group with an unknown word is text and stays. */
export function attributesOf(raw: string): { text: string; attributes: Attributes } {
  const end = raw.endsWith('}') ? raw.slice(-GROUP_LETTERS_MAX) : ''
  const group = /\{((?:[^{}"\n]|"[^"\n]*")*)\}$/.exec(end)
  const attributes = group ? read(group[1] ?? '') : undefined
  return group && attributes
    ? { text: raw.slice(0, raw.length - group[0].length).trim(), attributes }
    : { text: raw, attributes: {} }
}

const empty = (): Tags => ({ themes: [], actionLines: [], sdgs: [], gdc: [], topics: [] })

/** How each kind of word in a group is read; false when it is none of them. */
const readers: ((word: string, into: Attributes & { tags: Tags }) => boolean)[] = [
  (word, into) => {
    const kind = MessageKind.safeParse(word.slice(1))
    if (word.startsWith('.') && kind.success) into.kind = kind.data
    return word.startsWith('.') && kind.success
  },
  (word, into) => {
    const consensus = Consensus.safeParse(word.slice(1))
    if (word.startsWith('.') && consensus.success) into.consensus = consensus.data
    return word.startsWith('.') && consensus.success
  },
  (word, into) => {
    const key = /^#(?:m-)?([a-z0-9-]{1,50})$/.exec(word)?.[1]
    if (key) into.key = `m-${key}`
    return key !== undefined
  },
  (word, into) => pushed(into.tags.actionLines, isTerm('action-lines', word) ? word : undefined),
  (word, into) => pushed(into.tags.sdgs, /^sdg:([1-9]|1[0-7])$/i.exec(word)?.[1]),
  (word, into) => pushed(into.tags.gdc, /^gdc:([1-5])$/i.exec(word)?.[1]),
  (word, into) => pushed(into.tags.themes, /^theme:(\d{4}:[a-z0-9-]{1,90})$/.exec(word)?.[1]),
  (word, into) => pushed(into.tags.topics, /^topic:"?([^"]{1,100}?)"?$/.exec(word)?.[1]),
]

function pushed(list: string[], value: string | undefined): boolean {
  if (value && !list.includes(value)) list.push(value)
  return value !== undefined
}

/** A group says all: tags that are not in it are no longer set. A key alone says nothing of them. */
function read(group: string): Attributes | undefined {
  const words = group.match(/topic:"[^"]*"|\S+/g) ?? []
  const found: Attributes & { tags: Tags } = { tags: empty() }
  const understood = words.every((word) => readers.some((reader) => reader(word, found)))
  if (words.length === 0 || !understood) return undefined
  const { tags: _tags, ...rest } = found
  return words.length === 1 && rest.key ? rest : found
}

/** The group that says what a statement is. */
export function writtenAttributes({ key, kind, consensus, tags }: Statement): string {
  const words = [
    `#${key}`,
    `.${kind}`,
    `.${consensus}`,
    ...tags.actionLines,
    ...tags.sdgs.map((goal) => `sdg:${goal}`),
    ...tags.gdc.map((objective) => `gdc:${objective}`),
    ...tags.themes.map((theme) => `theme:${theme}`),
    ...tags.topics.map((topic) => `topic:"${topic.replace(/["\s]+/g, ' ').trim()}"`),
  ]
  return `{${words.join(' ')}}`
}
