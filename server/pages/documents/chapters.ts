/** What stands in a booklet: each outcome in one of its languages, with what there is to say about how it came about. */
import type { Request } from 'express'
import { languageName } from '../../../content/countries.ts'
import type {
  Contribution,
  Outcome,
  OutcomeText,
  Session,
  Version,
} from '../../../content/model.ts'
import { isBehind } from '../../../content/translations.ts'
import { DispositionKind } from '../../../content/values.ts'
import { textFor } from '../../../content/versions.ts'
import { label } from '../../../content/vocabulary.ts'
import { type Context, inWords, word } from '../../context.ts'
import type { Words } from '../../words.ts'
import { contributionsTo, versionOf } from '../reading/find.ts'
import { aside, inARow } from '../../marks.ts'

export interface Chapter {
  outcome: Outcome
  version: Version
  /** The language it is printed in, and its text. */
  language: string
  text: OutcomeText
  session?: Session
  contributions: Contribution[]
}

/** One fact about a chapter, in the reader's words; `code` is for machines, and read from left to right. */
export interface Fact {
  name: string
  value: string
  code?: true
}

/** The language that was asked for: `?text=fr`, or `?lang=fr`, which may be a language this site's own words do not have. */
export const languageAsked = ({ words }: Context, req: Request): string =>
  word(req, 'text') ?? word(req, 'lang') ?? words.language

/** The latest version of an outcome in the language that suits best. */
export async function chapterOf(
  { site }: Context,
  outcome: Outcome,
  language: string,
): Promise<Chapter | undefined> {
  const [version, session, contributions] = await Promise.all([
    versionOf(site, outcome),
    outcome.session ? site.store.get('items', outcome.session) : undefined,
    contributionsTo(site, { about: outcome.id }),
  ])
  const found = textFor(version, language)
  if (!found) return undefined
  const shown = session?.type === 'session' && session.visibility === 'shown'
  return { outcome, version, ...found, contributions, ...(shown ? { session } : {}) }
}

/** What it is, of which year, and how it stands. */
export const kindLine = (words: Words, { version }: Chapter): string =>
  [
    label('outcome-types', version.outcomeType, words.language),
    String(version.year),
    words(`state.${version.state}`),
  ].join(' · ')

/** The record of a chapter, in the order it is printed. What is not known is left out. */
export function factsOf({ words }: Context, chapter: Chapter): Fact[] {
  const { version, outcome, session } = chapter
  const { agreed } = version
  const facts: [string, string | undefined | false, true?][] = [
    [
      'facts.version',
      words('cite.version', { version: version.version, day: words.day(version.at) }),
    ],
    ['facts.agreed', agreed?.method],
    [
      'booklet.recorded',
      agreed && words('disposition.by', { by: agreed.by, day: words.day(agreed.at) }),
    ],
    ['facts.session', session && inWords(session.title, words)],
    ['booklet.rapporteurs', session && rapporteurs(words, session)],
    ['facts.languages', languagesOf(words, version)],
    ['booklet.divergent', numbersOf(words, version, ({ kind }) => kind === 'divergent_view')],
    ['booklet.no_consensus', numbersOf(words, version, withoutConsensus)],
    ['thread.title', contributionsLine(words, chapter)],
    ['facts.licence', version.licence],
    ['facts.address', outcome.id, true],
    ['facts.digest', version.digest, true],
  ]
  return facts.flatMap(([name, value, code]) =>
    value ? [{ name: words(name), value, ...(code ? { code } : {}) }] : [],
  )
}

const withoutConsensus = ({ kind, consensus }: Version['statements'][number]) =>
  kind !== 'divergent_view' && consensus === 'none_recorded'

/** The people who wrote down what was said, with where they belong. */
export const rapporteurs = (words: Words, { people }: Session): string =>
  words.list(
    people
      .filter(({ role }) => role === 'rapporteur')
      .map(({ name, affiliation }) => (affiliation ? aside(words, name, affiliation) : name)),
  )

const languagesOf = (words: Words, version: Version): string =>
  words.list(
    Object.entries(version.texts).map(([each, { standing }]) => {
      const behind = isBehind(version, each) ? [words('standing.behind')] : []
      const said = inARow(words, [words(`standing.${standing}`), ...behind])
      return aside(words, languageName(each, words.language), said)
    }),
  )

function numbersOf(
  words: Words,
  { statements }: Version,
  isMeant: (statement: Version['statements'][number]) => boolean,
): string {
  return words.list(statements.filter(isMeant).map(({ number }) => words.number(number)))
}

/** How many there are, and what the drafters made of them. */
function contributionsLine(words: Words, { contributions }: Chapter): string | false {
  if (contributions.length === 0) return false
  const count = (kind: string) =>
    contributions.filter(({ disposition }) => disposition?.kind === kind).length
  const answers = DispositionKind.options
    .filter((kind) => count(kind) > 0)
    .map((kind) =>
      words('booklet.disposed', { kind: words(`booklet.kind.${kind}`), number: count(kind) }),
    )
  return [words('booklet.contributions', { count: contributions.length }), ...answers].join(' · ')
}
