/** /contributions/:slug/report: anybody tells the moderators about a contribution, without an account or a name. */
import type { Request } from 'express'
import type { Contribution } from '../../../content/model.ts'
import { act } from '../../../content/moderation.ts'
import { Refusal } from '../../../content/refusal.ts'
import { groupId } from '../../../federation/addresses.ts'
import { again } from '../../../federation/races.ts'
import { notTooOften } from '../../../federation/rates.ts'
import type { Site } from '../../../federation/site.ts'
import { type Context, sendPage, word } from '../../context.ts'
import { form } from '../../forms.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { contributionPlace, threadList } from '../parts/thread.ts'
import type { Typed } from './answer.ts'
import { itemOf, type Show } from './find.ts'

/** Who reports has no name here: the trail says only that it was a reader. */
const READER = 'reader'
const LETTERS_MAX = 500
/** Of one contribution so many reports by readers are kept until they are looked at. */
const OPEN_MAX = 20
/** How often one address of the network may report, and all together. */
const oneSlowly = notTooOften({ burst: 5, perSecond: 1 / 300 }, 'report.slow_down')
const allSlowly = notTooOften({ burst: 60, perSecond: 1 / 20 }, 'report.slow_down')

/** What stands in this node's own threads, or was written here: for the rest, others are asked. */
async function asked({ site }: Context, req: Request): Promise<Contribution> {
  const item = await itemOf(site, 'contribution', req)
  if (item.initiative === groupId(site) || item.local) return item
  throw new Refusal('missing', 'page')
}

export const reportPage: Show = async (context, req, res) => {
  sendPage(res, shown(context, await asked(context, req)))
}

function shown(context: Context, contribution: Contribution, typed?: Typed) {
  const { words } = context
  const title = words('report.title')
  const thread = { words, path: '', open: false, apart: true }
  const body = html`<h1>${title}</h1>
${threadList(thread, [{ contribution, depth: 0 }])}
<p>${words('report.said')} <a href="/conduct">${words('conduct.title')}</a></p>
${form(context, {
  action: `${contributionPlace(contribution)}/report`,
  fields: [
    {
      name: 'reason',
      label: words('report.reason'),
      hint: words('report.hint'),
      kind: 'area',
      rows: 3,
      required: true,
      dir: 'auto',
    },
  ],
  values: typed?.values ?? {},
  mistakes: typed?.mistakes ?? [],
  submit: words('report.submit'),
})}`
  return page(context, { title, body })
}

export const sendReport: Show = async (context, req, res) => {
  const { words, site } = context
  const contribution = await asked(context, req)
  const reason = (word(req, 'reason') ?? '').trim()
  const sentence = reason === '' ? 'field.required' : 'field.too_big'
  if (reason === '' || reason.length > LETTERS_MAX) {
    const mistakes = [{ field: 'reason', sentence, values: { most: LETTERS_MAX } }]
    return sendPage(res, shown(context, contribution, { values: { reason }, mistakes }), 400)
  }
  oneSlowly(site, req.ip ?? '')
  allSlowly(site, '')
  await keep(site, contribution.id, reason)
  const title = words('report.done')
  const body = html`<h1>${title}</h1><p>${words('report.done_said')}</p>
<p><a href="${contributionPlace(contribution)}">${words('report.back')}</a></p>`
  sendPage(res, page(context, { title, body }))
}

/** One more is of no use to anybody when many wait already. */
async function keep(site: Site, item: string, reason: string): Promise<void> {
  const [settled] = await site.store.find('acts', {
    where: { verb: 'report_settled', item },
    limit: 1,
  })
  const where = { verb: 'reported', item, by: READER }
  const since = settled ? { since: settled.at } : {}
  if ((await site.store.count('acts', { where, ...since }, OPEN_MAX)) >= OPEN_MAX) return
  await again(() =>
    site.store.commit({ put: { acts: [act(READER, 'reported', item, site.now(), reason)] } }),
  )
}
