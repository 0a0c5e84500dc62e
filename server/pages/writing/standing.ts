/** Where a working copy stands: its state and version, the steps that may follow, its languages, and what waits. */
import { languageName } from '../../../content/countries.ts'
import type { Draft } from '../../../content/model.ts'
import { nextSteps, steps, type StepName } from '../../../content/outcomes.ts'
import { may } from '../../../content/rights.ts'
import { isBehind, missingIn } from '../../../content/translations.ts'
import type { Context } from '../../context.ts'
import { form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { own } from '../parts/links.ts'
import { stageLine, stateWord, timeLeft } from '../parts/stages.ts'
import { hostPathOf, waitingAt, waitingWords } from './drafts.ts'

/** Whether it is public, since which version, and where. */
export const publicWords = ({ words }: Context, draft: Draft): Html =>
  draft.version === 0
    ? html`${words('writing.not_public')}`
    : html`${words('writing.public_version', { version: draft.version })} <a href="/outcomes/${draft.slug}">${words('writing.see')}</a> · <a href="/host/receipts?item=${encodeURIComponent(draft.id)}">${words('receipts.title')}</a>`

/** The steps that this person may take now. */
export const openSteps = ({ person }: Context, draft: Draft): StepName[] =>
  nextSteps(draft).filter((name) => may(person, steps[name].verb))

export const stepLinks = (context: Context, draft: Draft): Html[] =>
  openSteps(context, draft).map(
    (name) =>
      html`<a class="button ${name === 'withdraw' ? 'danger' : 'second'}" href="${hostPathOf(draft)}/steps/${name}">${context.words(`step.${name}`)}</a> `,
  )

/** `code`: what was typed as a language to add, and is none. */
export async function standing(context: Context, draft: Draft, code?: string): Promise<Html> {
  const { words, site } = context
  const { state, comment } = draft
  const links = stepLinks(context, draft)
  return html`<p>${stateWord(words, state)} · ${publicWords(context, draft)}</p>
${state === 'open_for_comment' && comment && html`<p class="note">${timeLeft(words, comment, site.now())}</p>`}
${stageLine(words, draft)}
${state !== 'withdrawn' && html`<p><a href="${hostPathOf(draft)}/slide">${words('slide.title')}</a></p>`}
${links.length > 0 && html`<h2>${words('writing.next')}</h2><p class="buttons">${links}</p>`}
${await contributions(context, draft)}
${languages(context, draft, code)}`
}

async function contributions(context: Context, draft: Draft): Promise<Html | false> {
  const { words, site } = context
  const waiting = await waitingAt(site, draft.id)
  if (waiting.held + waiting.shown === 0) return false
  const said = [
    words('message.contributions', { count: waiting.shown }),
    ...waitingWords(words, waiting),
  ]
  return html`<h2>${words('thread.title')}</h2><p><a href="${hostPathOf(draft)}/contributions">${words('writing.answer_contributions')}</a> · ${said.join(' · ')}</p>`
}

/** Each text with how it came about, what is wrong with it, and a way to add one. */
function languages(context: Context, draft: Draft, code: string | undefined): Html {
  const { words } = context
  const path = `${hostPathOf(draft)}/texts`
  const others = Object.entries(draft.texts).filter(([each]) => each !== draft.language)
  return html`<h2 id="languages">${words('facts.languages')}</h2>
<ul class="plain"><li>${own(languageName(draft.language, words.language))} <small>${words('standing.original')}</small></li>
${others.map(
  ([each, { standing: how }]) =>
    html`<li><a href="${path}/${each}">${own(languageName(each, words.language))}</a> <small>${words(`standing.${how}`)}</small> ${textMarks(context, draft, each)}</li>`,
)}</ul>
${draft.state !== 'withdrawn' && addLanguage(context, path, code)}`
}

/** That the original has changed since, or that messages are missing. */
export function textMarks({ words }: Context, draft: Draft, language: string): Html[] {
  const missing = missingIn(draft, language).map((number) => words.number(number))
  return [
    ...(isBehind(draft, language)
      ? [html`<span class="state" data-state="revised">${words('texts.behind')}</span> `]
      : []),
    ...(missing.length > 0
      ? [
          html`<span class="state" data-state="withdrawn">${words('texts.missing', { numbers: words.list(missing) })}</span>`,
        ]
      : []),
  ]
}

const addLanguage = (context: Context, path: string, code: string | undefined): Html =>
  html`<details class="folded"${code !== undefined && html` open`}><summary>${context.words('texts.add')}</summary>${form(
    context,
    {
      action: path,
      prefix: 'l-',
      fields: [
        {
          name: 'code',
          label: context.words('texts.language'),
          hint: context.words('texts.language_hint'),
          required: true,
          dir: 'auto',
        },
      ],
      values: { code },
      mistakes: code === undefined ? [] : [{ field: 'code', sentence: 'writing.language_unknown' }],
      submit: context.words('texts.add'),
    },
  )}</details>`
