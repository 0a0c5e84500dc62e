/** All contributions to an outcome, message by message, each with the drafters' answer or the form for it. */
import { groupName } from '../../../federation/translate/actors.ts'
import type { Request, Response } from 'express'
import type { Contribution, Draft, Message } from '../../../content/model.ts'
import { type Drafters, dispose } from '../../../content/moderation.ts'
import type { Person } from '../../../content/parties.ts'
import { type Mistake, Refusal } from '../../../content/refusal.ts'
import { shortKey } from '../../../content/short-key.ts'
import { DispositionKind } from '../../../content/values.ts'
import { contributionId, groupId, messageId } from '../../../federation/addresses.ts'
import { record } from '../../../federation/record.ts'
import { type Context, inWords, sendPage } from '../../context.ts'
import { form, type Values } from '../../forms.ts'
import { type Html, html, safe } from '../../html.ts'
import { allowed } from '../../login.ts'
import { direction, wordsFor } from '../../words.ts'
import { hostPage } from '../host/frame.ts'
import { besideField } from '../host/typed.ts'
import { hostOf, own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { dispositionNote } from '../parts/thread.ts'
import type { Show } from '../reading/find.ts'
import { draftOf, hostPathOf, shownTo, titleOf, waitingAt, waitingWords } from './drafts.ts'
import { textIn, valuesIn } from './values.ts'
import { said, voice } from './voices.ts'

const PAGE_SIZE = 20
const REASON_ROWS = 2
const REASON_LETTERS_MAX = 2000

/** These say why. */
const withReason: string[] = ['partly', 'rejected']

interface Typed {
  values: Values
  mistakes: Mistake[]
}

export const dispositionsPage: Show = async (context, req, res) => {
  allowed(res, 'dispose')
  await showDispositions(context, req, res)
}

async function showDispositions(
  context: Context,
  req: Request,
  res: Response,
  typed?: Typed,
): Promise<void> {
  const { words, site } = context
  const draft = await draftOf(site, req)
  const contributions = inOrder(draft, await shownTo(site, draft.id))
  const start = (pageNumber(req) - 1) * PAGE_SIZE
  const page = contributions.slice(start, start + PAGE_SIZE)
  const groups = [...Map.groupBy(page, ({ message }) => message)]
  const parts = groups.map(([message, each]) => group(context, draft, message, each, typed))
  const waiting = waitingWords(words, await waitingAt(site, draft.id))
  const title = words('thread.title')
  const body = html`<p class="soft"><a href="${hostPathOf(draft)}">${own(titleOf(draft))}</a></p>
<p class="lead">${words('dispose.said')}</p>
${waiting.length > 0 && html`<p>${waiting.join(' · ')}</p>`}
${parts.length > 0 ? parts : html`<p>${words('dispose.none')}</p>`}
${pager(words, req, { total: contributions.length, size: PAGE_SIZE })}`
  const shown = hostPage(context, { title, body, here: 'outcomes', done: req.query.done })
  sendPage(res, shown, typed ? 400 : 200)
}

/** In the order of the messages they are about; what is about the whole comes first, what is about a message that is gone last. */
function inOrder({ id, statements }: Draft, contributions: Contribution[]): Contribution[] {
  const places = new Map(statements.map(({ key, number }) => [messageId(id, key), number]))
  const place = ({ message }: Contribution) =>
    message === undefined ? 0 : (places.get(message) ?? statements.length + 1)
  return contributions.toSorted((a, b) => place(a) - place(b))
}

function group(
  context: Context,
  draft: Draft,
  message: Message['id'] | undefined,
  contributions: Contribution[],
  typed: Typed | undefined,
): Html {
  const { words } = context
  const { language, statements, texts } = draft
  const key = message?.slice(message.lastIndexOf('/') + 1)
  const statement = statements.find((each) => each.key === key)
  const block = texts[language]?.blocks.find((each) => key !== undefined && each.message === key)
  const title = statement
    ? words('message.number', { number: statement.number })
    : words(key === undefined ? 'dispose.whole' : 'dispose.gone')
  return html`<section><h2>${title}</h2>
${block && html`<blockquote lang="${language}" dir="${direction(language)}">${safe(block.html)}</blockquote>`}
<ul class="entries">${contributions.map((each) => html`<li id="c-${shortKey(each.id)}">${voice(context, each)}${said(each)}${answer(context, draft, each, typed)}</li>`)}</ul></section>`
}

/** The answer that stands, and the form that gives or changes it. */
function answer(
  context: Context,
  draft: Draft,
  { id, disposition }: Contribution,
  typed: Typed | undefined,
): Html {
  const { words } = context
  const own = typed && textIn(typed.values, 'id') === id ? typed : undefined
  const standing = { kind: disposition?.kind, reason: disposition?.reason }
  return html`${disposition && dispositionNote(words, disposition)}
<details class="folded"${(own ?? !disposition) && html` open`}><summary>${words(disposition ? 'dispose.change' : 'dispose.answer')}</summary>${form(
    context,
    {
      action: `${hostPathOf(draft)}/contributions`,
      prefix: `${shortKey(id)}-`,
      fields: [
        {
          name: 'kind',
          label: words('dispose.kind'),
          kind: 'radios',
          required: true,
          options: DispositionKind.options.map((value) => ({
            value,
            label: words(`dispose.${value}`),
          })),
        },
        {
          name: 'reason',
          label: words('moderation.reason'),
          hint: words('dispose.reason_hint'),
          kind: 'area',
          rows: REASON_ROWS,
          dir: 'auto',
        },
        { name: 'id', label: '', kind: 'hidden' },
      ],
      values: { ...(own?.values ?? standing), id },
      mistakes: own?.mistakes ?? [],
      submit: words('dispose.submit'),
    },
  )}</details>`
}

export const sendDisposition: Show = async (context, req, res) => {
  const person = allowed(res, 'dispose')
  const { site } = context
  const draft = await draftOf(site, req)
  const values = valuesIn(req)
  const kind = DispositionKind.safeParse(textIn(values, 'kind')).data
  const reason = textIn(values, 'reason')
  const mistakes = mistakesIn(kind, reason)
  if (!kind || mistakes.length > 0) return showDispositions(context, req, res, { values, mistakes })
  const item = await site.store.get('items', textIn(values, 'id'))
  const fits = item?.type === 'contribution' && item.about === draft.id && !item.disposes
  if (!fits || item.visibility !== 'shown') throw new Refusal('missing', 'page')
  const disposition = { kind, reason, by: person.name, at: site.now() }
  const answering = await drafters(context, person, item, { kind, reason })
  const wrong = await besideField('reason', () =>
    record(site, dispose(item, disposition, answering)),
  )
  if (wrong.length > 0) return showDispositions(context, req, res, { values, mistakes: wrong })
  res.redirect(303, `${hostPathOf(draft)}/contributions?done=disposed#c-${shortKey(item.id)}`)
}

function mistakesIn(kind: string | undefined, reason: string): Mistake[] {
  if (!kind) return [{ field: 'kind', sentence: 'field.required' }]
  if (reason === '' && withReason.includes(kind))
    return [{ field: 'reason', sentence: 'field.required' }]
  return reason.length > REASON_LETTERS_MAX
    ? [{ field: 'reason', sentence: 'field.too_big', values: { most: REASON_LETTERS_MAX } }]
    : []
}

/** The initiative that answers, in the language of the contribution where these pages speak it. */
async function drafters(
  { site, profile, words }: Context,
  person: Person,
  contribution: Contribution,
  { kind, reason }: { kind: DispositionKind; reason: string },
): Promise<Drafters> {
  const theirs = wordsFor(contribution.language)
  const id = contributionId(site, `answer-${shortKey(contribution.id)}`)
  const before = await site.store.get('items', id)
  return {
    actor: groupId(site),
    name: profile ? inWords(profile.name, words) : hostOf(site.origin),
    handle: `${profile ? groupName(profile) : 'actor'}@${hostOf(site.origin)}`,
    language: theirs.language,
    words: `**${theirs(`disposition.${kind}`)}** ${reason}`.trim(),
    id: before?.id ?? id,
    ...(before?.type === 'contribution' ? { before } : {}),
    person: person.id,
  }
}
