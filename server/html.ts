/** Pages are functions that return Html. Text is escaped unless it already is Html. */
export class Html {
  text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Value = string | number | Html | Value[] | undefined | null | false

/** A template whose values are escaped; arrays are joined, undefined, null and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  let text = strings[0] ?? ''
  for (const [i, value] of values.entries()) text += write(value) + (strings[i + 1] ?? '')
  return new Html(text)
}

/** HTML that content/text.ts has made safe: stored `html` fields only. */
export const safe = (stored: string): Html => new Html(stored)

function write(value: Value): string {
  if (value === undefined || value === null || value === false) return ''
  if (Array.isArray(value)) return value.map(write).join('')
  return value instanceof Html ? value.text : escaped(String(value))
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter)
