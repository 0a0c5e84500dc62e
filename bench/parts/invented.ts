/** Invented outcomes, as many as one likes, each with one message, words of its own and words that many share. */
import type { Version } from '../../content/model.ts'
import { publishImported, write } from '../../content/outcomes.ts'
import { terms } from '../../content/vocabulary.ts'

const subjects = ['access', 'rights', 'trust', 'skills', 'data', 'safety', 'trade', 'language']
const places = ['villages', 'schools', 'islands', 'courts', 'clinics', 'cities', 'borders', 'homes']

const slugs = (name: Parameters<typeof terms>[0]) => terms(name).map(({ slug }) => slug)
const vocabulary = { lines: slugs('action-lines'), sdgs: slugs('sdgs') }

const pick = (list: string[], number: number) => list[number % list.length] ?? ''

export const slugOf = (initiative: string, number: number) =>
  `${initiative.replace('/actor', '')}/outcomes/o${number}`

/** The first version of an outcome of this initiative; not signed. */
export function invented(initiative: string, number: number): Version {
  const place = pick(places, number >> 3)
  const subject = pick(subjects, number)
  const statement = `${subject} in ${place} needs answer w${(number * 7) % 5000} before w${number % 900}`
  const markdown = `On ${subject} and ${place}.\n\n## Messages\n\n1. ${statement}\n`
  const year = 2015 + (number % 11)
  const at = new Date(Date.UTC(year, number % 12, 1 + (number % 28), 0, 0, number)).toISOString()
  const by = { by: 'Noor', actor: initiative, at }
  const written = {
    language: 'en',
    texts: { en: { title: `${subject} in ${place}, ${number}`, markdown } },
    year,
    tags: {
      actionLines: [pick(vocabulary.lines, number)],
      sdgs: [pick(vocabulary.sdgs, number >> 2)],
    },
  }
  const identity = { id: slugOf(initiative, number), slug: `o${number}`, initiative }
  const [draft] = write(written, identity, by).put?.drafts ?? []
  const [version] = (draft && publishImported(draft, at, by).put?.versions) ?? []
  if (!version) throw new Error('no version')
  return version
}
