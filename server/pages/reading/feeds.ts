/** The feeds of a node: everything new, outcomes alone, and each discussion with its contributions. */
import type { Response } from 'express'
import type { Contribution, Discussion, Item, Meeting, Outcome } from '../../../content/model.ts'
import { type Context, inWords } from '../../context.ts'
import { type FeedEntry, type FeedFormat, sendFeed } from '../../feeds.ts'
import { escaped } from '../../html.ts'
import { discussionPlace } from '../parts/links.ts'
import { contributionsTo, itemOf, type Show, shownItems } from './find.ts'

const ENTRIES_MAX = 30

/** `feed.atom` or `feed.json`: the path says which. */
const formatOf = (path: string): FeedFormat => (path.endsWith('.json') ? 'json' : 'atom')

interface Fed {
  title: string
  home: string
  entries: FeedEntry[]
}

function send(context: Context, res: Response, path: string, { title, home, entries }: Fed): void {
  const { site, words, profile } = context
  const newest = entries.toSorted((a, b) =>
    (b.updated ?? b.published).localeCompare(a.updated ?? a.published),
  )
  sendFeed(res, formatOf(path), {
    title,
    home,
    path: path.replace(/\.(atom|json)$/, ''),
    origin: site.origin,
    language: words.language,
    author: profile ? inWords(profile.name, words) : site.origin,
    at: profile?.published ?? site.now(),
    entries: newest.slice(0, ENTRIES_MAX),
  })
}

/** Latest outcomes, discussions and meetings together. */
export const mainFeed: Show = async (context, req, res) => {
  const { site, words, profile } = context
  const types = ['outcome', 'discussion', 'meeting'] as const
  const found = await Promise.all(
    types.map((type) => shownItems(site, type, { limit: ENTRIES_MAX })),
  )
  const title = profile ? inWords(profile.name, words) : site.origin
  const entries = found.flat().map((item) => entryOf(context, item))
  send(context, res, req.path, { title, home: '/', entries })
}

export const outcomesFeed: Show = async (context, req, res) => {
  const { site, words } = context
  const outcomes = await shownItems(site, 'outcome', { limit: ENTRIES_MAX })
  const entries = outcomes.map((outcome) => entryOf(context, outcome))
  send(context, res, req.path, { title: words('outcomes.title'), home: '/outcomes', entries })
}

export const discussionFeed: Show = async (context, req, res) => {
  const { site, words } = context
  const discussion = await itemOf(site, 'discussion', req)
  const contributions = await contributionsTo(site, { about: discussion.id })
  const title = inWords(discussion.title, words)
  const entries = [entryOf(context, discussion), ...contributions.map(contributionEntry)]
  send(context, res, req.path, { title, home: discussionPlace(discussion), entries })
}

function entryOf({ words }: Context, item: Outcome | Discussion | Meeting): FeedEntry {
  const { id, title, published, updated } = item
  return {
    id,
    url: id,
    title: inWords(title, words),
    html: bodyOf(item, words),
    published,
    ...(updated ? { updated } : {}),
  }
}

function bodyOf(item: Extract<Item, { title: object }>, words: Context['words']): string {
  if (item.type !== 'outcome') return item.html
  const summary = inWords(item.summary, words)
  const state = words(`state.${item.state}`)
  return `<p>${escaped(state)} · ${escaped(words('outcome.messages', { count: item.messages }))}</p><p>${escaped(summary)}</p>`
}

const contributionEntry = (contribution: Contribution): FeedEntry => ({
  id: contribution.id,
  url: contribution.url ?? contribution.id,
  title: contribution.authorName,
  html: contribution.html,
  published: contribution.published,
})
