/** Calls for issues are told to everybody who follows: once when they open, and once before they close. */
import { type Call, dueTelling, tell, type Telling } from '../content/calls.ts'
import { groupId } from '../federation/addresses.ts'
import { isRace } from '../federation/races.ts'
import { record } from '../federation/record.ts'
import type { Site } from '../federation/site.ts'
import { callToNote } from '../federation/translate/calls.ts'
import { inWords } from './context.ts'
import { html } from './html.ts'
import { isSpoken, wordsFor } from './words.ts'

/** So many calls that are still to close are looked at, the next to close first. */
const CALLS_MAX = 100

/** Say what is due. Of two rounds at once only one is committed. */
export async function tellOfCalls(site: Site): Promise<void> {
  const at = site.now()
  const calls = await site.store.find('calls', { since: at, order: 'oldest', limit: CALLS_MAX })
  for (const call of calls) {
    const telling = dueTelling(call, at)
    if (telling) await told(site, call, telling, at)
  }
}

async function told(site: Site, call: Call, telling: Telling, at: string): Promise<void> {
  const next = tell(call, telling, { at, ...sentence(call, telling) })
  const object = callToNote(next, telling)
  if (!object) return
  const says = [{ verb: 'create' as const, actor: groupId(site), object }]
  try {
    await record(site, { put: { calls: [next] }, says })
  } catch (error) {
    if (!isRace(error)) throw error
  }
}

/** In the language of the call, where these pages speak it. */
function sentence(call: Call, telling: Telling) {
  const language = isSpoken(call.language) ? call.language : 'en'
  const words = wordsFor(language)
  const title = call.title[call.language] ?? inWords(call.title, words)
  const said = words(`call.telling.${telling}`, { title, moment: words.moment(call.closesAt) })
  const { text } = html`<p>${said}</p><p><a href="${call.id}">${call.id}</a></p>`
  return { language, html: text }
}
