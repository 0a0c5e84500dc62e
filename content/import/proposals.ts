/** What a post from elsewhere would be here: an outcome with messages, or a discussion; or nothing. */
import { plainText } from '../text.ts'
import { isTerm, terms } from '../vocabulary.ts'
import { guessLanguage } from './guesses.ts'
import { markdownFrom } from './html.ts'
import { Imported, type ReadItem } from './imported.ts'
import { mistakesOf } from '../checked.ts'
import { named } from './mistakes.ts'
import { type Found, type Post, POST_LETTERS_MAX } from './posts.ts'
import { slugOf } from './slugs.ts'

/** Words of a title or heading under which statements stand, in the languages that are read here. */
const outcomeWords =
  /\b(?:messages?|outcomes?|recommendations?|conclusions?|communiqu[eé]|declaration|mensajes?|recomendaciones|conclusiones|recommandations?|mensagens|recomendações|conclusões)\b|رسائل|توصيات|послания|рекомендации|выводы|建议|成果/iu

const SURE = 0.6
const FIRST_YEAR = 1990
const lists = [
  ['action-lines', 'actionLines'],
  ['sdgs', 'sdgs'],
  ['gdc', 'gdc'],
] as const

/** The item that a post becomes, or every mistake in it. A post too long to read in one go is refused by its name. */
export async function proposed(found: Found): Promise<ReadItem> {
  if (!('post' in found)) return wrong(found.title, `import.left_out.${found.leftOut}`)
  const { post } = found
  const place = post.title || post.address
  if (post.body.length > POST_LETTERS_MAX) return wrong(place, 'import.left_out.too_large')
  const text = post.isMarkdown ? post.body : await markdownFrom(post.body, baseOf(post))
  if (text === '') return wrong(place, 'import.left_out.no_text')
  const result = Imported.safeParse(shaped(post, text))
  const { address, oldPaths } = post
  if (result.success) return { place, item: result.data, post: { address, oldPaths } }
  return { place, mistakes: named(mistakesOf(result.error), { markdown: 'text' }) }
}

const baseOf = ({ address }: Post) => (URL.canParse(address) ? address : 'https://invalid/')
const wrong = (place: string, sentence: string): ReadItem => ({
  place,
  mistakes: [{ field: 'text', sentence }],
})

function shaped(post: Post, text: string) {
  const title = plainText(post.title).slice(0, 300) || text.slice(0, 80)
  const language = languageOf(post, `${title} ${text}`)
  const common = {
    language,
    slug: slugOf(title),
    tags: tagsFrom(post.categories),
    ...(post.published ? { published: post.published } : {}),
  }
  if (!isOutcome(post, text))
    return { ...common, type: 'discussion', title: { [language]: title }, text }
  const source = /^https?:/.test(post.address) ? { source: post.address } : {}
  return { ...common, ...source, type: 'outcome', title, markdown: text, year: yearOf(post) }
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
export function languageOf({ language, siteLanguage }: Post, text: string): string {
  if (language) return language
  const guess = guessLanguage(text)
  const agrees = siteLanguage?.split('-')[0] === guess.language
  return guess.sure < SURE || agrees ? (siteLanguage ?? guess.language) : guess.language
}

/** Categories become terms where a vocabulary knows the word, and stay topics. */
export function tagsFrom(categories: string[]) {
  const topics = categories.slice(0, 30)
  const found = lists.map(([list, field]) => [
    field,
    [...new Set(topics.flatMap((word) => termOf(list, word) ?? []))],
  ])
  return { ...(Object.fromEntries(found) as Record<(typeof lists)[number][1], string[]>), topics }
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
