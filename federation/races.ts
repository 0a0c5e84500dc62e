/** Many write the same documents at once; whoever finds that somebody was faster reads and writes again. */
import { Refusal } from '../content/refusal.ts'

/** More than can be at work on one document at the same time. */
const TRIES_MAX = 50

/** Whether a document was changed by somebody else since it was read. */
export const isRace = (error: unknown): boolean =>
  error instanceof Refusal && error.sentence === 'store.changed'

/** Act, and when another was faster act again on what is there now. `act` reads what it writes. */
export async function again<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act()
    } catch (error) {
      if (!isRace(error) || tries >= TRIES_MAX) throw error
    }
  }
}
