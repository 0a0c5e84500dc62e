/** What a post from elsewhere would be here: an outcome with messages, or a discussion; or nothing. */
import { plainText } from '../text.ts'
import type { Tags } from '../values.ts'
import { isTerm, terms } from '../vocabulary.ts'
import { guessLanguage } from './guesses.ts'
import { markdownFrom } from './html.ts'
import { Imported, type ReadItem } from './imported.ts'
import { mistakesOf } from '../checked.ts'
import { named } from './mistakes.ts'
import { type Found, type Post, type PostComment, POST_LETTERS_MAX } from './posts.ts'
import { slugOf } from './slugs.ts'

/** Words of a title or heading under which statements stand, in the languages that are read here. */
const outcomeWords =
  /\b(?:messages?|outcomes?|recommendations?|conclusions?|communiqu[eé]|declaration|mensajes?|recomendaciones|conclusiones|recommandations?|mensagens|recomendações|conclusões)\b|رسائل|توصيات|послания|рекомендации|выводы|建议|成果/iu

const SURE = 0.6
/** Text and site say the same. */
const SITE_SURE = 0.9
const FIRST_YEAR = 1990
const lists = [
  ['action-lines', 'actionLines'],
  ['sdgs', 'sdgs'],
  ['gdc', 'gdc'],
] as const

/** What is proposed for a post, before anybody has looked at it. */
export interface Proposal {
  kind: 'outcome' | 'discussion'
  title: string
  /** Markdown. */
  text: string
  language: string
  /** How sure the language is, from 0 to 1. */
  sure: number
  published?: string | undefined
  /** Of an outcome: the year of its meeting. */
  year?: number | undefined
  tags: Tags
  address: string
  oldPaths: string[]
  categories: string[]
  /** They come in with a discussion. */
  comments?: PostComment[] | undefined
}

/** Why a post cannot be brought in. */
export interface LeftOutPost {
  title: string
  why: string
}

/** What a post would be here; or why it is left out. */
export async function proposalOf(found: Found): Promise<Proposal | LeftOutPost> {
  if (!('post' in found)) return wrong(found.title, found.leftOut)
  const { post } = found
  const place = post.title || post.address
  if (post.body.length > POST_LETTERS_MAX) return wrong(place, 'too_large')
  const text = post.isMarkdown ? post.body : await markdownFrom(post.body, baseOf(post))
  return text === '' ? wrong(place, 'no_text') : shaped(post, text)
}

/** The item that a post becomes, or every mistake in it. A post too long to read in one go is refused by its name. */
export async function proposed(found: Found): Promise<ReadItem> {
  const proposal = await proposalOf(found)
  if ('why' in proposal) {
    const { title, why } = proposal
    return { place: title, mistakes: [{ field: 'text', sentence: why }] }
  }
  return itemFrom(proposal)
}

/** What a proposal itself does not say: when its discussion ends, and the slug of its meeting. */
interface ItemMore {
  closesAt?: string
  meeting?: string
}

/** A proposal, perhaps corrected by now, as an item; or every mistake in it. */
export function itemFrom(proposal: Proposal, more: ItemMore = {}): ReadItem {
  const { address, oldPaths, title, comments = [], year } = proposal
  const place = title || address
  const result = Imported.safeParse(fieldsOf(proposal, more))
  const post = { address, oldPaths, comments, ...(year ? { year } : {}) }
  if (result.success) return { place, item: result.data, post }
  return { place, mistakes: named(mistakesOf(result.error), { markdown: 'text' }) }
}

function fieldsOf(proposal: Proposal, { closesAt, meeting }: ItemMore) {
  const { kind, title, text, language, published, year, tags, address } = proposal
  const common = {
    language,
    slug: slugOf(title),
    tags,
    ...(published ? { published } : {}),
    ...(meeting ? { meeting } : {}),
  }
  const more = closesAt ? { closesAt } : {}
  if (kind === 'discussion')
    return { ...common, ...more, type: 'discussion', title: { [language]: title }, text }
  const source = /^https?:/.test(address) ? { source: address } : {}
  return { ...common, ...source, type: 'outcome', title, markdown: text, year }
}

const baseOf = ({ address }: Post) => (URL.canParse(address) ? address : 'https://invalid/')
const wrong = (title: string, why: string): LeftOutPost => ({
  title,
  why: `import.left_out.${why}`,
})

function shaped(post: Post, text: string): Proposal {
  const title = plainText(post.title).slice(0, 300) || text.slice(0, 80)
  const { address, oldPaths, categories, published, comments } = post
  const year = yearOf(post)
  return {
    kind: isOutcome(post, text) ? 'outcome' : 'discussion',
    title,
    text,
    ...languageOf(post, `${title} ${text}`),
    ...(published ? { published } : {}),
    ...(year ? { year } : {}),
    tags: tagsFrom(categories),
    address,
    oldPaths,
    categories,
    ...(comments.length > 0 ? { comments } : {}),
  }
}

/** By its title, its categories, or a heading with a list right below it. */
function isOutcome({ title, categories }: Post, text: string): boolean {
  if ([title, ...categories].some((each) => outcomeWords.test(each))) return true
  const headings = text.matchAll(/^#{1,6} (.{1,200})\n+(?:[-*]|\d{1,3}[.)]) /gm)
  return [...headings].some(([, heading = '']) => outcomeWords.test(heading))
}

/** A year in the title is the meeting's, if it can be: not one long before any forum, or long after the post. */
function yearOf({ title, published }: Post): number | undefined {
  const posted = published ? Number(published.slice(0, 4)) : undefined
  const named = (title.match(/\b(?:19|20)\d\d\b/g) ?? []).map(Number)
  return named.find((year) => year >= FIRST_YEAR && year <= (posted ?? year) + 1) ?? posted
}

/** The post's own word stands; its site's word only where the text does not plainly say another. */
function languageOf(
  { language, siteLanguage }: Post,
  text: string,
): Pick<Proposal, 'language' | 'sure'> {
  if (language) return { language, sure: 1 }
  const guess = guessLanguage(text)
  if (siteLanguage?.split('-')[0] === guess.language)
    return { language: siteLanguage, sure: Math.max(guess.sure, SITE_SURE) }
  return guess.sure < SURE && siteLanguage ? { language: siteLanguage, sure: 1 - SURE } : guess
}

/** Categories become terms where a vocabulary knows the word, and stay topics. */
function tagsFrom(categories: string[]): Tags {
  const topics = categories.slice(0, 30)
  const found = lists.map(([list, field]) => [
    field,
    [...new Set(topics.flatMap((word) => termOf(list, word) ?? []))],
  ])
  const coded = Object.fromEntries(found) as Record<(typeof lists)[number][1], string[]>
  return { themes: [], ...coded, topics }
}

function termOf(list: string, word: string): string | undefined {
  const wanted = word.trim().toLowerCase()
  const code = wanted.replace(/^sdgs?\s*/, '').toUpperCase()
  const coded = list === 'sdgs' ? wanted.startsWith('sdg') : list === 'action-lines'
  if (coded && isTerm(list, code)) return code
  return terms(list).find(({ labels, synonyms = [] }) =>
    [...Object.values(labels), ...synonyms].some((each) => each.toLowerCase() === wanted),
  )?.slug
}
