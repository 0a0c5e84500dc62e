/** An outcome as JSON, for programs that do not speak ActivityPub. */
import { status } from '../../../content/refusal.ts'
import { statementTexts } from '../../../content/versions.ts'
import { messageId } from '../../../federation/addresses.ts'
import { sendActivity } from '../../../federation/collections.ts'
import { outcomeOf, part, type Show, versionOf } from './find.ts'

/** The latest version with its messages; of a withdrawn outcome (410) what stays on the record. */
export const outcomeJson: Show = async ({ site }, req, res) => {
  const outcome = await outcomeOf(site, req)
  const version = await versionOf(site, outcome)
  const record = {
    id: outcome.id,
    type: version.outcomeType,
    state: version.state,
    version: version.version,
    versionId: version.id,
    at: version.at,
    published: version.published,
    digest: version.digest,
    previous: version.previous,
    reason: version.reason,
    title: outcome.title,
  }
  if (outcome.state === 'withdrawn') return void res.status(status.gone).json(record)
  const messages = version.statements.map((statement) => ({
    id: messageId(outcome.id, statement.key),
    number: statement.number,
    kind: statement.kind,
    consensus: statement.consensus,
    tags: statement.tags,
    relations: statement.relations,
    texts: Object.fromEntries(
      Object.entries(statementTexts(version, statement.key)).map(([language, { markdown }]) => [
        language,
        markdown,
      ]),
    ),
  }))
  res.json({
    ...record,
    summary: outcome.summary,
    language: version.language,
    languages: outcome.languages,
    year: version.year,
    meeting: version.meeting,
    session: version.session,
    comment: version.comment,
    agreed: version.agreed,
    steps: version.steps,
    tags: version.tags,
    methodNote: version.methodNote,
    disclaimer: version.disclaimer,
    licence: version.licence,
    source: version.source,
    messages,
  })
}

/** The signed object of a version, to the letter as it was made or received. */
export const versionObject: Show = async ({ site }, req, res) => {
  const outcome = await outcomeOf(site, req)
  const version = await versionOf(site, outcome, Number(part(req, 'number')) || 0)
  sendActivity(res, version.wire)
}
