/** Why something waits, and until when: what a delivery or a reading of a log ran into, in words. */
import type { Cursor } from '../../../content/parties.ts'
import { isPaused } from '../../../federation/admission.ts'
import { reasonOf } from '../../../federation/receipts.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import type { Words } from '../../words.ts'
import { moment } from '../parts/dates.ts'
import { hostOf } from '../parts/links.ts'

/** Why a peer has not answered yet, and when it is tried again. A blocked one is not tried. */
export async function waitWords({ words, site }: Context, cursor: Cursor): Promise<Html> {
  const peer = await site.store.get('peers', cursor.id)
  if (peer?.standing === 'blocked') return html`${words('waiting.blocked')}`
  if (peer && isPaused(peer, site.now())) return html`${words('waiting.paused')}`
  if (cursor.state === 'ended') return html`${words('waiting.ended')}`
  if (!cursor.why) return html`${words('waiting.turn')}`
  return html`${whyWords(words, cursor)} ${words('waiting.tries', { count: cursor.failures })} ${words.rich(
    'waiting.next',
    { moment: moment(words, cursor.retryAt) },
  )}`
}

/** What the last attempt ran into. */
export function whyWords(words: Words, { id, why = '' }: Pick<Cursor, 'id' | 'why'>): string {
  const { sentence, detail } = reasonOf({ why })
  if (sentence === 'HTTP') return words('waiting.http', { status: detail })
  return refusalWords(words, sentence, { host: hostOf(id), code: detail, status: detail })
}

/** A stored refusal is a sentence without its values: what is known is put in, the rest is left open. */
export function refusalWords(
  words: Words,
  sentence: string,
  known: Record<string, string> = {},
): string {
  const key = `refusal.${sentence}`
  if (!words.has(key)) return sentence
  const open = [
    'id',
    'owner',
    'host',
    'name',
    'field',
    'address',
    'status',
    'type',
    'code',
    'target',
  ]
  const values = Object.fromEntries(open.map((name) => [name, known[name] || '…']))
  return words(key, values)
}
