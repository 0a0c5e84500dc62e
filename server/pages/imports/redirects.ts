/** Old addresses that lead to something here: listed, added, dropped. They never lead anywhere else. */
import type { Response } from 'express'
import { pathOf as oldPathOf } from '../../../content/import/posts.ts'
import type { Mistake } from '../../../content/refusal.ts'
import type { Redirect } from '../../../content/origins.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage } from '../../context.ts'
import { button, form, type Values } from '../../forms.ts'
import { type Html, html } from '../../html.ts'
import { allowed } from '../../login.ts'
import { hostPage } from '../host/frame.ts'
import { own, pathOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import type { Show } from '../reading/find.ts'
import { textIn, valuesIn } from '../writing/values.ts'

const PATH = '/host/redirects'
const PAGE_SIZE = 50

export const redirectsPage: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  const { site, words } = context
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [found, total] = await Promise.all([
    site.store.find('redirects', { skip, limit: PAGE_SIZE }),
    site.store.count('redirects', {}),
  ])
  const list = html`${found.length > 0 ? html`<ul class="entries">${found.map((each) => entry(context, each))}</ul>` : html`<p>${words('redirects.none')}</p>`}
${pager(words, req, { total, size: PAGE_SIZE })}`
  show(context, res, {}, [], list, req.query.done)
}

function entry(context: Context, { id, item }: Redirect): Html {
  const path = pathOf(item)
  const drop = button(
    context,
    PATH,
    context.words('redirects.drop', { path: id }),
    { do: 'drop', old: id },
    'second',
  )
  return html`<li><p>${own(id)} → <a href="${path}">${own(path)}</a></p>${drop}</li>`
}

function show(
  context: Context,
  res: Response,
  values: Values,
  mistakes: Mistake[],
  list: Html | false = false,
  done?: unknown,
): void {
  const { words } = context
  const add = form(context, {
    action: PATH,
    fields: [
      {
        name: 'old',
        label: words('redirects.old'),
        hint: words('redirects.old_hint'),
        required: true,
        dir: 'ltr',
      },
      {
        name: 'item',
        label: words('redirects.item'),
        hint: words('redirects.item_hint'),
        required: true,
        dir: 'ltr',
      },
    ],
    values,
    mistakes,
    submit: words('redirects.add'),
  })
  const body = html`<p class="lead">${words('redirects.said')}</p>${list}<h2>${words('redirects.new')}</h2>${add}`
  const title = words('coming.redirects')
  const status = mistakes.length > 0 ? 400 : 200
  sendPage(res, hostPage(context, { title, body, here: 'care', done }), status)
}

export const changeRedirects: Show = async (context, req, res) => {
  allowed(res, 'manage_initiative')
  const { site } = context
  const values = valuesIn(req)
  if ((req.body as Record<string, unknown>).do === 'drop') {
    await site.store.commit({ drop: { redirects: [textIn(values, 'old')] } })
    return res.redirect(303, `${PATH}?done=redirect_dropped`)
  }
  const { redirect, mistakes } = await readRedirect(site, values)
  if (!redirect) return show(context, res, values, mistakes)
  await site.store.commit({ put: { redirects: [redirect] } })
  res.redirect(303, `${PATH}?done=redirect_added`)
}

type Read = { redirect: Redirect; mistakes: [] } | { redirect?: undefined; mistakes: Mistake[] }

async function readRedirect(site: Site, values: Values): Promise<Read> {
  const typed = textIn(values, 'old')
  const old = typed && oldPathOf(typed.startsWith('/') ? `http://x${typed}` : typed)
  const item = await ownItem(site, textIn(values, 'item'))
  const mistakes = [
    ...(old ? [] : [{ field: 'old', sentence: typed ? 'redirects.no_path' : 'field.required' }]),
    ...(item ? [] : [{ field: 'item', sentence: 'redirects.not_ours' }]),
  ]
  if (!old || !item) return { mistakes }
  const known = await site.store.get('redirects', old)
  return { redirect: { ...known, id: old, item, at: site.now() }, mistakes: [] }
}

/** The id of something this server has published, by its address or path; nothing for what is anywhere else. */
async function ownItem({ store, origin }: Site, typed: string): Promise<string | undefined> {
  const url = URL.parse(typed, origin)
  if (!url || url.origin !== origin) return undefined
  const item = await store.get('items', `${origin}${url.pathname.replace(/\/+$/, '')}`)
  return item?.local && item.type !== 'message' ? item.id : undefined
}
