/** What calls for issues have told, as entries of a feed. */
import type { Call, Telling } from '../../../content/calls.ts'
import { tellings } from '../../../content/calls.ts'
import { tellingOf } from '../../../federation/addresses.ts'
import { type Context, inWords } from '../../context.ts'
import type { FeedEntry } from '../../feeds.ts'
import { pair } from '../../marks.ts'
import { pathOf } from '../parts/links.ts'

const CALLS_MAX = 30

/** Those of all calls, or of the calls of one meeting. */
export async function callEntries(
  context: Context,
  where: { meeting?: string } = {},
): Promise<FeedEntry[]> {
  const calls = await context.site.store.find('calls', { where: { ...where }, limit: CALLS_MAX })
  return calls.flatMap((call) => tellings.flatMap((telling) => entryOf(context, call, telling)))
}

function entryOf({ site, words }: Context, call: Call, telling: Telling): FeedEntry[] {
  const said = call.told?.[telling]
  if (!said) return []
  return [
    {
      id: tellingOf(call.id, telling),
      url: site.origin + pathOf(call.id),
      title: pair(words, words(`call.fed.${telling}`), inWords(call.title, words)),
      html: said.html,
      language: said.language,
      published: said.at,
    },
  ]
}
