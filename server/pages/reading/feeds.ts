/** The feeds: everything new, outcomes alone, and what comes to one initiative, outcome, meeting, discussion or theme. */
import type { Request, Response } from 'express'
import type { Contribution, Item, Version } from '../../../content/model.ts'
import { Refusal } from '../../../content/refusal.ts'
import { textFor } from '../../../content/versions.ts'
import { callEntries } from '../calls/fed.ts'
import { type Context, inWords, languageIn } from '../../context.ts'
import { type FeedEntry, type FeedFormat, sendFeed } from '../../feeds.ts'
import { escaped } from '../../html.ts'
import {
  discussionPlace,
  initiativePlace,
  meetingPlace,
  messagePlace,
  outcomePlace,
  pathOf,
  placeAt,
  versionPlace,
} from '../parts/links.ts'
import {
  contributionsTo,
  itemOf,
  outcomeOf,
  part,
  type Show,
  shownItems,
  versionsOf,
} from './find.ts'
import { themeOf } from './theme.ts'

const ENTRIES_MAX = 30

/** `feed.atom`, `feed.rss` or `feed.json`: the path says which. */
const formatOf = (path: string): FeedFormat =>
  (['rss', 'json'] as const).find((format) => path.endsWith(`.${format}`)) ?? 'atom'

interface Fed {
  title: string
  home: string
  entries: FeedEntry[]
}

function send(context: Context, req: Request, res: Response, { title, home, entries }: Fed): void {
  const { site, words, profile } = context
  const newest = entries.toSorted((a, b) =>
    (b.updated ?? b.published).localeCompare(a.updated ?? a.published),
  )
  sendFeed(res, formatOf(req.path), {
    title,
    home,
    path: req.path.replace(/\.(atom|rss|json)$/, ''),
    origin: site.origin,
    language: words.language,
    author: profile ? inWords(profile.name, words) : site.origin,
    at: profile?.published ?? site.now(),
    entries: newest.slice(0, ENTRIES_MAX),
  })
}

/** The latest of several types together. */
async function latest(
  context: Context,
  types: ('outcome' | 'discussion' | 'meeting' | 'session' | 'message')[],
  where: Record<string, string>,
): Promise<FeedEntry[]> {
  const found = await Promise.all(
    types.map((type) => shownItems(context.site, type, { where, limit: ENTRIES_MAX })),
  )
  return found.flat().map((item) => entryOf(context, item))
}

/** Latest outcomes, discussions and meetings together, and what calls for issues told. */
export const mainFeed: Show = async (context, req, res) => {
  const { site, words, profile } = context
  const title = profile ? inWords(profile.name, words) : site.origin
  const found = await latest(context, ['outcome', 'discussion', 'meeting'], {})
  const entries = [...found, ...(await callEntries(context))]
  send(context, req, res, { title, home: '/', entries })
}

/** The same of one initiative, on an aggregator. */
export const initiativeFeed: Show = async (context, req, res) => {
  const { site, words } = context
  const where = { key: part(req, 'key') }
  const [initiative] = await site.store.find('initiatives', { where, limit: 1 })
  if (!initiative) throw new Refusal('missing', 'page')
  const { id, name } = initiative
  const types = ['outcome', 'discussion', 'meeting'] as const
  const entries = await latest(context, [...types], { initiative: id })
  send(context, req, res, { title: inWords(name, words), home: initiativePlace(id), entries })
}

export const outcomesFeed: Show = async (context, req, res) => {
  const entries = await latest(context, ['outcome'], {})
  send(context, req, res, { title: context.words('outcomes.title'), home: '/outcomes', entries })
}

/** Each new version and stage of an outcome, and what is said about it. */
export const outcomeFeed: Show = async (context, req, res) => {
  const { site, words } = context
  const outcome = await outcomeOf(site, req)
  const [versions, contributions] = await Promise.all([
    versionsOf(site, outcome),
    contributionsTo(site, { about: outcome.id }),
  ])
  const gone = outcome.state === 'withdrawn'
  const entries = [
    ...versions.map((version) => versionEntry(context, version, gone)),
    ...contributions.slice(-ENTRIES_MAX).map((each) => contributionEntry(context, each)),
  ]
  send(context, req, res, {
    title: inWords(outcome.title, words),
    home: outcomePlace(outcome),
    entries,
  })
}

/** A meeting with its sessions, outcomes and discussions. */
export const meetingFeed: Show = async (context, req, res) => {
  const { site, words } = context
  const meeting = await itemOf(site, 'meeting', req)
  const types = ['session', 'outcome', 'discussion'] as const
  const of = await latest(context, [...types], { meeting: meeting.id })
  const calls = await callEntries(context, { meeting: meeting.id })
  const entries = [entryOf(context, meeting), ...of, ...calls]
  send(context, req, res, {
    title: inWords(meeting.title, words),
    home: meetingPlace(meeting),
    entries,
  })
}

export const discussionFeed: Show = async (context, req, res) => {
  const { site, words } = context
  const discussion = await itemOf(site, 'discussion', req)
  const contributions = await contributionsTo(site, { about: discussion.id })
  const entries = [
    entryOf(context, discussion),
    ...contributions.slice(-ENTRIES_MAX).map((each) => contributionEntry(context, each)),
  ]
  send(context, req, res, {
    title: inWords(discussion.title, words),
    home: discussionPlace(discussion),
    entries,
  })
}

/** What is said here on one theme: messages, discussions and meetings. */
export const themeFeed: Show = async (context, req, res) => {
  const { name, where, path } = themeOf(context, req)
  const entries = await latest(context, ['message', 'discussion', 'meeting'], where)
  send(context, req, res, { title: name, home: path, entries })
}

type Entered = Exclude<Item, Contribution>

const places: { [T in Entered['type']]: (item: Extract<Item, { type: T }>) => string } = {
  outcome: outcomePlace,
  meeting: meetingPlace,
  discussion: discussionPlace,
  session: ({ id, local }) => placeAt('sessions', id, local),
  message: messagePlace,
}

/** Its id is where it lives; its page is the one on this server. */
function entryOf(context: Context, item: Entered): FeedEntry {
  const { site, words } = context
  const { id, published, updated } = item
  const title = item.type === 'message' ? item.outcomeTitle : item.title
  return {
    id,
    url: site.origin + places[item.type](item as never),
    title: titleOf(context, item) + inWords(title, words),
    ...bodyOf(context, item),
    published,
    ...(updated ? { updated } : {}),
  }
}

const titleOf = ({ words }: Context, item: Entered): string =>
  item.type === 'message' ? `${words('message.number', { number: item.number })} · ` : ''

function bodyOf({ words }: Context, item: Entered): Pick<FeedEntry, 'html' | 'language'> {
  if (item.type === 'message') {
    const language = languageIn(item.texts, words)
    return { html: item.texts[language]?.html ?? '', language }
  }
  if (item.type !== 'outcome') return { html: item.html, language: item.language }
  const summary = escaped(inWords(item.summary, words))
  const facts = [words(`state.${item.state}`), words('outcome.messages', { count: item.messages })]
  const html = `<p>${facts.map(escaped).join(' · ')}</p><p>${summary}</p>`
  return { html, language: languageIn(item.summary, words) }
}

/** A version with its state, and its whole text; of what is withdrawn only that it was. */
function versionEntry({ site, words }: Context, version: Version, gone: boolean): FeedEntry {
  const { id, at, state, version: number, reason } = version
  const found = textFor(version, words.language)
  const text = gone ? '' : (found?.text.blocks ?? []).map(({ html }) => html).join('\n')
  const said = [words(`state.${state}`), reason ?? ''].filter(Boolean).map(escaped).join(' · ')
  return {
    id,
    url: site.origin + versionPlace(version),
    title: `${words('versions.number', { number })} · ${words(`state.${state}`)}`,
    html: `<p lang="${words.language}">${said}</p>${text}`,
    language: found?.language ?? version.language,
    published: at,
  }
}

const contributionEntry = (
  { site }: Context,
  { id, local, url, authorName, html, language, published, updated }: Contribution,
): FeedEntry => ({
  id,
  url: local ? site.origin + pathOf(id) : (url ?? id),
  title: authorName,
  html,
  language,
  published,
  ...(updated ? { updated } : {}),
})
