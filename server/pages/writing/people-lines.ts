/** The people of a session as lines of text: name; role; organisation; stakeholder group; country. */
import { type SessionPerson, SessionRole } from '../../../content/programme.ts'
import type { Mistake } from '../../../content/refusal.ts'
import { asPart, linesOf, partsOf } from '../../../content/typed-lists.ts'
import { term, terms } from '../../../content/vocabulary.ts'
import { inEveryLanguage, type Words, wordsFor } from '../../words.ts'

const LINES_MAX = 100

type Role = SessionPerson['role']

const plain = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ')

/** Every name of every role, in each language of these pages. */
const roles = new Map<string, Role>(
  SessionRole.options.flatMap((role) => {
    const names = Object.values(inEveryLanguage('reading', `session.role.${role}`))
    return [role, ...names].map((name) => [plain(name), role] as const)
  }),
)

const groups = new Map<string, string>(
  terms('stakeholder-groups').flatMap(({ slug, labels, synonyms = [] }) =>
    [slug, ...Object.values(labels), ...synonyms].map((name) => [plain(name), slug] as const),
  ),
)

/** The slug of a stakeholder group by any of its names. */
export const groupNamed = (name: string): string | undefined => groups.get(plain(name))

export interface ReadPeople {
  people: SessionPerson[]
  mistakes: Mistake[]
}

/** The people that stand there; the first line that is not understood is named by its number. */
export function readPeople(text: string): ReadPeople {
  const filled = linesOf(text)
  if (filled.length > LINES_MAX) {
    return wrong({ sentence: 'field.too_big', values: { most: LINES_MAX } })
  }
  const people: SessionPerson[] = []
  for (const { line, number } of filled) {
    const [name = '', role = '', affiliation = '', group = '', country = ''] = partsOf(line)
    const known = roles.get(plain(role))
    const stakeholderGroup = groups.get(plain(group))
    if (name === '') return wrong({ sentence: 'people_line.name', values: { number } })
    if (!known) return wrong({ sentence: 'people_line.role', values: { number, role } })
    if (group !== '' && !stakeholderGroup)
      return wrong({ sentence: 'people_line.group', values: { number, group } })
    if (country !== '' && !/^[A-Za-z]{2}$/.test(country))
      return wrong({ sentence: 'people_line.country', values: { number, country } })
    people.push({
      name,
      role: known,
      ...(affiliation ? { affiliation } : {}),
      ...(stakeholderGroup ? { stakeholderGroup } : {}),
      ...(country ? { country: country.toUpperCase() } : {}),
    })
  }
  return { people, mistakes: [] }
}

const wrong = (mistake: Omit<Mistake, 'field'>): ReadPeople => ({
  people: [],
  mistakes: [{ field: 'people', ...mistake }],
})

/** The same, as it is typed: in English, so that everybody who edits it sees the same. */
export function writtenPeople(people: SessionPerson[]): string {
  const english = wordsFor('en')
  const lines = people.map(({ name, role, affiliation, stakeholderGroup, country }) => {
    const group = stakeholderGroup
      ? (term('stakeholder-groups', stakeholderGroup)?.labels.en ?? stakeholderGroup)
      : ''
    const parts = [name, english(`session.role.${role}`), affiliation ?? '', group, country ?? '']
    return parts
      .map(asPart)
      .join('; ')
      .replace(/(; )+$/, '')
  })
  return lines.join('\n')
}

/** What may stand in a line, for the hint. */
export const roleNames = (words: Words): string =>
  words.list(SessionRole.options.map((role) => words(`session.role.${role}`)))

export const groupNames = (words: Words): string =>
  words.list(
    terms('stakeholder-groups').map(
      ({ slug, labels }) => labels[words.language] ?? labels.en ?? slug,
    ),
  )
