/** What can be followed by e-mail, and how it is called. */
import { label, isTerm } from '../../content/vocabulary.ts'
import { ourGroups, profileOf } from '../../federation/former.ts'
import type { Site } from '../../federation/site.ts'
import { inWords } from '../context.ts'
import { isPublic, listedInitiative } from '../pages/gathering/health.ts'
import { initiativePlace, pathOf } from '../pages/parts/links.ts'
import { themePlace } from '../pages/parts/tags.ts'
import type { Words } from '../words.ts'

export interface Followable {
  title: string
  path: string
}

/** Nothing for what is not here, not public, or nobody can follow. */
export async function followable(
  site: Site,
  what: string,
  words: Words,
): Promise<Followable | undefined> {
  if (what.startsWith('theme:')) return themed(what, words)
  if (ourGroups(site).includes(what)) {
    const initiative = await profileOf(site)
    return initiative && { title: inWords(initiative.name, words), path: '/' }
  }
  if (site.policy.gathers) return gathered(site, what, words)
  const item = await site.store.get('items', what)
  if (!item?.local || item.visibility !== 'shown') return undefined
  if (item.type === 'message' || item.type === 'contribution') return undefined
  return { title: inWords(item.title, words), path: pathOf(item.id) }
}

/** On an aggregator: an initiative that everybody can see there. */
async function gathered(site: Site, what: string, words: Words): Promise<Followable | undefined> {
  const initiative = await site.store.get('initiatives', what)
  if (!initiative || !isPublic(await listedInitiative(site, initiative))) return undefined
  return { title: inWords(initiative.name, words), path: initiativePlace(what) }
}

const TOPIC_LETTERS_MAX = 100

/** Terms of the lists that items are tagged with; a topic is whatever a host wrote. */
function themed(what: string, words: Words): Followable | undefined {
  const [, list = '', slug = ''] = /^theme:([a-z-]+)\/(.+)$/.exec(what) ?? []
  const known =
    list === 'topics'
      ? slug.length <= TOPIC_LETTERS_MAX
      : ['themes', 'action-lines', 'sdgs', 'gdc'].includes(list) && isTerm(list, slug)
  return known
    ? { title: label(list, slug, words.language), path: themePlace(list, slug) }
    : undefined
}
