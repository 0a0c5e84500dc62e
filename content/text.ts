/** Markdown and foreign HTML to safe HTML: the one sanitiser. */
import type library from 'sanitize-html'
import { lazily } from './lazily.ts'
import { parsed, parsedInline } from './markdown.ts'

const read = lazily<typeof library>('sanitize-html')
const sanitize = (html: string, options: library.IOptions) => read()(html, options)

const INPUT_LETTERS_MAX = 200_000
const NESTING_MAX = 30
const NAME_LETTERS_MAX = 200

/** What Mastodon shows of a post, headings a page can carry, and the tables of an outcome. */
const tags = [
  ...[
    'p',
    'br',
    'a',
    'span',
    'del',
    'pre',
    'code',
    'em',
    'strong',
    'b',
    'i',
    'u',
    's',
    'sub',
    'sup',
  ],
  ...['ul', 'ol', 'li', 'blockquote', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'],
  ...['ruby', 'rt', 'rp', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
]

const options: library.IOptions = {
  allowedTags: tags,
  allowedAttributes: {
    a: ['href', 'rel', 'class', 'hreflang', 'lang', 'dir'],
    span: ['class', 'lang', 'dir'],
    p: ['lang', 'dir'],
    ol: ['start', 'reversed'],
    li: ['value'],
    th: ['scope'],
  },
  allowedClasses: {
    a: ['mention', 'hashtag', 'u-url'],
    span: ['invisible', 'ellipsis', 'mention', 'h-card'],
  },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowProtocolRelative: false,
  allowedStyles: {},
  disallowedTagsMode: 'discard',
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'svg',
    'math',
    'iframe',
    'template',
    'title',
  ],
  nestingLimit: NESTING_MAX,
  transformTags: {
    h1: 'h2',
    a: (_tag, attributes) => ({
      tagName: 'a',
      attribs: { ...attributes, rel: 'nofollow noopener noreferrer' },
    }),
  },
}

/** An address without a server would lead to a page of ours that its author never saw. */
const elsewhere: library.IOptions = {
  ...options,
  transformTags: {
    h1: 'h2',
    a: (_tag, { href = '', rel: _rel, ...others }) => ({
      tagName: 'a',
      attribs: {
        ...(/^\s*(?:https?|mailto):/i.test(href) ? { href } : {}),
        ...others,
        rel: 'nofollow noopener noreferrer',
      },
    }),
  },
}

/** Safe HTML of text somebody here wrote. HTML inside it is cleaned like anybody else's. */
export const markdownToHtml = (markdown: string): string =>
  sanitize(parsed(cut(markdown)), options).trim()

/** Safe HTML of one paragraph's worth of Markdown, without the paragraph around it. */
export const markdownInline = (markdown: string): string =>
  sanitize(parsedInline(cut(markdown)), options).trim()

/** HTML from elsewhere, reduced to what is safe to print: no script, style, frame, form, image or odd link. */
export const foreignHtml = (html: string): string => sanitize(cut(html), elsewhere).trim()

/** The beginning of a text that is too long, without half a letter at its end. */
const cut = (text: string, letters = INPUT_LETTERS_MAX): string =>
  text.length > letters ? text.slice(0, letters).replace(/[\ud800-\udbff]$/, '') : text

/** The words alone, with a space where a block ended. */
export function plainText(html: string): string {
  const spaced = cut(html).replace(
    /<(?:br|\/p|\/li|\/h[1-6]|\/tr|\/blockquote)\b[^<>]{0,200}>/gi,
    ' ',
  )
  return unescaped(sanitize(spaced, { allowedTags: [], allowedAttributes: {} }))
    .replace(/\s+/g, ' ')
    .trim()
}

/** What a text of Markdown stands for where it writes letters as `&amp;` or `&#233;`. */
export const decoded = (text: string): string =>
  text.includes('&')
    ? unescaped(sanitize(text.replaceAll('<', '&lt;'), { allowedTags: [], allowedAttributes: {} }))
    : text

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

const unescaped = (text: string) =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => entities[name] ?? whole)

/** A name as one short line, without controls, direction overrides, invisible letters and broken ones (CVE-2023-36459). */
export function plainName(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u115f\u1160\u2800\u3164\uffa0]/gu, ' ')
  return cut(visible.replace(/\s+/g, ' ').trim(), NAME_LETTERS_MAX)
}
