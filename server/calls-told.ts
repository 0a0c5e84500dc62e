/** Calls for issues are told to everybody who follows: when they open and before they close; and told right when they change. */
import type { Call, Told } from '../content/calls.ts'
import {
  dueTelling,
  notesOf,
  retold,
  type Saying,
  tell,
  unlooked,
} from '../content/call-tellings.ts'
import { groupId, originOf } from '../federation/addresses.ts'
import { isRace } from '../federation/races.ts'
import { newActivityId, record, type Said } from '../federation/record.ts'
import type { Site } from '../federation/site.ts'
import { callToNote } from '../federation/translate/calls.ts'
import { inWords } from './context.ts'
import { html } from './html.ts'
import { isSpoken, wordsFor } from './words.ts'

/** So many calls are looked at, the first to close first. */
const CALLS_MAX = 200
/** What was told of a call that is over for longer than this stays as it is. */
const OVER_MS = 40 * 24 * 3600_000

/** Say what is due, and say anew what is no longer so. Of two rounds at once only one is committed. */
export async function tellOfCalls(site: Site): Promise<void> {
  const at = site.now()
  const since = new Date(Date.parse(at) - OVER_MS).toISOString()
  const calls = await site.store.find('calls', { since, order: 'oldest', limit: CALLS_MAX })
  for (const call of calls) await tellOf(site, call, at)
}

async function tellOf(site: Site, call: Call, at: string): Promise<void> {
  const corrected = corrections(call, at)
  const telling = dueTelling(corrected.call, at)
  const next = telling
    ? tell(corrected.call, telling, { at, ...sentence(call, telling) })
    : corrected.call
  if (next === call) return
  const note = telling && notesOf(next).findLast((each) => each.telling === telling)
  const says = note ? [...corrected.says, said('create', next, note)] : corrected.says
  try {
    await record(site, { put: { calls: [next] }, says })
  } catch (error) {
    if (!isRace(error)) throw error
  }
}

/** What was told before the call changed, in words that hold now. */
function corrections(call: Call, at: string): { call: Call; says: Said[] } {
  const says: Said[] = []
  let next = call
  for (const note of unlooked(call, at)) {
    const words = sentence(call, note.says)
    const isSame = words.html === note.told.html
    const changed: Partial<Told> = isSame ? {} : { ...words, says: note.says, updated: at }
    const told = { ...note.told, ...changed, lookedAt: at }
    next = retold(next, note, told)
    if (!isSame) says.push(said('update', next, { ...note, told }))
  }
  return { call: next, says }
}

/** A call from before a move is told of, as all that was said there, by the actor that the initiative had there. */
const said = (verb: Said['verb'], call: Call, note: Parameters<typeof callToNote>[1]): Said => {
  const at = { origin: originOf(call.id) }
  return { verb, actor: groupId(at), object: callToNote(call, note), id: newActivityId(at) }
}

/** In the language of the call, where these pages speak it. */
function sentence(call: Call, says: Saying): Pick<Told, 'language' | 'html'> {
  const language = isSpoken(call.language) ? call.language : 'en'
  const words = wordsFor(language)
  const title = call.title[call.language] ?? inWords(call.title, words)
  const moment = words.moment(says === 'later' ? call.opensAt : call.closesAt)
  const { text } =
    html`<p>${words(`call.telling.${says}`, { title, moment })}</p><p><a href="${call.id}">${call.id}</a></p>`
  return { language, html: text }
}
