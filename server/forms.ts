/** Forms: one column, labels above, hints below them, mistakes named on top and beside their field, nothing typed is lost. */
import type { Mistake } from '../content/refusal.ts'
import type { Context } from './context.ts'
import { type Html, html } from './html.ts'
import { refusalText } from './refusals.ts'
import type { Words } from './words.ts'
import { pair } from './marks.ts'

/** What was typed: as it came, to be shown again. */
export type Values = Record<string, string | string[] | undefined>

export interface Field {
  name: string
  /** Already in the reader's language. */
  label: string
  hint?: string
  kind?:
    | 'text'
    | 'email'
    | 'password'
    | 'url'
    | 'number'
    | 'date'
    | 'datetime-local'
    | 'color'
    | 'area'
    | 'select'
    | 'checkboxes'
    | 'radios'
    | 'hidden'
    /** A heading between fields: only `label` and `hint` are used. */
    | 'section'
  /** For select, checkboxes and radios; those of one group stand together under its name. */
  options?: { value: string; label: string; group?: string }[]
  /** A long list of checkboxes that is opened by whoever needs it. */
  folded?: boolean
  required?: boolean
  rows?: number
  autocomplete?: string
  /** The language of what is typed, where it is not the reader's. */
  lang?: string
  dir?: 'auto' | 'ltr'
  /** What stands below the control, such as a list to look something up. */
  after?: Html
}

export interface Form {
  action: string
  fields: Field[]
  values: Values
  mistakes?: Mistake[]
  /** Sets this form's ids apart where a page has several. */
  prefix?: string
  /** What the button says it will do. More buttons carry a name and a value. */
  submit: string
  buttons?: { name: string; value: string; label: string }[]
}

/** A whole form with its error summary, its token and its buttons. */
export function form(context: Context, parts: Form): Html {
  const { mistakes = [] } = parts
  return html`${mistakes.length > 0 && summary(context.words, parts)}
<form method="post" action="${parts.action}" novalidate>
<input type="hidden" name="_token" value="${context.token}">
${parts.fields.map((field) => control(context.words, field, parts))}
<p class="buttons"><button type="submit">${parts.submit}</button>
${(parts.buttons ?? []).map(
  ({ name, value, label }) =>
    html`<button type="submit" class="second" name="${name}" value="${value}">${label}</button>`,
)}</p>
</form>`
}

/** One button that does one thing; `look` is the class of one that is not the main thing to do, or that ends something. */
export function button(
  context: Context,
  action: string,
  label: string | Html,
  values: Record<string, string> = {},
  look?: 'second' | 'danger',
): Html {
  return html`<form method="post" action="${action}" class="inline">
<input type="hidden" name="_token" value="${context.token}">
${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit"${look && html` class="${look}"`}>${label}</button></form>`
}

export const mistakeText = (words: Words, mistake: Mistake): string => refusalText(words, mistake)

/** The id of a field, which its label, its hint and the error summary name. */
const fieldId = ({ prefix = '' }: Form, name: string) => `f-${prefix}${name}`

function summary(words: Words, parts: Form): Html {
  const { mistakes = [], fields } = parts
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? name
  const place = ({ field }: Mistake) => fields.findIndex(({ name }) => name === field)
  const inOrder = mistakes.toSorted((a, b) => place(a) - place(b))
  return html`<div class="mistakes" role="alert" tabindex="-1"><h2>${words('form.mistakes', {
    count: mistakes.length,
  })}</h2><ul>
${inOrder.map(
  (mistake) =>
    html`<li><a href="#${fieldId(parts, mistake.field)}">${pair(words, labelOf(mistake.field), mistakeText(words, mistake))}</a></li>`,
)}</ul></div>`
}

function control(words: Words, field: Field, form: Form): Html {
  const value = form.values[field.name]
  if (field.kind === 'hidden') {
    return html`<input type="hidden" name="${field.name}" value="${first(value)}">`
  }
  if (field.kind === 'section') {
    return html`<h2>${field.label}</h2>${field.hint && html`<p class="soft">${field.hint}</p>`}`
  }
  const wrong = (form.mistakes ?? []).filter((mistake) => mistake.field === field.name)
  const group = field.kind === 'checkboxes' || field.kind === 'radios'
  const id = fieldId(form, field.name)
  const hint = field.hint && html`<p class="hint" id="${id}-hint">${field.hint}</p>`
  const errors =
    wrong.length > 0 &&
    html`<p class="error" id="${id}-error">${wrong.map((each) => mistakeText(words, each)).join(' ')}</p>`
  const described = describedBy(id, Boolean(field.hint), wrong.length > 0)
  if (group) {
    const inside = html`<fieldset class="field" id="${id}"${described}><legend${field.folded && html` class="hidden"`}>${field.label}</legend>${hint}${errors}
${choices(field, id, value)}${field.after}</fieldset>`
    return field.folded ? folded(words, field, value, { inside, open: wrong.length > 0 }) : inside
  }
  return html`<div class="field"><label for="${id}">${field.label}${
    !field.required && html` <span class="optional">${words('form.optional')}</span>`
  }</label>${hint}${errors}${input(field, id, value, described, wrong.length > 0)}${field.after}</div>`
}

function describedBy(id: string, hint: boolean, error: boolean): Html | false {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return ids !== '' && html` aria-describedby="${ids}"`
}

/** Closed, it says how many are chosen. */
function folded(
  words: Words,
  field: Field,
  value: Values[string],
  { inside, open }: { inside: Html; open: boolean },
): Html {
  const count = [value ?? []].flat().length
  return html`<details class="folded"${open && html` open`}><summary>${field.label}${
    count > 0 && html` <b>(${words('form.chosen', { count })})</b>`
  }</summary>${inside}</details>`
}

function choices(field: Field, id: string, value: Values[string]): Html[] {
  const type = field.kind === 'radios' ? 'radio' : 'checkbox'
  const chosen = [value ?? []].flat()
  const shown = (field.options ?? []).map((option, i) => ({
    group: option.group,
    choice: html`<p class="choice"><input type="${type}" id="${id}-${i}" name="${field.name}" value="${option.value}"${
      chosen.includes(option.value) && html` checked`
    }><label for="${id}-${i}">${option.label}</label></p>`,
  }))
  return [...Map.groupBy(shown, ({ group }) => group)].map(([group, each]) => {
    const inside = each.map(({ choice }) => choice)
    return group === undefined
      ? html`${inside}`
      : html`<fieldset class="field"><legend>${group}</legend>${inside}</fieldset>`
  })
}

function input(
  field: Field,
  id: string,
  value: Values[string],
  described: Html | false,
  wrong: boolean,
): Html {
  const common = html` id="${id}" name="${field.name}"${described}${wrong && html` aria-invalid="true"`}${
    field.required && html` required`
  }${field.lang && html` lang="${field.lang}"`}${field.dir && html` dir="${field.dir}"`}${
    field.autocomplete && html` autocomplete="${field.autocomplete}"`
  }`
  if (field.kind === 'area') {
    return html`<textarea${common} rows="${field.rows ?? 6}">
${first(value)}</textarea>`
  }
  if (field.kind === 'select')
    return html`<select${common}>${options(field, first(value))}</select>`
  const shown = field.kind === 'password' ? '' : first(value)
  return html`<input type="${field.kind ?? 'text'}"${common} value="${shown}">`
}

const options = (field: Field, value: string): Html[] =>
  (field.options ?? []).map(
    (option) =>
      html`<option value="${option.value}"${option.value === value && html` selected`}>${option.label}</option>`,
  )

const first = (value: Values[string]): string => [value ?? ''].flat()[0] ?? ''
