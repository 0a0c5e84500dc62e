/** A post of the initiative's own for its followers, about what was published without being sent to each of them. */
import type { Change } from '../content/store.ts'
import { bulletinOf, groupId } from './addresses.ts'
import type { Json } from './proofs.ts'
import { newActivityId, record } from './record.ts'
import type { Site } from './site.ts'
import { audience, escaped, localized } from './translate/common.ts'
import { CONTEXT } from './wire.ts'

export interface Bulletin {
  /** One sentence, by language. */
  texts: Record<string, string>
  /** The language that stands first. */
  language: string
  /** The page where it can be read. */
  link: string
}

/** Tell it, and commit with it what belongs to it. */
export async function recordBulletin(
  site: Site,
  bulletin: Bulletin,
  put: NonNullable<Change['put']>,
): Promise<void> {
  const group = groupId(site)
  const id = newActivityId(site)
  const note = noteOf(bulletin, bulletinOf(id), group, site.now())
  await record(site, { put, says: [{ verb: 'create', actor: group, object: note, id }] })
}

function noteOf({ texts, language, link }: Bulletin, id: string, group: string, at: string): Json {
  const contents = Object.entries(texts).map(([each, text]) => [
    each,
    `<p>${escaped(text)}</p><p><a href="${escaped(link)}">${escaped(link)}</a></p>`,
  ])
  return {
    '@context': CONTEXT,
    id,
    type: 'Note',
    url: link,
    attributedTo: group,
    published: at,
    ...audience(group),
    ...localized('content', Object.fromEntries(contents) as Record<string, string>, language),
  }
}
