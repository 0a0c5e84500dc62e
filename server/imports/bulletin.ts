/** One post for the followers about all that was brought in and not sent to each of them. */
import type { Change } from '../../content/store.ts'
import { groupId } from '../../federation/addresses.ts'
import { recordBulletin } from '../../federation/bulletins.ts'
import type { Site } from '../../federation/site.ts'
import { isSpoken, wordsFor } from '../words.ts'

const pages = ['outcomes', 'discussions', 'meetings'] as const

/** How many, by the page that lists them; `item` where it is one alone. */
export type Brought = Record<(typeof pages)[number], number> & { item?: string }

export const nothingBrought = (): Brought => ({ outcomes: 0, discussions: 0, meetings: 0 })

/** Told in every language of the initiative that this program speaks. Nothing is said of nothing. */
export async function tellBrought(
  site: Site,
  { item, ...counts }: Brought,
  put: NonNullable<Change['put']> = {},
): Promise<void> {
  const count = pages.reduce((sum, each) => sum + counts[each], 0)
  if (count === 0) return site.store.commit({ put })
  const profile = await site.store.get('initiatives', groupId(site))
  const known = (profile?.languages ?? []).filter(isSpoken)
  const languages = known.length > 0 ? known : ['en']
  const texts = Object.fromEntries(
    languages.map((each) => [each, wordsFor(each)('brought.post', { count })]),
  )
  const page = `${site.origin}/${pages.find((each) => counts[each] > 0)}`
  await recordBulletin(site, { texts, language: languages[0] ?? 'en', link: item ?? page }, put)
}
