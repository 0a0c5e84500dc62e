/** What a call for issues says to everybody who follows, as Notes: that it is open, and that it closes soon. */
import type { Call } from '../../content/calls.ts'
import type { Note } from '../../content/call-tellings.ts'
import { tellingOf } from '../addresses.ts'
import type { Json } from '../proofs.ts'
import { CONTEXT } from '../wire.ts'
import { audience, initiativeAt } from './common.ts'

/** The Note as it was said last. It leads to the page, where people propose. */
export function callToNote({ id }: Call, { telling, number, told }: Note): Json {
  const initiative = initiativeAt(id)
  return {
    '@context': CONTEXT,
    id: tellingOf(id, telling, number),
    type: 'Note',
    url: id,
    attributedTo: initiative,
    published: told.at,
    ...(told.updated ? { updated: told.updated } : {}),
    ...audience(initiative),
    content: told.html,
    contentMap: { [told.language]: told.html },
  }
}
