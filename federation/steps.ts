/** Which activities may be applied at once: posts that do not speak of each other. All else keeps its turn. */
import { isObject } from './wire.ts'

/** So many at most: each is held in memory several times over until it is on disk. */
const TOGETHER_MAX = 200

/** What a post is called and what it answers; nothing when the activity is anything else. */
interface Posting {
  id: string
  answers: string
}

/** What came, in its order, cut where the next must see what those before it have done. */
export function inSteps<Came>(all: Came[], jsonOf: (came: Came) => unknown): Came[][] {
  const steps: Came[][] = []
  let ids: Set<string> | undefined
  for (const came of all) {
    const posting = postingIn(jsonOf(came))
    const isRoom = ids && ids.size < TOGETHER_MAX
    const fits = posting && isRoom && !ids?.has(posting.id) && !ids?.has(posting.answers)
    if (fits) steps.at(-1)?.push(came)
    else steps.push([came])
    if (!posting) ids = undefined
    else ids = fits && ids ? ids.add(posting.id) : new Set([posting.id])
  }
  return steps
}

function postingIn(json: unknown): Posting | undefined {
  if (!isObject(json) || !isObject(json.object)) return undefined
  const { id, inReplyTo } = json.object
  const isPost = json.type === 'Create' || json.type === 'Update'
  if (!isPost || typeof id !== 'string' || id === json.actor) return undefined
  return { id, answers: typeof inReplyTo === 'string' ? inReplyTo : '' }
}
