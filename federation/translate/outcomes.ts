/** Outcome versions to Articles and back, their messages to Notes, their withdrawal to Tombstones. */
import * as z from 'zod'
import {
  Agreement,
  Block,
  CommentPeriod,
  type Message,
  OutcomeText,
  Statement,
  Step,
  type Version,
} from '../../content/model.ts'
import { At, Language, OutcomeState, Tags, Url } from '../../content/values.ts'
import { Refusal } from '../../content/refusal.ts'
import { markdownInline, markdownToHtml } from '../../content/text.ts'
import { historyOf, originOf, versionId } from '../addresses.ts'
import { type Json, sealed } from '../proofs.ts'
import { isAtHome } from '../trust.ts'
import { CONTEXT, read, readPost } from '../wire.ts'
import { base, initiativeAt, localized, preview } from './common.ts'

/** The body of a version as it travels: HTML is left out, since nobody should believe it. */
const RecordBlock = Block.omit({ html: true })
const Record = z.object({
  version: z.number().int().positive().max(100_000),
  state: OutcomeState,
  outcomeType: z.string().max(60),
  language: Language,
  texts: z.record(Language, OutcomeText.extend({ blocks: z.array(RecordBlock).max(2000) })),
  statements: z.array(Statement).max(2000),
  tags: Tags,
  year: z.number().int().min(1990).max(2100),
  methodNote: z.string().max(5000),
  disclaimer: z.string().max(5000),
  licence: z.string().max(200),
  meeting: Url.optional(),
  session: Url.optional(),
  source: Url.optional(),
  comment: CommentPeriod.optional(),
  agreed: Agreement.optional(),
  reason: z.string().max(2000).optional(),
  steps: z.array(Step).max(500),
  published: At,
  at: At,
})

/** A version as the world reads it, unsigned. `previous` is the digest of the version before it. */
export function versionToArticle(version: Version, previous: string | undefined): Json {
  const { texts, language } = version
  const field = (name: 'title' | 'summary') =>
    Object.fromEntries(Object.entries(texts).map(([each, text]) => [each, text[name]]))
  const content = Object.fromEntries(
    Object.entries(texts).map(([each, { blocks }]) => [each, pageOf(blocks)]),
  )
  const title = texts[language]?.title ?? ''
  return {
    ...base(
      {
        id: version.outcome,
        published: version.published,
        updated: version.at,
        tags: version.tags,
      },
      version.initiative,
    ),
    type: 'Article',
    ...localized('name', field('title'), language),
    ...localized('summary', field('summary'), language),
    ...localized('content', content, language),
    preview: preview(title, texts[language]?.summary ?? '', version.outcome),
    source: { content: texts[language]?.markdown ?? '', mediaType: 'text/markdown' },
    history: historyOf(version.outcome),
    version: version.version,
    ...(previous ? { previousDigest: previous } : {}),
    outcomeRecord: recordOf(version),
  }
}

function recordOf(version: Version): Json {
  const plain = Object.entries(version.texts).map(([language, { blocks, ...text }]) => {
    return [language, { ...text, blocks: blocks.map(({ html: _html, ...block }) => block) }]
  })
  return JSON.parse(
    JSON.stringify(Record.parse({ ...version, texts: Object.fromEntries(plain) })),
  ) as Json
}

/** What Mastodon shows of it: headings and prose, each message with its number. */
function pageOf(blocks: Version['texts'][string]['blocks']): string {
  let number = 0
  const parts = blocks.map(({ kind, html }) => {
    if (kind === 'heading') return `<h3>${html}</h3>`
    if (kind === 'prose') return html
    number += 1
    return `<p><strong>${number}.</strong></p>${html}`
  })
  return parts.join('')
}

/**
 * A version from what its initiative signed. HTML is made anew from its Markdown; every message must have
 * its block. Refusal `invalid` when it is not whole. Verification is set by the caller.
 */
export function articleToVersion(object: Json, at: string, homes: string[] = []): Version {
  const { id, attributedTo } = readPost(object)
  const { texts, ...record } = read(Record, object.outcomeRecord)
  if (!texts[record.language])
    throw new Refusal('invalid', 'wire.field', { field: 'outcomeRecord.texts' })
  const previous = z.string().max(100).optional().safeParse(object.previousDigest).data
  const version: Version = {
    ...withLinks(record, id, homes),
    texts: rendered(texts),
    id: versionId(id, record.version),
    outcome: id,
    initiative: attributedTo,
    local: false,
    ...sealed(object),
    ...(previous ? { previous } : {}),
    verification: { result: 'unsigned', at },
  }
  whole(version)
  return version
}

/** Links to a meeting or session count only on the initiative's own host, or one that it had. */
function withLinks<T extends { meeting?: string | undefined; session?: string | undefined }>(
  record: T,
  id: string,
  homes: string[],
) {
  const { meeting, session, ...rest } = record
  return {
    ...rest,
    ...(meeting && isAtHome(meeting, id, homes) ? { meeting } : {}),
    ...(session && isAtHome(session, id, homes) ? { session } : {}),
  }
}

function rendered(texts: z.infer<typeof Record>['texts']): Version['texts'] {
  const all = Object.entries(texts).map(([language, { blocks, ...text }]) => {
    const html = (block: z.infer<typeof RecordBlock>) =>
      block.kind === 'heading' ? markdownInline(block.markdown) : markdownToHtml(block.markdown)
    return [language, { ...text, blocks: blocks.map((block) => ({ ...block, html: html(block) })) }]
  })
  return Object.fromEntries(all) as Version['texts']
}

/** Each language has each message, in order: 1, 2, 3 … */
function whole({ texts, statements }: Version): void {
  const keys = statements.map(({ key }) => key).join()
  const numbered = statements.every(({ number }, i) => number === i + 1)
  const same = Object.values(texts).every(
    ({ blocks }) => blocks.flatMap(({ message }) => message ?? []).join() === keys,
  )
  if (!numbered || !same)
    throw new Refusal('invalid', 'wire.field', { field: 'outcomeRecord.statements' })
}

/** What is left of a withdrawn outcome (FEP-4f05): its address, its digest and the reason. */
export function versionToTombstone(version: Version, previous: string | undefined): Json {
  return {
    '@context': CONTEXT,
    id: version.outcome,
    type: 'Tombstone',
    formerType: 'Article',
    attributedTo: version.initiative,
    published: version.published,
    deleted: version.at,
    version: version.version,
    ...(previous ? { digest: previous } : {}),
    reason: version.reason ?? '',
  }
}

/** One message on its own, so that it can be answered, quoted and cited from anywhere. */
export function messageToNote(message: Message): Json {
  const words = Object.fromEntries(
    Object.entries(message.texts).map(([language, { html }]) => [language, html]),
  )
  return {
    ...base(message, initiativeAt(message.id)),
    type: 'Note',
    ...localized('content', words, message.language),
    outcome: message.outcome,
    inReplyTo: null,
    generator: `${originOf(message.id)}/server`,
    version: message.version,
  }
}
