/** One step of an outcome on a page of its own: what it will do, what it asks for, what it shows the world, and what cannot be undone. */
import type { Request, Response } from 'express'
import type { Draft } from '../../../content/model.ts'
import { nextSteps, type StepInput, type StepName, steps, take } from '../../../content/outcomes.ts'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { localTime } from '../../../content/zones.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { type Field, form, type Values } from '../../forms.ts'
import { html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { perform } from '../../second-person.ts'
import { hostPage } from '../host/frame.ts'
import { own } from '../parts/links.ts'
import { stateWord } from '../parts/stages.ts'
import { part, type Show } from '../reading/find.ts'
import { timeField } from './common-fields.ts'
import { attempt, byWhom, draftOf, hostPathOf, titleOf } from './drafts.ts'
import { keptAt, keptId } from './kept.ts'
import { whatWillBeShown } from './step-shown.ts'
import { given, textIn, timeIn, valuesIn } from './values.ts'

/** A comment period that nobody has thought about yet is so long. */
const PERIOD_MS = 30 * 24 * 3600_000
const REASON_ROWS = 3

/** The step of the address, for whoever may take it. Refusal `conflict` when it does not follow now. */
async function asked(context: Context, req: Request, res: Response) {
  const name = Object.keys(steps).find((each) => each === part(req, 'step')) as StepName | undefined
  if (!name) throw new Refusal('missing', 'page')
  const person = allowed(res, steps[name].verb)
  const draft = await draftOf(context.site, req)
  return { name, person, draft }
}

function refuseUnlessNext(name: StepName, draft: Draft): void {
  if (nextSteps(draft).includes(name)) return
  throw new Refusal('conflict', 'outcome.step', { from: draft.state, to: steps[name].to })
}

export const stepForm: Show = async (context, req, res) => {
  const { name, person, draft } = await asked(context, req, res)
  refuseUnlessNext(name, draft)
  const values = { ...freshValues(context, person), rev: String(draft.rev) }
  await showStep(context, res, { name, draft, values, person })
}

/** Until the end of a day a month from now; recorded by whoever records it. */
function freshValues({ site }: Context, person: Person): Values {
  const then = new Date(Date.parse(site.now()) + PERIOD_MS).toISOString()
  return { closesAt: `${localTime(then, 'UTC').slice(0, 10)}T23:59`, agreedBy: person.name }
}

/** A period is looked at once more before it is announced; anything else is done at once. */
export const sendStep: Show = async (context, req, res) => {
  const { name, person, draft } = await asked(context, req, res)
  const values = valuesIn(req)
  if (textIn(values, 'rev') !== String(draft.rev) || !nextSteps(draft).includes(name)) {
    refuseUnlessNext(name, draft)
    const now = { ...values, rev: String(draft.rev) }
    return showStep(context, res, { name, draft, values: now, person, changed: true, status: 409 })
  }
  const { input, mistakes } = stepInput(values)
  const by = byWhom(context.site, person)
  const tried = attempt(() => take(draft, name, input, by))
  const wrong = [...mistakes, ...tried.mistakes.filter(isNew(mistakes))]
  if (wrong.length > 0)
    return showStep(context, res, { name, draft, values, person, mistakes: wrong, status: 400 })
  const sure = word(req, 'do') === 'go' || !needsPeriod(name)
  if (!sure) return showStep(context, res, { name, draft, values, person, confirmed: input })
  const args = { ...textsOf(input), rev: String(draft.rev), version: String(draft.version + 1) }
  const kept = keptId(person, req.path)
  const step = { verb: `step_${name}`, item: draft.id, args: { ...args, kept } }
  const came = await perform(context.site, step, person)
  const path = hostPathOf(draft)
  res.redirect(303, `${path}?done=${came === 'waits' ? 'asked_second' : `step_${name}`}`)
}

const textsOf = (input: StepInput): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  )

const needsPeriod = (name: StepName): boolean =>
  (steps[name].needs as readonly string[]).includes('period')

const isNew =
  (known: Mistake[]) =>
  ({ field }: Mistake): boolean =>
    !known.some((each) => each.field === field)

function stepInput(values: Values): { input: StepInput; mistakes: Mistake[] } {
  const [opens, closes] = [timeIn(values, 'opensAt', 'UTC'), timeIn(values, 'closesAt', 'UTC')]
  const input: StepInput = {
    ...(opens.at ? { opensAt: opens.at } : {}),
    ...(closes.at ? { closesAt: closes.at } : {}),
    ...given(values, 'method'),
    ...given(values, 'agreedBy'),
    ...given(values, 'reason'),
  }
  return { input, mistakes: [...opens.mistakes, ...closes.mistakes] }
}

interface Shown {
  name: StepName
  draft: Draft
  values: Values
  person: Person
  mistakes?: Mistake[]
  /** A period that was found right: only the last word is missing. */
  confirmed?: StepInput | undefined
  /** Somebody has changed the working copy since the page was opened. */
  changed?: boolean
  status?: number
}

async function showStep(
  context: Context,
  res: Response,
  { name, draft, values, person, mistakes = [], confirmed, changed, status = 200 }: Shown,
): Promise<void> {
  const { words, site } = context
  const rule = steps[name]
  const path = hostPathOf(draft)
  const unsaved = await keptAt(site, person, path)
  const title = words(`step.${name}`)
  const body = html`<p class="soft"><a href="${path}">${own(titleOf(draft))}</a></p>
<p>${stateWord(words, draft.state)} → ${stateWord(words, rule.to)}</p>
<p class="lead">${words(`step.${name}.means`)}</p>
${rule.public && html`<p class="note">${words(`step.${name}.final`)}</p>`}
${changed && html`<p class="note" role="alert">${words('step.changed')}</p>`}
${unsaved && html`<p class="note">${words('step.unsaved')}</p>`}
${form(context, {
  action: `${path}/steps/${name}`,
  fields: [
    ...(confirmed ? hiddenFields : fieldsOf(context, name, values)),
    { name: 'rev', label: '', kind: 'hidden' },
    ...(confirmed ? [{ name: 'do', label: '', kind: 'hidden' as const }] : []),
  ],
  values: { ...values, ...(confirmed ? { do: 'go' } : {}) },
  mistakes,
  submit: submitWords(context, { name, draft, confirmed }),
})}
${confirmed && html`<p><a href="${path}/steps/${name}">${words('step.again')}</a></p>`}
${rule.public && name !== 'withdraw' && (await whatWillBeShown(context, draft))}`
  sendPage(res, hostPage(context, { title, body, here: 'outcomes' }), status)
}

const hiddenFields: Field[] = ['opensAt', 'closesAt'].map((name) => ({
  name,
  label: '',
  kind: 'hidden',
}))

/** The button says what will happen, with the moment or the version it will happen for. */
function submitWords(
  { words }: Context,
  { name, draft, confirmed }: Pick<Shown, 'name' | 'draft' | 'confirmed'>,
): string {
  if (needsPeriod(name) && !confirmed) return words('step.look')
  const moment = confirmed?.closesAt ? words.moment(confirmed.closesAt) : ''
  return words(`step.${name}.go`, { moment, version: draft.version + 1 })
}

/** What the step asks for. */
function fieldsOf({ words }: Context, name: StepName, values: Values): Field[] {
  const needs: readonly string[] = steps[name].needs
  const hint = words('writing.zone_hint', { zone: 'UTC' })
  const area = { kind: 'area' as const, rows: REASON_ROWS, dir: 'auto' as const, required: true }
  return [
    ...(needs.includes('period')
      ? [
          timeField(words, values, {
            name: 'opensAt',
            timeZone: 'UTC',
            hint: words('step.opens_hint'),
          }),
          timeField(words, values, { name: 'closesAt', timeZone: 'UTC', hint }, true),
        ]
      : []),
    ...(needs.includes('method')
      ? [
          { name: 'method', label: words('step.method'), hint: words('step.method_hint'), ...area },
          { name: 'agreedBy', label: words('step.agreed_by'), dir: 'auto' as const },
        ]
      : []),
    ...(needs.includes('reason')
      ? [{ name: 'reason', label: words('step.reason'), hint: words('step.reason_hint'), ...area }]
      : []),
  ] as Field[]
}
