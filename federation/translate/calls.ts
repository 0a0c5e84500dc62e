/** What a call for issues says to everybody who follows, as Notes: that it is open, and that it closes soon. */
import type { Call, Telling } from '../../content/calls.ts'
import { tellingOf } from '../addresses.ts'
import type { Json } from '../proofs.ts'
import { CONTEXT } from '../wire.ts'
import { audience } from './common.ts'

/** The Note as it was said then; nothing before that. It leads to the page, where people propose. */
export function callToNote(call: Call, telling: Telling): Json | undefined {
  const { id, initiative, told } = call
  const said = told?.[telling]
  if (!said) return undefined
  return {
    '@context': CONTEXT,
    id: tellingOf(id, telling),
    type: 'Note',
    url: id,
    attributedTo: initiative,
    published: said.at,
    ...audience(initiative),
    content: said.html,
    contentMap: { [said.language]: said.html },
  }
}
