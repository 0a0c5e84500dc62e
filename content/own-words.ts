/** What somebody may still do with what they wrote: change it, take it back, or take their name off it. Pure. */
import * as z from 'zod'
import { checked } from './checked.ts'
import type { Doing } from './doing.ts'
import { WrittenContribution } from './discussions.ts'
import type { Contribution } from './model.ts'
import { act, textDigest } from './moderation.ts'
import { Refusal } from './refusal.ts'
import { markdownToHtml } from './text.ts'

interface When {
  /** The initiative's actor, which announces. */
  actor: string
  at: string
}

const Rewritten = WrittenContribution.pick({ text: true, language: true })

/** Other words in the same place, marked as changed and told where the first were told. Refusal `conflict` for what was refused, removed, or dealt with. */
export function rewrite(
  contribution: Contribution,
  input: z.input<typeof Rewritten>,
  { at }: When,
): Doing {
  const { id, author, visibility, disposition } = contribution
  if (!['shown', 'held'].includes(visibility)) throw new Refusal('conflict', 'own.gone')
  if (disposition) throw new Refusal('conflict', 'own.disposed')
  const { text, language } = checked(Rewritten, input)
  const item = { ...contribution, text, language, html: markdownToHtml(text), updated: at }
  const shown = visibility === 'shown'
  return {
    put: {
      items: [item],
      acts: [act(author, 'rewrote', id, at, textDigest(contribution.text))],
    },
    tell: shown ? [{ verb: 'update', item: id, actor: author, at }] : [],
  }
}

/** The words go everywhere; the address, the digest, and the drafters' answer stay on the record. */
export function takeBack(contribution: Contribution, { actor, at }: When): Doing {
  const { id, author, visibility, initiative, text } = contribution
  if (visibility === 'removed') throw new Refusal('conflict', 'own.gone')
  const item = {
    ...contribution,
    ...{ text: '', html: '', visibility: 'removed' as const, why: 'by_author', updated: at },
  }
  const told = visibility === 'shown'
  const undo = { verb: 'undo_announce' as const, item: id, actor, at }
  return {
    put: { items: [item], acts: [act(author, 'erased', id, at, textDigest(text))] },
    tell: told
      ? [
          ...(initiative === actor ? [undo] : []),
          { verb: 'delete' as const, item: id, actor: author, at },
        ]
      : [],
  }
}

/** The words stay, and nobody is named with them any more. */
export const unnamed = (contribution: Contribution, nobody: string, name: string): Contribution => {
  const { affiliation: _affiliation, ...kept } = contribution
  return { ...kept, author: nobody, authorName: name, authorHandle: '' }
}
