/** The one error this program throws on purpose: a request it understood and will not do. */

/** Every reason, with the HTTP status it answers (RFC 9110, section 15). */
export const status = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported: 415,
  slow_down: 429,
  unavailable: 503,
} as const

export type Reason = keyof typeof status

export type Values = Record<string, string | number>

/** One mistake of a form or a file: where it is, and the catalog key of the sentence about it. */
export interface Mistake {
  field: string
  sentence: string
  values?: Values
}

/**
 * `sentence` is a key below `refusal.` in the catalogs, so that whoever meets the refusal reads it in
 * their own language; `values` fill its placeholders. `mistakes` name each wrong field.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  reason: Reason
  sentence: string
  values: Values
  mistakes: Mistake[]

  constructor(reason: Reason, sentence: string, values: Values = {}, mistakes: Mistake[] = []) {
    super(`${reason}: ${sentence} ${JSON.stringify({ ...values, mistakes })}`)
    this.reason = reason
    this.sentence = sentence
    this.values = values
    this.mistakes = mistakes
  }
}
