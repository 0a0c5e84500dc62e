/** What was tried and refused, so that a form can say it and keep what was typed. */
import { type Mistake, Refusal, status } from '../../../content/refusal.ts'
import type { Context } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { refusalText } from '../../refusals.ts'

export interface Wrong {
  mistakes: Mistake[]
  /** What is said above the form, when it is about no field of it. */
  said?: Html
  status: number
}

/**
 * Try it; nothing when it went well. Mistakes of fields come back beside them, and what the store or the rules
 * of a call refuse is said above. Whatever else goes wrong goes on.
 */
export async function attempted(
  { words }: Context,
  attempt: () => Promise<void>,
): Promise<Wrong | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.mistakes.length > 0) return wrongFields(error.mistakes)
    if (error.reason !== 'conflict') throw error
    const sentence = error.sentence === 'store.changed' ? 'call.at_once' : error.sentence
    const said = html`<div class="mistakes" role="alert" tabindex="-1"><p>${refusalText(words, { ...error, sentence })}</p></div>`
    return { mistakes: [], said, status: status.conflict }
  }
}

/** Mistakes inside a list are mistakes of its field: `categories.2` is about `categories`. */
export function wrongFields(mistakes: Mistake[]): Wrong {
  const beside = mistakes.map((each) => ({ ...each, field: each.field.replace(/\.\d.*$/, '') }))
  const one = new Map(beside.toReversed().map((each) => [each.field, each]))
  return { mistakes: [...one.values()], status: status.invalid }
}
