/** How each document is found again: one function for each table. Adapters index exactly what these return. */
import type { Item } from './model.ts'
import type { Localized } from './values.ts'
import { commentsOf, isChosen } from './imports.ts'
import { shortKey } from './short-key.ts'
import type { Table, Tables } from './store.ts'

export type Terms = Record<string, string | number | boolean | (string | number)[] | undefined>

export interface Indexed {
  at: string
  terms: Terms
  /** What the full-text index holds of it; '' for nothing. */
  text: string
}

const plain = (at: string, terms: Terms): Indexed => ({ at, terms, text: '' })

export const index: { [T in Table]: (doc: Tables[T]) => Indexed } = {
  items: indexItem,
  drafts: (d) => plain(d.updated, { state: d.state, meeting: d.meeting, slug: d.slug }),
  versions: (d) => plain(d.at, { outcome: d.outcome, digest: d.digest, state: d.state }),
  initiatives: (d) => ({
    at: d.published,
    terms: {
      key: shortKey(d.id),
      kind: d.kind,
      country: d.countries,
      language: d.languages,
      local: d.local,
    },
    text: [d.acronym, ...Object.values(d.name), ...Object.values(d.scope)].join('\n'),
  }),
  people: (d) => plain(d.at, { email: d.email.toLowerCase(), role: d.role, ends: d.ends?.role }),
  logins: (d) => plain(d.until, { person: d.person }),
  passkeys: (d) => plain(d.at, { person: d.person }),
  challenges: (d) => plain(d.until, { invitation: d.joins?.invitation }),
  invitations: (d) => plain(d.at, { state: d.state, by: d.by }),
  pendings: (d) => plain(d.at, { state: d.state, verb: d.verb, item: d.item }),
  keys: (d) => plain(d.from, { owner: d.owner, kind: d.kind }),
  actors: (d) => plain(d.fetchedAt, { handle: d.handle }),
  followers: (d) => plain(d.at, { object: d.object, actor: d.actor, peer: d.peer }),
  following: (d) => plain(d.retryAt, { state: d.state, peer: d.peer }),
  peers: (d) => plain(d.firstSeenAt, { standing: d.standing }),
  cursors: (d) => plain(d.retryAt, { state: d.state }),
  pulls: (d) => plain(d.retryAt, { standing: d.standing, peer: d.peer }),
  tiles: () => plain('', {}),
  copies: (d) => plain(d.retryAt, {}),
  cosigned: (d) => plain(d.at, {}),
  witnesses: (d) => plain(d.retryAt, { seen: d.seen !== undefined }),
  journal: (d) => plain(d.retryAt, { state: d.state }),
  deletions: (d) => plain(d.at, { peer: d.peer }),
  receipts: (d) => plain(d.at, { item: d.item, peer: d.peer, activity: d.activity }),
  moves: (d) => plain(d.at, { key: shortKey(d.id), to: d.to, local: d.local }),
  registry: (d) => plain(d.at, { standing: d.standing }),
  annualReports: (d) => plain(d.updated, { year: d.year }),
  acts: (d) =>
    plain(d.at, { item: d.item, verb: d.verb, by: [d.by, ...(d.second ? [d.second] : [])] }),
  notes: () => plain('', {}),
  calls: (d) => plain(d.closesAt, { meeting: d.meeting, year: d.year }),
  proposals: (d) =>
    plain(d.published, {
      call: d.call,
      person: d.person,
      standing: d.standing,
      session: d.session,
      category: d.categories,
      group: d.stakeholderGroup,
      residence: d.residence,
    }),
  mails: (d) => plain(d.retryAt, { state: d.state, to: d.to, kind: d.kind }),
  subscribers: (d) => plain(d.at, { period: d.period }),
  bounces: (d) => plain(d.at, {}),
  imports: (d) => plain(d.at, { state: d.state }),
  // Each has a place of its own: thousands of one moment would be sorted anew for every few of them.
  proposed: (d) =>
    plain(`${d.at} ${d.id}`, {
      job: d.job,
      kind: d.kind,
      state: d.state,
      category: d.categories,
      quiet: d.quiet,
      todo: isChosen(d) ? d.job : undefined,
      comments: commentsOf(d) || undefined,
      year: d.year,
    }),
  origins: (d) => plain(d.at, { item: d.item }),
  redirects: (d) => plain(d.at, { item: d.item }),
}

/** What all items have in common; what is particular to a type stands over it. */
function indexItem(item: Item): Indexed {
  const { type, initiative, visibility, local, language, tags } = item
  const common = {
    type,
    initiative,
    visibility,
    local,
    language,
    theme: tags.themes,
    actionLine: tags.actionLines,
    sdg: tags.sdgs,
    gdc: tags.gdc,
    topic: tags.topics,
  }
  const { at = item.published, terms, text } = particular(item)
  return { at, terms: { ...common, ...terms }, text }
}

interface Particular {
  at?: string
  terms: Terms
  text: string
}

const byType: { [T in Item['type']]: (item: Extract<Item, { type: T }>) => Particular } = {
  meeting: ({ id, year, startsAt, title, theme, place, text }) => ({
    at: startsAt,
    terms: { key: shortKey(id), year },
    text: words(title, theme, place, text),
  }),
  session: ({ id, meeting, startsAt, title, text }) => ({
    at: startsAt,
    terms: { key: shortKey(id), meeting, year: startsAt.slice(0, 4) },
    text: words(title, text),
  }),
  discussion: ({ id, meeting, published, title, text }) => ({
    terms: { key: shortKey(id), meeting, year: published.slice(0, 4) },
    text: words(title, text),
  }),
  contribution: ({ id, about, inReplyTo, message, author, stakeholderGroup, quotes, text }) => ({
    terms: {
      key: shortKey(id),
      about,
      inReplyTo,
      message,
      author,
      stakeholderGroup,
      cites: quotes,
    },
    text,
  }),
  outcome: ({ id, meeting, session, state, year, languages, outcomeType, verified, ...item }) => ({
    terms: {
      key: shortKey(id),
      meeting,
      session,
      state,
      year,
      language: languages,
      outcomeType,
      verified,
    },
    text: words(item.title, item.summary, item.text),
  }),
  message: ({ outcome, state, year, kind, consensus, texts, verified, relations }) => ({
    terms: {
      outcome,
      state,
      year,
      kind,
      consensus,
      language: Object.keys(texts),
      verified,
      cites: relations.map(({ target }) => target),
    },
    text: words(...Object.values(texts).map(({ markdown }) => markdown)),
  }),
}

const particular = (item: Item): Particular => byType[item.type](item as never)

const words = (...parts: (string | Localized | undefined)[]): string =>
  parts
    .flatMap((part) => (typeof part === 'object' ? Object.values(part) : (part ?? [])))
    .join('\n')
