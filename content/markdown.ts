/** Markdown, read so that nobody's text takes long: what marked does again and again for each letter is bounded here. */
import { Lexer, Marked, type Token, type Tokens } from 'marked'

export type { Token, Tokens }

/** In a longer run of text without a break, marks inside it are letters like others (E7: CVE-2025-68475). */
const RUN_LETTERS_MAX = 10_000
/** Deeper quotations and lists in one line are text: marked would call itself until it breaks. */
const NESTING_MAX = 30

/** Nothing found in a run that is too long; what marked finds in any other. */
const unlessLong = (run: string): undefined | false =>
  run.length > RUN_LETTERS_MAX ? undefined : false

/** Up to the next letter that may begin a mark. */
function letters(rest: string): Tokens.Text {
  const raw = /^(?:`+|~+|[^])[^\\<>![`*~_]*/.exec(rest)?.[0] ?? rest
  return { type: 'text', raw, text: raw, escaped: false }
}

const marked = new Marked({
  gfm: true,
  tokenizer: {
    emStrong: (_rest, run) => unlessLong(run),
    del: (_rest, run) => unlessLong(run),
    url: unlessLong,
    tag: (rest) => (rest.startsWith('<!--') ? unlessLong(rest) : false),
    link: unlessLong,
    inlineText: (rest) => (rest.length > RUN_LETTERS_MAX ? letters(rest) : false),
  },
})

/** HTML of a text, not yet safe: for content/text.ts only. */
export const parsed = (markdown: string): string =>
  marked.parse(shallow(markdown), { async: false })

/** HTML of one paragraph's worth of text without the paragraph around it, not yet safe. */
export const parsedInline = (markdown: string): string =>
  marked.parseInline(markdown, { async: false })

/** Headings, paragraphs, lists … of a text, in order; what is inside a paragraph is left as it is. */
export const blocksIn = (markdown: string): Token[] =>
  new Lexer(marked.defaults).blockTokens(shallow(markdown).replaceAll(/\r\n|\r/g, '\n'), [])

/** The same with what is inside each paragraph. */
export const tokensIn = (markdown: string): Token[] =>
  new Lexer(marked.defaults).lex(shallow(markdown))

const marker = String.raw`(?:>|[-+*]|\d{1,9}[.)])[ \t]*`
const deep = new RegExp(String.raw`^([ \t]*(?:${marker}){${NESTING_MAX}})(?=${marker})`, 'gm')
const isRule = /^[ \t]*([-*_])(?:[ \t]*\1)*[ \t]*$/

/** A line of more nested marks than anybody means keeps the outer ones; a line across the page is one. */
function shallow(markdown: string): string {
  const lines = markdown.split('\n')
  return lines.map((line) => (isRule.test(line) ? line : line.replace(deep, '$1\\'))).join('\n')
}
