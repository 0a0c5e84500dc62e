/** Discussions, contributions, meetings and sessions to ActivityStreams and back. */
import * as z from 'zod'
import { Contribution, Discussion } from '../../content/model.ts'
import { Id, Tags } from '../../content/values.ts'
import { isTerm, terms } from '../../content/vocabulary.ts'
import { foreignHtml, plainName, plainText } from '../../content/text.ts'
import type { Json } from '../proofs.ts'
import { isSameOrigin } from '../trust.ts'
import { type Post, read, readPost } from '../wire.ts'
import { base, escaped, initiativeAt, localized, preview } from './common.ts'

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

/** The language a foreign text says it is in. */
export const languageOf = ({ contentMap, content }: Post): string => {
  const found = Object.entries(contentMap ?? {}).find(([, text]) => !content || text === content)
  const language = found?.[0] ?? ''
  return LANGUAGE.test(language) ? language : 'und'
}

export function discussionToArticle(discussion: Discussion): Json {
  const { title, language, html, text } = discussion
  const main = title[language] ?? Object.values(title)[0] ?? ''
  return {
    ...base(discussion, initiativeAt(discussion.id)),
    type: 'Article',
    ...localized('name', title, language),
    content: html,
    contentMap: { [language]: html },
    preview: preview(main, '', discussion.id),
    source: { content: text, mediaType: 'text/markdown' },
    ...(discussion.opensAt ? { opens: discussion.opensAt } : {}),
    ...(discussion.closesAt ? { closes: discussion.closesAt } : {}),
  }
}

const Period = z.looseObject({
  opens: z.iso.datetime().optional(),
  closes: z.iso.datetime().optional(),
})
const Names = z.looseObject({
  nameMap: z.record(z.string().regex(LANGUAGE), z.string().max(5000)).optional(),
})

/** Somebody's discussion, for an aggregator. The caller has checked whose it is. */
export function articleToDiscussion(object: Json, at: string): Discussion {
  const post = readPost(object)
  const language = languageOf(post)
  const html = foreignHtml(post.content ?? '')
  const { opens, closes } = read(Period, object)
  return read(Discussion, {
    ...foreign(post, at),
    type: 'discussion',
    initiative: post.attributedTo,
    language,
    title: titles(read(Names, object).nameMap, post.name, language),
    html,
    text: plainText(html),
    ...(opens ? { opensAt: opens } : {}),
    ...(closes ? { closesAt: closes } : {}),
  })
}

function titles(
  map: Record<string, string> | undefined,
  name: string | null | undefined,
  language: string,
) {
  const given = Object.entries(map ?? { [language]: name ?? '' })
  return Object.fromEntries(given.map(([each, text]) => [each, plainName(text)]))
}

/** What each foreign item has in common. */
function foreign(post: Post, at: string) {
  const tags = Tags.parse({})
  const { id, updated } = post
  return {
    id,
    local: false,
    visibility: 'shown',
    tags,
    published: notAfter(at, post.published),
    ...(updated ? { updated: notAfter(at, updated) } : {}),
  }
}

/** Nothing is from the future: it would stand above everything else for ever. */
const notAfter = (at: string, said: string | null | undefined) => (said && said < at ? said : at)

export function contributionToNote(contribution: Contribution): Json {
  const { language, text, author, inReplyTo, stakeholderGroup, affiliation } = contribution
  const { disposes, brought, authorName } = contribution
  const html = broughtLead(contribution) + contribution.html
  return {
    ...base(contribution, author),
    type: 'Note',
    inReplyTo,
    content: html,
    contentMap: { [language]: html },
    source: { content: text, mediaType: 'text/markdown' },
    ...(stakeholderGroup ? { stakeholderGroup } : {}),
    ...(affiliation ? { affiliation } : {}),
    ...(brought ? { broughtIn: { name: authorName, ...brought } } : {}),
    ...(disposes ? { disposition: disposes.kind, reason: disposes.reason } : {}),
  }
}

/** Who wrote what was brought in, and where, for servers that show only the content. */
export function broughtLead({
  brought,
  authorName,
}: Pick<Contribution, 'brought' | 'authorName'>): string {
  const parts = [authorName, brought?.from ? new URL(brought.from).host : ''].filter(Boolean)
  if (!brought || parts.length === 0) return ''
  return `<p>${parts.map((part) => `<strong>${escaped(part)}</strong>`).join(' · ')}</p>`
}

/** Where a contribution stands here, and who its author is: found out by the caller. */
export interface Placed {
  about: string
  inReplyTo: string
  message?: string | undefined
  version?: number | undefined
  initiative: string
  authorName: string
  authorHandle: string
  visibility: Contribution['visibility']
  why?: string | undefined
  brought?: Contribution['brought']
}

const TAGS_MAX = 50
const Hashtag = z.looseObject({ type: z.literal('Hashtag'), name: z.string().max(200) })

/** A word as hashtags are compared: `#Civil_Society` and `civilsociety` are the same. */
const plainTag = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Every name of a stakeholder group in every language, as a hashtag. */
const groups = new Map(
  terms('stakeholder-groups').flatMap(({ slug, labels }) =>
    [slug, ...Object.values(labels)].map((each) => [plainTag(each), slug] as const),
  ),
)

/** The group somebody says they speak for: our own word from a server that knows it, a hashtag from any other. */
function groupIn(post: Post): { stakeholderGroup?: string } {
  const named = post.stakeholderGroup ?? ''
  if (isTerm('stakeholder-groups', named)) return { stakeholderGroup: named }
  const tags = [post.tag ?? []].flat().slice(0, TAGS_MAX)
  const found = tags.flatMap(
    (tag) => groups.get(plainTag(Hashtag.safeParse(tag).data?.name ?? '')) ?? [],
  )
  return found[0] ? { stakeholderGroup: found[0] } : {}
}

const QUOTES_MAX = 5
const ObjectLink = z.looseObject({
  type: z.literal('Link'),
  href: z.string(),
  mediaType: z.string().regex(/activity\+json|ld\+json/),
})

/** What it quotes: a field of its own (FEP-044f, `quoteUrl`) or links to objects (FEP-e232). */
function quotedBy({ quote, quoteUrl, tag }: Post): { quotes?: string[] } {
  const links = [tag ?? []].flat().slice(0, TAGS_MAX)
  const linked = links.map((each) => ObjectLink.safeParse(each).data?.href)
  const named = [quote, quoteUrl, ...linked].map((each) => Id.safeParse(each).data)
  const quotes = [...new Set(named.filter((each) => each !== undefined))].slice(0, QUOTES_MAX)
  return quotes.length > 0 ? { quotes } : {}
}

export function noteToContribution(post: Post, placed: Placed, at: string): Contribution {
  const html = foreignHtml(post.content ?? Object.values(post.contentMap ?? {})[0] ?? '')
  const url = typeof post.url === 'string' && isSameOrigin(post.url, post.id) ? post.url : undefined
  return read(Contribution, {
    ...foreign(post, at),
    ...placed,
    type: 'contribution',
    author: post.attributedTo,
    language: languageOf(post),
    html,
    text: plainText(html),
    ...(url ? { url } : {}),
    ...groupIn(post),
    ...quotedBy(post),
    ...(post.affiliation ? { affiliation: plainName(post.affiliation) } : {}),
  })
}
