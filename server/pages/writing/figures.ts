/** The figures of a meeting as a host types them: numbers, and breakdowns as lines of a name and a number. */
import type { Participation } from '../../../content/participation.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { countedIn, linesOf } from '../../../content/typed-lists.ts'
import { label } from '../../../content/vocabulary.ts'
import type { Context } from '../../context.ts'
import type { Field, Values } from '../../forms.ts'
import { groupNamed } from './people-lines.ts'
import { numberGiven, textIn } from './values.ts'

const numbers = ['total', 'onsite', 'online', 'newcomers', 'youth'] as const
const breakdowns = ['groups', 'genders', 'countries'] as const
const LINES_MAX = 250

type Breakdown = (typeof breakdowns)[number]

const fieldOf = (name: string) => `participation.${name}`

export const figureFields = ({ words }: Context): Field[] => [
  ...numbers.map((name): Field => ({
    name: fieldOf(name),
    label: words(
      name === 'newcomers' || name === 'youth'
        ? `figures.${name}`
        : `writing.participation.${name}`,
    ),
    ...(name === 'total' ? { hint: words('writing.participation.hint') } : {}),
    kind: 'number',
    dir: 'ltr',
  })),
  ...breakdowns.map((name): Field => ({
    name: fieldOf(name),
    label: words(`figures.${name}`),
    hint: words('figures.lines_hint', { example: words(`figures.example.${name}`) }),
    kind: 'area',
    rows: 3,
    dir: 'auto',
  })),
]

/** As it is typed: groups by their English names, so that everybody who edits them sees the same. */
export const figureValues = (figures: Participation): Values =>
  Object.fromEntries([
    ...numbers.map((name) => [fieldOf(name), String(figures[name] ?? '')]),
    ...breakdowns.map((name) => [fieldOf(name), writtenLines(name, figures[name] ?? {})]),
  ])

const writtenLines = (name: Breakdown, counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(
      ([key, count]) =>
        `${name === 'groups' ? label('stakeholder-groups', key, 'en') : key}; ${count}`,
    )
    .join('\n')

export function readFigures(typed: Values): { figures: object; mistakes: Mistake[] } {
  const read = breakdowns.map((name) => ({
    name,
    ...readLines(name, textIn(typed, fieldOf(name))),
  }))
  const filled = read.filter(({ counts }) => Object.keys(counts).length > 0)
  return {
    figures: {
      ...Object.assign({}, ...numbers.map((name) => numberGiven(typed, fieldOf(name), name))),
      ...Object.fromEntries(filled.map(({ name, counts }) => [name, counts])),
    },
    mistakes: read.flatMap(({ mistakes }) => mistakes),
  }
}

interface ReadLines {
  counts: Record<string, number>
  mistakes: Mistake[]
}

/** Name; number. The first line that is not understood is named by its place. */
function readLines(name: Breakdown, text: string): ReadLines {
  const counts: Record<string, number> = {}
  const wrong = (sentence: string, values = {}): ReadLines => ({
    counts: {},
    mistakes: [{ field: fieldOf(name), sentence, values }],
  })
  const lines = linesOf(text)
  if (lines.length > LINES_MAX) return wrong('field.too_big', { most: LINES_MAX })
  for (const { line, number } of lines) {
    const said = countedIn(line)
    if (!said) return wrong('figures.line', { number })
    const key = keys[name](said.name)
    if (!key) return wrong(refusals[name], { number, name: said.name })
    counts[key] = (counts[key] ?? 0) + said.count
  }
  return { counts, mistakes: [] }
}

const keys: Record<Breakdown, (said: string) => string | undefined> = {
  groups: groupNamed,
  genders: (said) => said,
  countries: (said) => (/^[A-Za-z]{2}$/.test(said) ? said.toUpperCase() : undefined),
}

const refusals: Record<Breakdown, string> = {
  groups: 'figures.group',
  genders: 'figures.line',
  countries: 'figures.country',
}
