/** The sections of an annual report as the node fills them in: Markdown in the language of the report. */
import {
  type AnnualReport,
  type Figures,
  type Filled,
  type Held,
  isEdited,
  type Section,
  type SectionName,
  sections,
} from '../../../content/annual-report.ts'
import { countryName, languageName } from '../../../content/countries.ts'
import type { Initiative } from '../../../content/model.ts'
import type { Told } from '../../../content/participation.ts'
import { transcriptOf } from '../../../content/programme.ts'
import { plainText } from '../../../content/text.ts'
import { label } from '../../../content/vocabulary.ts'
import { inWords } from '../../context.ts'
import type { Words } from '../../words.ts'
import { inARow, pair } from '../../marks.ts'

/** More messages than this are named by their outcome alone, so that the report stays light. */
const QUOTED_MAX = 60

interface Filling {
  words: Words
  profile: Initiative
  held: Held
  figures: Figures
  /** Where the initiative can be followed. */
  actor: string
}

/** Every section; '' where the node knows nothing for it. */
export const filledFrom = (filling: Filling): Filled =>
  Object.fromEntries(
    Object.entries(writers).map(([name, write]) => [name, write(filling).trim()]),
  ) as Filled

/** A text that Markdown leaves as it is. */
const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#~]/g, (letter) => `\\${letter}`)

type Row = [string, string | number | undefined]

/** A table of names and figures; nothing when there is no row. */
function table(words: Words, head: [string, string], rows: Row[]): string {
  const shown = rows.filter(([, value]) => value !== undefined && value !== '')
  if (shown.length === 0) return ''
  const cell = (value: string | number | undefined) =>
    typeof value === 'number' ? words.number(value) : plain(value ?? '')
  const lines = shown.map(([name, value]) => `| ${plain(name)} | ${cell(value)} |`)
  return `| ${head[0]} | ${head[1]} |\n| --- | --- |\n${lines.join('\n')}\n`
}

const range = (words: Words, from: string, to: string, timeZone: string): string =>
  new Intl.DateTimeFormat(words.language, { dateStyle: 'long', timeZone }).formatRange(
    new Date(from),
    new Date(to),
  )

const item = (text: string): string => `- ${text}\n`

const writers: Record<SectionName, (filling: Filling) => string> = {
  introduction: ({ words, profile, figures }) =>
    table(
      words,
      [words('annual.what'), words('annual.which')],
      [
        [words('annual.name'), inWords(profile.name, words)],
        [words('about.acronym'), profile.acronym],
        ...figures.meetings.flatMap((meeting): Row[] => [
          [words('annual.edition'), edition(words, meeting)],
          [words('annual.theme'), inWords(meeting.theme, words)],
          [words('meeting.when'), range(words, meeting.startsAt, meeting.endsAt, meeting.timeZone)],
          [
            words('meeting.where'),
            [words(`meeting.mode.${meeting.mode}`), meeting.place].filter(Boolean).join(' · '),
          ],
          ...(meeting.hubs ? [[words('meeting.hubs'), words.list(meeting.hubs)] as Row] : []),
        ]),
      ],
    ),
  team: ({ words, held }) => {
    const people = held.sessions.flatMap((session) => session.people)
    const organisers = new Map(
      people.flatMap((each) => (each.role === 'organiser' ? [[each.name, each] as const] : [])),
    )
    const groups = Map.groupBy([...organisers.values()], (each) => each.stakeholderGroup ?? '')
    const rows = [...groups].map(([group, each]): Row => [
      group === '' ? words('annual.no_group') : label('stakeholder-groups', group, words.language),
      each.length,
    ])
    return table(words, [words('annual.group'), words('annual.members')], rows)
  },
  consultation: ({ words, held, figures }) =>
    [
      ...(figures.calls ?? []).map((call) => callTold(words, call)),
      ...held.discussions.map(({ title, published, opensAt = published, closesAt }) =>
        item(
          words(closesAt ? 'annual.discussion' : 'annual.discussion_open', {
            title: plain(inWords(title, words)),
            from: words.day(opensAt),
            ...(closesAt ? { to: words.day(closesAt) } : {}),
          }),
        ),
      ),
      ...held.outcomes.flatMap(({ title, comment }) =>
        comment
          ? [
              item(
                words('annual.comments', {
                  title: plain(inWords(title, words)),
                  from: words.day(comment.opensAt),
                  to: words.day(comment.closesAt),
                }),
              ),
            ]
          : [],
      ),
    ].join(''),
  funding: () => '',
  programme: ({
    words,
    figures: {
      sessions: { total, byType },
    },
  }) =>
    total === 0
      ? ''
      : `${words('annual.sessions', { count: total })}\n\n${table(
          words,
          [words('session.type'), words('annual.number')],
          Object.entries(byType).map(([slug, count]) => [
            label('session-types', slug, words.language),
            count,
          ]),
        )}`,
  participation: ({ words, figures }) =>
    figures.meetings
      .map((meeting) => participation(words, meeting, figures.meetings.length > 1))
      .join('\n'),
  contributions: ({ words, figures: { discussions, contributions } }) =>
    contributions.total + discussions === 0
      ? ''
      : table(
          words,
          [words('annual.what'), words('annual.number')],
          [
            [words('annual.discussions'), discussions],
            [words('annual.contributions'), contributions.total],
            [words('annual.on_messages'), contributions.onMessages],
            ...Object.entries(contributions.dispositions).map(([kind, count]): Row => [
              words(`annual.disposition.${kind}`),
              count,
            ]),
            [words('annual.unanswered'), contributions.unanswered],
          ],
        ),
  messages,
  languages: ({ words, profile, figures }) =>
    table(
      words,
      [words('annual.what'), words('facts.languages')],
      [
        [words('annual.spoken'), named(words, profile.languages)],
        [words('annual.published_in'), named(words, figures.languages)],
      ],
    ),
  records: ({ words, held }) => {
    const lines = held.sessions.flatMap((session) => {
      const { title, recordingUrl } = session
      const transcript = transcriptOf(session)
      const links = [
        recordingUrl && `[${words('session.recording')}](<${recordingUrl}>)`,
        transcript && `[${words('session.transcript')}](<${transcript.url}>)`,
      ].filter((link) => link !== undefined)
      return links.length === 0
        ? []
        : [item(pair(words, plain(inWords(title, words)), inARow(words, links)))]
    })
    const transcripts = held.sessions.some(transcriptOf)
    return `${lines.join('')}${transcripts ? `\n${words('session.transcript_mark')}` : ''}`
  },
  evaluation: () => '',
  next: () => '',
  contact: ({ words, profile, actor }) => {
    const website = profile.website
      ? item(pair(words, words('about.website'), `<${profile.website}>`))
      : ''
    return `${website}${item(pair(words, words('about.follow'), `<${actor}>`))}`
  },
}

/** A call for issues, and what became of what was proposed to it. */
function callTold(words: Words, call: NonNullable<Figures['calls']>[number]): string {
  const title = plain(inWords(call.title, words))
  const [from, to] = [words.day(call.opensAt), words.day(call.closesAt)]
  const rows: Row[] = [
    [words('call.report.proposals'), call.proposals],
    [words('call.report.merged'), call.merged],
    [words('call.report.set_aside'), call.setAside],
  ]
  const head: [string, string] = [words('annual.what'), words('annual.number')]
  return `${words('call.report.call', { title, from, to })}\n\n${table(words, head, rows)}\n`
}

const named = (words: Words, codes: string[]): string =>
  words.list(codes.map((code) => languageName(code, words.language)))

type MeetingFigures = Figures['meetings'][number]

const edition = (words: Words, { ordinal, title }: MeetingFigures): string =>
  ordinal === undefined
    ? inWords(title, words)
    : words('annual.ordinal', { number: ordinal, title: inWords(title, words) })

/** A figure that is too small is never said. */
const figure = (words: Words, value: Told | undefined): string | number | undefined =>
  value === '<5' ? words('meeting.few') : value === 'withheld' ? words('annual.withheld') : value

/** How many took part, whole and broken down in each way that was counted. */
function participation(words: Words, meeting: MeetingFigures, titled: boolean): string {
  const { total, newcomers, youth, modes, groups, genders, countries } = meeting.participation
  const rows = (counts: Record<string, Told>, name: (key: string) => string) =>
    Object.entries(counts).map(([key, value]): Row => [name(key), figure(words, value)])
  const broken = (by: string, lines: Row[]) =>
    table(words, [words(`annual.${by}`), words('meeting.participants')], lines)
  const parts = [
    broken('what', [
      [words('annual.total'), figure(words, total)],
      ...rows(modes, (key) => words(`annual.${key}`)),
      [words('annual.newcomers'), figure(words, newcomers)],
      [words('annual.youth'), figure(words, youth)],
    ]),
    broken(
      'group',
      rows(groups, (key) => label('stakeholder-groups', key, words.language)),
    ),
    broken(
      'gender',
      rows(genders, (key) => key),
    ),
    broken(
      'country',
      rows(countries, (key) => countryName(key, words.language)),
    ),
  ].filter(Boolean)
  if (parts.length === 0) return ''
  return [...(titled ? [`#### ${plain(inWords(meeting.title, words))}\n`] : []), ...parts].join(
    '\n',
  )
}

/** Each outcome with its address, and the words of its messages where there are not too many. */
function messages({ words, held }: Filling): string {
  const quoted = held.messages.length <= QUOTED_MAX
  const of = Map.groupBy(held.messages, ({ outcome }) => outcome)
  return held.outcomes
    .map(({ id, title, state, messages: count }) => {
      const head = `[${plain(inWords(title, words))}](<${id}>) · ${words(`state.${state}`)} · ${words('outcome.messages', { count })}\n`
      const said = (of.get(id) ?? []).map(({ number, texts, language }) => {
        const text = texts[words.language] ?? texts[language]
        return `${number}. ${plain(plainText(text?.html ?? ''))}\n`
      })
      return quoted && said.length > 0 ? `${head}\n${said.join('')}` : head
    })
    .join('\n')
}

/** The whole report as one text: what is empty is left out; what was counted says when, and whether somebody has edited it. */
export function wholeText(words: Words, report: Pick<AnnualReport, 'sections'>): string {
  const filled = report.sections.filter(({ markdown }) => markdown.trim() !== '')
  const parts = [...Map.groupBy(filled, ({ name }) => sections[name].part)]
  return parts
    .map(([part, each]) => {
      const texts = each.map(
        (section) => `### ${words(`annual.section.${section.name}`)}\n\n${textOf(words, section)}`,
      )
      return `## ${words(`annual.part.${part}`)}\n\n${texts.join('\n\n')}`
    })
    .join('\n\n')
}

function textOf(words: Words, section: Section): string {
  const { markdown, filled, countedAt } = section
  if (filled === '' || sections[section.name].typed) return markdown.trim()
  const key = isEdited(section) ? 'annual.counted_edited' : 'annual.counted'
  return `${markdown.trim()}\n\n*${words(key, { moment: words.moment(countedAt) })}*`
}
