/** Flag: somebody elsewhere reports a contribution. Moderators see it; nothing happens by itself. */
import { act } from '../../content/moderation.ts'
import { plainText } from '../../content/text.ts'
import type { Handler } from '../receive.ts'
import type { Site } from '../site.ts'
import { Ref } from '../wire.ts'

const OBJECTS_MAX = 20
const NOTE_LETTERS_MAX = 500

export const flag: Handler = async (site, { actor, object }, json) => {
  const named = new Set([object].flat().slice(0, OBJECTS_MAX).map(idOf))
  const note =
    typeof json.content === 'string' ? plainText(json.content).slice(0, NOTE_LETTERS_MAX) : ''
  const at = site.now()
  const acts = []
  for (const id of named) {
    const item = id ? await site.store.get('items', id) : undefined
    if (item && !(await isReported(site, actor, item.id)))
      acts.push(act(actor, 'reported', item.id, at, note))
  }
  return acts.length > 0 ? { put: { acts } } : undefined
}

const idOf = (object: unknown): string | undefined => Ref.safeParse(object).data

/** Once is enough: who reports the same thing again and again fills no page. */
async function isReported({ store }: Site, by: string, item: string): Promise<boolean> {
  return (await store.count('acts', { where: { item, verb: 'reported', by } })) > 0
}
