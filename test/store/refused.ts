/** The refusal that something ends in, for tests that look at its reason. */
import { Refusal } from '../../content/refusal.ts'

/** Throws when nothing was refused, or when something else went wrong. */
export async function refusalOf(act: Promise<unknown> | (() => unknown)): Promise<Refusal> {
  try {
    await (typeof act === 'function' ? act() : act)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('It was not refused.')
}

export const reasonOf = async (act: Promise<unknown> | (() => unknown)) =>
  (await refusalOf(act)).reason

/** `reason sentence`, as one word to compare. */
export async function sentenceOf(act: Promise<unknown> | (() => unknown)): Promise<string> {
  const { reason, sentence } = await refusalOf(act)
  return `${reason} ${sentence}`
}
