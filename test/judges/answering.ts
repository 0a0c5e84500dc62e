/** The other end of judge.ts: what a judge's program answers, one function for each question. */
import type { Reply } from './judge.ts'

/** Questions and answers are words and JSON; undefined is answered as null. */
export type Answers = Record<string, (...words: string[]) => unknown>

interface Question {
  id: number
  verb: string
  words: string[]
}

/** Answer the parent process until it goes away. */
export function answering(answers: Answers): void {
  process.on('message', ({ id, verb, words }: Question) => {
    void answered(answers, verb, words).then((reply) => process.send?.({ id, ...reply }))
  })
}

async function answered(
  answers: Answers,
  verb: string,
  words: string[],
): Promise<Omit<Reply, 'id'>> {
  try {
    const answer = await answers[verb]?.(...words)
    return { answer: answer ?? null }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
