/** Public versions of an outcome: cut from the working copy, never changed; and the faces by which they are listed and found. */
import { wholeTexts } from './translations.ts'
import type { Block, Draft, Message, Outcome, Statement, Version } from './model.ts'
import type { Tags } from './values.ts'

/** The next version of a working copy, with every translation that has all its messages. federation/record.ts adds digest, previous and wire when it signs it. */
export function cut(draft: Draft, at: string): Version {
  const { rev: _rev, slug: _slug, updated: _updated, ...rest } = draft
  const version = draft.version + 1
  return {
    ...rest,
    texts: wholeTexts(draft),
    id: `${draft.id}/versions/${version}`,
    outcome: draft.id,
    version,
    local: true,
    at,
    digest: '',
    wire: '',
    verification: { result: 'own', at },
  }
}

/** The words of one message in each language of a version. */
export function statementTexts(
  { texts }: Pick<Version, 'texts'>,
  key: string,
): Record<string, { markdown: string; html: string }> {
  const found = Object.entries(texts).flatMap(([language, { blocks }]) => {
    const block = blocks.find(({ message }) => message === key)
    return block ? [[language, { markdown: block.markdown, html: block.html }] as const] : []
  })
  return Object.fromEntries(found)
}

/** How a version is listed, searched and quoted: the outcome, and each of its messages. */
export function project(version: Version): { outcome: Outcome; messages: Message[] } {
  const outcome = face(version)
  const blocks = blocksByKey(version)
  const messages = version.statements.map((statement) =>
    messageFace(version, outcome, statement, blocks.get(statement.key) ?? {}),
  )
  return { outcome, messages }
}

function common(version: Version) {
  const { initiative, local, language, published, at } = version
  const updated = version.version > 1 ? { updated: at } : {}
  const verified = ['own', 'verified'].includes(version.verification.result)
  return {
    initiative,
    local,
    visibility: 'shown' as const,
    language,
    published,
    ...updated,
    verified,
  }
}

function face(version: Version): Outcome {
  const texts = Object.entries(version.texts)
  const words = texts.flatMap(([, { blocks }]) => blocks.map(({ markdown }) => markdown))
  return {
    ...common(version),
    id: version.outcome,
    type: 'outcome',
    ...(version.meeting ? { meeting: version.meeting } : {}),
    ...(version.session ? { session: version.session } : {}),
    outcomeType: version.outcomeType,
    title: Object.fromEntries(texts.map(([language, { title }]) => [language, title])),
    summary: Object.fromEntries(texts.map(([language, { summary }]) => [language, summary])),
    languages: texts.map(([language]) => language),
    tags: version.tags,
    state: version.state,
    version: version.version,
    year: version.year,
    ...(version.comment ? { comment: version.comment } : {}),
    messages: version.statements.length,
    text: words.join('\n'),
  }
}

type Texts = Message['texts']

/** One pass over all blocks, so that an outcome of 2,000 messages is projected in linear time. */
function blocksByKey({ texts }: Version): Map<string, Texts> {
  const found = new Map<string, Texts>()
  for (const [language, { blocks }] of Object.entries(texts)) {
    for (const { message, markdown, html } of blocks) {
      if (message) found.set(message, { ...found.get(message), [language]: { markdown, html } })
    }
  }
  return found
}

function messageFace(
  version: Version,
  outcome: Outcome,
  statement: Statement,
  texts: Texts,
): Message {
  const { key, number, kind, consensus, relations, tags } = statement
  return {
    ...common(version),
    id: `${version.outcome}/messages/${key}`,
    type: 'message',
    outcome: version.outcome,
    outcomeTitle: outcome.title,
    key,
    number,
    kind,
    consensus,
    relations,
    tags: merged(version.tags, tags),
    state: version.state,
    version: version.version,
    year: version.year,
    texts,
  }
}

/** A message carries the tags of its outcome beside its own. */
export function merged(a: Tags, b: Tags): Tags {
  const both = (field: keyof Tags) => [...new Set([...a[field], ...b[field]])]
  return {
    themes: both('themes'),
    actionLines: both('actionLines'),
    sdgs: both('sdgs'),
    gdc: both('gdc'),
    topics: both('topics'),
  }
}

/** The text of a version in the language that suits a reader best: theirs, the original, any. */
export function textFor(version: Pick<Version, 'texts' | 'language'>, language: string) {
  const found = [language, version.language, ...Object.keys(version.texts)].find(
    (each) => version.texts[each],
  )
  const text = version.texts[found ?? '']
  return found && text ? { language: found, text } : undefined
}

/** The block that a statement stands in. */
export const blockOf = (blocks: Block[], key: string): Block | undefined =>
  blocks.find(({ message }) => message === key)
