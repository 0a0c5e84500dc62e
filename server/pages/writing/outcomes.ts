/** All working copies: where each stands, what waits at it, and what can follow. */
import type { Draft } from '../../../content/model.ts'
import { OutcomeState } from '../../../content/values.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { moment } from '../parts/dates.ts'
import { entries } from '../parts/entries.ts'
import { own } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { stateWord, timeLeft } from '../parts/stages.ts'
import type { Show } from '../reading/find.ts'
import { hostPathOf, titleOf, waitingAt, waitingWords } from './drafts.ts'
import { publicWords, stepLinks } from './standing.ts'

const PAGE_SIZE = 20

/** `?state=` keeps to one state. */
export const hostOutcomes: Show = async (context, req, res) => {
  allowed(res, 'write_outcome')
  const { site, words } = context
  const state = OutcomeState.safeParse(word(req, 'state')).data
  const where = state ? { state } : {}
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [drafts, total] = await Promise.all([
    site.store.find('drafts', { where, skip, limit: PAGE_SIZE }),
    site.store.count('drafts', { where }),
  ])
  const lines = await Promise.all(drafts.map((draft) => entry(context, draft)))
  const title = words('host.nav.outcomes')
  const body = html`<p class="buttons"><a class="button" href="/host/outcomes/new">${words('writing.outcome.new')}</a> <a class="button second" href="/host/import">${words('coming.title')}</a></p>
${state && html`<p>${stateWord(words, state)} · <a href="/host/outcomes">${words('list.all')}</a></p>`}
${lines.length > 0 ? entries(lines) : html`<p class="lead">${words('writing.outcome.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  sendPage(res, hostPage(context, { title, body, here: 'outcomes', done: req.query.done }))
}

async function entry(context: Context, draft: Draft): Promise<Html> {
  const { words, site } = context
  const { state, comment, updated } = draft
  const waiting = waitingWords(words, await waitingAt(site, draft.id))
  const links = stepLinks(context, draft)
  return html`<h2><a href="${hostPathOf(draft)}">${own(titleOf(draft))}</a></h2>
<p>${stateWord(words, state)} · ${publicWords(context, draft)}</p>
${state === 'open_for_comment' && comment && html`<p>${timeLeft(words, comment, site.now())}</p>`}
${waiting.length > 0 && html`<p><a href="${hostPathOf(draft)}/contributions"><b>${waiting.join(' · ')}</b></a></p>`}
<p class="soft">${words.rich('writing.updated', { moment: moment(words, updated) })}</p>
${links.length > 0 && html`<p class="buttons">${links}</p>`}`
}
