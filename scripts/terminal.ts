/** How commands speak to the person at the terminal: lines, a progress bar, and one sentence when something is wrong. */
import { Refusal } from '../content/refusal.ts'
import { refusalText } from '../server/refusals.ts'
import { languages, wordsFor } from '../server/words.ts'

/** `pt_BR.UTF-8` speaks Portuguese; what no catalog has (`C.UTF-8`) is answered in English. */
const asked = /^[a-z]+/.exec(process.env.LC_ALL || process.env.LANG || '')?.[0]
const language = languages.find((each) => each === asked) ?? 'en'

/** The operator's words. */
export const words = wordsFor(language)

/** Whoever reads may stop reading (`| head`): what was begun is still done to its end, in silence. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: Error) => {
    if (Reflect.get(error, 'code') !== 'EPIPE') throw error
  })
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`)

export interface Progress {
  step: (done: number, note?: string) => void
  end: () => void
}

const BAR_LETTERS = 24

/** A bar on a terminal, a line every tenth on a pipe. Written to standard error. */
export function progress(label: string, total: number): Progress {
  const { isTTY } = process.stderr
  let tenth = -1
  const step = (done: number, note = '') => {
    const part = total === 0 ? 1 : Math.min(1, done / total)
    const filled = Math.round(part * BAR_LETTERS)
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_LETTERS - filled)
    if (isTTY) process.stderr.write(`\r\u001b[K${label} ${bar} ${done}/${total} ${note}`)
    else if (Math.floor(part * 10) !== tenth) process.stderr.write(`${label} ${done}/${total}\n`)
    tenth = Math.floor(part * 10)
  }
  step(0)
  return { step, end: () => void (isTTY && process.stderr.write('\n')) }
}

/** What went wrong, in one sentence (and a line per mistake); for a defect, all there is to know. */
export function explain(error: unknown): string {
  if (!(error instanceof Refusal))
    return error instanceof Error ? String(error.stack) : String(error)
  const sentence = refusalText(words, error)
  const mistakes = error.mistakes.map(
    (mistake) => `  ${mistake.field}: ${refusalText(words, mistake)}`,
  )
  return [sentence, ...mistakes].join('\n')
}

const COUNTED = 50

/** How far something is of which nobody knows the end: in place on a terminal, now and then on a pipe. Written to standard error. */
export function counter(label: (count: number) => string): Pick<Progress, 'step' | 'end'> {
  const { isTTY } = process.stderr
  let count = 0
  const step = (done: number) => {
    count = done
    if (isTTY) process.stderr.write(`\r\u001b[K${label(done)}`)
    else if (done % COUNTED === 0) process.stderr.write(`${label(done)}\n`)
  }
  return { step, end: () => void process.stderr.write(isTTY ? '\n' : `${label(count)}\n`) }
}

/** Run a program; whatever it throws is explained, and the exit code says that it failed. */
export async function run(program: () => Promise<void>): Promise<void> {
  try {
    await program()
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exitCode = 1
  }
}
