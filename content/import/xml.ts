/** XML as it comes, one element of a channel after another: nothing is kept longer than it is needed, nothing is expanded. */
import type sax from 'sax'
import { lazily } from '../lazily.ts'
import { Refusal } from '../refusal.ts'
import { POST_LETTERS_MAX } from './posts.ts'

const library = lazily<typeof import('sax')>('sax')

/** Letters of one element with all inside it: a post and its comments. */
const ELEMENT_LETTERS_MAX = 10 * POST_LETTERS_MAX
const DEPTH_MAX = 30
const CHILDREN_MAX = 20_000
/** Letters that the parser sees at a time. */
const SLICE_LETTERS = 32_768

export interface Element {
  name: string
  attributes: Record<string, string>
  text: string
  children: Element[]
}

/** Elements whose children are read one by one. */
const lists = new Set(['rss', 'channel', 'feed', 'rdf:RDF'])

interface Reading {
  open: Element[]
  done: Element[]
  letters: number
  root?: string
  wrong?: Refusal
}

/**
 * What stands in a channel or feed, in order. Entities of a document's own are never expanded: an element that
 * names one is a mistake. Refusal `invalid` names the line where it is broken, or where it breaks off.
 */
export async function* elementsOf(chunks: AsyncIterable<string>): AsyncGenerator<Element> {
  const parser = library().parser(true, { position: true })
  const reading: Reading = { open: [], done: [], letters: 0 }
  listen(parser, reading)
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_LETTERS) {
      parser.write(chunk.slice(at, at + SLICE_LETTERS))
      yield* reading.done.splice(0)
      if (reading.wrong) throw reading.wrong
    }
  }
  if (!reading.root) throw new Refusal('invalid', 'import.no_feed')
  if (reading.open.length > 0) throw brokenOff(parser)
}

const brokenOff = (parser: sax.SAXParser) =>
  new Refusal('invalid', 'import.breaks_off', { line: parser.line + 1 })

function listen(parser: sax.SAXParser, reading: Reading): void {
  const refuse = (sentence: string) => {
    reading.wrong ??= new Refusal('invalid', sentence, { line: parser.line + 1 })
  }
  parser.onerror = () => {
    refuse(reading.root ? 'import.bad_xml' : 'import.no_feed')
    parser.resume()
  }
  parser.onopentag = ({ name, attributes }) => {
    if (reading.wrong) return
    begin(reading, name, attributes as Record<string, string>, refuse)
  }
  const text = (part: string) => {
    const inside = reading.open.at(-1)
    if (reading.wrong || !inside || lists.has(inside.name)) return
    reading.letters += part.length
    if (reading.letters > ELEMENT_LETTERS_MAX) refuse('import.element_too_large')
    else inside.text += part
  }
  parser.ontext = text
  parser.oncdata = text
  parser.onclosetag = () => {
    if (!reading.wrong) end(reading)
  }
}

function begin(
  reading: Reading,
  name: string,
  attributes: Record<string, string>,
  refuse: (sentence: string) => void,
): void {
  reading.root ??= name
  if (reading.open.length === 0 && !lists.has(name)) return refuse('import.no_feed')
  const above = reading.open.at(-1)
  const tooMany = (above?.children.length ?? 0) >= CHILDREN_MAX
  if (reading.open.length >= DEPTH_MAX || tooMany) return refuse('import.element_too_large')
  reading.open.push({ name, attributes, text: '', children: [] })
}

function end(reading: Reading): void {
  const element = reading.open.pop()
  const above = reading.open.at(-1)
  if (!element || lists.has(element.name)) return
  if (above && !lists.has(above.name)) return void above.children.push(element)
  reading.letters = 0
  reading.done.push(element)
}

/** The words of the first child with one of these names. */
export function textIn(element: Element, ...names: string[]): string {
  for (const name of names) {
    const found = element.children.find((each) => each.name === name)?.text.trim()
    if (found) return found
  }
  return ''
}

export const childrenIn = ({ children }: Element, name: string): Element[] =>
  children.filter((each) => each.name === name)
