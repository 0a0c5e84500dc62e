/** What a command is: its words are in the catalogs below `terminal.<name>`. */
import { Refusal } from '../../content/refusal.ts'

export interface Command {
  name: string
  /** What follows the name, as printed by --help. */
  usage: string
  /** Flags with a value (`string`) or without one (`boolean`). */
  options?: Record<string, { type: 'string' | 'boolean'; multiple?: true }>
  /** Its code, read when it is to run: help needs no server. */
  load: () => Promise<Run>
}

export type Run = (args: string[], options: Options) => Promise<void>

export type Options = Record<string, string | boolean | (string | boolean)[] | undefined>

/** An argument that must be there, else one sentence that names it. */
export function needed(args: string[], at: number, name: string): string {
  const value = args[at]
  if (value) return value
  throw new Refusal('invalid', 'terminal.needed', { name })
}

/** All values of a flag that may be given again. */
export const every = (options: Options, name: string): string[] =>
  [options[name] ?? []].flat().flatMap((each) => (typeof each === 'string' && each ? [each] : []))

/** A flag's value as text. */
export function option(options: Options, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
