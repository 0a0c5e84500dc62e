/** Which of one actor's activities may be applied at once: posts that do not speak of each other. All else keeps its turn. */
import type { JournalEntry } from '../content/parties.ts'
import { isObject } from './wire.ts'

/** What a new post is called and what it answers; nothing when the activity is anything else. */
interface Posting {
  id: string
  answers: string
}

/** The lines in their order, cut where the next must see what those before it have done. */
export function inSteps<Line extends Pick<JournalEntry, 'body'>>(lines: Line[]): Line[][] {
  const steps: Line[][] = []
  let ids: Set<string> | undefined
  for (const line of lines) {
    const posting = postingIn(line.body)
    const fits = posting && ids && !ids.has(posting.id) && !ids.has(posting.answers)
    if (fits) steps.at(-1)?.push(line)
    else steps.push([line])
    if (!posting) ids = undefined
    else ids = fits && ids ? ids.add(posting.id) : new Set([posting.id])
  }
  return steps
}

function postingIn(body: string): Posting | undefined {
  try {
    const json: unknown = JSON.parse(body)
    if (!isObject(json) || json.type !== 'Create' || !isObject(json.object)) return undefined
    const { id, inReplyTo } = json.object
    return typeof id === 'string' ? { id, answers: String(inReplyTo ?? '') } : undefined
  } catch {
    return undefined
  }
}
