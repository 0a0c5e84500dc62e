/** HTML as sites write it to Markdown as we keep it: cleaned first, and only so much at a time. */
import type Turndown from 'turndown'
import { foreignHtml } from '../text.ts'

let made: Turndown | undefined

/** Loaded at first use: it brings a whole document model with it. */
async function turndown(): Promise<Turndown> {
  if (made) return made
  const { default: Service } = await import('turndown')
  made = new Service({ headingStyle: 'atx', bulletListMarker: '-', codeBlockStyle: 'fenced' })
  made.addRule('struck', { filter: ['del', 's'], replacement: (text) => `~~${text}~~` })
  return made
}

/** Safe Markdown of a post. Links that name no server are read from `base`; pictures become links to them. */
export async function markdownFrom(html: string, base: string): Promise<string> {
  const service = await turndown()
  const clean = foreignHtml(linked(paragraphs(withoutShortcodes(html)), base))
  const markdown = service.turndown(clean)
  return markdown
    .replace(/^((?:\d{1,3}[.)]|[-*])) {2,}/gm, '$1 ')
    .replace(/\u00a0/g, ' ')
    .trim()
}

const builders = 'vc_|et_pb_|fusion_|su_|av_|tatsu_|elementor'
const known = 'caption|gallery|embed|audio|video|playlist|contact-form-7|contact-form|button|toc'
const shortcode = new RegExp(
  String.raw`\[\/?(?:(?:${known})(?=[\s\]\/])|(?:${builders})[\w-]{0,40}|[a-z][\w-]{1,40}(?=\s[\w-]{1,40}="))[^\[\]]{0,1000}\]`,
  'gi',
)

/** Without WordPress's own marks: block comments, and [shortcodes] (the words between two of them stay). */
export const withoutShortcodes = (html: string): string =>
  html.replace(/<!--[^]{0,2000}?-->/g, '').replace(shortcode, '')

const block =
  /^<\/?(?:p|div|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|blockquote|pre|hr|section|article|figure|dl)\b/i

/** WordPress's classic editor writes no paragraphs: an empty line is one. */
export function paragraphs(html: string): string {
  if (/<(?:p|br|div)[\s/>]/i.test(html)) return html
  const parts = html.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n+/)
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (block.test(part) ? part : `<p>${part.replaceAll('\n', '<br>')}</p>`))
    .join('\n')
}

function linked(html: string, base: string): string {
  const shown = html.replace(/<img\b[^<>]{0,3000}>/gi, (tag) => {
    const src = attribute(tag, 'src')
    return src ? `<a href="${src}">${attribute(tag, 'alt') || src.split('/').at(-1)}</a>` : ''
  })
  return shown.replace(
    /(<a\b[^<>]{0,1000}?\bhref=["'])([^"'<>]{0,2000})/gi,
    (_, before: string, to: string) => {
      const address = URL.parse(to, base)
      return `${before}${address && /^(https?|mailto):$/.test(address.protocol) ? address.href : to}`
    },
  )
}

const attribute = (tag: string, name: string): string =>
  new RegExp(String.raw`\b${name}\s{0,9}=\s{0,9}(?:"([^"<>]{0,2000})"|'([^'<>]{0,2000})')`, 'i')
    .exec(tag)
    ?.slice(1)
    .find(Boolean) ?? ''
