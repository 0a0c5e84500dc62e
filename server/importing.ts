/** Making what was read a node's own: the same acts a host takes, one item after another. */
import { isDeepStrictEqual } from 'node:util'
import type { Imported, ImportedOutcome } from '../content/import/imported.ts'
import { languageName } from '../content/countries.ts'
import { writeDiscussion } from '../content/discussions.ts'
import { writeMeeting, writeSession } from '../content/meetings.ts'
import type { Draft } from '../content/model.ts'
import {
  type By,
  edit,
  nextSteps,
  publishImported,
  take,
  write,
  type Written,
} from '../content/outcomes.ts'
import { Refusal } from '../content/refusal.ts'
import { discussionId, groupId, meetingId, outcomeId, sessionId } from '../federation/addresses.ts'
import { record } from '../federation/record.ts'
import type { Site } from '../federation/site.ts'

const SAME_SLUG_MAX = 200

export interface ImportOptions {
  /** Outcomes wait for a host instead of being published. */
  draft?: boolean
  /** How the importer is called in the record. */
  by?: string
  /** Translations that come with an outcome, so that its first version has them. */
  translations?: Translation[]
}

export type Translation = Extract<Imported, { type: 'translation' }>

export type ImportResult = 'imported' | 'known'

/** Bring in one item. Refusal when it does not fit what is here. Importing the same twice changes nothing. */
export async function importItem(
  site: Site,
  item: Imported,
  { draft = false, by = 'import', translations = [] }: ImportOptions = {},
): Promise<ImportResult> {
  const who = { by, actor: groupId(site), at: site.now() }
  switch (item.type) {
    case 'outcome':
      return outcome(site, item, who, { draft, translations })
    case 'translation':
      return translation(site, item, who)
    default:
      return plain(site, item, who)
  }
}

type Plain = Exclude<Imported, { type: 'outcome' | 'translation' }>

async function plain(site: Site, item: Plain, who: By): Promise<ImportResult> {
  const { slug, ...fields } = item
  const id = { meeting: meetingId, session: sessionId, discussion: discussionId }[item.type](
    site,
    slug,
  )
  if (await site.store.get('items', id)) return 'known'
  const meeting = await meetingOf(site, 'meeting' in item ? item.meeting : undefined)
  const linked = { ...fields, ...(meeting ? { meeting } : {}) }
  const doing =
    linked.type === 'meeting'
      ? writeMeeting(id, linked, who)
      : linked.type === 'session'
        ? writeSession(id, linked, who)
        : writeDiscussion(id, linked, who)
  await record(site, doing)
  return 'imported'
}

async function meetingOf(site: Site, slug: string | undefined): Promise<string | undefined> {
  if (slug === undefined) return undefined
  const id = meetingId(site, slug)
  if (await site.store.get('items', id)) return id
  throw new Refusal('invalid', 'import.no_meeting', { meeting: slug })
}

async function sessionOf(site: Site, slug: string | undefined): Promise<string | undefined> {
  if (slug === undefined) return undefined
  const id = sessionId(site, slug)
  if (await site.store.get('items', id)) return id
  throw new Refusal('invalid', 'import.no_session', { session: slug })
}

async function outcome(
  site: Site,
  item: ImportedOutcome,
  who: By,
  { draft: asDraft, translations }: { draft: boolean; translations: Translation[] },
): Promise<ImportResult> {
  const written = { ...(await fieldsOf(site, item)), texts: textsOf(item, translations) }
  const slug = await freeSlug(site, item.slug, written)
  if (!slug) return 'known'
  const id = outcomeId(site, slug)
  const doing = write(written, { id, slug, initiative: who.actor }, who)
  const [draft] = doing.put?.drafts ?? []
  const waits = asDraft || item.state === 'draft' || !draft
  await record(site, waits ? doing : published(draft, item, who))
  return 'imported'
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

/** The slug itself, or the next free one after it; nothing when the same text stands here already. */
async function freeSlug(
  site: Site,
  slug: string,
  { language, texts }: Written,
): Promise<string | undefined> {
  const said = texts[language]
  for (let number = 1; number < SAME_SLUG_MAX; number += 1) {
    const place = number === 1 ? slug : `${slug}-${number}`
    const held = await site.store.get('drafts', outcomeId(site, place))
    if (!held) return place
    const there = held.texts[held.language]
    if (there?.title === said?.title && there?.markdown === said?.markdown) return undefined
  }
  throw new Refusal('conflict', 'store.changed', { id: slug })
}

/** A translation joins an original that is here already; one that is published gets it as a correction. */
async function translation(site: Site, item: Translation, who: By): Promise<ImportResult> {
  const id = outcomeId(site, item.of)
  const draft = await site.store.get('drafts', id)
  if (!draft) throw new Refusal('missing', 'import.no_original', { of: item.of })
  const { language, title, summary, markdown, standing } = item
  const texts = { ...writtenTexts(draft), [language]: { title, summary, markdown, standing } }
  if (isDeepStrictEqual(texts, writtenTexts(draft))) return 'known'
  const doing = edit(draft, { ...writtenOf(draft), texts }, who)
  const [edited] = doing.put?.drafts ?? []
  const reason = `+ ${languageName(language, draft.language)}`
  const corrects = edited && nextSteps(edited).includes('correct')
  await record(site, corrects ? take(edited, 'correct', { reason }, who) : doing)
  return 'imported'
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
