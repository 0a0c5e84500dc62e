/** Lists of blocked servers: one brought in after a look at what it would change, ours given to others, the last taken back. */
import { createHash } from 'node:crypto'
import type { Peer } from '../../../content/parties.ts'
import type { Mistake } from '../../../content/refusal.ts'
import {
  blockPending,
  keepPending,
  lastList,
  type Plan,
  planOf,
  undoLastList,
} from '../../../federation/blocks.ts'
import { type BlockList, readBlockList, SERVERS_MAX } from '../../blocklist.ts'
import { type Context, sendPage } from '../../context.ts'
import { toCsv } from '../../csv.ts'
import { button, form } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { moment } from '../parts/dates.ts'
import { hostOf, own } from '../parts/links.ts'
import type { Show } from '../reading/find.ts'
import { hostPage } from './frame.ts'
import { typedIn } from './typed.ts'

const PATH = '/host/peers/blocks'
const SHOWN_MAX = 50
const PAGE = 1000
const EXPORTED_MAX = 50_000

export const blocksPage: Show = async (context, req, res) => {
  allowed(res, 'manage_peers')
  const { words, site } = context
  const blocked = await site.store.count('peers', { where: { standing: 'blocked' } })
  const body = html`<p class="lead">${words('blocks.said')}</p>
<p>${words('blocks.blocked', { count: blocked })}${blocked > 0 && html` <a href="${PATH}.csv">${words('blocks.export')}</a>`}</p>
${listForm(context, '', [])}${await undoing(context)}`
  show(context, res, body, 200, req.query.done)
}

/** A look at the list, the list itself, or the last one back: as the button says. */
export const changeBlocks: Show = async (context, req, res) => {
  const by = allowed(res, 'manage_peers')
  const typed = typedIn(req)
  if (typed.do === 'block') {
    await blockPending(context.site, typed.mark ?? '', by.id)
    return res.redirect(303, `${PATH}?done=blocks`)
  }
  if (typed.do === 'undo') {
    await undoLastList(context.site, by.id)
    return res.redirect(303, `${PATH}?done=blocks_undone`)
  }
  const text = typed.list ?? ''
  const list = readBlockList(text, context.site.origin)
  const missing = text.trim() ? [] : [{ field: 'list', sentence: 'field.required' }]
  const mistakes = [...missing, ...list.mistakes]
  if (mistakes.length > 0) return show(context, res, listForm(context, text, mistakes), 400)
  show(context, res, await preview(context, list))
}

function show(
  context: Context,
  res: Parameters<Show>[2],
  body: Html,
  status = 200,
  done?: unknown,
): void {
  const title = context.words('blocks.title')
  sendPage(res, hostPage(context, { title, body, here: 'peers', done }), status)
}

function listForm(context: Context, list: string, mistakes: Mistake[]): Html {
  const { words } = context
  return form(context, {
    action: PATH,
    fields: [
      {
        name: 'list',
        label: words('blocks.list'),
        hint: words('blocks.list_hint', { max: SERVERS_MAX }),
        kind: 'area',
        rows: 10,
        required: true,
        dir: 'ltr',
      },
    ],
    values: { list },
    mistakes,
    submit: words('blocks.preview'),
  })
}

/** Nothing is altered yet; what was shown is kept under a mark, and the button means just that. */
async function preview(context: Context, { blocked, lighter }: BlockList): Promise<Html> {
  const { words, site } = context
  const plan = await planOf(site, blocked)
  const mark = createHash('sha256').update(JSON.stringify(blocked)).digest('hex')
  if (plan.fresh.length > 0) await keepPending(site, blocked, mark)
  return html`<h2>${words('blocks.would')}</h2><ul>
<li>${words('blocks.new', { count: plan.fresh.length })}</li>
${plan.known > 0 && html`<li>${words('blocks.known', { count: plan.known })}</li>`}
${lighter > 0 && html`<li>${words('blocks.lighter', { count: lighter })}</li>`}</ul>
${plan.close.length > 0 && html`<p class="note">${words('blocks.close')}</p>${hosts(context, plan.close)}`}
${freshOnes(context, plan, mark)}`
}

function freshOnes(context: Context, { fresh }: Plan, mark: string): Html {
  const { words } = context
  if (fresh.length === 0) return html`<p>${words('blocks.nothing')}</p>`
  const doIt = button(context, PATH, words('blocks.do'), { do: 'block', mark }, 'danger')
  return html`${hosts(
    context,
    fresh.map(({ id }) => id),
  )}<div class="buttons">${doIt}</div>`
}

function hosts({ words }: Context, ids: string[]): Html {
  const more = ids.length - SHOWN_MAX
  return html`<ul>${ids.slice(0, SHOWN_MAX).map((id) => html`<li>${own(hostOf(id))}</li>`)}${
    more > 0 && html`<li>${words('blocks.more', { count: more })}</li>`
  }</ul>`
}

async function undoing(context: Context): Promise<Html | false> {
  const { words, site } = context
  const last = await lastList(site)
  if (!last) return false
  const values = { count: last.blocked.length, moment: moment(words, last.at) }
  return html`<h2>${words('blocks.undo')}</h2><p>${words.rich('blocks.undo_said', values)}</p>
<div class="buttons">${button(context, PATH, words('blocks.undo'), { do: 'undo' }, 'second')}</div>`
}

const COLUMNS = ['#domain', '#severity', '#public_comment']

/** Without a byte order mark: Mastodon would take it for a part of the first name. */
export const blocksCsv: Show = async ({ site }, _req, res) => {
  allowed(res, 'manage_peers')
  const found: Peer[] = []
  for (let skip = 0; skip < EXPORTED_MAX; skip += PAGE) {
    const where = { standing: 'blocked' }
    const page = await site.store.find('peers', { where, skip, order: 'oldest', limit: PAGE })
    found.push(...page)
    if (page.length < PAGE) break
  }
  const rows = found.map(({ id, note }) => ({
    '#domain': hostOf(id),
    '#severity': 'suspend',
    '#public_comment': note ?? '',
  }))
  res.attachment('blocked-servers.csv').type('text/csv; charset=utf-8').send(toCsv(COLUMNS, rows))
}
