/** What an initiative is and where: its kind, its countries or the name of its region, since when. */
import type { Initiative } from '../../../content/model.ts'
import { countryName } from '../../../content/countries.ts'
import { label } from '../../../content/vocabulary.ts'
import { inWords } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'

/** More countries than this are a region: its name, or their number. */
const NAMED_MAX = 4

export function scopeLine(words: Words, profile: Initiative): Html {
  const scope = inWords(profile.scope, words) || countries(words, profile)
  const parts = [
    label('nri-kinds', profile.kind, words.language),
    scope,
    profile.established && words('about.since', { year: String(profile.established) }),
  ]
  return html`${parts.filter(Boolean).map((each, i) => html`${i > 0 && ' · '}<bdi>${each}</bdi>`)}`
}

function countries(words: Words, profile: Initiative): string {
  if (profile.countries.length > NAMED_MAX) {
    return words('about.countries', { count: profile.countries.length })
  }
  return words.list(profile.countries.map((code) => countryName(code, words.language)))
}
