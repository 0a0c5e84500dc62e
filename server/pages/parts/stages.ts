/** Where an outcome stands: a word with a colour and a shape, and the line of its steps with their dates. */
import { road } from '../../../content/outcomes.ts'
import type { Step } from '../../../content/model.ts'
import type { OutcomeState } from '../../../content/values.ts'
import { clocksOf } from '../../../content/zones.ts'
import { type Html, html } from '../../html.ts'
import { richAside } from '../../marks.ts'
import type { Words } from '../../words.ts'
import { day, moment } from './dates.ts'

const STEPS_MAX = 12

const ended: OutcomeState[] = ['published', 'corrected', 'withdrawn']

/** The state as a word; colour and shape follow from `data-state` in the stylesheet. */
export const stateWord = (words: Words, state: OutcomeState): Html =>
  html`<span class="state" data-state="${state}">${words(`state.${state}`)}</span>`

interface Staged {
  state: OutcomeState
  steps: Step[]
  agreed?: { method: string; at: string } | undefined
}

/** The steps that were taken, with their dates, and those that are still to come. */
export function stageLine(words: Words, { state, steps, agreed }: Staged): Html {
  const taken = lastOfEach(steps).slice(-STEPS_MAX)
  const coming = ended.includes(state) ? [] : road.slice(road.indexOf(state) + 1)
  return html`<ol class="stages" aria-label="${words('stages.title')}">
${taken.map(
  (
    step,
  ) => html`<li data-state="${step.state}"${step.state === state && html` aria-current="step"`}><b>${words(`state.${step.state}`)}</b>
<small>${day(words, step.at)}${step.state === 'agreed' && agreed && html`<br><bdi>${agreed.method}</bdi>`}</small></li>`,
)}
${coming.map((each) => html`<li class="coming"><b>${words(`state.${each}`)}</b><small>${words('stages.coming')}</small></li>`)}
</ol>`
}

/** A state that was entered twice stands where it was entered last. */
function lastOfEach(steps: Step[]): Step[] {
  const last = new Map<OutcomeState, Step>()
  for (const step of steps) {
    last.delete(step.state)
    last.set(step.state, step)
  }
  return [...last.values()].filter(({ state }) => state !== 'draft')
}

/** `before`, `open` or `over`: how a comment period or a discussion stands at an instant. */
export function standingOf(
  period: { opensAt?: string | undefined; closesAt?: string | undefined },
  at: string,
): 'before' | 'open' | 'over' {
  if (period.opensAt && at < period.opensAt) return 'before'
  return period.closesAt && at >= period.closesAt ? 'over' : 'open'
}

/** How long a comment period still lasts, or since when it is over, in words, in UTC and on the reader's clocks. */
export function timeLeft(
  words: Words,
  period: { opensAt?: string | undefined; closesAt?: string | undefined },
  at: string,
  zone?: string,
): Html {
  const standing = standingOf(period, at)
  const edge = standing === 'before' ? period.opensAt : period.closesAt
  if (!edge) return html`<span class="left" data-standing="open">${words('left.always')}</span>`
  return html`<span class="left" data-standing="${standing}">${words.rich(`left.${standing}`, {
    distance: html`<b>${words.distance(edge, at)}</b>`,
    moment: onClocks(words, edge, zone),
  })}</span>`
}

function onClocks(words: Words, at: string, zone = 'UTC'): Html {
  const [, other] = clocksOf(['UTC', zone], [at])
  return other ? richAside(words, moment(words, at), moment(words, at, other)) : moment(words, at)
}
