/** Flag: somebody elsewhere reports a contribution. Moderators see it; nothing happens by itself. */
import { act } from '../../content/moderation.ts'
import { plainText } from '../../content/text.ts'
import type { Handler } from '../receive.ts'
import { Ref } from '../wire.ts'

const OBJECTS_MAX = 20
const NOTE_LETTERS_MAX = 500

export const flag: Handler = async (site, { actor, object }, json) => {
  const named = [object].flat().slice(0, OBJECTS_MAX)
  const note =
    typeof json.content === 'string' ? plainText(json.content).slice(0, NOTE_LETTERS_MAX) : ''
  const at = site.now()
  const acts = []
  for (const each of named) {
    const { data: id } = Ref.safeParse(each)
    const item = id ? await site.store.get('items', id) : undefined
    if (item) acts.push(act(actor, 'reported', item.id, at, note))
  }
  return acts.length > 0 ? { put: { acts } } : undefined
}
