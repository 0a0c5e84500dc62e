/** What calls for issues have told, as entries of a feed. */
import type { Call } from '../../../content/calls.ts'
import { type Note, notesOf } from '../../../content/call-tellings.ts'
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
  return calls.flatMap((call) => notesOf(call).map((note) => entryOf(context, call, note)))
}

function entryOf({ site, words }: Context, call: Call, { telling, number, told }: Note): FeedEntry {
  const says = told.says ?? telling
  return {
    id: tellingOf(call.id, telling, number),
    url: site.origin + pathOf(call.id),
    title: pair(words, words(`call.fed.${says}`), inWords(call.title, words)),
    html: told.html,
    language: told.language,
    published: told.at,
    ...(told.updated ? { updated: told.updated } : {}),
  }
}
