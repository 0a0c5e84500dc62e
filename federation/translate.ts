/** Our items to ActivityStreams: one line for each type. */
import type { Item } from '../content/model.ts'
import type { Json } from './proofs.ts'
import { meetingToEvent } from './translate/events.ts'
import { contributionToNote, discussionToArticle } from './translate/items.ts'
import { messageToNote } from './translate/outcomes.ts'

/** An item as the world reads it. Outcomes are not here: their signed versions are served as they are. */
export function toObject(item: Item): Json {
  switch (item.type) {
    case 'message':
      return messageToNote(item)
    case 'discussion':
      return discussionToArticle(item)
    case 'contribution':
      return contributionToNote(item)
    case 'meeting':
    case 'session':
      return meetingToEvent(item)
    case 'outcome':
      return { id: item.id, type: 'Article' }
  }
}
