/** Reading what somebody typed or sent: every mistake is named, with a sentence about it. */
import * as z from 'zod'
import { type Mistake, Refusal } from './refusal.ts'

/** The parsed value, or Refusal `invalid` with one mistake for each wrong field. */
export function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  throw new Refusal('invalid', 'form', {}, mistakesOf(result.error))
}

export function mistakesOf(error: z.ZodError): Mistake[] {
  const found = new Map<string, Mistake>()
  for (const issue of error.issues) {
    const field = issue.path.map(String).join('.') || 'form'
    if (!found.has(field)) found.set(field, { field, ...about(issue) })
  }
  return [...found.values()]
}

type Issue = z.core.$ZodIssue

/** A refinement of ours carries the key of its sentence as its message: `field.end_before_start`. */
function about(issue: Issue): Omit<Mistake, 'field'> {
  if (/^[a-z_]+(\.[a-z_]+)+$/.test(issue.message)) return { sentence: issue.message }
  const empty = 'input' in issue && (issue.input === undefined || issue.input === '')
  if (empty || (issue.code === 'too_small' && Number(issue.minimum) === 1)) {
    return { sentence: 'field.required' }
  }
  if (issue.code === 'too_big')
    return { sentence: 'field.too_big', values: { most: Number(issue.maximum) } }
  if (issue.code === 'too_small')
    return { sentence: 'field.too_small', values: { least: Number(issue.minimum) } }
  if (issue.code === 'invalid_format') return { sentence: formats[issue.format] ?? 'field.wrong' }
  return { sentence: 'field.wrong' }
}

const formats: Record<string, string> = {
  datetime: 'field.bad_date',
  url: 'field.bad_url',
  email: 'field.bad_email',
}

/** Refuse with one mistake beside one field. */
export function mistaken(field: string, sentence: string, values = {}): never {
  throw new Refusal('invalid', 'form', {}, [{ field, sentence, values }])
}
