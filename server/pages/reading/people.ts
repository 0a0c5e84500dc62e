/** The public profile of somebody with an account here: their name, their address, and what they said. */
import { Refusal } from '../../../content/refusal.ts'
import { everyName } from '../../../federation/former.ts'
import { personId } from '../../../federation/addresses.ts'
import { sendPage } from '../../context.ts'
import { html } from '../../html.ts'
import { page } from '../../layout.ts'
import { hostOf, own, slugOf } from '../parts/links.ts'
import { pageNumber, pager } from '../parts/pager.ts'
import { threadList } from '../parts/thread.ts'
import { answerFromElsewhere } from './answer.ts'
import { alternate, countShown, part, type Show, shownItems } from './find.ts'

const PAGE_SIZE = 50

export const personPage: Show = async (context, req, res) => {
  const { site, words } = context
  const person = await site.store.get('people', personId(site, part(req, 'name')))
  if (!person) throw new Refusal('missing', 'page')
  const where = { author: everyName(site, person.id) }
  const skip = (pageNumber(req) - 1) * PAGE_SIZE
  const [contributions, total] = await Promise.all([
    shownItems(site, 'contribution', { where, skip, limit: PAGE_SIZE }),
    countShown(site, 'contribution', where),
  ])
  const placed = contributions.map((contribution) => ({ contribution, depth: 0 }))
  const body = html`<h1><bdi>${person.name}</bdi></h1>
<p class="lead">${own(`@${slugOf(person.id)}@${hostOf(site.origin)}`)}</p>
${answerFromElsewhere(context, person.id)}
<h2>${words('message.contributions', { count: total })}</h2>
${threadList({ words, path: '', open: false, apart: true }, placed)}
${pager(words, req, { total, size: PAGE_SIZE })}`
  alternate(res, person.id)
  sendPage(res, page(context, { title: person.name, body }))
}
