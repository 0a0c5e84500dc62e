/** What came with a form of the host, and what was wrong with it. */
import type { Request } from 'express'
import { type Mistake, Refusal } from '../../../content/refusal.ts'

export type Typed = Record<string, string>

/** Every field that holds one text, as it was typed. */
export function typedIn(req: Request): Typed {
  const body = (req.body ?? {}) as Record<string, unknown>
  const texts = Object.entries(body).flatMap(([name, value]) =>
    typeof value === 'string' && name !== '_token' ? [[name, value] as const] : [],
  )
  return Object.fromEntries(texts)
}

/** The mistakes that something refuses with; none when it goes well. What is no mistake of a form goes on. */
export async function wrongIn(attempt: () => unknown): Promise<Mistake[]> {
  try {
    await attempt()
    return []
  } catch (error) {
    if (error instanceof Refusal && error.mistakes.length > 0) return error.mistakes
    throw error
  }
}

/** A refusal as a mistake beside one field: what somebody else's server said about an address, for one. */
export async function besideField(field: string, attempt: () => unknown): Promise<Mistake[]> {
  try {
    await attempt()
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.mistakes.length > 0) return error.mistakes
    return [{ field, sentence: error.sentence, values: error.values }]
  }
}
