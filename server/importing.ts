/** Making what was read a node's own: the same acts a host takes, one item after another. */
import { isDeepStrictEqual } from 'node:util'
import type { Imported, ImportedOutcome, Source } from '../content/import/imported.ts'
import { bringComments } from '../content/comments.ts'
import { languageName } from '../content/countries.ts'
import { writeDiscussion } from '../content/discussions.ts'
import { writeMeeting, writeSession } from '../content/meetings.ts'
import type { Doing } from '../content/doing.ts'
import type { Draft, Item } from '../content/model.ts'
import {
  type By,
  edit,
  nextSteps,
  publishImported,
  take,
  write,
  type Written,
} from '../content/outcomes.ts'
import { originId, type Redirect } from '../content/origins.ts'
import { Refusal } from '../content/refusal.ts'
import type { Change, Tables } from '../content/store.ts'
import {
  contributionId,
  discussionId,
  groupId,
  meetingId,
  outcomeId,
  sessionId,
} from '../federation/addresses.ts'
import { quietly } from '../federation/quiet.ts'
import { record } from '../federation/record.ts'
import type { Site } from '../federation/site.ts'
import { laterComments } from './imports/comments.ts'

const SAME_SLUG_MAX = 200

export interface ImportOptions {
  /** Outcomes wait for a host instead of being published. */
  draft?: boolean
  /** It is told in the log and the collections, and not sent to each follower. */
  quiet?: boolean
  /** How the importer is called in the record. */
  by?: string
  /** Translations that come with an outcome, so that its first version has them. */
  translations?: Translation[]
  /** The post at its source: by its address it is known again, and its old paths lead to it. */
  post?: Source
  /** What is committed with it. */
  beside?: (made: ImportMade) => Change['put']
}

export type Translation = Extract<Imported, { type: 'translation' }>

export type ImportResult = 'imported' | 'known'

/** What one item came to. */
export interface ImportMade {
  result: ImportResult
  /** Its id here. */
  item: string
  /** So many comments that its post has got since it was brought in were added. */
  added: number
}

/**
 * Bring in one item, in one commit with where it came from and its old addresses. Refusal when it does not fit
 * what is here. Importing the same twice changes nothing, also when it was edited here since; only comments that its
 * post has got meanwhile are added.
 */
export async function importItem(
  site: Site,
  item: Imported,
  options: ImportOptions = {},
): Promise<ImportMade> {
  const who = { by: options.by ?? 'import', actor: groupId(site), at: site.now() }
  if (item.type === 'translation') return translation(site, item, who)
  const origin = originId(item, options.post?.address)
  const known = await site.store.get('origins', origin)
  const made: Made =
    known && (await isHere(site, known.item))
      ? { id: known.item }
      : item.type === 'outcome'
        ? await outcome(site, item, who, options)
        : await plain(site, item, who, options)
  const later = await laterIn(site, item, made, options, who)
  const doing = made.doing ?? later.doing
  const came: ImportMade = {
    result: made.doing ? 'imported' : 'known',
    item: made.id,
    added: later.count,
  }
  const put = {
    ...(known?.item === made.id
      ? {}
      : { origins: [{ ...known, id: origin, item: made.id, at: who.at }] }),
    redirects: await newRedirects(site, options.post?.oldPaths ?? [], made.id),
    ...options.beside?.(came),
  }
  const act = { ...doing, put: { ...doing?.put, ...put } }
  await record(site, options.quiet ? quietly(act) : act)
  return came
}

/** Of a post that was here as a discussion. */
async function laterIn(
  site: Site,
  { type }: Imported,
  { id, doing }: Made,
  { post }: ImportOptions,
  who: By,
): Promise<{ doing?: Doing; count: number }> {
  if (doing || !post || type !== 'discussion') return { count: 0 }
  return laterComments(site, id, post, who)
}

/** What an item is called here, and how it is written; nothing is to be done where it is here already. */
interface Made {
  id: string
  doing?: Doing
}

const isHere = async ({ store }: Site, id: string): Promise<boolean> =>
  Boolean((await store.get('drafts', id)) ?? (await store.get('items', id)))

/** An old path that leads somewhere already stays as it is. */
async function newRedirects(site: Site, paths: string[], item: string): Promise<Redirect[]> {
  const known = await Promise.all(paths.map((path) => site.store.get('redirects', path)))
  return paths.filter((_, i) => !known[i]).map((id) => ({ id, item, at: site.now() }))
}

type Plain = Exclude<Imported, { type: 'outcome' | 'translation' }>

const ids = { meeting: meetingId, session: sessionId, discussion: discussionId }

async function plain(site: Site, item: Plain, who: By, { post }: ImportOptions): Promise<Made> {
  const { slug, ...fields } = item
  const isSame = (there: Item) => !post || hasWords(there, item)
  const place = await freePlace(site, 'items', (each) => ids[item.type](site, each), slug, isSame)
  if ('known' in place) return { id: place.known }
  const { id } = place
  const meeting = await meetingOf(site, 'meeting' in item ? item.meeting : undefined)
  const linked = { ...fields, ...(meeting ? { meeting } : {}) }
  const doing =
    linked.type === 'meeting'
      ? writeMeeting(id, linked, who)
      : linked.type === 'session'
        ? writeSession(id, linked, who)
        : withComments(site, writeDiscussion(id, linked, who), post, who)
  return { id, doing }
}

/** A discussion and what was said to its post before it came here. */
function withComments(site: Site, doing: Doing, post: Source | undefined, who: By): Doing {
  const [discussion] = doing.put?.items ?? []
  const { address, comments = [] } = post ?? { address: '' }
  if (discussion?.type !== 'discussion' || comments.length === 0) return doing
  const idOf = (slug: string) => contributionId(site, slug)
  const { put, tell = [] } = bringComments(comments, discussion, { address, idOf }, who)
  return {
    put: { ...doing.put, items: [discussion, ...(put?.items ?? [])] },
    tell: [...(doing.tell ?? []), ...tell],
  }
}

const hasWords = (there: Item, { title, text }: Plain): boolean =>
  'title' in there &&
  isDeepStrictEqual(there.title, title) &&
  'text' in there &&
  there.text === text

async function meetingOf(site: Site, slug: string | undefined): Promise<string | undefined> {
  if (slug === undefined) return undefined
  const id = meetingId(site, slug)
  const held = await site.store.get('items', id)
  if (held) return held.id
  throw new Refusal('invalid', 'import.no_meeting', { meeting: slug })
}

async function sessionOf(site: Site, slug: string | undefined): Promise<string | undefined> {
  if (slug === undefined) return undefined
  const id = sessionId(site, slug)
  const held = await site.store.get('items', id)
  if (held) return held.id
  throw new Refusal('invalid', 'import.no_session', { session: slug })
}

async function outcome(
  site: Site,
  item: ImportedOutcome,
  who: By,
  { draft: asDraft = false, translations = [] }: ImportOptions,
): Promise<Made> {
  const written = { ...(await fieldsOf(site, item)), texts: textsOf(item, translations) }
  const isSame = ({ language, texts }: Draft) =>
    texts[language]?.title === item.title && texts[language]?.markdown === item.markdown
  const idOf = (slug: string) => outcomeId(site, slug)
  const place = await freePlace(site, 'drafts', idOf, item.slug, isSame)
  if ('known' in place) return { id: place.known }
  const { id, slug } = place
  const doing = write(written, { id, slug, initiative: who.actor }, who)
  const [draft] = doing.put?.drafts ?? []
  const waits = asDraft || item.state === 'draft' || !draft
  return { id, doing: waits ? doing : published(draft, item, who) }
}

async function fieldsOf(site: Site, item: ImportedOutcome): Promise<Omit<Written, 'texts'>> {
  const { language, outcomeType, year, tags, methodNote, disclaimer, licence, source } = item
  const meeting = await meetingOf(site, item.meeting)
  const session = await sessionOf(site, item.session)
  const links = {
    ...(source ? { source } : {}),
    ...(meeting ? { meeting } : {}),
    ...(session ? { session } : {}),
  }
  return { language, outcomeType, year, tags, methodNote, disclaimer, licence, ...links }
}

function textsOf(
  { language, title, summary, markdown }: ImportedOutcome,
  translations: Translation[],
): Written['texts'] {
  const others = translations.map((each) => [
    each.language,
    { title: each.title, summary: each.summary, markdown: each.markdown, standing: each.standing },
  ])
  const original = { title, summary, markdown, standing: 'original' as const }
  return { ...(Object.fromEntries(others) as Written['texts']), [language]: original }
}

function published(draft: Draft, item: ImportedOutcome, who: By) {
  if (item.state === 'open_for_comment') return take(draft, 'open', item.comment ?? {}, who)
  return publishImported(draft, item.published ?? who.at, who)
}

/** The slug itself, or the next free one after it; `known` when the same stands here already. */
async function freePlace<T extends 'drafts' | 'items'>(
  { store }: Site,
  table: T,
  idOf: (slug: string) => string,
  wanted: string,
  isSame: (there: Tables[T]) => boolean,
): Promise<{ id: string; slug: string } | { known: string }> {
  for (let number = 1; number < SAME_SLUG_MAX; number += 1) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`
    const id = idOf(slug)
    const there = await store.get(table, id)
    if (!there) return { id, slug }
    if (isSame(there)) return { known: there.id }
  }
  throw new Refusal('conflict', 'store.changed', { id: wanted })
}

/** A translation joins an original that is here already; one that is published gets it as a correction. */
async function translation(site: Site, item: Translation, who: By): Promise<ImportMade> {
  const id = outcomeId(site, item.of)
  const draft = await site.store.get('drafts', id)
  if (!draft) throw new Refusal('missing', 'import.no_original', { of: item.of })
  const { language, title, summary, markdown, standing } = item
  const texts = { ...writtenTexts(draft), [language]: { title, summary, markdown, standing } }
  if (isDeepStrictEqual(texts, writtenTexts(draft))) return { result: 'known', item: id, added: 0 }
  const doing = edit(draft, { ...writtenOf(draft), texts }, who)
  const [edited] = doing.put?.drafts ?? []
  const reason = `+ ${languageName(language, draft.language)}`
  const corrects = edited && nextSteps(edited).includes('correct')
  await record(site, corrects ? take(edited, 'correct', { reason }, who) : doing)
  return { result: 'imported', item: id, added: 0 }
}

/** The words of a working copy, as they were written. */
export const writtenTexts = (draft: Draft): Written['texts'] =>
  Object.fromEntries(
    Object.entries(draft.texts).map(([language, { title, summary, markdown, standing }]) => [
      language,
      { title, summary, markdown, standing },
    ]),
  )

/** A working copy, as it was written: what a form shows and `edit` takes. */
export function writtenOf(draft: Draft): Written {
  const {
    language,
    outcomeType,
    meeting,
    session,
    year,
    tags,
    methodNote,
    disclaimer,
    licence,
    source,
  } = draft
  return {
    language,
    texts: writtenTexts(draft),
    outcomeType,
    year,
    tags,
    methodNote,
    disclaimer,
    licence,
    ...(meeting ? { meeting } : {}),
    ...(session ? { session } : {}),
    ...(source ? { source } : {}),
  }
}
